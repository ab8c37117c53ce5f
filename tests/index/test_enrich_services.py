"""Papers are completed from services, for all kinds of answers, by local stand-ins."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from index import Library, Paper
from index.enrich.report import EnrichReport
from index.enrich.run import EnrichProgress, EnrichRequest
from index.enrich.services.registry import SERVICE_NAMES
from index.fetch.client import Client
from index.papers.citation import build_citation
from tests.enrich_services import Shelf, StandIns
from tests.services import JSON, Answer, FakeService, Request

from .test_fetch_client import Time

ABSTRACT = "We find marks in generated text that survive a second model and a careful editor."
BARE = Paper("Marks That Survive in Generated Text", ABSTRACT, id="marks")
PREPRINT = Paper(
    BARE.title, ABSTRACT, authors=("Ada Lovelace", "Grace Hopper"), year=2024, date="2024-11-03",
    arxiv_id="2411.01234", categories=("cs.CL", "cs.CR"),
)  # fmt: skip
PUBLISHED = replace(
    PREPRINT, year=2025, date="2025-07-27", venue="Proceedings of ACL", doi="10.1000/marks",
    citation=build_citation({"volume": "3", "page": "1-9"}),
)  # fmt: skip
NEIGHBOUR = Paper(
    "Marks That Survive in Generated Texts and Speech", "Speech is marked by a filter of sound.",
    authors=("Alan Turing",), year=2023, date="2023-01-01", arxiv_id="2301.00001", doi="10.1000/n",
)  # fmt: skip


class Enricher:
    """Enriches a library from stand-ins, with a clock of its own."""

    def __init__(self, library: Library, service: FakeService) -> None:
        self.library = library
        self.service = service
        self.time = Time()
        self.key = ""
        self.known = StandIns()
        service.answers = self.known

    def __call__(
        self,
        *services: str,
        published: bool = False,
        step: Callable[[EnrichProgress], None] | None = None,
    ) -> EnrichReport:
        keys = self.library.keys(hit.id for hit in self.library.search("", limit=2_000).hits)
        request = EnrichRequest(tuple(keys), (), services or SERVICE_NAMES, published)
        everything = self.service.services
        everything = replace(
            everything,
            openalex=replace(everything.openalex, key=self.key),
            semantic_scholar=replace(everything.semantic_scholar, key=self.key),
        )
        return self.library.enrichment.run(request, everything, step)

    @property
    def paper(self) -> Paper:
        return self.library.papers(["marks"])[0]


@pytest.fixture
def enricher(library: Library, service: FakeService, monkeypatch: pytest.MonkeyPatch) -> Enricher:
    library.add([BARE], "page")
    found = Enricher(library, service)
    pacing = found.time.pacing
    monkeypatch.setattr(
        type(library.enrichment), "_connect", staticmethod(lambda say: Client(say, pacing))
    )
    return found


class TestCompleting:
    def test_title_leads_to_the_arxiv_id_and_this_to_the_rest(self, enricher: Enricher) -> None:
        enricher.known.huggingface = Shelf([NEIGHBOUR, PREPRINT])
        enricher.known.arxiv = Shelf([PREPRINT])
        enricher.known.semantic_scholar = Shelf([PUBLISHED])
        report = enricher()
        paper = enricher.paper
        assert (paper.authors, paper.arxiv_id, paper.date) == (
            PREPRINT.authors, "2411.01234", "2024-11-03",
        )  # fmt: skip
        assert (paper.categories, paper.venue, paper.doi) == (
            PREPRINT.categories, PUBLISHED.venue, PUBLISHED.doi,
        )  # fmt: skip
        assert report.papers[0].by == ("Hugging Face", "arXiv", "Semantic Scholar")
        assert enricher.known.counts == {"huggingface": 1, "arxiv": 1, "batch": 1}
        assert ("year", "2024", "2025") in [c[:3] for c in report.papers[0].conflicts]

    @pytest.mark.parametrize(
        ("name", "field"),
        [
            ("semantic-scholar", "semantic_scholar"),
            ("crossref", "crossref"),
            ("openalex", "openalex"),
        ],
    )
    def test_each_search_completes_a_paper(self, enricher: Enricher, name: str, field: str) -> None:
        enricher.key = "secret"
        setattr(enricher.known, field, Shelf([NEIGHBOUR, PUBLISHED]))
        report = enricher(name)
        assert (report.completed, report.problems) == (1, [])
        assert (enricher.paper.authors, enricher.paper.venue) == (
            PUBLISHED.authors, PUBLISHED.venue,
        )  # fmt: skip

    def test_wrong_best_hits_complete_nothing(self, enricher: Enricher) -> None:
        enricher.key = "secret"
        shelf = Shelf([NEIGHBOUR, replace(NEIGHBOUR, title="Marks in Text", arxiv_id="2301.00002")])
        for name in ("huggingface", "semantic_scholar", "crossref", "openalex"):
            setattr(enricher.known, name, shelf)
        report = enricher()
        assert (report.completed, report.count("failed")) == (0, 0)
        assert enricher.paper.authors == ()

    def test_undo_takes_back_all_services(self, enricher: Enricher) -> None:
        enricher.known.huggingface = enricher.known.arxiv = Shelf([PREPRINT])
        enricher.known.semantic_scholar = Shelf([PUBLISHED])
        before = enricher.paper
        enricher()
        entry = enricher.library.undo()
        assert entry
        assert entry.words == "completed 1 paper"
        assert enricher.paper == before

    def test_retraction_is_kept(self, enricher: Enricher) -> None:
        enricher.key = "secret"
        retracted = replace(PUBLISHED, citation=build_citation({"status": "retracted"}))
        enricher.known.openalex = Shelf([retracted])
        assert enricher("openalex").papers[0].retracted
        assert enricher.paper.citation.get("status") == "retracted"

    def test_openalex_without_a_key_is_not_asked(self, enricher: Enricher) -> None:
        enricher("openalex")
        assert enricher.service.requests == []

    def test_key_is_sent_in_a_header_of_its_own_service(self, enricher: Enricher) -> None:
        enricher.key = "secret"
        enricher("semantic-scholar", "crossref")
        sent = {r.path: r.headers.get("x-api-key") for r in enricher.service.requests}
        assert sent == {"/graph/v1/paper/search/match": "secret", "/works": None}


class TestPublished:
    def test_published_version_replaces_the_preprint(self, enricher: Enricher) -> None:
        enricher.library.add([PREPRINT], "arxiv")
        enricher.known.semantic_scholar = Shelf([PUBLISHED])
        enricher("semantic-scholar", published=True)
        paper = enricher.paper
        assert (paper.venue, paper.doi, paper.year, paper.arxiv_id) == (
            PUBLISHED.venue, PUBLISHED.doi, 2025, "2411.01234",
        )  # fmt: skip
        assert paper.citation.get("page") == "1-9"
        text = "".join(enricher.library.export(["marks"], "bibtex"))
        for line in (
            "@inproceedings{marks,",
            "author = {Ada Lovelace and Grace Hopper}",
            "year = {2025}",
            "booktitle = {Proceedings of ACL}",
            "pages = {1--9}",
            "doi = {10.1000/marks}",
            "eprint = {2411.01234}",
        ):
            assert line in text

    def test_published_version_is_searched_for_at_crossref(self, enricher: Enricher) -> None:
        enricher.library.add([PREPRINT], "arxiv")
        enricher.known.semantic_scholar = Shelf([PREPRINT])
        enricher.known.crossref = Shelf([NEIGHBOUR, PUBLISHED])
        enricher("semantic-scholar", "crossref", published=True)
        assert (enricher.paper.venue, enricher.paper.year) == (PUBLISHED.venue, 2025)

    def test_preprint_without_published_version_stays(self, enricher: Enricher) -> None:
        enricher.library.add([PREPRINT], "arxiv")
        enricher.known.semantic_scholar = Shelf([PREPRINT])
        before = enricher.paper
        assert enricher("semantic-scholar", published=True).completed == 0
        assert enricher.paper == before


class TestMisses:
    def test_miss_is_not_asked_again_for_a_month(
        self, enricher: Enricher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        enricher("huggingface", "crossref")
        enricher("huggingface", "crossref")
        assert enricher.known.counts == {"huggingface": 1, "crossref": 1}
        monkeypatch.setattr("index.store.lookups.MISS_DAYS", 0)
        enricher("huggingface", "crossref")
        assert enricher.known.counts == {"huggingface": 2, "crossref": 2}

    def test_unsure_candidates_are_recalled_without_asking(self, enricher: Enricher) -> None:
        near = replace(PREPRINT, title="Marks That Survive in Generated Tests")
        enricher.known.huggingface = Shelf([near])
        assert enricher("huggingface").papers[0].outcome == "unsure"
        again = enricher("huggingface").papers[0]
        assert (again.outcome, len(again.candidates)) == ("unsure", 1)
        assert enricher.known.counts == {"huggingface": 1}

    @pytest.mark.parametrize(
        "answer",
        [
            pytest.param(Answer("{}", 429), id="429"),
            pytest.param(Answer("{}", 500), id="500"),
            pytest.param(Answer("<!DOCTYPE html><html>Log in</html>"), id="html"),
            pytest.param(Answer('[{"paper": {"id": "2411', headers={"Content-Type": JSON}),
                         id="cut-off"),
            pytest.param(Answer("[]", length=10), id="connection-closed"),
            pytest.param(Answer('{"error": "internal"}'), id="error-with-status-200"),
            pytest.param(Answer(""), id="empty"),
        ],
    )  # fmt: skip
    def test_failure_is_no_miss(self, enricher: Enricher, answer: Answer) -> None:
        enricher.service.answers = lambda request: answer
        report = enricher("huggingface")
        assert (report.count("failed"), report.count("unknown")) == (1, 0)
        assert report.problems
        enricher.service.answers = enricher.known
        enricher.known.huggingface = Shelf([PREPRINT])
        assert enricher("huggingface").completed == 1

    def test_failing_service_is_given_up_and_others_are_asked(self, enricher: Enricher) -> None:
        papers = [Paper(f"A Paper of Number {n} in a Long Series of Papers") for n in range(5)]
        enricher.library.add(papers, "page")
        enricher.known.crossref = Shelf([PUBLISHED])

        def answers(request: Request) -> Answer:
            return Answer("<html>", 200) if "api" in request.path else enricher.known(request)

        enricher.service.answers = answers
        report = enricher("huggingface", "crossref")
        paths = [request.path for request in enricher.service.requests]
        assert paths.count("/api/papers/search") == 2
        assert (report.completed, report.count("failed")) == (1, 5)

    def test_busy_service_is_asked_again_when_it_says(self, enricher: Enricher) -> None:
        enricher.known.huggingface = Shelf([PREPRINT])
        busy = Answer("{}", 429, {"RateLimit": '"api";r=0;t=90'})
        answers = [busy]
        enricher.service.answers = lambda r: answers.pop() if answers else enricher.known(r)
        assert enricher("huggingface").completed == 1
        assert enricher.time.now >= 90

    def test_null_in_a_batch_is_a_miss_of_that_paper_alone(self, enricher: Enricher) -> None:
        other = Paper("Another Preprint that Nobody Knows", arxiv_id="2411.05555", id="other")
        enricher.library.add([other, replace(PREPRINT, authors=())], "arxiv")
        enricher.known.semantic_scholar = Shelf([PUBLISHED])
        report = enricher("semantic-scholar")
        outcomes = {paper.id: paper.outcome for paper in report.papers}
        assert outcomes == {"marks": "certain", "other": "unknown"}

    def test_stopped_enrichment_keeps_what_it_filled_and_goes_on(self, enricher: Enricher) -> None:
        others = [
            replace(PREPRINT, title=f"Marks of Number {n} in a Long Series of Papers", id=f"p{n}",
                    abstract=f"{ABSTRACT} {n}", arxiv_id=f"2411.0000{n}")
            for n in range(4)
        ]  # fmt: skip
        bare = [Paper(paper.title, paper.abstract, id=paper.id) for paper in others]
        enricher.library.add(bare, "page")
        enricher.known.huggingface = Shelf(others)

        def stop(at: EnrichProgress) -> None:
            if at.completed == 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            enricher("huggingface", step=stop)
        asked = enricher.known.counts["huggingface"]
        assert enricher.library.search("has:authors").total == 2
        enricher("huggingface")
        assert enricher.library.search("has:authors").total == 4
        assert enricher.known.counts["huggingface"] < 2 * 5 + asked


def test_hundreds_of_papers_cost_few_requests(enricher: Enricher) -> None:
    full = [
        replace(PREPRINT, title=f"A Title of Number {n} in a Long List", abstract="",
                arxiv_id=f"2412.{n:05}", authors=(f"Ada Author{n}",))
        for n in range(510)
    ]  # fmt: skip
    bare = [Paper(p.title, arxiv_id=p.arxiv_id if at > 9 else "") for at, p in enumerate(full)]
    enricher.library.add(bare, "page")
    shelf = Shelf(full)
    enricher.known = StandIns(shelf, shelf, shelf)
    enricher.service.answers = enricher.known
    assert enricher("huggingface", "arxiv", "semantic-scholar").completed == 510
    counts = enricher.known.counts
    assert (counts["huggingface"], counts["arxiv"], counts["batch"]) == (11, 3, 2)
