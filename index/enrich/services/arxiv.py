"""arXiv's export API, for papers whose ids are known.

https://info.arxiv.org/help/api/user-manual.html
"""

from collections.abc import Sequence

from index.enrich.services.base import Found, papers_in
from index.errors import FetchFailed
from index.fetch import Services
from index.fetch.client import Client
from index.papers.identity import identity
from index.papers.paper import Paper


class ArxivLookup:
    """Finds papers by their arXiv ids."""

    name = "arxiv"
    papers_per_request = 200
    searches = False
    has_publications = False

    def __init__(self, services: Services) -> None:
        self._service = services.arxiv
        self.label = self._service.name

    def accepts(self, paper: Paper) -> bool:
        """Return whether a paper has an arXiv id."""
        return bool(identity(paper).arxiv)

    def find(self, client: Client, papers: Sequence[Paper]) -> Found:
        """Return the record of each paper."""
        ids = [identity(paper).arxiv for paper in papers]
        url = self._service.at("/api/query", id_list=",".join(ids), max_results=len(ids))
        with client.get(self._service, url, "XML") as body:
            content = body.read()
            if b"</feed>" not in content[-200:]:
                raise FetchFailed(f"{self.label} sent damaged XML; try again later")
            body.seek(0)
            records = papers_in("arxiv", body)
        if not records and b"/api/errors" in content:
            raise FetchFailed(f"{self.label} reported an error; try again later")
        by_id = {identity(record).arxiv: record for record in records}
        return [[by_id[name]] if name in by_id else [] for name in ids]
