"""BibTeX: one entry per paper, encoded for LaTeX; reads BibLaTeX as well.

The format: https://ctan.org/pkg/btxdoc (O. Patashnik, BibTeXing).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from index.formats.base import USUAL, Format, Style
from index.formats.bib import writing as writing
from index.formats.bib.reading import read
from index.formats.citation_keys import citation_keys, with_citation_keys
from index.formats.entry_types import classify_venue
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
_PLACES = {"article": "journal", "inproceedings": "booktitle", "book": "publisher",
           "phdthesis": "school", "mastersthesis": "school", "techreport": "institution",
           "misc": "howpublished"}  # fmt: skip
_THESES = {"phdthesis": "PhD thesis", "mastersthesis": "Master's thesis"}


def write(papers: Iterable[Paper], style: Style = USUAL) -> Iterator[str]:
    """Yield one entry per paper under a unique citation key; only the keys are kept in memory."""
    for number, (key, paper) in enumerate(with_citation_keys(papers, style.keys)):
        yield ("\n" if number else "") + writing.entry(*_build_entry(key, paper, style))


def citation(paper: Paper, style: Style = USUAL) -> str:
    """Return the BibTeX entry of one paper for the clipboard, without the private note."""
    return "".join(write([replace(paper, note="")], style))


def _build_entry(key: str, paper: Paper, style: Style) -> tuple[str, str, dict[str, str]]:
    """Return the entry type, the key and the fields in order."""
    kind, venue, sort = classify_venue(paper.venue)
    arxiv = writing.arxiv_of(paper)
    # Styles print no publisher of @misc, so a preprint can name arXiv there.
    place = "publisher" if kind == "misc" and arxiv else _PLACES[kind]
    month, day = writing.month_and_day(paper)
    return kind, key, {
        "title": writing.text(paper.written_title, style, title=True),
        "author": writing.authors(paper, style),
        place: writing.text(venue, style),
        "type": writing.text(sort, style) if sort != _THESES.get(kind, "") else "",
        "year": str(paper.year or ""),
        "month": month,
        "day": day,
        "doi": writing.verbatim(paper.doi),
        "url": writing.url_of(paper, arxiv),
        "eprint": writing.verbatim(arxiv),
        "archivePrefix": "arXiv" if arxiv else "",
        "primaryClass": writing.category_of(paper, arxiv),
        "keywords": writing.keywords(paper, style),
        "abstract": writing.text(paper.written_abstract, style),
        "annote": writing.note(paper, style),
    }  # fmt: skip


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
