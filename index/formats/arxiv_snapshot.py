"""The snapshot of arXiv's metadata: several gigabytes of JSON lines, one paper per line.

The data set: https://www.kaggle.com/datasets/Cornell-University/arxiv
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from index.formats.base import Format
from index.formats.records.json_records import read_papers
from index.formats.records.references import citation_of, journal, type_of
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.identifiers import links_in
from index.papers.json_values import Shape, inners, text
from index.papers.names import Name, build_name
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean
from index.text.latex.decoding import plain_arxiv
from index.text.months import MONTHS

# Mon, 2 Apr 2007 19:18:42 GMT (RFC 5322)
_CREATED = re.compile(rf"\w{{3}}, +(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}}) ", re.ASCII | re.I)
_AFFILIATION = re.compile(r"\s*\([^()]*\)")
_BETWEEN_AUTHORS = re.compile(r",?\s+and\s+|\s*[,;]\s+")


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of a snapshot or a part of one."""
    return read_papers(stream, _paper)


def _paper(shape: Shape) -> Paper:
    names = _parsed_authors(shape)
    comment, reference = text(shape, "comments"), plain_arxiv(text(shape, "journal-ref"))
    return build_paper(
        title=plain_arxiv(text(shape, "title")),
        abstract=plain_arxiv(text(shape, "abstract")),
        authors=() if names else map(plain_arxiv, _split_authors(text(shape, "authors"))),
        names=names,
        type=type_of(reference),
        citation=citation_of(reference, plain_arxiv(comment)),
        date=_first_version(shape) or text(shape, "update_date"),
        venue=journal(reference),
        urls=links_in(comment),
        arxiv_id=text(shape, "id"),
        doi=text(shape, "doi"),
        categories=text(shape, "categories").split(),
    )


def _parsed_authors(shape: Shape) -> list[Name]:
    """Return the names of authors, given as lists of last name, first name and suffix."""
    authors = shape.get("authors_parsed")
    names: list[Name] = []
    for parts in authors if isinstance(authors, list) else ():
        if isinstance(parts, list) and len(parts) > 1 and all(isinstance(p, str) for p in parts):
            last, first, suffix = (clean(plain_arxiv(part)) for part in (*parts, "")[:3])
            if last or first:
                names.append(build_name(last, first, suffix) if last else Name(literal=first))
    return names


def _split_authors(authors: str) -> list[str]:
    return _BETWEEN_AUTHORS.split(_AFFILIATION.sub("", authors)) if authors else []


def _first_version(shape: Shape) -> str:
    version = next(iter(inners(shape, "versions")), {})
    match = _CREATED.match(text(version, "created"))
    return f"{match[3]}-{MONTHS.index(match[2].lower()) + 1:02}-{int(match[1]):02}" if match else ""


_OWN = re.compile(r'\s*[\[{][^\0]*?"(?:authors_parsed|submitter)"\s*:')


def recognise(head: str) -> bool:
    """Return whether a text is JSON with the keys of the snapshot."""
    return bool(_OWN.match(head.lstrip("\ufeff")))


FORMAT = Format(
    name="arxiv-snapshot",
    label="arXiv metadata snapshot",
    endings=(),
    recognise=recognise,
    read=read,
)
