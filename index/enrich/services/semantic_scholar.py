"""Semantic Scholar's Graph API: https://api.semanticscholar.org/api-docs/graph."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from index.enrich.filling import is_published
from index.enrich.services.base import Found, read_json, read_records
from index.errors import FetchFailed
from index.fetch import Services
from index.fetch.client import KEY_HEADER, Client
from index.fetch.services import Service
from index.papers.identity import identity
from index.papers.paper import Paper

FORMAT = "semantic-scholar"
FIELDS = (
    "title,abstract,authors,year,venue,publicationVenue,publicationTypes,journal,externalIds,"
    "openAccessPdf,publicationDate"
)
_OWN_PAGE = "semanticscholar.org/"


class SemanticScholarLookup:
    """Finds papers by arXiv id or DOI, hundreds at a time."""

    name = "semantic-scholar"
    papers_per_request = 500
    searches = False
    has_publications = True

    def __init__(self, services: Services) -> None:
        self._service = services.semantic_scholar
        self.label = self._service.name

    def accepts(self, paper: Paper) -> bool:
        """Return whether a paper has an arXiv id or a DOI."""
        keys = identity(paper)
        return bool(keys.arxiv or keys.doi)

    def find(self, client: Client, papers: Sequence[Paper]) -> Found:
        """Return the record of each paper; the answer is a list in the order of the request."""
        url = self._service.at("/graph/v1/paper/batch", fields=FIELDS)
        post = {"ids": [_identifier(paper) for paper in papers]}
        body = client.get(self._service, url, "JSON", headers=_headers(self._service), post=post)
        value = read_json(body, self.label)
        if not isinstance(value, list) or len(value) != len(papers):
            raise FetchFailed(f"{self.label} did not answer for each paper; try again later")
        return [_records(item) if isinstance(item, dict) else [] for item in value]


class SemanticScholarMatch:
    """Finds the paper whose title is nearest; it may be another paper, so it is verified."""

    name = "semantic-scholar"
    papers_per_request = 1
    searches = True
    has_publications = False

    def __init__(self, services: Services) -> None:
        self._service = services.semantic_scholar
        self.label = self._service.name

    def accepts(self, paper: Paper) -> bool:
        """Return whether a paper has a title."""
        return bool(paper.title)

    def find(self, client: Client, papers: Sequence[Paper]) -> Found:
        """Return the best match; raises NotFound if there is none."""
        (paper,) = papers
        url = self._service.at("/graph/v1/paper/search/match", query=paper.title, fields=FIELDS)
        body = client.get(self._service, url, "JSON", headers=_headers(self._service))
        return [_records(read_json(body, self.label))]


def _headers(service: Service) -> Mapping[str, str]:
    return {KEY_HEADER: service.key} if service.key else {}


def _identifier(paper: Paper) -> str:
    keys = identity(paper)
    return f"ARXIV:{keys.arxiv}" if keys.arxiv else f"DOI:{keys.doi}"


def _records(value: object) -> list[Paper]:
    """Return the records of an answer, without values that are often wrong.

    The service's own page is not the page of a paper, and preprints are not articles of a journal.
    """
    found = []
    for record in read_records(FORMAT, value):
        url = "" if _OWN_PAGE in record.url else record.url
        kind = record.type if is_published(record) else ""
        found.append(replace(record, url=url, type=kind))
    return found
