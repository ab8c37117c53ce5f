"""Names of saved searches: checked and compared."""

from difflib import get_close_matches

from index.errors import CarrelError
from index.text.cleaning import clean

MAX_NAME_CHARS = 60


NUMBERED_SEARCHES = 9
"""Saved searches that a digit stands for too, each the number of its place."""


def validate_name(text: str) -> str:
    """Return a text as the name of a saved search, in one line; raises CarrelError for none."""
    name = clean(text)
    if not name:
        raise CarrelError("a saved search needs a name")
    if len(name) > MAX_NAME_CHARS:
        raise CarrelError(f"a name has at most {MAX_NAME_CHARS} characters; this has {len(name):,}")
    if is_number(name):
        raise CarrelError(f"{name} stands for a place in the list; a name needs more than a digit")
    if name.endswith("*"):
        raise CarrelError(f"{name!r} ends in a star, which stands for more letters; leave it out")
    return name


def is_number(text: str) -> bool:
    """Return whether a text is the number of a saved search, by its place in the list."""
    return text in [str(number) for number in range(1, NUMBERED_SEARCHES + 1)]


def fold_name(name: str) -> str:
    """Return the name of a saved search as it is compared: without regard to case."""
    return clean(name).casefold()


def name_hint(name: str, names: list[str]) -> str:
    """Return which name may be meant by one that no search has, as the end of a message."""
    if not names:
        return "; none is saved yet"
    near = get_close_matches(fold_name(name), [fold_name(known) for known in names], 1, 0.5)
    if near:
        meant = next(known for known in names if fold_name(known) == near[0])
        return f"; did you mean {meant}?"
    more = ", …" if len(names) > 5 else ""
    return f"; there are {', '.join(names[:5])}{more}"
