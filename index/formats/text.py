"""Plain text for reading, printing and mail, at most 80 terminal columns wide."""

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator

from index.formats.base import USUAL, Format, Style
from index.papers.facts import publication_facts
from index.papers.paper import Paper
from index.text.cleaning import clean

WIDTH_COLUMNS = 80
_FILL = "\x00"
"""Follows each character two columns wide during wrapping; cleaned text never contains it."""


def write(papers: Iterable[Paper], style: Style = USUAL) -> Iterator[str]:
    """Yield one block per paper: the title, and everything else indented below it."""
    for number, paper in enumerate(papers):
        yield ("\n" if number else "") + "\n".join(_lines(paper)) + "\n"


def _lines(paper: Paper) -> Iterator[str]:
    yield from _wrap(paper.title, "", hanging="    ")
    authors = ", ".join([*paper.authors, "et al."] if paper.et_al else paper.authors)
    year = f"({paper.year})" if paper.year else ""
    yield from _wrap(f"{authors} {year}", "  ")
    yield from _wrap("This paper was retracted." if paper.citation.is_retracted else "", "  ")
    yield from _wrap(paper.venue, "  ")
    yield from _wrap(" · ".join(publication_facts(paper)), "  ")
    if paper.link:
        # A wrapped link would be unusable, so it may exceed the width.
        yield f"  {clean(paper.link)}"
    if paper.tags:
        yield from _wrap(f"Tags: {', '.join(paper.tags)}", "  ", hanging="        ")
    for number, line in enumerate(clean(paper.note, lines=True).split("\n")):
        yield from _wrap(line if number else line and f"Note: {line}", "  ", hanging="        ")
    yield from _wrap(paper.abstract, "    ")


def _wrap(text: str, indent: str, *, hanging: str = "") -> list[str]:
    """Return the lines of a text wrapped to `WIDTH_COLUMNS`; none for an empty text."""
    text = clean(text)
    width = WIDTH_COLUMNS
    if not text.isascii():
        wide = [unicodedata.east_asian_width(character) in "WF" for character in text]
        text = "".join(c + _FILL if w else c for c, w in zip(text, wide, strict=True))
        # A break may fall between a wide character and its fill.
        width -= any(wide)
    lines = textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=hanging or indent,
        break_on_hyphens=False,
    )
    return [line.replace(_FILL, "") for line in lines]


FORMAT = Format(name="text", label="Plain text", endings=(".txt",), write=write)
