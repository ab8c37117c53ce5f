"""`carrel mark`: mark papers as read, dismissed, or to be read later."""

from typing import TYPE_CHECKING

import click

from tui.cli.arguments import ids_argument, query_option
from tui.cli.changes import apply_change

if TYPE_CHECKING:
    from index.marks.changes import Change

STATES = ("read", "unread", "dismissed", "undismissed", "later", "notlater")


@click.command()
@click.argument("state", type=click.Choice(STATES), metavar="|".join(STATES))
@ids_argument
@query_option
@click.option("--place", type=click.IntRange(min=1), metavar="N",
              help="Place in the queue, from 1.")  # fmt: skip
@click.option("--move", type=int, metavar="N",
              help="Move N places down, or -N up.")  # fmt: skip
def mark(
    state: str, ids: tuple[str, ...], query: str | None, place: int | None, move: int | None
) -> None:
    """Mark papers as read, dismissed, or to be read later.

    Dismissed papers are left out of lists and counts, unless a query says is:dismissed; a bookmark
    ends a dismissal. Papers to read later are a queue in your own order, which is:later lists: they
    are added at its end, or at a place. An ID of - reads ids from standard input: the first word of
    each line.

    \b
    Examples:
      carrel mark read oreo-plug-in-context
      carrel mark unread --query source:000
      carrel mark dismissed --query 'blockchain -survey'
      carrel mark later 1706.03762 --place 1
      carrel mark later 1706.03762 --move -1
    """
    if (place or move) and state != "later":
        raise click.UsageError("--place and --move apply to the queue; try carrel mark later")
    if place and move is not None:
        raise click.UsageError("--place and --move cannot be combined; give one")
    apply_change(ids, query, lambda papers: _change(state, papers, place, move))


def _change(state: str, papers: tuple[str, ...], place: int | None, move: int | None) -> "Change":
    from index.marks.changes import Dismissed, Later, MoveInQueue, Read

    on = not state.startswith(("un", "not"))
    if state.endswith("read"):
        return Read(papers, on)
    if state.endswith("dismissed"):
        return Dismissed(papers, on)
    return Later(papers, on, place) if move is None else MoveInQueue(papers, move)
