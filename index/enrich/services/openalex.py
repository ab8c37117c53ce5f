"""OpenAlex: https://docs.openalex.org/api-entities/works/search-works. It needs a key."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.enrich.services.base import Found, read_json, read_records
from index.fetch import Services
from index.fetch.client import Client
from index.papers.paper import Paper

FORMAT = "openalex"
MAX_RESULTS = 5
_OPERATORS = re.compile(r"[,|]")
_OWN_PAGE = "openalex.org/"


class OpenAlexSearch:
    """Finds works by their titles."""

    name = "openalex"
    papers_per_request = 1
    searches = True
    has_publications = False

    def __init__(self, services: Services) -> None:
        self._service = services.openalex
        self.label = self._service.name

    def accepts(self, paper: Paper) -> bool:
        """Return whether the user has a key and a paper a title."""
        return bool(self._service.key and paper.title)

    def find(self, client: Client, papers: Sequence[Paper]) -> Found:
        """Return the works with the words of a title."""
        (paper,) = papers
        words = " ".join(_OPERATORS.sub(" ", paper.title).split())
        parameters: dict[str, str | int] = {
            "filter": f"title.search:{words}",
            "per_page": MAX_RESULTS,
            "api_key": self._service.key,
        }
        url = self._service.at("/works", **parameters)
        value = read_json(client.get(self._service, url, "JSON"), self.label)
        records = [
            replace(record, url="") if _OWN_PAGE in record.url else record
            for record in read_records(FORMAT, value)
        ]
        return [records]
