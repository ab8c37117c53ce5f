"""Semantic Scholar JSON: papers of its Graph API and lines of its datasets, old and new.

The API: https://api.semanticscholar.org/api-docs/graph; the datasets:
https://api.semanticscholar.org/api-docs/datasets, https://github.com/allenai/s2orc.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from index.formats.base import Format
from index.formats.records.json_records import read_papers
from index.formats.records.markup import abstract, plain
from index.papers.citation import Citation, build_citation
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.json_values import Shape, first, inner, inners, number, text, texts
from index.papers.paper import Paper, build_paper

_TYPES = {"Conference": "paper-conference", "BookSection": "chapter", "Book": "book",
          "Dataset": "dataset", "JournalArticle": "article-journal",
          "Review": "article-journal"}  # fmt: skip
"""CSL types of the service's types, the most telling first."""


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of an API response or a dataset."""
    return read_papers(stream, _paper)


def _paper(shape: Shape) -> Paper:
    paper = inner(shape, "citingPaper") or inner(shape, "citedPaper") or shape
    known = inner(paper, "externalIds") or inner(paper, "externalids")
    arxiv = text(known, "ArXiv", "arXiv") or text(paper, "arxiv_id")
    date = text(paper, "publicationDate", "publicationdate")
    return build_paper(
        title=plain(text(paper, "title")),
        abstract=abstract(plain(text(paper, "abstract", "paperAbstract"))),
        authors=[_name(author) for author in inners(paper, "authors")],
        year=number(paper, "year"),
        date=date,
        venue=plain(_venue(paper)),
        url=text(paper, "url", "s2Url"),
        urls=[text(inner(paper, "openAccessPdf"), "url"), *texts(paper, "pdfUrls")],
        arxiv_id=f"arXiv:{arxiv}" if arxiv else "",
        doi=text(known, "DOI") or text(paper, "doi"),
        categories=[*texts(paper, "fieldsOfStudy"), *texts(paper, "mag_field_of_study")]
        or [text(field, "category") for field in _fields(paper)],
        type=_type(paper),
        citation=_citation(paper),
    )


def _type(paper: Shape) -> str:
    """Return the CSL type; the service has several for many papers."""
    kinds = [*texts(paper, "publicationTypes"), *texts(paper, "publicationtypes")]
    known = [_TYPES[kind] for kind in kinds if kind in _TYPES]
    if text(inner(paper, "publicationVenue"), "type") == "conference":
        known.append("paper-conference")  # conference papers are often called articles
    return min(known, key=list(_TYPES.values()).index, default="")


def _citation(paper: Shape) -> Citation:
    """Return the citation of a paper."""
    journal, known = inner(paper, "journal"), inner(paper, "externalIds")
    if text(journal, "name").lower().startswith("arxiv"):
        journal = {}  # its volume is an arXiv id
    venue = _venue(paper)
    return build_citation({
        "container-title": "" if venue.lower().startswith("arxiv") else plain(venue),
        "volume": text(journal, "volume") or text(paper, "journalVolume"),
        "page": text(journal, "pages") or text(paper, "journalPages"),
        "ISSN": text(inner(paper, "publicationVenue"), "issn"),
        "PMID": text(known, "PubMed"),
        "PMCID": text(known, "PubMedCentral"),
    })  # fmt: skip


def _fields(paper: Shape) -> list[Shape]:
    return inners(paper, "s2FieldsOfStudy") or inners(paper, "s2fieldsofstudy")


def _venue(paper: Shape) -> str:
    """Return the venue of a paper; arXiv only if there is no other."""
    named = [
        text(paper, "venue"),
        text(inner(paper, "publicationVenue"), "name"),
        text(inner(paper, "journal"), "name"),
        first(paper, "journalName", "journal"),
    ]
    known = [name for name in named if name]
    return next((n for n in known if not n.lower().startswith("arxiv")), known[0] if known else "")


def _name(author: Shape) -> str:
    """Return a name; older datasets have it in parts."""
    parts = [text(author, "first"), *texts(author, "middle"), text(author, "last"),
             text(author, "suffix")]  # fmt: skip
    return text(author, "name") or " ".join(part for part in parts if part)


_OWN = re.compile(
    r'\s*[\[{](?:[^\0]*"(?:paperId"\s*:\s*"[0-9a-f]{40}"|externalIds"\s*:\s*[{n]|corpusid"\s*:\s*\d'
    r'|paper_id"\s*:\s*"|paperAbstract"\s*:|mag_field_of_study"\s*:))'
)


def recognise(head: str) -> bool:
    """Return whether a text is JSON with the keys of Semantic Scholar."""
    return bool(_OWN.match(head.lstrip("\ufeff")))


FORMAT = Format(
    name="semantic-scholar",
    label="Semantic Scholar, JSON",
    endings=(),
    recognise=recognise,
    read=read,
)
