"""Values of fields that are neither text nor label: each with what is to be said of it."""

from datetime import date
from difflib import get_close_matches

from index.query import ranges
from index.query.tree import HAS, STATES, Node, Nothing, Range, State, any_of


def state(field: str, value: str, *, begun: bool) -> tuple[Node, str]:
    """Return the state a value of `is` or `has` names, or those that begin so, and the fault."""
    known = STATES if field == "is" else HAS
    if value in known:
        return State(field, value), ""
    beginning = [name for name in known if name.startswith(value)]
    if begun and beginning:
        return any_of(State(field, name) for name in beginning), ""
    near = get_close_matches(value, known, 1, 0.5) or beginning
    hint = f"did you mean {field}:{near[0]}?" if near else f"it takes {', '.join(known)}"
    return Nothing(), f"{field}:{value} is not known; {hint}"


def between(field: str, text: str, today: date) -> tuple[Range | Nothing, str]:
    """Return the range a value asks for, and the fault; open on both ends for a mere sign."""
    try:
        return ranges.read(field, text, today), ""
    except ValueError:
        return Nothing(), f"{field}:{text} is not understood; {ranges.EXAMPLES[field]}"
