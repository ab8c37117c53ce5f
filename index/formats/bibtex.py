"""BibTeX: one entry per paper, encoded for LaTeX; reads BibLaTeX as well.

The format: https://ctan.org/pkg/btxdoc (O. Patashnik, BibTeXing).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from index.formats.base import USUAL, Format, Style
from index.formats.bib import writing as writing
from index.formats.bib.reading import read
from index.formats.citation_keys import citation_keys
from index.papers.paper import Paper

__all__ = ["FORMAT", "citation", "citation_keys", "read", "recognise", "write"]

# An entry with its key, or a macro, but not a Python decorator, CSS rule or e-mail address.
_BEGINNING = re.compile(
    r"^[ \t]*@[ \t]*(?:(?:string|preamble)\s*[{(]|comment\s*\{\s*jabref"
    r"|[a-z]{3,}\s*\{\s*[^\s{}()\"',=]*\s*,\s*(?:%[^\n]*\s*)*(?:[a-z][\w+:-]*\s*=|\})"
    r"|(?:article|book|booklet|conference|in(?:book|collection|proceedings)|manual|mastersthesis|misc"
    r"|online|phdthesis|proceedings|(?:tech)?report|thesis|unpublished)"
    r"\s*\(\s*[^\s{}()\"',=]*\s*,\s*[a-z][\w+:-]*\s*=)",
    re.IGNORECASE | re.MULTILINE,
)


def write(papers: Iterable[Paper], style: Style = USUAL) -> Iterator[str]:
    """Yield one entry per paper under a unique citation key; only the keys are kept in memory."""
    return writing.write(papers, style, biblatex=False)


def citation(paper: Paper, style: Style = USUAL) -> str:
    """Return the BibTeX entry of one paper for the clipboard, without the private note."""
    return "".join(write([replace(paper, note="")], style))


def recognise(head: str) -> bool:
    """Return whether a line begins with a BibTeX entry.

    Entries in the fenced code of a Markdown file do not count.
    """
    entry = _BEGINNING.search(head)
    return bool(entry) and "```" not in head[: entry.start()] if entry else False


FORMAT = Format(
    name="bibtex",
    label="BibTeX",
    endings=(".bib", ".bibtex"),
    recognise=recognise,
    read=read,
    write=write,
)
