"""Crossref's REST API: https://api.crossref.org/swagger-ui/index.html."""

from collections.abc import Sequence
from urllib.parse import quote

from index.enrich.services.base import Found, read_json, read_records
from index.fetch import Services
from index.fetch.client import Client
from index.papers.identity import identity
from index.papers.matching.rules import is_preprint_doi
from index.papers.paper import Paper

FORMAT = "crossref"
MAX_RESULTS = 2
FIELDS = (
    "DOI,title,subtitle,author,issued,container-title,type,volume,issue,page,publisher,abstract,"
    "update-to,score"
)


class CrossrefSearch:
    """Finds works by their DOIs, or by their titles."""

    name = "crossref"
    papers_per_request = 1
    searches = True
    has_publications = True

    def __init__(self, services: Services) -> None:
        self._service = services.crossref
        self.label = self._service.name

    def accepts(self, paper: Paper) -> bool:
        """Return whether a paper has a title."""
        return bool(paper.title)

    def find(self, client: Client, papers: Sequence[Paper]) -> Found:
        """Return the work with a paper's DOI, else the best results for its title."""
        (paper,) = papers
        contact = {"mailto": self._service.key} if self._service.key else {}
        doi = identity(paper).doi
        if doi and not is_preprint_doi(doi):
            url = self._service.at(f"/works/{quote(doi, safe='')}", **contact)
        else:
            parameters: dict[str, str | int] = {
                "query.bibliographic": paper.title,
                "rows": MAX_RESULTS,
                "select": FIELDS,
            }
            url = self._service.at("/works", **parameters, **contact)
        value = read_json(client.get(self._service, url, "JSON"), self.label)
        return [read_records(FORMAT, value)]
