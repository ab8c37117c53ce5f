"""`carrel note`: print or write the note on a paper."""

import click

from tui.cli.arguments import WordsCommand
from tui.cli.changes import apply_change
from tui.cli.context import open_library
from tui.cli.output import print_lines
from tui.cli.selection import read_stdin


@click.command(cls=WordsCommand)
@click.argument("paper", metavar="ID")
@click.argument("text", nargs=-1, metavar="[TEXT]")
def note(paper: str, text: tuple[str, ...]) -> None:
    """Print or write the note on a paper.

    TEXT overwrites the current note; a TEXT of - is read from standard input. An empty TEXT deletes
    the note.

    \b
    Examples:
      carrel note oreo-plug-in-context
      carrel note oreo-plug-in-context 'compare with Tree-Ring'
      carrel note oreo-plug-in-context - < thoughts.md
    """
    from index.marks.changes import Note

    if text:
        content = read_stdin() if text == ("-",) else " ".join(text)
        apply_change((paper,), None, lambda papers: Note(papers, content))
        return
    with open_library() as library:
        current = library.papers([paper])[0].note
        print_lines([current] if current else [])
