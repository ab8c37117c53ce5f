"""`carrel undo` and `carrel redo`."""

from typing import Literal

import click

from tui.cli.context import open_library
from tui.cli.output import print_message

_times = click.argument("times", type=click.IntRange(min=1), default=1, metavar="[N]")


@click.command()
@_times
def undo(times: int) -> None:
    """Undo the last change of marks, or the last N.

    \b
    Examples:
      carrel undo
      carrel undo 3
    """
    _run(times, "undo")


@click.command()
@_times
def redo(times: int) -> None:
    """Redo the last undone change of marks, or the last N.

    \b
    Examples:
      carrel redo
      carrel redo 3
    """
    _run(times, "redo")


def _run(times: int, verb: Literal["undo", "redo"]) -> None:
    """Undo or redo changes, and print a line for each."""
    with open_library() as library:
        for number in range(times):
            entry = library.undo() if verb == "undo" else library.redo()
            if entry is None:
                print_message(f"nothing {'more ' if number else ''}to {verb}")
                return
            print_message(f"{'undone' if verb == 'undo' else 'redone'}: {entry.message}")
