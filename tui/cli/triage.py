"""`carrel triage`: open the reader in triage."""

import click

from tui.cli.arguments import LazyChoice, LazyChoiceOption, WordsCommand, sort_names
from tui.cli.read import open_reader

DEFAULT_QUERY = "is:unread"


@click.command(cls=WordsCommand)
@click.argument("query", nargs=-1)
@click.option("--sort", cls=LazyChoiceOption, type=LazyChoice(sort_names), metavar="KEY",
              help="Sort order.")  # fmt: skip
def triage(query: tuple[str, ...], sort: str | None) -> None:
    """Judge papers one at a time; without QUERY, the unread.

    One key keeps a paper (b), dismisses it (d), queues it for later (w) or skips it (Space); k goes
    back one paper, and u undoes the last verdict. Verdicts are saved at once, as bookmarks,
    dismissals and the queue, and a triage resumes where you left off. With --sort likely, or the
    key l, papers similar to those you kept, and unlike those you dismissed, come first.

    \b
    Examples:
      carrel triage
      carrel triage source:000 -image
      carrel triage --sort likely
    """
    open_reader(" ".join(query) or DEFAULT_QUERY, command="triage", sort=sort)
