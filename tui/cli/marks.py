"""Verbs about marks: bookmarks, tags, notes, read states, and taking changes back."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import click

from tui.cli.base import WordsCommand, chosen, opened, standard_input
from tui.cli.output import emit, emit_json, moment, say, table

if TYPE_CHECKING:
    from index.marks.changes import Change

_ids = click.argument("ids", nargs=-1, metavar="[ID...]")
_query = click.option("--query", metavar="Q", help="All papers that this query finds.")

STATES = {"done": "", "undone": "undone", "dropped": "undone for good"}
"""What the log says of a change's state; `dropped` can no longer be redone."""


def _apply(
    words: tuple[str, ...], query: str | None, change: "Callable[[tuple[str, ...]], Change]"
) -> None:
    """Make a change of the papers named, and say what it did."""
    with opened() as library:
        done = library.apply(change(chosen(library, words, query)))
        say(f"{done.words} (carrel undo takes it back)" if done.papers else "nothing to change")


@click.command()
@_ids
@_query
def bookmark(ids: tuple[str, ...], query: str | None) -> None:
    """Bookmark papers.

    Papers are named by their ids, or by the first words of the lines of standard input (-).

    \b
    Examples:
      carrel bookmark oreo-plug-in-context
      carrel bookmark --query 'watermark -image'
    """
    from index.marks.changes import Bookmark

    _apply(ids, query, Bookmark)


@click.command()
@_ids
@_query
def unbookmark(ids: tuple[str, ...], query: str | None) -> None:
    """Take bookmarks from papers.

    Papers are named by their ids, or by the first words of the lines of standard input (-).

    \b
    Examples:
      carrel unbookmark oreo-plug-in-context
      carrel unbookmark --query 'is:bookmarked is:read'
    """
    from index.marks.changes import Bookmark

    _apply(ids, query, lambda papers: Bookmark(papers, on=False))


@click.command(cls=WordsCommand)
@click.argument("words", nargs=-1, metavar="+NAME... -NAME... [ID...]")
@_query
def tag(words: tuple[str, ...], query: str | None) -> None:
    """Give papers tags (+NAME) and take tags away (-NAME).

    Papers are named by their ids, or by the first words of the lines of standard input (-).
    Tags are put below one another with a slash: llm/safety is found by tag:llm too.

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
        raise click.UsageError("no tag is named; write +NAME to add one, -NAME to take it away")
    try:
        Tag((), add, remove)
    except CarrelError as error:
        raise click.UsageError(str(error)) from error
    _apply(ids, query, lambda papers: Tag(papers, add, remove))


@click.command()
@click.argument("state", type=click.Choice(["read", "unread"]), metavar="read|unread")
@_ids
@_query
def mark(state: str, ids: tuple[str, ...], query: str | None) -> None:
    """Mark papers as read, or as unread.

    Papers are named by their ids, or by the first words of the lines of standard input (-).

    \b
    Examples:
      carrel mark read oreo-plug-in-context
      carrel mark unread --query source:000
    """
    from index.marks.changes import Read

    _apply(ids, query, lambda papers: Read(papers, on=state == "read"))


@click.command(cls=WordsCommand)
@click.argument("paper", metavar="ID")
@click.argument("text", nargs=-1, metavar="[TEXT]")
def note(paper: str, text: tuple[str, ...]) -> None:
    """Print the note on a paper, or write it.

    TEXT takes the place of the note there is; - reads it from standard input. An empty TEXT takes
    the note away.

    \b
    Examples:
      carrel note oreo-plug-in-context
      carrel note oreo-plug-in-context 'compare with Tree-Ring'
      carrel note oreo-plug-in-context - < thoughts.md
    """
    from index.marks.changes import Note

    if text:
        written = standard_input() if text == ("-",) else " ".join(text)
        _apply((paper,), None, lambda papers: Note(papers, written))
        return
    with opened() as library:
        held = library.papers([paper])[0].note
        emit([held] if held else [])


# -- the journal -----------------------------------------------------------------------------------

_times = click.argument("times", type=click.IntRange(min=1), default=1, metavar="[N]")


def _move(times: int, verb: Literal["undo", "redo"]) -> None:
    """Take changes back, or make them again, and say what each was."""
    with opened() as library:
        for time in range(times):
            entry = library.undo() if verb == "undo" else library.redo()
            if entry is None:
                say(f"nothing {'more ' if time else ''}to {verb}")
                return
            say(f"{'undone' if verb == 'undo' else 'redone'}: {entry.told}")


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


@click.command()
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True, metavar="N",
              help="The most changes shown.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def log(limit: int, as_json: bool) -> None:
    """List the changes of marks, newest first.

    \b
    Examples:
      carrel log --limit 10
      carrel log --json
    """
    with opened() as library:
        entries = library.marks.log(limit)
    if as_json:
        emit_json(
            [
                {"at": entry.at, "state": entry.state, "words": entry.words, "papers": entry.papers}
                for entry in entries
            ]
        )
    else:
        emit(table([(moment(entry.at), _sign(entry.state), entry.words) for entry in entries]))


def _sign(state: str) -> str:
    """Return the sign of a change, with the word for it where it was taken back."""
    return f"↶ {STATES[state]}" if STATES[state] else "✓"
