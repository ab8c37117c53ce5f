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

    One key keeps a paper (b), dismisses it (d), puts it with those to read later (w) or skips it
    (Space); k steps back, and u takes the last verdict back. Verdicts are bookmarks, dismissals and
    the queue, saved at once: a triage resumes where it was left. With --sort likely, or l, papers
    come first that are like those kept so far, and unlike the dismissed ones.

    \b
    Examples:
      carrel triage
      carrel triage source:000 -image
      carrel triage --sort likely
    """
    open_reader(" ".join(query) or DEFAULT_QUERY, command="triage", sort=sort)
