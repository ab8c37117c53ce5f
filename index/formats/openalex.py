"""OpenAlex JSON: a work, a page of works, or lines of the snapshot.

The API: https://docs.openalex.org/api-entities/works/work-object
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from index.formats.base import Format
from index.formats.records.json_records import read_papers
from index.formats.records.markup import abstract, plain
from index.papers.citation import Citation, build_citation
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.identifiers import parse_arxiv
from index.papers.json_values import Shape, inner, inners, number, text
from index.papers.paper import Paper, build_paper

MAX_ABSTRACT_WORDS = 50_000
"""Later word positions are ignored."""

_TYPES = {
    "article": "article-journal", "review": "article-journal", "letter": "article-journal",
    "editorial": "article-journal", "erratum": "article-journal", "preprint": "article",
    "book": "book", "book-chapter": "chapter", "dissertation": "thesis", "report": "report",
    "dataset": "dataset", "standard": "standard", "software": "software",
    "peer-review": "review", "reference-entry": "entry",
}  # fmt: skip
"""The CSL types of https://docs.openalex.org/api-entities/works/work-object#type."""

_SOURCE_TYPES = {"conference": "paper-conference", "repository": "article"}
_CROSSREF_TYPES = {"proceedings-article": "paper-conference", "book-chapter": "chapter",
                   "posted-content": "article", "proceedings": "book"}  # fmt: skip
"""CSL types of Crossref's types, where OpenAlex has just "article" or "other"."""

_MAX_LISTED_AUTHORS = 100
"""Lists of works have no more authors (https://docs.openalex.org/api-entities/authors/limitations)."""


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of an API response or a snapshot."""
    return read_papers(stream, _paper)


def _paper(work: Shape) -> Paper:
    place = inner(work, "primary_location")
    places = [place, *inners(work, "locations"), inner(work, "best_oa_location")]
    authors = [_name(each) for each in inners(work, "authorships")]
    doi = text(work, "doi") or text(inner(work, "ids"), "doi")
    pages = [text(each, "landing_page_url") for each in places]
    return build_paper(
        title=plain(text(work, "title", "display_name")),
        abstract=abstract(plain(_abstract(work) or text(work, "abstract"))),
        authors=authors,
        et_al=work.get("is_authors_truncated") is True or len(authors) == _MAX_LISTED_AUTHORS,
        year=number(work, "publication_year"),
        date=_date(work),
        venue=plain(_venue(work, place)),
        url=next((page for page in pages if page), text(work, "id")),
        urls=[text(each, "pdf_url") for each in places],
        arxiv_id=next(filter(None, map(parse_arxiv, _on_arxiv([doi, *pages]))), ""),
        doi=doi,
        keywords=_keywords(work),
        type=_type(work, place),
        citation=_citation(work, place),
    )


def _type(work: Shape, place: Shape) -> str:
    if given := _CROSSREF_TYPES.get(text(work, "type_crossref")):
        return given
    source = text(inner(place, "source"), "type")
    if source in _SOURCE_TYPES and text(work, "type") in ("article", "review", ""):
        return _SOURCE_TYPES[source]
    return _TYPES.get(text(work, "type"), "")


def _date(work: Shape) -> str:
    """Return the date; the service writes the first of January where only the year is known."""
    return text(work, "publication_date").removesuffix("-01-01")


def _citation(work: Shape, place: Shape) -> Citation:
    """Return the citation of a work."""
    biblio, source = inner(work, "biblio"), inner(place, "source")
    start, end = text(biblio, "first_page"), text(biblio, "last_page")
    is_repository = text(source, "type") == "repository"
    venue, series = plain(_venue(work, place)), ""
    if text(source, "type") == "book series":
        named = text(place, "raw_source_name")
        venue, series = named if named.lower() != venue.lower() else "", venue
    values = {
        "container-title": "" if is_repository else venue,
        "collection-title": series,
        "publisher": "" if is_repository else text(source, "host_organization_name"),
        "ISSN": "" if is_repository else text(source, "issn_l"),
        "volume": text(biblio, "volume"),
        "issue": text(biblio, "issue"),
        "page": f"{start}-{end}" if start and end and start != end else start,
        "language": text(work, "language"),
        "status": "retracted" if work.get("is_retracted") is True else "",
    }
    ids = inner(work, "ids")
    return build_citation({
        **values,
        "PMID": text(ids, "pmid").rpartition("/")[2],
        "PMCID": text(ids, "pmcid").rpartition("/")[2],
    })  # fmt: skip


def _on_arxiv(links: list[str]) -> list[str]:
    return [link for link in links if re.search(r"//arxiv\.org/|/arxiv\.", link.lower())]


def _name(authorship: Shape) -> str:
    return text(inner(authorship, "author"), "display_name") or text(authorship, "raw_author_name")


def _venue(work: Shape, place: Shape) -> str:
    return (
        text(inner(place, "source"), "display_name")
        or text(place, "raw_source_name")
        or text(inner(work, "host_venue"), "display_name")
    )


def _keywords(work: Shape) -> list[str]:
    """Return the keywords and topics, else the concepts of an old work."""
    named = [
        text(each, "display_name", "keyword")
        for each in (*inners(work, "keywords"), *inners(work, "topics"))
    ]
    return named or [text(each, "display_name") for each in inners(work, "concepts")]


def _abstract(work: Shape) -> str:
    """Return an abstract given as an inverted index."""
    index = inner(work, "abstract_inverted_index")
    index = inner(index, "InvertedIndex") or index
    placed = [
        (place, word)
        for word, places in index.items()
        if isinstance(places, list)
        for place in places
        if type(place) is int and 0 <= place < MAX_ABSTRACT_WORDS
    ]
    placed.sort()
    return " ".join(word for _, word in placed[:MAX_ABSTRACT_WORDS])


_OWN = re.compile(
    r'\s*[\[{][^\0]*?"(?:abstract_inverted_index"|id"\s*:\s*"https?://openalex\.org/W)'
)


def recognise(head: str) -> bool:
    """Return whether a text is JSON with a work of OpenAlex."""
    return bool(_OWN.match(head.lstrip("\ufeff")))


FORMAT = Format(
    name="openalex",
    label="OpenAlex, JSON",
    endings=(),
    recognise=recognise,
    read=read,
)
