"""How the marks of two libraries become those of one.

Marks are a last-writer-wins element set (Shapiro, Preguiça, Baquero and Zawirski: A comprehensive
study of convergent and commutative replicated data types, INRIA RR-7506, 2011): of each fact it is
known since when it is so, or is so no more, and the later word stands; of two at one moment, that
it is so. Taking the greater of two is commutative, associative and idempotent, and so is merging.

No clock is trusted to go forward: what is done to a fact comes after what is known of it, as in a
hybrid logical clock (Kulkarni et al.: Logical physical clocks, OPODIS 2014).
"""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

FactName = tuple[str, str]
"""What tells one fact of a paper from another: its kind, and its value (of a note, its digest)."""


class Stamped(NamedTuple):
    """How a fact about a paper stands: since `at` it is `there`, or gone.

    Moments are UTC, ISO 8601, which sort as text. `value` is empty where it is gone.
    """

    at: str
    present: bool
    value: str


class StampedSearch(NamedTuple):
    """How a saved search stands: since `at` it is `there` as it is, or gone.

    `visited` is when what it finds was last seen, `position` its place among the others.
    """

    at: str
    present: bool
    name: str = ""
    query: str = ""
    position: int = 0
    visited: str = ""


Facts = dict[FactName, Stamped]
"""How the facts about one paper stand."""

S = TypeVar("S", Stamped, StampedSearch)


def fact_name(kind: str, value: str) -> FactName:
    """Return the name of a fact; that of a note does not tell its text, which may be gone."""
    if kind != "note":
        return kind, value
    return kind, hashlib.sha256(value.encode()).hexdigest()[:32]


def later_moment(known: str, moment: str) -> str:
    """Return a moment; where it is not after the known one, the one just after that."""
    if moment > known:
        return moment
    return (datetime.fromisoformat(known) + timedelta(microseconds=1)).isoformat()


def merge_stamps(known: S | None, given: S) -> S:
    """Return how something stands after two libraries are one: as the later word has it."""
    return given if known is None else max(known, given)


def restore_stamp(known: S | None, given: S, moment: str) -> S:
    """Return how something stands after a dump is restored: nothing that is there goes.

    What the dump has comes back even where it was taken away since, as of now.
    """
    if known is None or known.present == given.present:
        return merge_stamps(known, given)
    if known.present:
        return known
    return given if given.at > known.at else given._replace(at=later_moment(known.at, moment))
