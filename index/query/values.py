"""Parsing of the values of state and range fields."""

from datetime import date

from index.facets.fields import FIELD_BY_NAME, STATE_NAMES
from index.query import ranges
from index.query.tree import Node, Nothing, Range, State, any_of
from index.query.words import nearest_names, shorten


def parse_state(field: str, value: str, *, prefix: bool) -> tuple[Node, str, tuple[str, ...]]:
    """Return the state that a value of `is` or `has` names, an error message, and suggestions.

    With `prefix` a value may be the beginning of several states.
    """
    known = STATE_NAMES[field]
    if value in known:
        return State(field, value), "", ()
    matching = [name for name in known if name.startswith(value)]
    if prefix and matching:
        return any_of(State(field, name) for name in matching), "", ()
    near = nearest_names(value, known, 0.5) or tuple(matching[:1])
    hint = f"did you mean {field}:{near[0]}?" if near else f"try {', '.join(known)}"
    return Nothing(), f"unknown value {field}:{shorten(value)}; {hint}", near


def parse_range(field: str, text: str, today: date) -> tuple[Range | Nothing, str]:
    """Return the range that a value describes, and an error message."""
    try:
        return ranges.parse_range(field, text, today), ""
    except ValueError:
        examples = FIELD_BY_NAME[field].examples
        return Nothing(), f"invalid value {field}:{shorten(text)}; try {examples}"
