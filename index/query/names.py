"""Names of saved searches: checked and compared."""

from difflib import get_close_matches

from index.errors import CarrelError
from index.text.cleaning import clean

LONGEST_NAME = 60


NUMBERED = 9
"""Saved searches that a digit stands for too, each the number of its place."""


def search_name(text: str) -> str:
    """Return a text as the name of a saved search, in one line; raises CarrelError for none."""
    name = clean(text)
    if not name:
        raise CarrelError("a saved search needs a name")
    if len(name) > LONGEST_NAME:
        raise CarrelError(f"a name has at most {LONGEST_NAME} characters; this has {len(name):,}")
    if _is_number(name):
        raise CarrelError(f"{name} stands for a place in the list; a name needs more than a digit")
    if name.endswith("*"):
        raise CarrelError(f"{name!r} ends in a star, which stands for more letters; leave it out")
    return name


def _is_number(text: str) -> bool:
    return text in [str(number) for number in range(1, NUMBERED + 1)]


def folded_name(name: str) -> str:
    """Return the name of a saved search as it is compared: without regard to case."""
    return clean(name).casefold()


def nearest_name(name: str, names: list[str]) -> str:
    """Return which name may be meant by one that no search has, as the end of a message."""
    if not names:
        return "; none is saved yet"
    near = get_close_matches(folded_name(name), [folded_name(known) for known in names], 1, 0.5)
    if near:
        meant = next(known for known in names if folded_name(known) == near[0])
        return f"; did you mean {meant}?"
    more = ", …" if len(names) > 5 else ""
    return f"; there are {', '.join(names[:5])}{more}"
