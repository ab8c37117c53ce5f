"""`carrel stats`: statistics of the library, or of the papers that match a query."""

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from tui.cli.arguments import QueryCommand
from tui.cli.context import open_library, update_catalogue
from tui.cli.json_output import json_option, print_json
from tui.cli.output import print_lines, terminal_width
from tui.cli.selection import search_papers
from tui.cli.tables import padded, table, truncated

if TYPE_CHECKING:
    from index.search.statistics import Statistics

DEFAULT_WIDTH_COLUMNS = 80
"""Width of charts if standard output is not a terminal."""

MAX_WIDTH_COLUMNS = 100


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1)
@json_option
def stats(query: tuple[str, ...], as_json: bool) -> None:
    """Print statistics of the papers that match, or of all papers.

    The totals are those of the library. Below are papers by year, source, venue and tag, topics
    over the years, and papers read and kept by week, for QUERY or for all papers. With plotext
    (pip install 'carrel[plots]'), years and weeks are plotted.

    \b
    Examples:
      carrel stats
      carrel stats tag:thesis
      carrel stats --json | jq '.weeks[-1]'
    """
    with open_library() as library:
        totals = library.stats()
        results = search_papers(library, " ".join(query), read_only=True)
        if not as_json:  # first, since the topics of new papers take a while
            print_lines(_totals(totals))
            sys.stdout.flush()
        update_catalogue(library)
        found = library.statistics(results)
    if as_json:
        print_json({**totals, **statistics_object(found)})
        return
    if query:
        print_lines(["", _matching(found.papers, " ".join(query))])
    print_lines(
        _section_lines(found, min(terminal_width() or DEFAULT_WIDTH_COLUMNS, MAX_WIDTH_COLUMNS))
    )


def _totals(totals: Mapping[str, int | str]) -> Iterator[str]:
    """Return the lines for the totals of the library."""
    return table(
        [
            (name.replace("_", " "), f"{value:,}" if isinstance(value, int) else value)
            for name, value in totals.items()
        ]
    )


def _matching(papers: int, query: str) -> str:
    from index.text.cleaning import clean, format_count

    verb = "matches" if papers == 1 else "match"
    return f"{format_count(papers, 'paper')} {verb} {clean(query)}"


def _section_lines(found: "Statistics", width: int) -> Iterator[str]:
    from tui.statistics import sections

    for section in sections(found, width, lambda text, room: padded(truncated(text, room), room)):
        yield from ("", section.title, *(line.rstrip() for line in section.lines))


def statistics_object(found: "Statistics") -> dict[str, object]:
    """Return statistics as a JSON object."""
    counted = {
        name: [{"value": one.value, "count": one.count} for one in getattr(found, name)]
        for name in ("years", "venues", "tags")
    }
    by_source = [{"value": one.value, "count": one.count} for one in found.sources]
    topics = [
        {"topic": one.topic, "count": one.count,
         "years": [{"value": year.value, "count": year.count} for year in one.years]}
        for one in found.topics
    ]  # fmt: skip
    weeks = [{"week": one.monday, "read": one.read, "kept": one.kept} for one in found.weeks]
    return {"found": found.papers, **counted, "by_source": by_source, "topics": topics,
            "weeks": weeks}  # fmt: skip
