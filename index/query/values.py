"""Values of fields that are neither text nor label: each with what is to be said of it."""

from datetime import date

from index.facets.fields import FIELD_BY_NAME, STATE_NAMES
from index.query import ranges
from index.query.tree import Node, Nothing, Range, State, any_of
from index.query.words import nearest_names, shorten


def parse_state(field: str, value: str, *, begun: bool) -> tuple[Node, str, tuple[str, ...]]:
    """Return the state a value of `is` or `has` names, or those that begin so, and the fault.

    The last are values that may have been meant.
    """
    known = STATE_NAMES[field]
    if value in known:
        return State(field, value), "", ()
    beginning = [name for name in known if name.startswith(value)]
    if begun and beginning:
        return any_of(State(field, name) for name in beginning), "", ()
    near = nearest_names(value, known, 0.5) or tuple(beginning[:1])
    hint = f"did you mean {field}:{near[0]}?" if near else f"it takes {', '.join(known)}"
    return Nothing(), f"{field}:{shorten(value)} is not known; {hint}", near


def parse_range(field: str, text: str, today: date) -> tuple[Range | Nothing, str]:
    """Return the range a value asks for, and the fault; open on both ends for a mere sign."""
    try:
        return ranges.parse_range(field, text, today), ""
    except ValueError:
        examples = FIELD_BY_NAME[field].examples
        return Nothing(), f"{field}:{shorten(text)} is not understood; write {examples}"
