"""Stand-ins for the services of an enrichment: each knows some papers, and offers near ones too."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from urllib.parse import unquote

from rapidfuzz import fuzz, process

from index.papers.identity import title_key
from index.papers.paper import Paper
from tests.services import ATOM, JSON, Answer, Request

HUGGINGFACE, ARXIV, BATCH = "/api/papers/search", "/api/query", "/graph/v1/paper/batch"
MATCH, CROSSREF = "/graph/v1/paper/search/match", "/works"


def json_answer(value: object, status: int = 200) -> Answer:
    return Answer(json.dumps(value), status, {"Content-Type": JSON})


class Shelf:
    """The papers that a service knows, searched by title as services do: the nearest ones."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        self.papers = list(papers)
        self._keys = [title_key(paper.title) for paper in self.papers]
        self.by_arxiv = {paper.arxiv_id: paper for paper in self.papers if paper.arxiv_id}
        self.by_doi = {paper.doi.lower(): paper for paper in self.papers if paper.doi}

    def nearest(self, title: str, count: int) -> list[Paper]:
        found = process.extract(title_key(title), self._keys, scorer=fuzz.ratio, limit=count)
        return [self.papers[at] for _, _, at in found]


@dataclass
class StandIns:
    """Papers of each service; `answers` goes to a `FakeService`, `counts` are its requests."""

    huggingface: Shelf = field(default_factory=lambda: Shelf(()))
    arxiv: Shelf = field(default_factory=lambda: Shelf(()))
    semantic_scholar: Shelf = field(default_factory=lambda: Shelf(()))
    crossref: Shelf = field(default_factory=lambda: Shelf(()))
    openalex: Shelf = field(default_factory=lambda: Shelf(()))
    counts: dict[str, int] = field(default_factory=dict)

    def __call__(self, request: Request) -> Answer:
        name, answer = self._service(request)
        self.counts[name] = self.counts.get(name, 0) + 1
        return answer(request)

    def _service(self, request: Request) -> tuple[str, Callable[[Request], Answer]]:
        if request.path == HUGGINGFACE:
            return "huggingface", self._huggingface
        if request.path == ARXIV:
            return "arxiv", self._arxiv
        if request.path == BATCH:
            return "batch", self._batch
        if request.path == MATCH:
            return "match", self._match
        if "filter" in request.parameters:
            return "openalex", self._openalex
        return "crossref", self._crossref

    def _huggingface(self, request: Request) -> Answer:
        query, limit = request.parameters["q"], int(request.parameters["limit"])
        assert 3 <= len(query) <= 200
        found = self.huggingface.nearest(query, limit)
        return json_answer([{"paper": huggingface(paper), "numComments": 0} for paper in found])

    def _arxiv(self, request: Request) -> Answer:
        ids = request.parameters["id_list"].split(",")
        assert len(ids) <= 200
        known = self.arxiv.by_arxiv
        return feed([known[name] for name in ids if name in known])

    def _batch(self, request: Request) -> Answer:
        ids = json.loads(request.body)["ids"]
        assert len(ids) <= 500
        return json_answer([self._in_batch(each) for each in ids])

    def _in_batch(self, identifier: str) -> object:
        kind, _, value = identifier.partition(":")
        shelf = self.semantic_scholar
        paper = shelf.by_arxiv.get(value) if kind == "ARXIV" else shelf.by_doi.get(value)
        return semantic_scholar(paper) if paper else None

    def _match(self, request: Request) -> Answer:
        found = self.semantic_scholar.nearest(request.parameters["query"], 1)
        if not found:
            return json_answer({"error": "Title match not found"}, 404)
        return json_answer({"data": [{**semantic_scholar(found[0]), "matchScore": 109.5}]})

    def _crossref(self, request: Request) -> Answer:
        doi = unquote(request.path).removeprefix("/works/")
        if doi in self.crossref.by_doi:
            return json_answer({"status": "ok", "message": crossref(self.crossref.by_doi[doi])})
        found = self.crossref.nearest(request.parameters.get("query.bibliographic", ""), 2)
        return json_answer({"status": "ok", "message": {"items": list(map(crossref, found))}})

    def _openalex(self, request: Request) -> Answer:
        title = request.parameters["filter"].removeprefix("title.search:")
        assert not set(title) & {",", "|"}
        return json_answer({"results": list(map(openalex, self.openalex.nearest(title, 5)))})


def huggingface(paper: Paper) -> dict[str, object]:
    return {
        "id": paper.arxiv_id,
        "title": paper.title,
        "summary": paper.abstract,
        "authors": [{"name": name, "hidden": False} for name in paper.authors],
        "publishedAt": f"{paper.date or paper.year}T00:00:00.000Z",
        "upvotes": 42,
    }


def feed(papers: Sequence[Paper]) -> Answer:
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{paper.arxiv_id}v1</id>"
        f"<published>{paper.date or f'{paper.year}-01-01'}T00:00:00Z</published>"
        f"<title>{escape(paper.title)}</title><summary>{escape(paper.abstract)}</summary>"
        + "".join(f"<author><name>{escape(name)}</name></author>" for name in paper.authors)
        + "".join(f'<category term="{escape(term)}"/>' for term in paper.categories)
        + "</entry>"
        for paper in papers
    )
    return Answer(
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
        f'xmlns:arxiv="http://arxiv.org/schemas/atom">{entries}</feed>',
        headers={"Content-Type": ATOM},
    )


def semantic_scholar(paper: Paper) -> dict[str, object]:
    known = {"ArXiv": paper.arxiv_id, "DOI": paper.doi}
    citation = paper.citation
    return {
        "paperId": "0" * 40,
        "url": f"https://www.semanticscholar.org/paper/{'0' * 40}",
        "title": paper.title,
        "abstract": paper.abstract or None,
        "authors": [{"authorId": None, "name": name} for name in paper.authors],
        "year": paper.year,
        "publicationDate": paper.date,
        "venue": paper.venue,
        "journal": {"volume": citation.get("volume"), "pages": citation.get("page")},
        "publicationTypes": ["Conference"] if paper.venue else None,
        "externalIds": {name: value for name, value in known.items() if value},
    }


def crossref(paper: Paper) -> dict[str, object]:
    return {
        "DOI": paper.doi,
        "score": 50.0,
        "title": [paper.title] if paper.title else [],
        "author": [
            {"given": name.rpartition(" ")[0], "family": name.rpartition(" ")[2]}
            for name in paper.authors
        ],
        "issued": {"date-parts": [[paper.year]]},
        "container-title": [paper.venue] if paper.venue else [],
        "type": "proceedings-article",
        "page": paper.citation.get("page"),
    }


def openalex(paper: Paper) -> dict[str, object]:
    places: dict[str, list[int]] = {}
    for at, word in enumerate(paper.abstract.split()):
        places.setdefault(word, []).append(at)
    return {
        "id": "https://openalex.org/W1",
        "doi": f"https://doi.org/{paper.doi}" if paper.doi else None,
        "display_name": paper.title,
        "publication_date": paper.date,
        "publication_year": paper.year,
        "authorships": [{"author": {"display_name": name}} for name in paper.authors],
        "primary_location": {"source": {"display_name": paper.venue, "type": "conference"}},
        "best_oa_location": None,
        "is_retracted": paper.citation.get("status") == "retracted",
        "abstract_inverted_index": places or None,
    }
