"""The reader: fetching papers in the background."""

import asyncio
import threading

import pytest
from textual.widgets import Input

from index import Library
from index.fetch import ArxivSearch
from tests.services import Answer, FakeService, Request, arxiv, daily, known
from tui.commands.library import fetch
from tui.config.configuration import Config
from tui.screens.dialogs.words import WordsDialog

from .conftest import Open, Reader


@pytest.fixture
def config(service: FakeService) -> Config:
    return Config(
        huggingface_url=service.url,
        arxiv_url=service.url,
        crossref_url=service.url,
        arxiv_pause=0.0,
    )


async def ask_for(reader: Reader, command: str, words: str) -> None:
    """Choose a command by name, and answer its dialog."""
    await reader.command(command)
    await reader.settle()
    dialog = reader.app.screen
    assert isinstance(dialog, WordsDialog)
    dialog.query_one(Input).value = words
    await reader.press("enter")


async def test_fetch_daily_runs_in_background(
    reading: Open, library: Library, service: FakeService, config: Config
) -> None:
    service.in_turn(daily(known(3)))
    async with reading(library, config) as reader:
        await reader.command("fetch_daily")
        await reader.settle()
        assert reader.said == "3 papers read: 3 added"
        assert "of 34" in reader.seen
        await reader.search("number watermarks")
        assert "Paper Number 2 on Watermarks" in reader.seen


async def test_fetch_arxiv_dialog_searches(
    reading: Open, library: Library, service: FakeService, config: Config
) -> None:
    service.answers = arxiv(known(2))
    async with reading(library, config) as reader:
        await ask_for(reader, "fetch_arxiv", "cat:cs.CL")
        assert reader.said == "2 papers read: 2 added"
        assert service.requests[0].parameters["search_query"] == "cat:cs.CL"
        assert library.sources()[0].name == "arxiv: cat:cs.CL"


async def test_fetch_paper_dialog_rejects_invalid_id(
    reading: Open, library: Library, service: FakeService, config: Config
) -> None:
    service.answers = arxiv(known(2))
    async with reading(library, config) as reader:
        await ask_for(reader, "fetch_paper", "attention [b]")
        assert "'attention' is neither an arXiv id nor a DOI" in reader.seen
        reader.app.screen.query_one(Input).value = "2611.00001, arXiv:2611.00002"
        await reader.press("enter")
        assert reader.said == "2 papers read: 2 added"


async def test_fetch_new_runs_in_reader(
    reading: Open, library: Library, service: FakeService, config: Config
) -> None:
    papers = known(2)
    service.answers = arxiv(papers)
    async with reading(library, config) as reader:
        await reader.command("fetch_new")
        await reader.settle()
        assert reader.said.startswith("nothing has been fetched yet")
        await ask_for(reader, "fetch_arxiv", "watermark")
        papers[:0] = known(1, 700)
        await reader.command("fetch_new")
        await reader.settle()
        assert reader.said == "1 paper read: 1 added"
        await reader.command("fetch_new")
        await reader.settle()
        assert reader.said == "no new papers for arxiv: watermark"
        await reader.search('source:"new"')
        assert reader.ids == ["2611.00700"]


async def test_fetch_without_results_shows_message(
    reading: Open, library: Library, service: FakeService, config: Config
) -> None:
    service.answers = arxiv([])
    async with reading(library, config) as reader:
        await ask_for(reader, "fetch_arxiv", "nothing [b]")
        assert reader.said == "no papers for arxiv: nothing [b]"
        await ask_for(reader, "fetch_paper", "2611.00001")
        assert reader.said == "arXiv has no paper 2611.00001; check the id"


async def test_fetch_without_network_shows_error(reading: Open, library: Library) -> None:
    gone = FakeService()
    gone.close()
    async with reading(library, Config(huggingface_url=gone.url)) as reader:
        await reader.command("fetch_daily")
        await reader.settle()
        assert reader.said.startswith("cannot reach Hugging Face: ")
        await reader.press("j", "b")
        assert reader.current.bookmarked


async def test_fetch_stopped_retains_fetched_papers(
    reading: Open, library: Library, service: FakeService, config: Config
) -> None:
    papers, hold, asked = known(120), threading.Event(), threading.Event()

    def answer(request: Request) -> Answer:
        found = arxiv(papers)(request)
        if request.parameters["start"] != "0":
            found.hold = hold
            asked.set()
        return found

    service.answers = answer
    async with reading(library, config) as reader:
        fetch(reader.screen, ArxivSearch("watermark", 120))
        assert await asyncio.to_thread(asked.wait, 20)
        await reader.command("fetch_daily")
        await reader.pilot.pause()
        assert reader.said.startswith("cannot fetch: another job is running")
        await reader.command("fetch_paper")
        assert reader.app.screen is reader.screen  # before anything is typed
        await reader.command("stop")
        await reader.settle()
        hold.set()
        assert reader.said == "fetch stopped; fetched papers are saved"
        assert library.count() == 31 + 100


async def test_quit_does_not_wait_for_service(
    reading: Open, library: Library, service: FakeService, config: Config
) -> None:
    hold, asked = threading.Event(), threading.Event()

    def answer(request: Request) -> Answer:
        asked.set()
        return Answer("[{}]" * 20, hold=hold)

    service.answers = answer
    async with reading(library, config) as reader:
        await reader.command("fetch_daily")
        assert await asyncio.to_thread(asked.wait, 20)
        await reader.pilot.press("q")
    hold.set()
    assert library.count() == 31
