"""The reader: completing papers in the background, and choosing among candidates."""

import asyncio
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from index import Library, Paper
from index.papers.found_record import FoundRecord
from tests.enrich_services import Shelf, StandIns
from tests.services import Answer, FakeService, Request
from tui.config.configuration import Config
from tui.screens.candidates import CandidatesScreen

from .conftest import Open

ABSTRACT = "We find marks in generated text that survive a second model and a careful editor."
BARE = Paper("Marks That Survive in Generated Text", ABSTRACT, id="marks")
FULL = replace(
    BARE, id="", authors=("Ada Lovelace",), year=2025, date="2025-01-03", arxiv_id="2501.01234"
)
NEAR = replace(FULL, title="Marks That Survive in Generated Texts", arxiv_id="2501.05678")


@pytest.fixture
def config(service: FakeService) -> Config:
    url = service.url
    return Config(huggingface_url=url, arxiv_url=url, crossref_url=url, semantic_scholar_url=url,
                  openalex_url=url, arxiv_pause=0.0)  # fmt: skip


@pytest.fixture
def shelf(library: Library, monkeypatch: pytest.MonkeyPatch) -> Library:
    """The library with a paper that is incomplete; services are asked without a pause."""
    from index.fetch.client import Pacing

    monkeypatch.setattr(Pacing, "turn", lambda self, service: 0.0)
    library.add([BARE], "listing")
    library.index.sync()
    return library


def known(service: FakeService, *papers: Paper) -> StandIns:
    found = StandIns(huggingface=Shelf(papers), arxiv=Shelf(papers))
    service.answers = found
    return found


async def test_enrich_completes_the_current_paper(
    reading: Open, shelf: Library, service: FakeService, config: Config
) -> None:
    stand_ins = known(service, FULL)
    async with reading(shelf, config) as reader:
        await reader.go_to("marks")
        await reader.press("E", "enter")
        assert reader.said == "1 paper looked up: 1 completed · undo: u"
        assert "Ada Lovelace" in reader.seen
        assert reader.current.id == "marks"
        assert stand_ins.counts["huggingface"] == 1
        await reader.press("u")
        assert reader.said == "undone: completed 1 paper"
        assert shelf.papers(["marks"])[0].authors == ()


async def test_enrich_asks_before_anything_is_sent(
    reading: Open, shelf: Library, service: FakeService, config: Config
) -> None:
    known(service, FULL)
    async with reading(shelf, config) as reader:
        await reader.go_to("marks")
        await reader.press("E")
        for said in ("Complete 1 paper", "Hugging Face: at most 1 paper", "Enter send"):
            assert said in reader.seen
        await reader.press("escape")
        assert reader.app.screen is reader.screen
        assert service.requests == []
        await reader.press("E", "n")
        assert service.requests == []
        assert shelf.papers(["marks"])[0].authors == ()


async def test_enrich_applies_to_the_selection(
    reading: Open, shelf: Library, service: FakeService, config: Config
) -> None:
    other = replace(FULL, title="Another Title that Nobody Has Heard of", arxiv_id="2501.00009")
    shelf.add([Paper(other.title, id="other")], "listing 2")
    known(service, FULL, other)
    async with reading(shelf, config, query="is:incomplete source:listing") as reader:
        await reader.press("A", "E", "enter")
        assert "2 completed" in reader.said


async def test_enrich_can_be_stopped_and_runs_once_at_a_time(
    reading: Open, shelf: Library, service: FakeService, config: Config
) -> None:
    hold, asked = threading.Event(), threading.Event()

    def answers(request: Request) -> Answer:
        asked.set()
        return Answer("[{}]" * 20, hold=hold)

    service.answers = answers
    async with reading(shelf, config) as reader:
        await reader.go_to("marks")
        await reader.command("enrich")
        await reader.pilot.press("enter")
        assert await asyncio.to_thread(asked.wait, 20)
        await reader.command("enrich")
        await reader.pilot.pause()
        assert reader.said.startswith("cannot complete papers: another job is running")
        await reader.command("stop")
        while reader.said.startswith("cannot complete papers"):
            await reader.settle()
        hold.set()
        assert reader.said == "stopped; completed papers are saved, complete again to resume"
    assert shelf.papers(["marks"])[0].authors == ()


async def test_failure_of_a_service_is_shown(
    reading: Open, shelf: Library, service: FakeService, config: Config
) -> None:
    service.answers = lambda request: Answer("<html>Log in</html>")
    async with reading(shelf, config) as reader:
        await reader.go_to("marks")
        await reader.press("E", "enter")
        assert "1 failed (Hugging Face sent a web page, not JSON" in reader.said


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20)])
async def test_candidates_are_shown_side_by_side_and_chosen(
    reading: Open, shelf: Library, service: FakeService, config: Config, size: tuple[int, int]
) -> None:
    known(service, NEAR)
    async with reading(shelf, config, size=size) as reader:
        await reader.go_to("marks")
        await reader.press("E", "enter")
        assert isinstance(reader.app.screen, CandidatesScreen)
        assert "1 of 1" in reader.seen
        line = next(line for line in reader.seen.splitlines() if "Texts" in line or "Marks" in line)
        assert line.count("Marks") == 2
        assert "Enter choose" in reader.seen.splitlines()[-1]
        await reader.press("enter")
        assert shelf.papers(["marks"])[0].authors == ("Ada Lovelace",)
        assert "no candidates left" in reader.seen
        await reader.press("u")
        assert shelf.papers(["marks"])[0].authors == ()
        assert "1 of 1" in reader.seen
        await reader.press("x", "escape")
        assert shelf.papers(["marks"])[0].authors == ()
        assert shelf.enrichment.suggestions(shelf.keys(["marks"])[0]) == []


async def test_candidate_is_chosen_by_its_number(
    reading: Open, shelf: Library, service: FakeService, config: Config
) -> None:
    rival = replace(FULL, arxiv_id="2501.09999", authors=("Alan Turing",))
    known(service, FULL, rival)
    async with reading(shelf, config) as reader:
        await reader.go_to("marks")
        await reader.press("E", "enter")
        screen = reader.app.screen
        assert isinstance(screen, CandidatesScreen)
        names = [each.record.authors for each in screen.candidates]
        await reader.press("j", "k", str(names.index(("Alan Turing",)) + 1))
        await reader.press("escape")
        assert shelf.papers(["marks"])[0].authors == ("Alan Turing",)
        assert "Alan Turing" in reader.seen


async def test_keys_of_candidates_fit_a_narrow_terminal(reading: Open, shelf: Library) -> None:
    shelf.enrichment.suggest(shelf.keys(["marks"])[0], [FoundRecord(FULL, "crossref", 0.7)])
    async with reading(shelf, size=(60, 20)) as reader:
        await reader.command("candidates")
        await reader.settle()
        assert reader.seen.splitlines()[-1].split()[-4:] == ["u", "undo", "Esc", "close"]


async def test_import_of_papers_without_authors_says_how_to_complete_them(
    reading: Open, library: Library, tmp_path: Path
) -> None:
    (tmp_path / "page.jsonl").write_text('{"title": "A Page Lists This Title Alone"}\n')
    async with reading(library) as reader:
        reader.screen.library_jobs.import_files(str(tmp_path / "page.jsonl"))
        await reader.settle()
        assert reader.said == (
            "1 paper read: 1 added · 1 paper has no authors · complete them: A E"
        )
