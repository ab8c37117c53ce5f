"""Facets: what the papers of a result have in common, counted by value.

A facet names the field of the query language that a chosen value is written in, so the filter pane
and the query bar say the same thing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.facets.columns import Column, Keys
from index.facets.fields import FACET_FIELDS, FACET_RANKS, INVERSE_STATES, Field

MOST_VALUES = 200
"""Values of one facet that are told, those of the most papers."""

MOST_MONTHS = 24
"""A result that spans no more months than these is shown by month, a longer one by year."""


@dataclass(frozen=True, slots=True)
class Count:
    """One value of a facet and the number of papers of the result that have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet of a result: values that occur in it, in their order.

    There are `total` of them, of which `counts` has those of the most papers. The years have a
    `histogram`: every year, or every month (YYYY-MM), from the first to the last.
    """

    title: str
    field: str
    counts: tuple[Count, ...]
    total: int = 0
    histogram: tuple[Count, ...] = ()


def counted(
    keys: Keys, columns: Mapping[str, Column], most: int | None = MOST_VALUES
) -> tuple[Facet, ...]:
    """Return every facet of the papers with these keys; values that none has are left out.

    `columns` are those of the whole library, by field, months under "month"; of one that is not
    there nothing is counted. `most` is how many values of each are told, None for all.
    """
    highest = max((column.highest for column in columns.values()), default=0)
    mask = np.zeros(max(highest, int(keys.max()) if len(keys) else 0) + 1, np.bool_)
    mask[keys] = True
    found = []
    for field in FACET_FIELDS:
        column = columns.get(field.name)
        counts, total = _most(column, column.counts(mask), most) if column else ([], 0)
        if field.counted_from == "states":
            counts = _states(counts, len(keys))
            total = len(counts)
        counts.sort(key=_order(field))
        bars = _histogram(columns, mask) if field.name == "year" else ()
        found.append(Facet(field.facet, field.name, tuple(counts), total, bars))
    return tuple(found)


def _most(column: Column, held: Keys, most: int | None) -> tuple[list[Count], int]:
    """Return the values of the most papers with their counts, and how many have any at all."""
    places = np.flatnonzero(held)
    total = len(places)
    if most is not None and total > most:
        # Of values with as many papers the first in their order are told.
        rank = held[places] * (len(held) + 1) - places
        places = places[np.argpartition(-rank, most)[:most]]
    return [Count(column.names[at], int(held[at])) for at in places.tolist()], total


def _states(counts: list[Count], papers: int) -> list[Count]:
    """Return all states, those too that are the lack of a mark."""
    known = {count.value: count.count for count in counts}
    known |= {state: papers - known.get(other, 0) for state, other in INVERSE_STATES.items()}
    return [Count(state, count) for state, count in known.items() if count]


def _order(field: Field) -> Callable[[Count], tuple[object, ...]]:
    """Return the sort key of a facet's values."""
    match field.order:
        case "listed":
            return lambda count: (FACET_RANKS[field.name, count.value],)
        case "number":
            return lambda count: (-int(count.value),)
        case "tree":
            return lambda count: (field.tree_order(count.value),)
        case "count":
            return lambda count: (-count.count, count.value.lower())


# -- the histogram ---------------------------------------------------------------------------------


def _histogram(columns: Mapping[str, Column], mask: npt.NDArray[np.bool_]) -> tuple[Count, ...]:
    """Return the papers of a result by month where all are of some months, else by year."""
    if not {"year", "month"} <= columns.keys():
        return ()
    years, months = _held(columns["year"], mask), _held(columns["month"], mask)
    spanned = sorted(map(_month_number, months))
    near = bool(spanned) and spanned[-1] - spanned[0] < MOST_MONTHS
    if near and {year[:4] for year in (min(months), max(months))} >= {min(years), max(years)}:
        every = [_month_name(at) for at in range(spanned[0], spanned[-1] + 1)]
        return tuple(Count(month, months.get(month, 0)) for month in every)
    if not years:
        return ()
    every = [str(year) for year in range(min(map(int, years)), max(map(int, years)) + 1)]
    return tuple(Count(year, years.get(year, 0)) for year in every)


def _held(column: Column, mask: npt.NDArray[np.bool_]) -> dict[str, int]:
    counts = column.counts(mask)
    return {column.names[at]: int(counts[at]) for at in np.flatnonzero(counts).tolist()}


def _month_number(month: str) -> int:
    year, number = month.split("-")
    return int(year) * 12 + int(number) - 1


def _month_name(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"
