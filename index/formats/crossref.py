"""Crossref JSON: one work or a list of works.

The API: https://api.crossref.org/swagger-ui/index.html
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from index.formats.base import Format
from index.formats.records.csl_values import citation_of, day_of, names_of
from index.formats.records.json_records import read_papers
from index.formats.records.markup import abstract, plain
from index.papers.citation import Citation
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.json_values import Shape, first, inner, inners, text, texts
from index.papers.paper import Paper, build_paper

_TYPES = {
    "journal-article": "article-journal", "proceedings-article": "paper-conference",
    "book-chapter": "chapter", "book-section": "chapter", "book-part": "chapter",
    "reference-entry": "entry", "book": "book", "monograph": "book", "edited-book": "book",
    "reference-book": "book", "proceedings": "book", "dissertation": "thesis",
    "report": "report", "posted-content": "article", "dataset": "dataset",
    "standard": "standard", "peer-review": "review", "journal": "periodical", "other": "document",
}  # fmt: skip
"""The CSL types of https://api.crossref.org/types; those with no other are documents."""

_IN_BOOKS = frozenset(("book-chapter", "book-section", "book-part", "reference-entry",
                       "proceedings-article"))  # fmt: skip

_DATES = ("issued", "published", "published-print", "published-online", "posted", "created")


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of an API response or a data file."""
    return read_papers(stream, _paper)


def _paper(work: Shape) -> Paper:
    day = day_of(work, *_DATES)
    doi = text(work, "DOI")
    institution = next((text(each, "name") for each in inners(work, "institution")), "")
    _, container = _series_and_container(work)
    venue = container or first(inner(work, "event"), "name")
    return build_paper(
        title=plain(_title(work)),
        abstract=abstract(plain(text(work, "abstract"))),
        names=names_of(work, "author"),
        year=int(day[:4]) if day else None,
        date=day if len(day) > 4 else None,
        venue=plain(venue or institution or first(work, "group-title")),
        url=text(inner(inner(work, "resource"), "primary"), "URL") or text(work, "URL"),
        doi=doi,
        arxiv_id=doi if "/arxiv." in doi.lower() else "",
        categories=texts(work, "subject"),
        type=_TYPES.get(text(work, "type"), ""),
        citation=_citation(work, institution),
    )


def _citation(work: Shape, institution: str) -> Citation:
    """Return the citation of a work, most of whose keys are variables of CSL."""
    kind = text(work, "type")
    series, container = _series_and_container(work)
    event = inner(work, "event")
    known = {
        "container-title": container,
        "container-title-short": first(work, "short-container-title"),
        "event-title": first(event, "name"),
        "event-place": first(event, "location"),
        "event-date": "/".join(
            dict.fromkeys(filter(None, (day_of(event, "start"), day_of(event, "end"))))
        ),
        "publisher-place": first(work, "publisher-location"),
        "collection-title": series,
        "ISBN": first(work, "ISBN").rpartition("/")[2],
        "edition": text(work, "edition-number"),
        "genre": first(work, "degree"),
        "number": text(work, "article-number"),
        "status": "retracted" if _is_retracted(work) else "",
        "publisher": institution if kind in ("dissertation", "report") and institution else "",
    }
    given = {name: value for name, value in known.items() if value}
    # These have other meanings than the variables of CSL: "archive" is who preserves the work.
    other = dict.fromkeys(("source", "note", "license", "archive", "references", "status"), "")
    return citation_of({**work, **other, **given})


def _series_and_container(work: Shape) -> tuple[str, str]:
    """Return the series and the book or journal that a work is in.

    The book of a series is second (10.1007/978-3-319-24574-4_28); other works have the names of one
    journal.
    """
    names = texts(work, "container-title")
    if len(names) > 1 and text(work, "type") in _IN_BOOKS:
        return names[0], names[1]
    return "", names[0] if names else ""


def _is_retracted(work: Shape) -> bool:
    """Return whether a work was retracted: https://www.crossref.org/documentation/crossmark/."""
    updates = [*inners(work, "updated-by"), *inners(work, "update-to")]
    kinds = [text(work, "update-type"), *(text(each, "type") for each in updates)]
    return "retraction" in map(str.lower, kinds)


def _title(work: Shape) -> str:
    title, more = first(work, "title"), first(work, "subtitle")
    return f"{title}: {more}" if title and more and more not in title else title


_OWN = re.compile(
    r'\s*[\[{][^\0]*?"(?:message-type"\s*:\s*"work|is-referenced-by-count"\s*:'
    r'|reference-count"\s*:\s*\d|content-domain"\s*:)'
)


def recognise(head: str) -> bool:
    """Return whether a text is JSON with a work of Crossref."""
    return bool(_OWN.match(head.lstrip("\ufeff")))


FORMAT = Format(
    name="crossref",
    label="Crossref, JSON",
    endings=(),
    recognise=recognise,
    read=read,
)
