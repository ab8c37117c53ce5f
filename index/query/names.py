"""Names of saved searches: validation and comparison."""

from difflib import get_close_matches

from index.errors import CarrelError
from index.text.cleaning import clean

MAX_NAME_CHARS = 60


NUMBERED_SEARCHES = 9
"""Number of saved searches that can be referred to by a digit, their position in the list."""


def validate_name(text: str) -> str:
    """Return a cleaned name for a saved search; raises CarrelError if it is not valid."""
    name = clean(text)
    if not name:
        raise CarrelError("invalid name: it is empty; enter a name for the search")
    if len(name) > MAX_NAME_CHARS:
        raise CarrelError(
            f"invalid name: it has {len(name):,} characters; use at most {MAX_NAME_CHARS}"
        )
    if is_number(name):
        raise CarrelError(f"invalid name {name}: a digit is a list position; use a longer name")
    if name.endswith("*"):
        raise CarrelError(f"invalid name {name!r}: a final * matches a prefix; remove it")
    return name


def is_number(text: str) -> bool:
    """Return whether a text is the number of a saved search, by its place in the list."""
    return text in [str(number) for number in range(1, NUMBERED_SEARCHES + 1)]


def fold_name(name: str) -> str:
    """Return the name of a saved search in the form used for comparison, which ignores case."""
    return clean(name).casefold()


def name_hint(name: str, names: list[str]) -> str:
    """Return the end of a message about an unknown name: a similar name, or the known names."""
    if not names:
        return "; none are saved yet"
    near = get_close_matches(fold_name(name), [fold_name(known) for known in names], 1, 0.5)
    if near:
        suggestion = next(known for known in names if fold_name(known) == near[0])
        return f"; did you mean {suggestion}?"
    more = ", …" if len(names) > 5 else ""
    return f"; saved searches: {', '.join(names[:5])}{more}"
