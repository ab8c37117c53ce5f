"""`carrel note`: the note on a paper, printed or replaced."""

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
        written = read_stdin() if text == ("-",) else " ".join(text)
        apply_change((paper,), None, lambda papers: Note(papers, written))
        return
    with open_library() as library:
        held = library.papers([paper])[0].note
        print_lines([held] if held else [])
