"""Statistics: of a library, and of the papers of a result by year, source, venue, tag and week."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from index.facets.columns import FacetColumn
from index.facets.counting import Count, Facet
from index.facets.fields import summary_states
from index.store import Database, MarkStore, PaperSets, PaperStore

MAX_TOPICS = 8
"""Topics that are followed over the years, those with the most papers."""

MAX_WEEKS = 520
"""Weeks that are counted, up to the last one with a mark."""

READ, KEPT = ("read",), ("bookmark", "later")
"""The kinds of marks of papers read and kept."""

Keys = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Trend:
    """A topic with its number of papers, and that of each year in which it has any."""

    topic: str
    count: int
    years: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """A week by the date of its Monday, with the numbers of papers read and kept in it (UTC)."""

    monday: str
    read: int
    kept: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of a number of papers.

    `years` are sorted; `sources`, `venues` and `tags` begin with the most papers, as do `topics`.
    `weeks` are all from the first to the last in which a paper was read or kept. `is_partial` is
    whether topics of some papers are not counted yet.
    """

    papers: int
    years: tuple[Count, ...]
    sources: tuple[Count, ...]
    venues: tuple[Count, ...]
    tags: tuple[Count, ...]
    topics: tuple[Trend, ...]
    weeks: tuple[Week, ...]
    is_partial: bool = False


def count_library(database: Database) -> dict[str, int]:
    """Return the numbers of papers by metadata and mark, and of sources, tags and changes."""
    papers, marks, sets = PaperStore(database), MarkStore(database), PaperSets(database)
    return {
        "papers": papers.count(),
        "sources": len(papers.sources()),
        **{name: len(sets.state("is", name)) for name in summary_states("is")},
        **{f"with_{name}": len(sets.state("has", name)) for name in summary_states("has")},
        "tags": len(marks.tags()),
        "changes": marks.changes(),
    }


def marked_papers(database: Database) -> Iterable[int]:
    """Return the papers that are read or kept, on which weeks depend."""
    return PaperSets(database).marked_on((*READ, *KEPT))


def count_statistics(
    database: Database,
    keys: Keys,
    facets: Iterable[Facet],
    column: Callable[[str], FacetColumn | None],
) -> Statistics:
    """Return the statistics of papers, from their facets, columns of values, and marks."""
    facets = list(facets)
    counts = {facet.field: facet.counts for facet in facets}
    years = sorted(counts["year"], key=lambda count: int(count.value))
    sources, venues, tags, topics = (
        tuple(sorted(counts[field], key=lambda count: (-count.count, count.value.lower())))
        for field in ("source", "venue", "tag", "topic")
    )
    trends = _trends(keys, topics[:MAX_TOPICS], column("topic"), column("year"))
    weeks = tuple(_weeks(keys, PaperSets(database)))
    is_partial = any(facet.is_partial for facet in facets if facet.field == "topic")
    return Statistics(
        len(keys), tuple(years), sources, venues, tags, tuple(trends), weeks, is_partial
    )


def _trends(
    keys: Keys, chosen: Iterable[Count], topics: FacetColumn | None, years: FacetColumn | None
) -> Iterator[Trend]:
    if topics is None or years is None:
        return
    highest = max(topics.highest, years.highest, int(keys.max(initial=0)))
    for topic in chosen:
        mask = np.zeros(highest + 1, np.bool_)
        mask[topics.papers(topics.find(topic.value))] = True
        found = np.zeros_like(mask)
        found[keys] = mask[keys]
        counts = years.counts(found)
        by_year = [
            Count(years.names[at], int(counts[at])) for at in np.flatnonzero(counts).tolist()
        ]
        by_year.sort(key=lambda count: int(count.value))
        yield Trend(topic.value, topic.count, tuple(by_year))


def _weeks(keys: Keys, sets: PaperSets) -> Iterator[Week]:
    """Yield the weeks from the first to the last with a mark, at most `MAX_WEEKS`."""
    read, kept = _by_week(keys, sets.marked_on(READ)), _by_week(keys, sets.marked_on(KEPT))
    if not read and not kept:
        return
    first, last = min([*read, *kept]), max([*read, *kept])
    monday = max(first, last - timedelta(weeks=MAX_WEEKS - 1))
    while monday <= last:
        yield Week(monday.isoformat(), read[monday], kept[monday])
        monday += timedelta(weeks=1)


def _by_week(keys: Keys, marked: Mapping[int, str]) -> Counter[date]:
    """Return the number of some papers by the Monday of the week in which they were marked."""
    papers = np.intersect1d(keys, np.fromiter(marked, np.int64)).tolist()
    days = map(date.fromisoformat, (marked[paper] for paper in papers))
    return Counter(day - timedelta(days=day.weekday()) for day in days)
