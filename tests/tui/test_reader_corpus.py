"""The reader on a team's corpus, whose rows come in pages from a cluster that may be silent."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator

import pytest

from index import Library, Paper
from index.corpus.documents import record, same
from index.errors import CarrelError
from index.marks.changes import Read
from index.search.results import PAGE_ROWS
from tests.services import Answer, FakeService, Request
from tui.app import CarrelApp
from tui.commands.selecting import select_all
from tui.config.configuration import Config
from tui.screens.footer import Footer

from .conftest import Open

PAPERS = [Paper(f"Numbered {number:03}", id=f"n{number}") for number in range(450)]


def page_of(request: Request) -> Answer:
    """Answer a search as a cluster with `PAPERS` does, whatever the query."""
    asked = json.loads(request.body or b"{}")
    first = asked.get("from", 0)
    hits = [
        {"_id": same(paper)[0], "_score": 1.0, "_source": {"paper": record(paper)}}
        for paper in PAPERS[first : first + asked.get("size", 0)]
    ]
    body = {
        "hits": {"hits": hits, "total": {"value": len(PAPERS)}},
        "_shards": {"total": 1, "successful": 1},
        "timed_out": False,
        "suggest": {},
    }
    if "aggs" in asked:
        return Answer(status=503)
    return Answer(json.dumps(body), 200, {"Content-Type": "application/json"})


class Cluster:
    """Answers like `page_of`; further pages wait for `is_open`, and fail if `is_down`."""

    def __init__(self) -> None:
        self.is_open = threading.Event()
        self.is_reading_all = threading.Event()
        self.is_down = False
        self.further = 0

    def answer(self, request: Request) -> Answer:
        if request.path.endswith("/point_in_time"):
            self.is_reading_all.set()
            self.is_open.wait(30)
            return Answer("{}", 503)
        if request.body and json.loads(request.body).get("from"):
            self.further += 1
            self.is_open.wait(30)
            if self.is_down:
                return Answer("{}", 503)
        return page_of(request)


@pytest.fixture
def cluster(service: FakeService, library: Library) -> Iterator[Cluster]:
    """A cluster that `library` reads."""
    found = Cluster()
    service.answers = found.answer
    library.connect(f"{service.url}/papers")
    yield found
    found.is_open.set()


async def until(pause: Callable[[], object], condition: Callable[[], bool]) -> None:
    """Let the reader run until a condition holds; the time limit of the tests is the deadline."""
    while not condition():
        await pause()  # type: ignore[misc]


async def test_further_rows_do_not_block_and_are_shown_when_they_are_there(
    reading: Open, library: Library, cluster: Cluster
) -> None:
    async with reading(library) as reader:
        papers, pause = reader.screen.papers, reader.pilot.pause
        assert papers.row_count == len(PAPERS)
        papers.move_to(2 * PAGE_ROWS + 40)
        await until(pause, lambda: cluster.further > 0)
        await pause()
        assert papers.current is None
        assert "…" in papers.line(papers.cursor, 0, 80).plain
        papers.move_to(3)  # while the cluster is silent
        assert papers.current
        assert papers.current.title == "Numbered 003"
        papers.move_to(2 * PAGE_ROWS + 40)
        cluster.is_open.set()
        await until(pause, lambda: papers.current is not None)
        await reader.settle()
        assert papers.current.title == reader.screen.view.paper.title == "Numbered 440"
        assert cluster.further == 1


async def test_range_grows_by_the_rows_that_are_there(
    reading: Open, library: Library, cluster: Cluster
) -> None:
    async with reading(library) as reader:
        papers, screen = reader.screen.papers, reader.screen
        papers.move_to(55)
        await reader.press("v")
        papers.move_to(230)
        await until(reader.pilot.pause, lambda: cluster.further > 0)
        await reader.pilot.pause()
        assert len(screen.selection) == PAGE_ROWS - 55
        cluster.is_open.set()
        await reader.settle()
        papers.move_to(210)
        await reader.settle()
        assert 0 not in screen.selection
        assert library.ids([papers.keys[210]])[0] == "n210"
        assert papers.keys[210] in screen.selection


async def test_rows_of_a_failed_page_are_wanted_again_by_a_move(
    reading: Open, library: Library, cluster: Cluster
) -> None:
    cluster.is_down = True
    cluster.is_open.set()
    async with reading(library) as reader:
        papers, pause = reader.screen.papers, reader.pilot.pause
        papers.move_to(449)
        await until(pause, lambda: "not available" in papers.line(449, 0, 80).plain)
        await reader.settle()
        asked = cluster.further
        papers.refresh()
        await reader.settle()
        assert cluster.further == asked
        cluster.is_down = False
        papers.move_to(448)
        await until(pause, lambda: papers.current is not None)
        assert papers.current
        assert papers.current.title == "Numbered 448"


async def test_next_unread_paper_is_one_of_the_rows_seen(
    reading: Open, library: Library, cluster: Cluster
) -> None:
    cluster.is_open.set()
    async with reading(library) as reader:
        asked = len(PAPERS)
        await reader.press("J")
        assert reader.screen.papers.cursor == 1
        assert library.count() < asked  # not all were copied


async def test_next_unread_paper_below_the_rows_seen_is_read(
    reading: Open, library: Library, cluster: Cluster
) -> None:
    cluster.is_open.set()
    async with reading(library) as reader:
        papers = reader.screen.papers
        library.apply(Read(tuple(library.ids(papers.keys[:PAGE_ROWS])), True))
        papers.move_to(50)
        await reader.settle()
        await reader.press("J")
        await reader.settle()
        assert papers.cursor == PAGE_ROWS
        assert papers.current


async def test_next_unread_paper_of_a_failed_page_is_unknown(
    reading: Open, library: Library, cluster: Cluster
) -> None:
    cluster.is_down = True
    cluster.is_open.set()
    async with reading(library) as reader:
        papers = reader.screen.papers
        library.apply(Read(tuple(library.ids(papers.keys[:PAGE_ROWS])), True))
        await reader.press("J")
        await reader.settle()
        assert papers.cursor == 0
        assert "the corpus does not return further rows now" in reader.seen


async def test_papers_that_were_listed_are_not_called_new(
    reading: Open, library: Library, cluster: Cluster
) -> None:
    library.add([Paper("Seen before", id="before")], "own")
    library.visits.end()
    library.search("")
    async with reading(library) as reader:
        await reader.settle()
        assert "new paper" not in reader.seen
        assert "N" not in reader.screen.papers.line(5, 0, 80).plain[:4]


async def test_selecting_all_papers_says_that_they_are_read(
    reading: Open, library: Library, cluster: Cluster
) -> None:
    async with reading(library) as reader:
        handled = select_all(reader.screen)
        assert handled is not None
        reading_all = asyncio.ensure_future(handled)
        await until(reader.pilot.pause, cluster.is_reading_all.is_set)
        assert "reading 450 papers of the corpus…" in reader.seen
        cluster.is_open.set()
        with pytest.raises(CarrelError):
            await reading_all
        assert not reader.screen.selection


async def test_triage_at_the_start_of_a_corpus_that_fails_is_reported(
    library: Library, cluster: Cluster
) -> None:
    cluster.is_open.set()
    app = CarrelApp(library, Config(), "numbered", "triage")
    async with app.run_test(size=(120, 24)) as pilot:
        await until(pilot.pause, cluster.is_reading_all.is_set)
        footer = app.screen.query_one("#status", Footer)
        await until(pilot.pause, lambda: "its shards are not ready" in footer.message)
