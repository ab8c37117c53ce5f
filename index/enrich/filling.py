"""The values that a paper takes from a record that describes it: only those that it lacks."""

from collections.abc import Collection
from dataclasses import replace
from typing import NamedTuple

from index.papers.citation import (
    NO_CITATION,
    PREPRINT_TYPES,
    Citation,
    is_preprint_venue,
    merge_citations,
)
from index.papers.identity import identity
from index.papers.matching.families import families, shared
from index.papers.matching.rules import is_preprint_doi
from index.papers.paper import Paper

FIELDS = (
    "authors", "year", "date", "venue", "abstract", "arxiv_id", "doi", "type", "citation", "url",
    "urls", "keywords", "categories", "votes",
)  # fmt: skip
"""Fields that are filled, in the order of reports."""


class Conflict(NamedTuple):
    """A field in which a record disagrees with a paper: the value of each, and the source."""

    field: str
    known: str
    found: str
    by: str


def is_preprint(paper: Paper) -> bool:
    """Return whether nothing is known of a publication other than a preprint."""
    doi = identity(paper).doi
    venue = paper.venue or paper.citation.get("container-title")
    return not (doi and not is_preprint_doi(doi)) and (not venue or is_preprint_venue(venue))


def is_published(record: Paper) -> bool:
    """Return whether a record describes a publication that can be cited in place of a preprint."""
    doi = identity(record).doi
    has_venue = bool(record.venue) and not is_preprint_venue(record.venue)
    return has_venue or bool(doi and not is_preprint_doi(doi))


def only_new(paper: Paper, record: Paper, *, taken: Collection[str] = ()) -> Paper:
    """Return a record without the values that the paper has, nor the identifiers `taken`.

    An identifier is taken if another paper has it. What remains is merged into the paper as any
    record is: `index.papers.merging` completes an author list or an abstract that is cut off.
    """
    doi = identity(record).doi
    if "arxiv_id" in taken:
        record = replace(record, arxiv_id="", url=_without(record.url, record.arxiv_id))
    if "doi" in taken or (paper.doi and identity(paper).doi == doi):
        record = replace(record, doi="", url=_without(record.url, record.doi))
    return replace(
        record,
        id="",
        known_as=(),
        type="" if paper.type else record.type,
        venue="" if paper.venue else record.venue,
        citation=_new_citation(paper, record),
        url="" if paper.url else record.url,
        urls=() if paper.urls else record.urls,
        keywords=() if paper.keywords else record.keywords,
        categories=() if paper.categories else record.categories,
        votes=None if paper.votes is not None else record.votes,
    )


def published_version(paper: Paper, record: Paper, *, taken: Collection[str] = ()) -> Paper:
    """Return a record of a published version with the values that are to replace the preprint's."""
    new = only_new(paper, record, taken=taken)
    venue = "" if is_preprint_venue(record.venue) else record.venue
    doi = "" if is_preprint_doi(identity(record).doi) else new.doi
    kind = record.type if record.type not in PREPRINT_TYPES else ""
    return replace(new, venue=venue, doi=doi, type=kind, citation=record.citation)


def _without(url: str, identifier: str) -> str:
    return "" if identifier and identifier.lower() in url.lower() else url


def _new_citation(paper: Paper, record: Paper) -> Citation:
    """Return the citation of a record, if it is of the same publication, and any retraction."""
    if is_preprint(paper) or not is_published(record) or _are_one_publication(paper, record):
        citation = record.citation
    else:
        citation = NO_CITATION
    status = [(name, value) for name, value in record.citation.values if name == "status"]
    return merge_citations(citation, Citation(tuple(status)), whole=True)


def _are_one_publication(paper: Paper, record: Paper) -> bool:
    ours, theirs = identity(paper).doi, identity(record).doi
    return not (ours and theirs and ours != theirs)


def filled_fields(before: Paper, after: Paper) -> tuple[str, ...]:
    """Return the names of the fields that changed."""
    return tuple(name for name in FIELDS if getattr(before, name) != getattr(after, name))


def conflicts(paper: Paper, record: Paper, by: str) -> list[Conflict]:
    """Return the fields in which a record of a paper disagrees with it."""
    ours, theirs = identity(paper), identity(record)
    found = []
    if paper.year is not None and record.year is not None and paper.year != record.year:
        found.append(Conflict("year", str(paper.year), str(record.year), by))
    if ours.arxiv and theirs.arxiv and ours.arxiv != theirs.arxiv:
        found.append(Conflict("arxiv_id", paper.arxiv_id, record.arxiv_id, by))
    if ours.doi and theirs.doi and ours.doi != theirs.doi:
        found.append(Conflict("doi", paper.doi, record.doi, by))
    if paper.authors and record.authors and not shared(families(paper), families(record)):
        found.append(Conflict("authors", _names(paper), _names(record), by))
    return found


def _names(paper: Paper) -> str:
    return ", ".join(paper.authors[:3]) + (" …" if len(paper.authors) > 3 else "")
