"""`carrel bookmark` and `carrel unbookmark`."""

import click

from tui.cli.arguments import ids_argument, query_option
from tui.cli.changes import apply_change


@click.command()
@ids_argument
@query_option
def bookmark(ids: tuple[str, ...], query: str | None) -> None:
    """Bookmark papers.

    An ID of - reads ids from standard input: the first word of each line.

    \b
    Examples:
      carrel bookmark oreo-plug-in-context
      carrel bookmark --query 'watermark -image'
    """
    from index.marks.changes import Bookmark

    apply_change(ids, query, Bookmark)


@click.command()
@ids_argument
@query_option
def unbookmark(ids: tuple[str, ...], query: str | None) -> None:
    """Remove bookmarks from papers.

    An ID of - reads ids from standard input: the first word of each line.

    \b
    Examples:
      carrel unbookmark oreo-plug-in-context
      carrel unbookmark --query 'is:bookmarked is:read'
    """
    from index.marks.changes import Bookmark

    apply_change(ids, query, lambda papers: Bookmark(papers, on=False))
