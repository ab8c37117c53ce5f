"""Fetching papers: by page, by id, and new ones."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index import CarrelError, Library
from index.fetch import ArxivSearch, ByIdentifier, Daily, New, Wanted, listing
from index.fetch.arxiv import search_query
from index.fetch.fetching import FetchProgress, FetchRun
from index.importing.report import FileReport, ImportReport
from tests.services import Answer, FakeService, Request, arxiv, atom, daily, known, work

from .test_fetch_client import Time

TODAY = date(2026, 11, 20)  # a Friday
DOI = "10.1145/3292500.3330701"


class Fetcher:
    """Fetches from the service into a library, with a clock of its own."""

    def __init__(self, library: Library, service: FakeService) -> None:
        self.library = library
        self.service = service
        self.time = Time()
        self.today = TODAY
        self.steps: list[FetchProgress] = []

    def __call__(
        self, wanted: Wanted, step: Callable[[FetchProgress], None] | None = None
    ) -> ImportReport:
        with self.library._additions.target(False) as shelf:
            fetching = FetchRun(
                self.service.services,
                shelf,
                step or self.steps.append,
                pacing=self.time.pacing,
                today=self.today,
            )
            return fetching.run(wanted)

    def file(self, wanted: Wanted) -> FileReport:
        (file,) = self(wanted).files
        return file

    @property
    def sources(self) -> dict[str, int]:
        return {source.name: source.papers for source in self.library.sources()}

    def asked(self, name: str) -> list[str | None]:
        """Return the values of a parameter of all requests."""
        return [request.parameters.get(name) for request in self.service.requests]


@pytest.fixture
def fetcher(library: Library, service: FakeService) -> Fetcher:
    return Fetcher(library, service)


def reasons(report: ImportReport) -> list[str]:
    return [skipped.reason for file in report.files for skipped in file.skipped]


# -- daily papers ----------------------------------------------------------------------------------


def test_fetch_day_imports_papers_with_all_metadata(fetcher: Fetcher) -> None:
    fetcher.service.in_turn(daily(known(3)))
    file = fetcher.file(Daily(day="2026-11-19"))
    assert (file.read, file.added, file.format) == (3, 3, "huggingface")
    assert fetcher.sources == {"huggingface 2026-11-19": 3}
    assert fetcher.library.sources()[0].date == "2026-11-19"
    (paper,) = fetcher.library.papers(["2611.00003"])
    assert paper.title == "Paper Number 3 on Watermarks"
    assert paper.authors == ("Ada Lovelace", "Grace Hopper")
    assert paper.votes == 42
    assert paper.sources[0].position == 1
    (request,) = fetcher.service.requests
    assert request.path == "/api/daily_papers"
    assert request.parameters == {"date": "2026-11-19", "limit": "100"}


@pytest.mark.parametrize(
    ("wanted", "name", "value"),
    [(Daily(week="2026-W47"), "week", "2026-W47"), (Daily(month="2026-11"), "month", "2026-11")],
)
def test_fetch_week_or_month_requests_all_pages(
    fetcher: Fetcher, wanted: Daily, name: str, value: str
) -> None:
    papers = known(230)

    def answer(request: Request) -> Answer:
        start = 100 * int(request.parameters.get("p", 0))
        return daily(papers[start : start + 100])

    fetcher.service.answers = answer
    file = fetcher.file(wanted)
    assert file.added == 230
    assert fetcher.asked(name) == [value] * 3
    assert fetcher.asked("p") == [None, "1", "2"]
    assert fetcher.sources == {f"huggingface {value}": 230}
    last = fetcher.library.papers(["2611.00001"])[0]
    assert last.sources[0].position == 230


def test_fetch_mirror_without_pages_is_requested_once(fetcher: Fetcher) -> None:
    fetcher.service.in_turn(daily(known(80)))
    assert fetcher.file(Daily(day="2026-11-19")).read == 80
    assert len(fetcher.service.requests) == 2


def test_fetch_list_without_valid_papers_is_requested_once(fetcher: Fetcher) -> None:
    fetcher.service.in_turn(Answer(json.dumps([{"paper": {"title": None}}] * 100)))
    file = fetcher.file(Daily(day="2026-11-19"))
    assert (file.read, len(file.skipped)) == (100, 100)
    assert len(fetcher.service.requests) == 1


def test_fetch_without_date_uses_latest_day_with_papers(fetcher: Fetcher) -> None:
    fetcher.today = date(2026, 11, 22)  # a Sunday
    fetcher.service.answers = lambda request: daily(
        known(2) if request.parameters["date"] == "2026-11-20" else []
    )
    assert fetcher.file(Daily()).source == "huggingface 2026-11-20"
    assert fetcher.asked("date") == ["2026-11-22", "2026-11-21", "2026-11-20"]


def test_fetch_empty_list_is_not_an_error(fetcher: Fetcher) -> None:
    fetcher.service.in_turn(daily([]))
    file = fetcher.file(Daily(day="2026-11-19"))
    assert (file.read, file.skipped) == (0, [])
    assert fetcher.file(Daily()).skipped == []
    assert fetcher.sources == {}


def test_fetch_invalid_paper_is_skipped(fetcher: Fetcher) -> None:
    listed = json.loads(daily(known(3)).bytes)
    listed[1] = {"paper": {"id": "2611.00002", "title": None, "authors": 7}, "title": [1]}
    fetcher.service.in_turn(Answer(json.dumps(listed)))
    file = fetcher.file(Daily(day="2026-11-19"))
    assert (file.added, len(file.skipped)) == (2, 1)


def test_fetch_truncated_response_imports_complete_papers(fetcher: Fetcher) -> None:
    whole = daily(known(3)).bytes
    fetcher.service.in_turn(Answer(whole[:-60]))
    file = fetcher.file(Daily(day="2026-11-19"))
    assert file.added == 2
    assert file.skipped


def test_fetch_too_many_papers_are_truncated(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MAX_ENTRIES", 60)
    fetcher.service.in_turn(daily(known(61)))
    (reason,) = reasons(fetcher(Daily(day="2026-11-19")))
    assert reason == "the response has more than 60 entries; the rest were skipped"
    assert fetcher.library.count() == 60
    assert len(fetcher.service.requests) == 2


# -- searching arXiv -------------------------------------------------------------------------------


def test_fetch_search_requests_pages_three_seconds_apart(fetcher: Fetcher) -> None:
    fetcher.service.answers = arxiv(known(450))
    file = fetcher.file(ArxivSearch("cat:cs.CL AND abs:watermark", 250))
    assert (file.added, file.format) == (250, "arxiv")
    assert fetcher.asked("start") == ["0", "100", "200"]
    assert fetcher.asked("max_results") == ["100", "100", "50"]
    assert set(fetcher.asked("search_query")) == {"cat:cs.CL AND abs:watermark"}
    assert set(fetcher.asked("sortBy")) == {"submittedDate"}
    assert set(fetcher.asked("sortOrder")) == {"descending"}
    assert fetcher.time.now == pytest.approx(6)
    assert fetcher.sources == {"arxiv: cat:cs.CL AND abs:watermark": 250}
    assert FetchProgress("contacting arXiv in 3 s", 200) in fetcher.steps


def test_fetch_search_ends_with_last_result(fetcher: Fetcher) -> None:
    fetcher.service.answers = arxiv(known(100))
    assert fetcher.file(ArxivSearch("watermark", 1_000)).added == 100
    assert len(fetcher.service.requests) == 1
    fetcher.service.answers = arxiv([])
    assert fetcher.file(ArxivSearch("nothing", 1_000)).read == 0


def test_fetch_papers_added_between_pages_are_counted_once(fetcher: Fetcher) -> None:
    papers = known(150)

    def answer(request: Request) -> Answer:
        found = arxiv(papers)(request)
        papers.insert(0, known(1, 900 + len(papers))[0])
        return found

    fetcher.service.answers = answer
    file = fetcher.file(ArxivSearch("watermark", 300))
    assert (file.read, file.added, file.unchanged) == (150, 150, 0)


def test_fetch_unexpectedly_empty_page_is_requested_again(fetcher: Fetcher) -> None:
    papers = known(150)
    full, rest = atom(papers[:100], 150), atom(papers[100:], 150, 100)
    fetcher.service.in_turn(full, atom([], 150, 100), rest)
    assert fetcher.file(ArxivSearch("watermark", 300)).added == 150
    fetcher.service.in_turn(full, atom([], 150, 100))
    assert (
        "returned no papers from number 100 on, although it has 150"
        in reasons(fetcher(ArxivSearch("watermark", 300)))[0]
    )


def test_fetch_error_of_arxiv_is_reported(fetcher: Fetcher) -> None:
    error = atom([]).bytes.replace(
        b"</feed>",
        b"<entry><id>https://arxiv.org/api/errors#bad</id><title>Error</title>"
        b"<summary>incorrect id format for abc</summary></entry></feed>",
    )
    fetcher.service.in_turn(Answer(error))
    (reason,) = reasons(fetcher(ArxivSearch("watermark")))
    assert "incorrect id format for abc" in reason


def test_fetch_real_arxiv_responses_are_imported(fetcher: Fetcher, shared: Path) -> None:
    came = 0
    for answer in sorted((shared / "formats" / "arxiv-atom").glob("*.xml")):
        fetcher.service.in_turn(Answer(answer.read_bytes()))
        file = fetcher.file(ArxivSearch(f"ti:{answer.stem[:20]}", 100))
        assert file.imported or len(file.skipped) == file.read < 2
        came += file.imported
    assert came > 40


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("watermark", "all:watermark"),
        ("speech diffusion", "all:speech AND all:diffusion"),
        ("cs.CL watermark", "cat:cs.CL AND all:watermark"),
        ("self-supervised e.g.", "all:self-supervised AND all:e.g."),
        ('ti:"in context"', 'ti:"in context"'),
        ("graphs OR trees", "graphs OR trees"),
        ("(a b)", "(a b)"),
    ],
)
def test_arxiv_query_plain_words_are_combined(query: str, asked: str) -> None:
    assert search_query(query) == asked


# -- single papers ---------------------------------------------------------------------------------


def test_parse_wanted_separates_arxiv_ids_and_dois() -> None:
    words = ("1706.03762v5", "arXiv:hep-th/9901001", "https://arxiv.org/abs/2401.00001", DOI,
             f"https://doi.org/{DOI}", "10.48550/arXiv.1810.04805")  # fmt: skip
    named = ByIdentifier.parse(words)
    assert named.arxiv == ("1706.03762", "hep-th/9901001", "2401.00001", "1810.04805")
    assert named.dois == (DOI,)


@pytest.mark.parametrize("word", ["attention", "10.48550/arXiv.nothing", "", "17.1", "\x1b[31m"])
def test_parse_wanted_other_text_raises(word: str) -> None:
    with pytest.raises(CarrelError, match="is neither an arXiv id nor a DOI"):
        ByIdentifier.parse([word])


def test_fetch_papers_by_id(fetcher: Fetcher) -> None:
    papers = arxiv(known(3))
    fetcher.service.answers = lambda request: (
        papers(request) if request.path == "/api/query" else work(DOI, "On Engines")
    )
    report = fetcher(ByIdentifier.parse(["2611.00002v1", "2611.00003", DOI]))
    assert report.total("added") == 3
    assert fetcher.sources == {"arxiv": 2, "crossref": 1}
    assert fetcher.asked("id_list") == ["2611.00002,2611.00003", None]
    assert fetcher.service.requests[1].path == f"/works/{DOI}"
    (paper,) = fetcher.library.papers([DOI])
    assert (paper.title, paper.authors, paper.year) == ("On Engines", ("Ada Lovelace",), 2019)
    assert paper.abstract == "We write of On Engines."


def test_fetch_unknown_ids_are_reported(fetcher: Fetcher) -> None:
    papers = arxiv(known(1))
    fetcher.service.answers = lambda request: (
        papers(request) if request.path == "/api/query" else
        work(DOI, "On Engines") if request.path.endswith(DOI) else
        Answer("Resource not found.", 404)
    )  # fmt: skip
    report = fetcher(ByIdentifier.parse(["2611.00001", "2611.99999", "10.1000/none", DOI]))
    assert report.total("added") == 2
    missing, unknown = reasons(report)
    assert missing == "arXiv has no paper 2611.99999; check the id"
    assert unknown.startswith("Crossref has no work 10.1000/none; check the DOI")


def test_fetch_dois_not_requested_are_reported(fetcher: Fetcher) -> None:
    fetcher.service.in_turn(work(DOI, "On Engines"), Answer("", 403))
    report = fetcher(ByIdentifier.parse([DOI, "10.1000/a", "10.1000/b"]))
    assert report.total("added") == 1
    assert reasons(report) == ["Crossref answered 403 Forbidden; not requested: 10.1000/b"]


# -- errors ----------------------------------------------------------------------------------------


def test_fetch_error_keeps_papers_before_it(fetcher: Fetcher) -> None:
    papers = known(300)
    fetcher.service.answers = lambda request: (
        arxiv(papers)(request) if request.parameters["start"] == "0" else Answer("", 403)
    )
    file = fetcher.file(ArxivSearch("watermark", 300))
    assert (file.added, [skipped.line for skipped in file.skipped]) == (100, [0])
    assert reasons(fetcher(ArxivSearch("watermark", 300))) == ["arXiv answered 403 Forbidden"]
    assert fetcher.library.count() == 100


def test_fetch_stopped_keeps_papers_before_it(fetcher: Fetcher) -> None:
    class Stop(BaseException):
        pass

    def step(at: FetchProgress) -> None:
        if at.papers:
            raise Stop

    fetcher.service.answers = arxiv(known(300))
    with pytest.raises(Stop):
        fetcher(ArxivSearch("watermark", 300), step)
    assert fetcher.library.count() == 100


def test_fetch_hostile_text_is_cleaned(fetcher: Fetcher) -> None:
    listed = json.loads(daily(known(1)).bytes)
    listed[0]["paper"]["title"] = listed[0]["title"] = "\x1b[31mRed\x1b[0m \u202eevil"
    fetcher.service.in_turn(Answer(json.dumps(listed)))
    fetcher(Daily(day="2026-11-19"))
    assert fetcher.library.papers(["2611.00001"])[0].title == "Red evil"


def test_fetch_again_merges_and_keeps_marks(fetcher: Fetcher) -> None:
    fetcher.service.in_turn(daily(known(2)))
    fetcher(Daily(day="2026-11-19"))
    assert fetcher.file(Daily(day="2026-11-19")).unchanged == 2
    fetcher.service.answers = arxiv(known(2))
    assert fetcher.file(ArxivSearch("watermark")).merged == 2
    assert fetcher.library.count() == 2


def test_fetch_dry_run_changes_nothing(
    library: Library, service: FakeService, folder: Path
) -> None:
    service.in_turn(daily(known(2)))
    report = library.fetch(Daily(day="2026-11-19"), service.services, dry_run=True)
    assert report.total("added") == 2
    assert (library.count(), library.sources()) == (0, [])
    report = library.fetch(Daily(day="2026-11-19"), service.services)
    assert library.count() == 2


# -- new papers ------------------------------------------------------------------------------------


@pytest.fixture
def followed(fetcher: Fetcher) -> Fetcher:
    """A fetcher that has fetched a search and a day, whose service can add papers."""
    papers = known(120)
    days = {"2026-11-19": known(3, 500)}

    def answer(request: Request) -> Answer:
        if request.path == "/api/query":
            return arxiv(papers)(request)
        return daily(days.get(request.parameters["date"], []))

    fetcher.service.answers = answer
    fetcher(ArxivSearch("watermark", 100))
    fetcher(Daily(day="2026-11-19"))
    fetcher.service.requests.clear()
    papers[:0] = known(5, 200)
    days["2026-11-20"] = known(2, 600)
    fetcher.days = days  # type: ignore[attr-defined]
    return fetcher


def test_fetch_new_repeats_every_earlier_fetch(followed: Fetcher) -> None:
    report = followed(New())
    assert {file.source: file.added for file in report.files} == {
        "huggingface 2026-11-19": 0,
        "huggingface 2026-11-20": 2,
        "arxiv: watermark": 5,  # and not the twenty that the first fetch had no room for
    }
    assert followed.asked("date") == ["2026-11-19", "2026-11-20", None]
    assert followed.asked("start") == [None, None, "0"]


def test_fetch_new_papers_replace_earlier_new_source(followed: Fetcher) -> None:
    followed(New())
    assert followed.library.sources()[0].name == "new"
    assert followed.sources["new"] == 7
    report = followed(New())
    assert [file.source for file in report.files] == ["huggingface 2026-11-20"]
    assert report.total("added") == 0
    assert followed.sources["new"] == 7
    followed.days["2026-11-20"] += known(1, 700)  # type: ignore[attr-defined]
    assert followed(New()).total("added") == 1
    assert followed.sources["new"] == 1
    assert followed.library.papers(["2611.00700"])[0].sources[0].name == "huggingface 2026-11-20"
    assert followed.library.count() == 100 + 3 + 7 + 1


def test_fetch_new_incomplete_is_completed_next_time(fetcher: Fetcher) -> None:
    papers = known(50)
    fetcher.service.answers = arxiv(papers)
    fetcher(ArxivSearch("watermark"))
    papers[:0] = known(250, 1_000)

    def cut(request: Request) -> Answer:
        return arxiv(papers)(request) if request.parameters["start"] == "0" else Answer("", 403)

    fetcher.service.answers = cut
    assert reasons(fetcher(New())) == ["arXiv answered 403 Forbidden"]
    assert fetcher.library.count() == 50
    fetcher.service.answers = arxiv(papers)
    assert fetcher(New()).total("added") == 250


def test_fetch_new_more_than_maximum_is_reported(fetcher: Fetcher) -> None:
    papers = known(1)
    fetcher.service.answers = arxiv(papers)
    fetcher(ArxivSearch("watermark"))
    papers[:0] = known(2_100, 1_000)
    report = fetcher(New())
    assert report.total("added") == 2_000
    assert reasons(report)[0].startswith("more than 2,000 papers are new; ")


def test_fetch_new_skips_days_long_past(followed: Fetcher) -> None:
    followed.today = date(2027, 5, 31)
    followed(New())
    days = [day for day in followed.asked("date") if day]
    assert (days[0], days[-1], len(days)) == ("2027-04-30", "2027-05-31", 32)


def test_fetch_new_after_week_or_month_starts_after_its_last_day(
    fetcher: Fetcher,
) -> None:
    fetcher.service.in_turn(daily(known(1)))
    fetcher(Daily(week="2026-W46"))
    fetcher(Daily(month="2026-10"))
    fetcher.service.requests.clear()
    fetcher(New())
    assert fetcher.asked("date")[0] == "2026-11-15"
    fetcher.service.requests.clear()
    fetcher(Daily(month="2026-12"))
    fetcher(New())
    assert fetcher.asked("date")[1:] == ["2026-11-20"]


def test_fetch_new_skips_removed_source(followed: Fetcher) -> None:
    followed.library.remove_source("arxiv: watermark")
    followed(New())
    assert {request.path for request in followed.service.requests} == {"/api/daily_papers"}


def test_fetch_new_failed_service_does_not_stop_others(followed: Fetcher) -> None:
    usual = followed.service.answers
    followed.service.answers = lambda request: (
        Answer("", 403) if "daily" in request.path else usual(request)
    )
    report = followed(New())
    assert report.total("added") == 5
    assert reasons(report) == ["Hugging Face answered 403 Forbidden"]
    assert len(followed.service.requests) == 1 + 1


def test_fetch_new_without_earlier_fetch_raises(fetcher: Fetcher) -> None:
    with pytest.raises(CarrelError, match="nothing has been fetched yet"):
        fetcher(New())
    fetcher.service.in_turn(atom(known(1)))
    fetcher(ByIdentifier(("2611.00001",)))
    with pytest.raises(CarrelError, match="start with carrel fetch huggingface"):
        fetcher(New())


def test_fetch_new_ignores_imported_files(fetcher: Fetcher, tmp_path: Path) -> None:
    page = tmp_path / "arxiv: page.xml"
    page.write_bytes(atom(known(1)).bytes)
    fetcher.library.import_paths([page])
    assert fetcher.sources == {"arxiv: page": 1}
    with pytest.raises(CarrelError, match="nothing has been fetched yet"):
        fetcher(New())
