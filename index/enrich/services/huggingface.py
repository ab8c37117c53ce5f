"""Search of Hugging Face papers by title: https://huggingface.co/docs/hub/api."""

from collections.abc import Sequence

from index.enrich.services.base import Found, read_json, read_records
from index.fetch import Services
from index.fetch.client import Client
from index.papers.identity import identity
from index.papers.paper import Paper

MIN_QUERY_CHARS, MAX_QUERY_CHARS = 3, 200
MAX_RESULTS = 5


class HuggingFaceSearch:
    """Finds the arXiv ids of papers by their titles."""

    name = "huggingface"
    papers_per_request = 1
    searches = True
    has_publications = False

    def __init__(self, services: Services) -> None:
        self._service = services.huggingface
        self.label = self._service.name

    def accepts(self, paper: Paper) -> bool:
        """Return whether a paper has no identifier yet, and a title that can be searched for."""
        keys = identity(paper)
        return not (keys.arxiv or keys.doi) and len(paper.title) >= MIN_QUERY_CHARS

    def find(self, client: Client, papers: Sequence[Paper]) -> Found:
        """Return the most similar papers of the service."""
        (paper,) = papers
        query = paper.title[:MAX_QUERY_CHARS]
        url = self._service.at("/api/papers/search", q=query, limit=MAX_RESULTS)
        value = read_json(client.get(self._service, url, "JSON"), self.label)
        return [read_records("huggingface", value)]
