"""Changes of marks by a command, and the line printed for each."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui.cli.context import open_library
from tui.cli.output import print_message
from tui.cli.selection import select_ids

if TYPE_CHECKING:
    from index.marks.changes import Change, ChangeResult


def apply_change(
    ids: Sequence[str], query: str | None, change: "Callable[[tuple[str, ...]], Change]"
) -> None:
    """Apply a change to the papers with given ids and those that match a query; print the outcome.

    `change` builds the change for a tuple of ids.
    """
    with open_library() as library:
        done = library.apply(change(select_ids(library, ids, query)))
        print_outcome(done)


def print_outcome(done: "ChangeResult", unchanged: str = "nothing to change") -> None:
    """Print what a change did and how to undo it, or `unchanged` if it changed no paper."""
    print_message(f"{done.words} (undo: carrel undo)" if done.papers else unchanged)
