"""Changes of marks made by a command, and the line printed about each."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui.cli.context import open_library
from tui.cli.output import print_message
from tui.cli.selection import select_ids

if TYPE_CHECKING:
    from index.marks.changes import Change


def apply_change(
    ids: Sequence[str], query: str | None, change: "Callable[[tuple[str, ...]], Change]"
) -> None:
    """Apply a change to the papers of some ids and a query, and print what it did.

    `change` returns the change of the papers with the ids it is given.
    """
    with open_library() as library:
        done = library.apply(change(select_ids(library, ids, query)))
        print_message(undoable(done.words) if done.papers else "nothing to change")


def undoable(words: str) -> str:
    """Return the words about a change, with how to undo it."""
    return f"{words} (carrel undo takes it back)"
