"""`carrel undo` and `carrel redo`."""

from typing import Literal

import click

from tui.cli.context import open_library
from tui.cli.output import print_message

_times = click.argument("times", type=click.IntRange(min=1), default=1, metavar="[N]")


@click.command()
@_times
def undo(times: int) -> None:
    """Take back the last change of marks, or the last N.

    \b
    Examples:
      carrel undo
      carrel undo 3
    """
    _move(times, "undo")


@click.command()
@_times
def redo(times: int) -> None:
    """Make changes again that undo took back.

    \b
    Examples:
      carrel redo
      carrel redo 3
    """
    _move(times, "redo")


def _move(times: int, verb: Literal["undo", "redo"]) -> None:
    """Undo or redo changes, and print a line about each."""
    with open_library() as library:
        for time in range(times):
            entry = library.undo() if verb == "undo" else library.redo()
            if entry is None:
                print_message(f"nothing {'more ' if time else ''}to {verb}")
                return
            print_message(f"{'undone' if verb == 'undo' else 'redone'}: {entry.message}")
