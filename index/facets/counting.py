"""Facets: the values of the papers in a result, with their counts.

Each facet names the query field of its values, so that choosing a value adds a term to the query.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.facets.columns import FacetColumn, Keys
from index.facets.fields import FACET_FIELDS, FACET_RANKS, INVERSE_STATES, Field

MAX_VALUES = 200
"""Values of one facet that are returned, those with the most papers."""

MAX_HISTOGRAM_MONTHS = 24
"""The longest time span that is shown by month; longer ones are shown by year."""


@dataclass(frozen=True, slots=True)
class Count:
    """One value of a facet, and the number of papers in the result that have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet of a result, with the sorted values that occur in it.

    `counts` holds those of the `total` values that have the most papers. For years, `histogram`
    holds every year or month (YYYY-MM) from the first to the last. `is_partial` is whether papers
    have been added or changed that are not counted yet.
    """

    title: str
    field: str
    counts: tuple[Count, ...]
    total: int = 0
    histogram: tuple[Count, ...] = ()
    is_partial: bool = False


def count_facets(
    keys: Keys,
    columns: Mapping[str, FacetColumn],
    most: int | None = MAX_VALUES,
    dismissed: int = 0,
    partial: Container[str] = (),
) -> tuple[Facet, ...]:
    """Return all facets of the papers with these keys, without values that none of them has.

    `columns` are the columns of the library by field, with months as "month"; a missing column
    gives an empty facet. `most` limits the values of each facet; None returns all. `dismissed` is
    the number of papers left out of the result because they are dismissed. `partial` are the fields
    whose columns lack papers.
    """
    highest = max((column.highest for column in columns.values()), default=0)
    mask = np.zeros(max(highest, int(keys.max()) if len(keys) else 0) + 1, np.bool_)
    mask[keys] = True
    found = []
    for field in FACET_FIELDS:
        column = columns.get(field.name)
        counts, total = _top_counts(column, column.counts(mask), most) if column else ([], 0)
        if field.counted_from == "states":
            counts = with_inverse_states(counts, len(keys), dismissed)
            total = len(counts)
        sort_counts(counts, field)
        bars = _bars(columns, mask) if field.name == "year" else ()
        is_partial = field.name in partial
        found.append(Facet(field.facet, field.name, tuple(counts), total, bars, is_partial))
    return tuple(found)


def _top_counts(column: FacetColumn, counts: Keys, most: int | None) -> tuple[list[Count], int]:
    """Return the values with the most papers, and the number of values with any papers."""
    places = np.flatnonzero(counts)
    total = len(places)
    if most is not None and total > most:
        # Values with equal counts are chosen in their order.
        order = column.order(places)
        rank = counts[places] * (int(order.max()) + 1) - order
        places = places[np.argpartition(-rank, most)[:most]]
    return [Count(column.names[at], int(counts[at])) for at in places.tolist()], total


def with_inverse_states(counts: list[Count], papers: int, dismissed: int) -> list[Count]:
    """Return the counts of all states, including those defined by the absence of a mark.

    The papers left out as `dismissed` are counted, since their state can be asked for.
    """
    known = {count.value: count.count for count in counts}
    known["dismissed"] = known.get("dismissed", 0) + dismissed
    known |= {state: papers - known.get(other, 0) for state, other in INVERSE_STATES.items()}
    return [Count(state, count) for state, count in known.items() if count]


def sort_counts(counts: list[Count], field: Field) -> None:
    """Sort the values of a facet in the order of its field."""
    counts.sort(key=_order(field))


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


def _bars(columns: Mapping[str, FacetColumn], mask: npt.NDArray[np.bool_]) -> tuple[Count, ...]:
    if not {"year", "month"} <= columns.keys():
        return ()
    return histogram(_counts(columns["year"], mask), _counts(columns["month"], mask))


def histogram(years: Mapping[str, int], months: Mapping[str, int]) -> tuple[Count, ...]:
    """Return numbers of papers by month if they span few months, else by year."""
    numbers = sorted(map(_month_number, months))
    is_short = bool(numbers) and numbers[-1] - numbers[0] < MAX_HISTOGRAM_MONTHS
    if is_short and {year[:4] for year in (min(months), max(months))} >= {min(years), max(years)}:
        every = [_month_name(at) for at in range(numbers[0], numbers[-1] + 1)]
        return tuple(Count(month, months.get(month, 0)) for month in every)
    if not years:
        return ()
    every = [str(year) for year in range(min(map(int, years)), max(map(int, years)) + 1)]
    return tuple(Count(year, years.get(year, 0)) for year in every)


def _counts(column: FacetColumn, mask: npt.NDArray[np.bool_]) -> dict[str, int]:
    counts = column.counts(mask)
    return {column.names[at]: int(counts[at]) for at in np.flatnonzero(counts).tolist()}


def _month_number(month: str) -> int:
    year, number = month.split("-")
    return int(year) * 12 + int(number) - 1


def _month_name(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"
