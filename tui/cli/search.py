"""`carrel search`: the papers of a query."""

import click

from tui.cli.arguments import QueryCommand
from tui.cli.context import open_library
from tui.cli.results import print_results, result_options
from tui.cli.selection import search_papers


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1)
@result_options
def search(
    query: tuple[str, ...], limit: int, offset: int, sort: str, form: str, as_json: bool
) -> None:
    """Find papers; without a QUERY show all, newest source first.

    In the table ★ is bookmarked, ○ unread, # tagged, ✎ noted. Papers that hold only some of the
    words follow where few hold all. Words may stand without quotes; a phrase needs its own:
    '"in-context learning"'. --format json prints the papers alone, --json an object around them:
    query, total, full (papers that hold all of it), took (seconds), notes, hits.

    \b
    Examples:
      carrel search watermark -image
      carrel search 'title:diffusion year:2020..' --sort newest
      carrel search tag:nlp --format ids | carrel mark read -
      carrel search tranformer --json | jq -r '.notes[].offers[]'
    """
    with open_library() as library:
        results = search_papers(
            library, " ".join(query), limit=limit, offset=offset, sort=sort, read_only=True
        )
        print_results(library, results, form, offset, whole=as_json)
