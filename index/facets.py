"""Facets: what the papers of a result have in common, counted by value.

A facet names the field of the query language that a chosen value is written in, so the filter pane
and the query bar say the same thing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.query import HAS

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


MARKED = frozenset(("is", "tag"))
"""The fields whose values change with the reader's marks."""

Members = dict[str, npt.NDArray[np.int64]]
"""The keys of the papers of each value of a facet."""


def members_of(values: Mapping[str, Sequence[int]]) -> Members:
    """Return a facet's values with their papers as arrays, quick to count."""
    return {value: np.array(keys, np.int64) for value, keys in values.items()}


def counted(keys: npt.NDArray[np.int64], facets: Mapping[str, Members]) -> tuple[Facet, ...]:
    """Return every facet of the papers with these keys; values that none has are left out.

    `facets` are the members of the whole library, by field.
    """
    highest = max((int(m.max()) for each in facets.values() for m in each.values() if len(m)),
                  default=0)  # fmt: skip
    mask = np.zeros(max(highest, int(keys.max()) if len(keys) else 0) + 1, np.bool_)
    mask[keys] = True
    found = []
    for title, field in FACETS:
        counts = [
            Count(value, number)
            for value, held in facets[field].items()
            if (number := int(np.count_nonzero(mask[held])))
        ]
        found.append(Facet(title, field, tuple(sorted(counts, key=_order(field)))))
    return tuple(found)


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
