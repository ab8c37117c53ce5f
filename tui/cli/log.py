"""`carrel log`: the journal of changes."""

import click

from tui.cli.context import open_library
from tui.cli.json_output import json_option, print_json
from tui.cli.output import local_time, print_lines
from tui.cli.tables import table

STATES = {"done": "", "undone": "undone", "dropped": "undone permanently"}
"""The label of each state of a change; a `dropped` change can no longer be redone."""


@click.command()
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True, metavar="N",
              help="Maximum number of changes.")  # fmt: skip
@json_option
def log(limit: int, as_json: bool) -> None:
    """List changes of marks, newest first.

    \b
    Examples:
      carrel log --limit 10
      carrel log --json
    """
    with open_library() as library:
        entries = library.marks.log(limit)
    if as_json:
        print_json(
            [
                {"at": entry.at, "state": entry.state, "words": entry.words, "papers": entry.papers}
                for entry in entries
            ]
        )
    else:
        rows = [(local_time(e.at), _format_state(e.state), e.words) for e in entries]
        print_lines(table(rows))


def _format_state(state: str) -> str:
    """Return the sign of a state, with its label if the change was undone."""
    return f"↶ {STATES[state]}" if STATES[state] else "✓"
