"""A sequential reader for screen readers and dumb terminals: lines of text and single letters."""

import textwrap

import click

from index import Library, Paper
from index.marks.changes import Bookmark, Read

HELP = "n next · p previous · b bookmark · r read · u undo · /WORDS search · NUMBER go to · q quit"
TEXT_CELLS = 72


def read_plain(library: Library, query: str) -> None:
    """Print one paper after another, and run the letters typed after each."""
    click.echo(HELP)
    results, at = library.search(query, limit=0), 0
    while True:
        papers = library.page(results, at, at + 1)
        if papers:
            click.echo(f"\n{at + 1:,} of {results.total:,}\n{_text(papers[0])}")
        else:
            click.echo("no papers found")
        try:
            line = click.prompt("", "n", show_default=False, prompt_suffix="> ").strip()
        except click.Abort:
            return
        if line == "q":
            return
        if line.startswith("/"):
            results, at = library.search(line[1:], limit=0), 0
        elif line.isdecimal():
            at = int(line) - 1
        else:
            at += {"n": 1, "": 1, "p": -1}.get(line, 0)
            click.echo(_run(library, line, papers[0]) if papers else "")
        at = max(0, min(at, results.total - 1))


def _run(library: Library, letter: str, paper: Paper) -> str:
    """Run the command of a letter on a paper; return its message."""
    if letter == "b":
        return library.apply(Bookmark((paper.id,), not paper.bookmarked)).words
    if letter == "r":
        return library.apply(Read((paper.id,), not paper.read)).words
    if letter == "u":
        entry = library.undo()
        return f"undone: {entry.words}" if entry else "nothing to undo"
    return "" if letter in ("n", "p", "") else HELP


def _text(paper: Paper) -> str:
    """Return a paper as text, the most important first."""
    marks = [name for name, on in (("bookmarked", paper.bookmarked), ("read", paper.read)) if on]
    known = [paper.venue, paper.date or (str(paper.year) if paper.year else "")]
    parts = [paper.title, ", ".join(paper.authors), ", ".join(filter(None, known)),
             ", ".join([*marks, *(f"#{tag}" for tag in paper.tags)]), paper.note,
             paper.abstract]  # fmt: skip
    return "\n".join(textwrap.fill(part, TEXT_CELLS) for part in parts if part)
