"""BibLaTeX: what BibTeX has no place for, dates and preprints, in the fields made for it.

The format: https://ctan.org/pkg/biblatex (section 2, database guide). It is read as BibTeX is.
"""

from collections.abc import Iterable, Iterator

from index.formats.base import USUAL, Format, Style
from index.formats.bib import writing as writing
from index.formats.citation_keys import keyed
from index.formats.entry_types import work
from index.papers.paper import Paper

_KINDS = {"phdthesis": "thesis", "mastersthesis": "thesis", "techreport": "report"}
_PLACES = {"article": "journaltitle", "inproceedings": "booktitle", "book": "publisher",
           "thesis": "institution", "report": "institution", "misc": "howpublished",
           "online": "publisher"}  # fmt: skip
_THESES = {"PhD thesis": "phdthesis", "Master's thesis": "mathesis",
           "Bachelor's thesis": "bathesis"}  # fmt: skip


def write(papers: Iterable[Paper], style: Style = USUAL) -> Iterator[str]:
    """Yield one entry a paper, each under a key of its own; only the keys are held."""
    for number, (key, paper) in enumerate(keyed(papers, style.keys)):
        yield ("\n" if number else "") + writing.entry(*_described(key, paper, style))


def _described(key: str, paper: Paper, style: Style) -> tuple[str, str, dict[str, str]]:
    told = work(paper.venue)
    arxiv = writing.arxiv_of(paper)
    kind = _KINDS.get(told.kind, told.kind)
    url = writing.url_of(paper, arxiv)
    if kind == "misc" and (arxiv or (url and not told.place)):
        kind = "online"
    sort = "techreport" if kind == "report" else _THESES.get(told.sort, told.sort)
    same = paper.date and paper.date[:4] == str(paper.year or paper.date[:4])
    return kind, key, {
        "title": writing.text(paper.title, style, title=True),
        "author": writing.authors(paper, style),
        _PLACES[kind]: writing.text(told.place, style),
        "type": writing.text(sort, style),
        "date": writing.verbatim(paper.date or "") if same else str(paper.year or ""),
        "doi": writing.verbatim(paper.doi),
        "url": url,
        "eprint": writing.verbatim(arxiv),
        "eprinttype": "arxiv" if arxiv else "",
        "eprintclass": writing.category_of(paper, arxiv),
        "keywords": writing.keywords(paper, style),
        "abstract": writing.text(paper.abstract, style),
        "annotation": writing.note(paper, style),
    }  # fmt: skip


FORMAT = Format(name="biblatex", label="BibLaTeX", endings=(".biblatex",), write=write)
