"""`carrel stats`: what the library holds, in numbers."""

import click

from tui.cli.context import open_library
from tui.cli.json_output import print_json
from tui.cli.output import print_lines
from tui.cli.tables import table


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def stats(as_json: bool) -> None:
    """Tell what the library holds, in numbers.

    \b
    Examples:
      carrel stats
      carrel stats --json
    """
    with open_library() as library:
        held = library.stats()
    if as_json:
        print_json(held)
        return
    rows = [
        (name.replace("_", " "), f"{value:,}" if isinstance(value, int) else value)
        for name, value in held.items()
    ]
    print_lines(table(rows))
