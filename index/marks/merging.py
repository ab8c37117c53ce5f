"""Merging the marks of two libraries.

Marks are a last-writer-wins element set (Shapiro, Preguiça, Baquero and Zawirski: A comprehensive
study of convergent and commutative replicated data types, INRIA RR-7506, 2011). Each fact has the
time at which it was last added or removed, and the later change wins; at equal times, the addition.
Taking the maximum of two stamps is commutative, associative and idempotent, and so is merging.

Clocks may go backward, so every change of a fact gets a time later than its last one, as in a
hybrid logical clock (Kulkarni et al.: Logical physical clocks, OPODIS 2014).
"""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

FactName = tuple[str, str]
"""Identifies a fact about a paper: its kind, and its value.

For a note, the value is a digest of its text. Being in the queue is one fact, independent of the
place: if two libraries differ in the place, the later one wins.
"""


class Stamped(NamedTuple):
    """The state of a fact about a paper: added at `at` if `present`, else removed.

    Times are UTC in ISO 8601, which sort as text. `value` is empty if the fact was removed.
    """

    at: str
    present: bool
    value: str


class StampedSearch(NamedTuple):
    """The state of a saved search: saved at `at` if `present`, else removed.

    `visited` is the time of the last visit, `position` its place in the list of searches.
    """

    at: str
    present: bool
    name: str = ""
    query: str = ""
    position: int = 0
    visited: str = ""


Facts = dict[FactName, Stamped]
"""The states of the facts about one paper."""

S = TypeVar("S", Stamped, StampedSearch)


def fact_name(kind: str, value: str) -> FactName:
    """Return the name of a fact; for a note, a digest, so that removed text is not stored."""
    if kind == "later":
        return kind, ""
    if kind != "note":
        return kind, value
    return kind, hashlib.sha256(value.encode()).hexdigest()[:32]


def later_moment(known: str, moment: str) -> str:
    """Return `moment`, or the time just after `known` if it is not later than that."""
    if moment > known:
        return moment
    return (datetime.fromisoformat(known) + timedelta(microseconds=1)).isoformat()


def merge_stamps(known: S | None, given: S) -> S:
    """Return the merged state of two libraries: the later one."""
    return given if known is None else max(known, given)


def restore_stamp(known: S | None, given: S, moment: str) -> S:
    """Return the state after a dump is restored, which removes nothing.

    What the dump contains is added again, at `moment`, even if it was removed later.
    """
    if known is None or known.present == given.present:
        return merge_stamps(known, given)
    if known.present:
        return known
    return given if given.at > known.at else given._replace(at=later_moment(known.at, moment))
