"""`carrel stats`: statistics of the library."""

import click

from tui.cli.context import open_library
from tui.cli.json_output import json_option, print_json
from tui.cli.output import print_lines
from tui.cli.tables import table


@click.command()
@json_option
def stats(as_json: bool) -> None:
    """Print statistics of the library.

    \b
    Examples:
      carrel stats
      carrel stats --json
    """
    with open_library() as library:
        statistics = library.stats()
    if as_json:
        print_json(statistics)
        return
    rows = [
        (name.replace("_", " "), f"{value:,}" if isinstance(value, int) else value)
        for name, value in statistics.items()
    ]
    print_lines(table(rows))
