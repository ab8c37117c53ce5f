"""BibLaTeX: like BibTeX, with fields for full dates and preprints.

The format: https://ctan.org/pkg/biblatex (section 2, database guide). The BibTeX reader reads it.
"""

from collections.abc import Iterable, Iterator

from index.formats.base import USUAL, Format, Style
from index.formats.bib import writing as writing
from index.formats.citation_keys import with_citation_keys
from index.formats.entry_types import classify_venue
from index.papers.paper import Paper

_KINDS = {"phdthesis": "thesis", "mastersthesis": "thesis", "techreport": "report"}
_PLACES = {"article": "journaltitle", "inproceedings": "booktitle", "book": "publisher",
           "thesis": "institution", "report": "institution", "misc": "howpublished",
           "online": "publisher"}  # fmt: skip
_THESES = {"PhD thesis": "phdthesis", "Master's thesis": "mathesis",
           "Bachelor's thesis": "bathesis"}  # fmt: skip


def write(papers: Iterable[Paper], style: Style = USUAL) -> Iterator[str]:
    """Yield one entry per paper under a unique citation key; only the keys are kept in memory."""
    for number, (key, paper) in enumerate(with_citation_keys(papers, style.keys)):
        yield ("\n" if number else "") + writing.entry(*_build_entry(key, paper, style))


def _build_entry(key: str, paper: Paper, style: Style) -> tuple[str, str, dict[str, str]]:
    typed = classify_venue(paper.venue)
    arxiv = writing.arxiv_of(paper)
    kind = _KINDS.get(typed.kind, typed.kind)
    url = writing.url_of(paper, arxiv)
    if kind == "misc" and (arxiv or (url and not typed.place)):
        kind = "online"
    sort = "techreport" if kind == "report" else _THESES.get(typed.sort, typed.sort)
    same = paper.date and paper.date[:4] == str(paper.year or paper.date[:4])
    return kind, key, {
        "title": writing.text(paper.written_title, style, title=True),
        "author": writing.authors(paper, style),
        _PLACES[kind]: writing.text(typed.place, style),
        "type": writing.text(sort, style),
        "date": writing.verbatim(paper.date or "") if same else str(paper.year or ""),
        "doi": writing.verbatim(paper.doi),
        "url": url,
        "eprint": writing.verbatim(arxiv),
        "eprinttype": "arxiv" if arxiv else "",
        "eprintclass": writing.category_of(paper, arxiv),
        "keywords": writing.keywords(paper, style),
        "abstract": writing.text(paper.written_abstract, style),
        "annotation": writing.note(paper, style),
    }  # fmt: skip


FORMAT = Format(name="biblatex", label="BibLaTeX", endings=(".biblatex",), write=write)
