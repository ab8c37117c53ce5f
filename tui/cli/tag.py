"""`carrel tag`: add tags to papers and remove them."""

import click

from tui.cli.arguments import WordsCommand, query_option
from tui.cli.changes import apply_change


@click.command(cls=WordsCommand)
@click.argument("words", nargs=-1, metavar="+NAME... -NAME... [ID...]")
@query_option
def tag(words: tuple[str, ...], query: str | None) -> None:
    """Add tags (+NAME) to papers and remove tags (-NAME).

    An ID of - reads ids from standard input: the first word of each line. A slash nests tags:
    tag:llm also matches llm/safety.

    \b
    Examples:
      carrel tag +llm/safety -todo oreo-plug-in-context
      carrel tag +survey --query title:survey
      carrel search rag --format ids | carrel tag +rag -
    """
    from index import CarrelError
    from index.marks.changes import Tag

    add = tuple(word[1:] for word in words if word.startswith("+"))
    remove = tuple(word[1:] for word in words if word.startswith("-") and word != "-")
    ids = tuple(word for word in words if word == "-" or word[:1] not in ("+", "-"))
    if not add and not remove:
        raise click.UsageError("no tags given; try +NAME to add one, -NAME to remove one")
    try:
        Tag((), add, remove)
    except CarrelError as error:
        raise click.UsageError(str(error)) from error
    apply_change(ids, query, lambda papers: Tag(papers, add, remove))
