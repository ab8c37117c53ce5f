"""Crossref JSON: one work or a list of works.

The API: https://api.crossref.org/swagger-ui/index.html
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from index.formats.base import Format
from index.formats.records.csl_values import authors_of, day_of
from index.formats.records.json_records import read_papers
from index.formats.records.markup import abstract, plain
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.json_values import Shape, first, inner, inners, text, texts
from index.papers.paper import Paper, build_paper

_DATES = ("issued", "published", "published-print", "published-online", "posted", "created")


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of an API response or a data file."""
    return read_papers(stream, _paper)


def _paper(work: Shape) -> Paper:
    day = day_of(work, *_DATES)
    doi = text(work, "DOI")
    institution = next((text(each, "name") for each in inners(work, "institution")), "")
    venue = first(work, "container-title") or first(inner(work, "event"), "name")
    return build_paper(
        title=plain(_title(work)),
        abstract=abstract(plain(text(work, "abstract"))),
        authors=authors_of(work, "author", "editor"),
        year=int(day[:4]) if day else None,
        date=day if len(day) > 4 else None,
        venue=plain(venue or institution or first(work, "group-title")),
        url=text(inner(inner(work, "resource"), "primary"), "URL") or text(work, "URL"),
        doi=doi,
        arxiv_id=doi if "/arxiv." in doi.lower() else "",
        categories=texts(work, "subject"),
    )


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
