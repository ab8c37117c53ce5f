"""Statistics as sections of text, for the command line and the reader."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.facets.counting import Count
from index.search.statistics import Statistics, Trend
from index.text.cleaning import clean
from tui.charts import Pad, bars, histogram, lines, sparkline

MAX_VALUES = 10
"""Sources, venues and tags that are shown."""

MAX_YEARS = 60
COUNTING = "Counting new papers: years, venues and topics are partial"
MAX_WEEKS = 26


class Section(NamedTuple):
    """A title, and lines of at most the width that was asked for."""

    title: str
    lines: Sequence[str]


def sections(found: Statistics, width: int, pad: Pad) -> Iterator[Section]:
    """Yield the sections of statistics that have any counts, `width` cells wide.

    `pad` cuts or pads a text to a number of cells.
    """
    if found.is_partial:
        yield Section(COUNTING, ())
    if found.years:
        years = histogram(list(every_year(found.years)), width, pad)
        yield Section("Papers by year", years)
    for title, counts in (("Source", found.sources), ("Venue", found.venues), ("Tag", found.tags)):
        if counts:
            shown = [(clean(count.value), count.count) for count in counts[:MAX_VALUES]]
            own = list(bars(shown, width, pad))
            if len(counts) > MAX_VALUES:
                own.append(f"and {len(counts) - MAX_VALUES:,} more")
            yield Section(f"Papers by {title.lower()}", own)
    if found.topics and found.years:
        yield Section("Topics over the years", list(_trends(found, width, pad)))
    if found.weeks:
        weeks = found.weeks[-MAX_WEEKS:]
        series = {"read": [week.read for week in weeks], "kept": [week.kept for week in weeks]}
        drawn = lines([week.monday for week in weeks], series, width, pad)
        yield Section("Read and kept by week", drawn)


def every_year(counts: Sequence[Count]) -> Iterator[tuple[str, int]]:
    """Yield every year from the first to the last, at most `MAX_YEARS`, with its count."""
    known = {int(count.value): count.count for count in counts}
    last = max(known)
    for year in range(max(min(known), last - MAX_YEARS + 1), last + 1):
        yield str(year), known.get(year, 0)


def _trends(found: Statistics, width: int, pad: Pad) -> Iterator[str]:
    """Yield a line for each topic: its name, a bar for each year, and its count."""
    names = [year for year, _ in every_year(found.years)]
    room = max(10, min(30, width // 2))
    shown = max(4, min(len(names), width - room - 12))
    for topic in found.topics:
        yield f"{pad(clean(topic.topic), room)}  {_line(topic, names, shown)}  {topic.count:,}"
    yield pad(f"{names[-shown:][0]} to {names[-1]}", room)


def _line(topic: Trend, years: Sequence[str], width: int) -> str:
    known = {count.value: count.count for count in topic.years}
    return sparkline([known.get(year, 0) for year in years], width)
