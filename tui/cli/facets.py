"""`carrel facets`: the values of each field, with their counts."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from tui.cli.arguments import QueryCommand
from tui.cli.context import open_library, update_catalogue
from tui.cli.json_output import json_option, print_json
from tui.cli.output import print_lines
from tui.cli.selection import search_papers
from tui.cli.tables import table, truncated

if TYPE_CHECKING:
    from index.facets.counting import Facet

MAX_VALUES = 20
"""Values of each facet in text output."""

MAX_VALUE_COLUMNS = 60
"""Width of a value in text output, in terminal columns."""


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Print all values, not the top 200.")
@json_option
def facets(query: tuple[str, ...], every: bool, as_json: bool) -> None:
    """Count the values of each field.

    Counts states, tags, sources, years, venues, authors, categories, keywords, topics of titles and
    abstracts, and available data of the papers that match QUERY, or of all papers. JSON output has
    the 200 most common values of each field, and the number of others as "more"; text output has
    20.

    \b
    Examples:
      carrel facets
      carrel facets diffusion year:2020.. --json
      carrel facets --all --json
    """
    from index.facets.counting import MAX_VALUES as MAX_JSON_VALUES

    with open_library() as library:
        results = search_papers(library, " ".join(query), read_only=True)
        update_catalogue(library)
        counted = library.facets(results, most=None if every else MAX_JSON_VALUES)
        if as_json:
            print_json([_facet_object(facet) for facet in counted])
        else:
            print_lines(_facet_lines(counted, every=every))


def _facet_lines(facets: Iterable["Facet"], *, every: bool) -> Iterator[str]:
    """Yield each facet's values and counts, the first `MAX_VALUES` of them unless `every`."""
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
