"""`carrel remove`: papers removed by hand."""

import click

from tui.cli.arguments import WordsCommand, query_option
from tui.cli.changes import print_outcome
from tui.cli.context import open_library, update_index
from tui.cli.selection import select_ids


@click.command(cls=WordsCommand)
@click.argument("ids", nargs=-1, metavar="[ID...]")
@query_option
def remove(ids: tuple[str, ...], query: str | None) -> None:
    """Remove papers with their marks.

    Importing their sources again does not bring them back, unless with carrel import --removed. An
    ID of - reads ids from standard input: the first word of each line.

    \b
    Examples:
      carrel remove oreo-plug-in-context
      carrel search title:erratum --format ids | carrel remove -
    """
    with open_library() as library:
        done = library.editing.remove(library.keys(select_ids(library, ids, query)))
        print_outcome(done)
        update_index(library)
