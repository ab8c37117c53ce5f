"""`carrel facets`: what papers have in common, counted."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from tui.cli.arguments import QueryCommand
from tui.cli.context import open_library, update_catalogue
from tui.cli.json_output import print_json
from tui.cli.output import print_lines
from tui.cli.selection import search_papers
from tui.cli.tables import table, truncated

if TYPE_CHECKING:
    from index.facets.counting import Facet

MAX_VALUES = 20
"""Values of each facet that are listed in text output."""

MAX_VALUE_COLUMNS = 60
"""Columns of a value in text output."""


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Print all values, not the 200 commonest.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def facets(query: tuple[str, ...], every: bool, as_json: bool) -> None:
    """Count what papers have in common.

    Of the papers of a QUERY, or of all: states, tags, sources, years, venues, authors, categories,
    keywords, topics of titles and abstracts, what is known. In JSON there are the 200 commonest
    values of each, and "more" tells how many others; for reading there are 20.

    \b
    Examples:
      carrel facets
      carrel facets diffusion year:2020.. --json
      carrel facets --all --json
    """
    from index.facets.counting import MAX_VALUES

    with open_library() as library:
        results = search_papers(library, " ".join(query), read_only=True)
        update_catalogue(library)
        counted = library.facets(results, most=None if every else MAX_VALUES)
        if as_json:
            print_json([_facet_object(facet) for facet in counted])
        else:
            print_lines(_facet_lines(counted, every=every))


def _facet_lines(facets: Iterable["Facet"], *, every: bool) -> Iterator[str]:
    """Yield each facet with its values and their counts; the first `MAX_VALUES` unless `every`."""
    for facet in facets:
        if not facet.counts:
            continue
        yield facet.title
        shown = facet.counts if every else facet.counts[:MAX_VALUES]
        values = [f"  {truncated(count.value, MAX_VALUE_COLUMNS)}" for count in shown]
        counts = [f"{count.count:,}" for count in shown]
        yield from table(list(zip(values, counts, strict=True)), [1])
        if facet.total > len(shown):
            yield f"  … and {facet.total - len(shown):,} more (all with --all)"


def _facet_object(facet: "Facet") -> dict[str, object]:
    more = facet.total - len(facet.counts)
    return {
        "title": facet.title,
        "field": facet.field,
        "values": [{"value": count.value, "count": count.count} for count in facet.counts],
        **({"more": more} if more else {}),
    }
