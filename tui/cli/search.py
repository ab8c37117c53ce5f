"""`carrel search`: the papers that match a query."""

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
    """Search papers; without QUERY, list all, newest source first.

    In the table, ★ is a bookmark, ○ unread, # tags and ✎ a note. If few papers match all words,
    those that match some follow. Words need no quotes; a phrase does: '"in-context learning"'.
    --format json prints only the papers; --json prints an object with query, total, full (number of
    papers that match all words), dismissed (number left out), took (seconds), notes and hits.

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
        print_results(library, results, form, offset, as_json=as_json)
