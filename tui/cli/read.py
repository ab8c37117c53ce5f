"""`carrel read`: the reader, opened with a query."""

import os
import sys

import click

from tui.cli.arguments import WordsCommand
from tui.cli.context import load_config, open_library


@click.command(cls=WordsCommand)
@click.argument("query", nargs=-1)
def read(query: tuple[str, ...]) -> None:
    """Open the reader, with QUERY typed in.

    \b
    Examples:
      carrel read
      carrel read watermark -image
    """
    open_reader(" ".join(query))


def open_reader(query: str) -> None:
    """Open the reader with a query in its search bar, and exit with its code when it is closed.

    Raises UsageError if standard input or output is not a terminal.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError("the reader needs a terminal; elsewhere use carrel search QUERY")
    config = load_config()
    with open_library() as library:
        library.add_starter_shelf()
        # A higher rate of frames a second shows the effect of a key sooner.
        os.environ.setdefault("TEXTUAL_FPS", "120")
        # By default an import in another thread runs 5 ms before a key is handled.
        sys.setswitchinterval(0.001)
        from tui.app import CarrelApp

        app = CarrelApp(library, config, query=query)
        app.run()
    click.get_current_context().exit(app.return_code or 0)
