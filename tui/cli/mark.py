"""`carrel mark`: mark papers as read or unread."""

import click

from tui.cli.arguments import ids_argument, query_option
from tui.cli.changes import apply_change


@click.command()
@click.argument("state", type=click.Choice(["read", "unread"]), metavar="read|unread")
@ids_argument
@query_option
def mark(state: str, ids: tuple[str, ...], query: str | None) -> None:
    """Mark papers as read or unread.

    An ID of - reads ids from standard input: the first word of each line.

    \b
    Examples:
      carrel mark read oreo-plug-in-context
      carrel mark unread --query source:000
    """
    from index.marks.changes import Read

    apply_change(ids, query, lambda papers: Read(papers, on=state == "read"))
