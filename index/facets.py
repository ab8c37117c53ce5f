"""Facets: what the papers of a result have in common, counted by value.

A facet names the field of the query language that a chosen value is written in, so the filter pane
and the query bar say the same thing.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.query import HAS

Keys = frozenset[int]

STATUS = ("unread", "read", "bookmarked", "tagged", "untagged", "noted")

FACETS = (
    ("Status", "is"),
    ("Tags", "tag"),
    ("Source", "source"),
    ("Year", "year"),
    ("Venue", "venue"),
    ("Has", "has"),
)
"""Each facet's title and the field it filters by, in the order shown."""


@dataclass(frozen=True, slots=True)
class Count:
    """One value of a facet and the number of papers of the result that have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet of a result: values that occur in it, in their order."""

    title: str
    field: str
    counts: tuple[Count, ...]


class Members:
    """The papers of every value of every facet, as arrays, for one state of the library."""

    def __init__(
        self,
        state: Callable[[str, str], Keys],
        values: Callable[[str], dict[str, Keys]],
    ) -> None:
        self._members: dict[str, dict[str, npt.NDArray[np.int64]]] = {}
        for _, field in FACETS:
            if field == "is":
                held = {name: state("is", name) for name in STATUS}
            elif field == "has":
                held = {name: state("has", name) for name in HAS}
            else:
                held = values(field)
            self._members[field] = {
                name: np.fromiter(keys, np.int64, len(keys)) for name, keys in held.items()
            }

    def count(self, keys: npt.NDArray[np.int64]) -> tuple[Facet, ...]:
        """Return every facet of the papers with these keys; values that none has are left out."""
        every = max((int(m.max()) for f in self._members.values() for m in f.values() if len(m)),
                    default=0)  # fmt: skip
        mask = np.zeros(max(every, int(keys.max()) if len(keys) else 0) + 1, np.bool_)
        mask[keys] = True
        facets = []
        for title, field in FACETS:
            counts = [
                Count(value, n)
                for value, members in self._members[field].items()
                if (n := int(np.count_nonzero(mask[members])))
            ]
            facets.append(Facet(title, field, tuple(sorted(counts, key=_order(field)))))
        return tuple(facets)


def _order(field: str) -> Callable[[Count], tuple[object, ...]]:
    """Return the order of a facet's values: states as they are listed, years newest first."""
    if field == "is":
        return lambda count: (STATUS.index(count.value),)
    if field == "has":
        return lambda count: (HAS.index(count.value),)
    if field == "year":
        return lambda count: (-int(count.value),)
    if field == "tag":
        return lambda count: (count.value.lower().split("/"),)
    return lambda count: (-count.count, count.value.lower())
