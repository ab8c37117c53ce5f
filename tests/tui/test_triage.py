"""Triage in the reader: papers judged one at a time, and resumed after it was closed or killed."""

import asyncio
import re
from pathlib import Path

import pytest
from textual.widgets import Input, Static

from index import Library, Paper
from index.marks.changes import Bookmark
from tui.controllers.triage import TriageController
from tui.screens.dialogs.files import ExportDialog
from tui.screens.main import MainScreen
from tui.screens.triage import TriageScreen

from .conftest import Open, Reader
from .terminal import ENTER, Start, Terminal

NAMED = {"b": "kept", "d": "dismissed", "w": "later", " ": "skipped"}
"""The verdicts by their keys."""


def triage_of(reader: Reader) -> TriageScreen:
    screen = reader.app.screen
    assert isinstance(screen, TriageScreen)
    return screen


def text_of(reader: Reader, name: str) -> str:
    return reader.in_widget(reader.app.screen.query_one(f"#{name}", Static)).strip()


def shown(reader: Reader) -> str:
    paper = triage_of(reader).controller.paper
    return paper.id if paper else ""


def marks(library: Library) -> dict[str, str]:
    found = {}
    for key in library.search("is:dismissed OR is:bookmarked OR is:later", limit=1000).hits:
        paper = library.papers([key.id])[0]
        signs = "b" * paper.bookmarked + "d" * paper.dismissed + "w" * (paper.later is not None)
        found[paper.id] = signs
    return found


async def test_250_papers_are_judged_in_three_sittings(
    reading: Open, home: Path, tmp_path: Path
) -> None:
    script = ["bddw d"[at % 6] for at in range(250)]
    with Library.open(tmp_path / "many") as library:
        library.add(
            [Paper(f"Study {n}", f"It is number {n}.", id=f"s{n}") for n in range(250)], "p"
        )
        library.index.sync()
        expected = {f"s{at}": key for at, key in enumerate(script) if key != " "}
        for first, last in ((0, 14), (14, 120), (120, 250)):
            async with reading(library) as reader:  # which ends without leaving the triage
                await reader.press("m")
                assert shown(reader) == f"s{first}"
                assert f"{first + 1} of 250" in text_of(reader, "progress")
                assert f"Study {first}" in reader.in_widget(triage_of(reader).sheet)
                names = ["space" if key == " " else key for key in script[first:last]]
                await reader.press(*names)
                done = {name: key for name, key in expected.items() if int(name[1:]) < last}
                assert marks(library) == done
        kept = [name for name, key in expected.items() if key == "b"]
        async with reading(library) as reader:
            await reader.press("m")
            assert shown(reader) == ""
            assert f"kept {len(kept)} · export: x" in reader.seen
            await reader.press("x")
            assert isinstance(reader.app.screen, ExportDialog)
            reader.app.screen.query_one(Input).value = str(home / "kept.bib")
            await reader.press("enter")
        assert (home / "kept.bib").read_text().count("@") == len(kept)
        assert [hit.id for hit in library.search("is:later", limit=250).hits] == [
            name for name, key in expected.items() if key == "w"
        ]


async def test_verdict_is_written_and_the_next_paper_shown(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        first, second = reader.ids[:2]
        await reader.press("m", "b")
        assert (shown(reader), marks(library)) == (second, {first: "b"})
        assert text_of(reader, "progress").startswith("Triage  2 of 31 · 1 kept")
        assert text_of(reader, "words").startswith("bookmarked “")
        await reader.press("k")
        assert shown(reader) == first
        assert "this one: kept" in text_of(reader, "progress")
        await reader.press("d")
        assert marks(library) == {first: "d"}
        await reader.press("space", "u")
        assert (shown(reader), marks(library)) == (first, {})
        assert text_of(reader, "words") == "taken back"
        await reader.press("u")
        assert text_of(reader, "words") == "no verdict to take back"


async def test_leaving_shows_the_list_without_dismissed_papers(
    reading: Open, library: Library
) -> None:
    async with reading(library) as reader:
        before = reader.ids
        await reader.press("m", "d", "b", "escape")
        assert isinstance(reader.app.screen, MainScreen)
        assert reader.ids == before[1:]
        assert reader.screen.papers.paper(0).bookmarked  # type: ignore[union-attr]


async def test_triage_of_a_query_has_its_papers_alone(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.search("graph")
        ids = reader.ids
        await reader.press("m")
        assert library.ids(triage_of(reader).triage.keys) == ids


async def test_triage_without_papers_says_so(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.search("is:noted")
        await reader.press("m")
        assert isinstance(reader.app.screen, MainScreen)
        assert reader.said == "no papers to triage"


async def test_end_goes_through_skipped_papers_again(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.search("graph")
        count = len(reader.ids)
        await reader.press("m", "b", *["space"] * (count - 1))
        assert "kept 1 · export: x" in reader.seen
        assert f"skipped {count - 1}" in reader.seen
        await reader.press("r")
        assert text_of(reader, "progress").startswith(f"Triage  1 of {count - 1}")


async def test_triage_fits_a_small_terminal(reading: Open, library: Library) -> None:
    async with reading(library, size=(60, 20)) as reader:
        await reader.press("m")
        lines = reader.seen.splitlines()
        assert "1 of 31" in lines[0]
        assert lines[-1].split() == (
            "b keep d dismiss w later Space skip : commands ? help".split()
        )


async def test_first_command_opens_triage(library: Library) -> None:
    from tui.app import CarrelApp
    from tui.config.configuration import Config

    app = CarrelApp(library, Config(), "is:unread", "triage")
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(200):
            if isinstance(app.screen, TriageScreen) and app.screen.controller.paper:
                break
            await pilot.pause(0.01)
        assert isinstance(app.screen, TriageScreen)
        assert app.screen.triage.query == "is:unread"


async def test_likeliest_papers_come_first_once_one_is_kept(
    reading: Open, library: Library
) -> None:
    async with reading(library) as reader:
        await reader.press("m", "l")
        assert "as listed until one is kept" in text_of(reader, "progress")
        first = shown(reader)
        await reader.press("d")  # a study of watermarking
        kept = shown(reader)
        await reader.press("b")  # one of speech diffusion
        after = shown(reader)
        assert "likeliest first" in text_of(reader, "progress")
        assert (first, kept, after) == ("study-0", "study-1", "study-2")
        ahead = library.ids(triage_of(reader).triage.keys[3:])
        assert {int(one.split("-")[1]) % 3 for one in ahead[:7]} == {1}
        await reader.press("space")
        assert int(shown(reader).split("-")[1]) % 3 == 1
        assert text_of(reader, "why").startswith("for ")
        assert "speech" in text_of(reader, "why").split("against")[0]
        await reader.press("l")
        ahead = library.ids(triage_of(reader).triage.keys[5:])
        assert ahead == [one for one in reader.ids[2:] if one in ahead]


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_words_for_and_against_a_paper_are_seen_whatever_its_abstract(
    reading: Open, library: Library, size: tuple[int, int]
) -> None:
    async with reading(library, size=size) as reader:
        await reader.press("m", "l", "d", "b", "d")  # watermarking, speech, graphs
        sheet = triage_of(reader).sheet.region
        assert re.search(r"for \w.* against \w", text_of(reader, "why"))
        await reader.press("space")
        assert triage_of(reader).sheet.region == sheet
        assert "in common" not in reader.seen
        await reader.press("l")
        assert "against" not in reader.seen


async def test_list_of_the_likeliest_says_why_and_triage_keeps_its_order(
    reading: Open, library: Library
) -> None:
    library.apply(Bookmark(("study-4",)))
    async with reading(library) as reader:
        await reader.press("s", "l")
        assert reader.screen.sort == "likely"
        assert {int(one.split("-")[1]) % 3 for one in reader.ids[:7]} == {1}
        await reader.settle()
        words = reader.screen.view.page
        assert words
        assert words.likely
        assert words.likely.likely
        assert "likely" in reader.seen.splitlines()[0]
        await reader.press("m")
        assert "likeliest first" in text_of(reader, "progress")
        assert shown(reader) == next(one for one in reader.ids if one != "study-4")


def test_killed_triage_loses_no_verdict_that_was_shown(start: Start, tmp_path: Path) -> None:
    with Library.open(tmp_path / "library") as library:
        library.add([Paper(f"Study {n}", id=f"s{n}") for n in range(20)], "page")
    at = 0
    for keys in ("bdw", "d b", "wb"):
        carrel = start(80, 24)
        carrel.until("Study 0" if not at else "dismissed")
        carrel.type("m")
        carrel.until(f"Triage  {at + 1} of 20")
        for key in keys:
            at += 1
            carrel.type(key)
            carrel.until(f"Triage  {at + 1} of 20")
        carrel.kill()
        with Library.open(tmp_path / "library") as library:
            judged = "bdwd bwb"[:at]
            expected = {f"s{n}": key for n, key in enumerate(judged) if key != " "}
            assert marks(library) == expected


def place_shown(carrel: Terminal) -> int:
    """The number of verdicts before the paper on the screen."""
    found = re.search(r"Triage  (\d+) of 250", carrel.text)
    return int(found[1]) - 1 if found else 0


def verdicts(folder: Path) -> list[str]:
    """The verdicts in the order of the papers, as far as they go."""
    with Library.open(folder) as library:
        triage = library.triage(library.search("is:unread", limit=0))
        given = [triage.verdict(key) for key in triage.keys]
        assert triage.at == given.index("") if "" in given else len(given)
    return given[: triage.at] if not any(given[triage.at :]) else given


def type_and_kill(carrel: Terminal, keys: str, enough: int) -> None:
    """Type keys at once, and kill the reader when it shows enough verdicts."""
    carrel.type(keys)
    carrel.until(lambda: place_shown(carrel) >= enough)
    carrel.kill()


def test_250_papers_judged_in_bursts_and_killed_twice(start: Start, tmp_path: Path) -> None:
    folder, kept = tmp_path / "library", tmp_path / "carrel-selection.bib"
    with Library.open(folder) as library:
        papers = [Paper(f"Study {n}", f"It is number {n}.", id=f"s{n}") for n in range(250)]
        library.add(papers, "page")
    keys = ["bddw dbd"[at % 8] for at in range(250)]
    expected = [NAMED[key] for key in keys]
    at = 0
    for burst in (60, 70):
        carrel = start(80, 24, arguments="triage")
        carrel.until(f"Triage  {at + 1} of 250")
        type_and_kill(carrel, "".join(keys[at : at + burst]), at + burst - 15)
        shown, given = place_shown(carrel), verdicts(folder)
        assert len(given) >= shown
        assert given == expected[: len(given)]
        at = len(given)

    carrel = start(80, 24, arguments="triage")
    carrel.until(f"Triage  {at + 1} of 250")
    carrel.type("u")
    carrel.until("taken back")
    back = max(n for n in range(at) if keys[n] != " ")
    carrel.until(lambda: place_shown(carrel) == back)
    assert verdicts(folder)[back:] == []
    carrel.type("".join(keys[back:]))
    count = expected.count("kept")
    carrel.until(f"kept {count} · export: x")
    assert verdicts(folder) == expected
    carrel.type("x")
    carrel.until(f"Export {count} papers (selection)")
    carrel.type(ENTER)
    carrel.until(f"exported {count} papers")
    assert kept.read_text().count("@") == count
    carrel.type("q")
    assert carrel.ended() == 0


@pytest.mark.parametrize(("read_after", "is_read"), [(60.0, False), (1e-9, True), (0.0, False)])
async def test_paper_judged_after_the_time_of_reading_is_marked_read(
    library: Library, read_after: float, is_read: bool
) -> None:
    triage = library.triage(library.search("", limit=0))
    controller = TriageController(triage, asyncio.Lock(), read_after)
    await controller.start()
    assert controller.paper
    judged = controller.paper.id
    await controller.judge("dismissed")
    await controller.close()
    assert library.papers((judged,))[0].read == is_read
