"""The reader: copying, opening, exporting, importing; sort."""

import asyncio
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input

from index import Library
from tui.controllers.jobs import Jobs
from tui.platform import browser, clipboard
from tui.screens.dialogs.files import ExportDialog, PathDialog
from tui.screens.dialogs.texts import ReportScreen, TextScreen

from .conftest import HOSTILE, Open

# -- copying ---------------------------------------------------------------------------------------


async def test_copy_menu_each_key_copies_its_text(
    reading: Open, library: Library, system_clipboard: list[str]
) -> None:
    async with reading(library) as reader:
        await reader.press("j")
        for key, text in (
            ("y", "Study 01 of speech diffusion\nhttps://example.org/1"),
            ("t", "Study 01 of speech diffusion"), ("u", "https://example.org/1"),
            ("i", "study-1"), ("m", "[Study 01 of speech diffusion](<https://example.org/1>)"),
        ):  # fmt: skip
            reader.screen.footer.say("")
            await reader.press("y", key)
            assert reader.app.clipboard == text
            assert system_clipboard.pop() == text
            assert not system_clipboard
            assert reader.said.startswith("copied ")
            assert reader.said.endswith("to the terminal (OSC 52) and system clipboard")


async def test_copy_selection_copies_one_text(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("space", "space", "y", "b")
        assert reader.app.clipboard.count("@") == 2
        assert "{study-0," in reader.app.clipboard
        assert "copied BibTeX of 2 papers" in reader.said
        await reader.press("y", "a")
        assert reader.app.clipboard.count("We study") == 2


async def test_copy_without_system_clipboard_can_be_viewed(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard, "to_system", lambda _: False)
    async with reading(library) as reader:
        await reader.press("y", "u")
        assert reader.said == "no URL to copy"
        await reader.press("y", "t")
        assert reader.said.endswith("to the terminal (OSC 52) clipboard · view: y v")
        await reader.press("y", "v")
        assert isinstance(reader.app.screen, TextScreen)
        assert "Study 00 of watermarking" in reader.seen


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_copy_menu_fits_and_other_key_cancels(
    reading: Open, library: Library, width: int
) -> None:
    async with reading(library, size=(width, 24)) as reader:
        await reader.press("y")
        for words in ("y  title and link", "b  BibTeX", "m  Markdown", "v  view the last copy"):
            assert words in reader.seen
        await reader.press("q")
        assert reader.app.screen is reader.screen
        assert reader.app.clipboard == ""


async def test_copy_menu_click_copies(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("y")
        choice = next(w for w in reader.app.screen.query("Static") if w.name == "t")
        await reader.pilot.click(choice)
        await reader.settle()
        assert reader.app.clipboard == "Study 00 of watermarking language models"


# -- opening ---------------------------------------------------------------------------------------


async def test_browse_opens_link(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_link(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(browser, "_has_display", lambda: True)
    monkeypatch.setattr(webbrowser, "open", open_link)
    async with reading(library) as reader:
        await reader.press("o")
        assert reader.said == "this paper has no link"
        await reader.press("j", "o")
        assert opened == ["https://example.org/1"]
        assert reader.said == "opened https://example.org/1"


# -- exporting -------------------------------------------------------------------------------------


async def test_export_dialog_syncs_extension_and_format(
    reading: Open, marked: Library, home: Path
) -> None:
    async with reading(marked) as reader:
        await reader.press("x")
        dialog = reader.app.screen
        assert isinstance(dialog, ExportDialog)
        assert "Export 2 papers (bookmarks)" in reader.seen
        field = dialog.query_one(Input)
        assert (dialog.format, field.value) == ("bibtex", "carrel-bookmarks.bib")
        assert field.selected_text == "carrel-bookmarks.bib"  # so that typing replaces it
        await reader.press("down")
        assert (dialog.format, field.value) == ("biblatex", "carrel-bookmarks.biblatex")
        for _ in range(3):
            await reader.press("down")
        assert (dialog.format, field.value) == ("csl", "carrel-bookmarks.csl.json")
        await reader.press("down")
        assert (dialog.format, field.value) == ("html", "carrel-bookmarks.html")
        field.value = "notes.v2"
        await reader.press("up")
        assert field.value == "notes.v2.csl.json"
        field.value = "taken.csv"
        await reader.settle()
        assert dialog.format == "csv"
        await reader.press("enter")
        assert reader.said == "exported 2 papers to taken.csv"
        assert "study-4" in (home / "taken.csv").read_text()


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_export_dialog_confirms_overwrite(
    reading: Open, marked: Library, home: Path, size: tuple[int, int]
) -> None:
    there = home / "carrel-selection.bib"
    there.write_text("mine")
    async with reading(marked, size=size) as reader:
        await reader.press("space", "x", "enter")
        assert "exists · overwrite: Enter" in reader.seen
        assert "Esc cancel" in reader.seen
        assert there.read_text() == "mine"
        await reader.press("enter")
        assert "@" in there.read_text()
        assert reader.said.startswith("exported 1 paper to")


async def test_export_dialog_invalid_path_shows_error(
    reading: Open, library: Library, home: Path
) -> None:
    async with reading(library) as reader:
        await reader.press("x")
        assert reader.said.startswith("nothing to export")
        await reader.press("b", "x")
        reader.app.screen.query_one(Input).value = ""
        await reader.press("enter")
        assert "enter a file name" in reader.seen
        reader.app.screen.query_one(Input).value = "no/such/folder/[b].bib"
        await reader.press("enter")
        assert "no folder no/such/folder; enter another" in reader.seen
        for name in ("x" * 300 + ".bib", "~nobody-here/x.bib"):
            reader.app.screen.query_one(Input).value = name
            await reader.press("enter")
            assert "invalid file name: " in reader.seen
        (home / "link.bib").symlink_to("no-such-folder/x.bib")
        reader.app.screen.query_one(Input).value = "link.bib"
        await reader.press("enter")
        assert ": No such file or directory; try another file" in reader.said


# -- importing -------------------------------------------------------------------------------------


async def test_import_runs_in_background_and_reports(
    reading: Open, library: Library, home: Path
) -> None:
    page = home / "[b]new.jsonl"
    page.write_text('{"title": "Brand [b]New[/b]", "abstract": "Novelty"}\n{"title": 7}\n')
    async with reading(library) as reader:
        await reader.command("import")
        await reader.settle()
        dialog = reader.app.screen
        assert isinstance(dialog, PathDialog)
        dialog.query_one(Input).value = "nowhere.jsonl"
        await reader.press("enter")
        assert "no such file or folder" in reader.seen
        dialog.query_one(Input).value = str(page)
        await reader.press("enter")
        assert reader.said.startswith("2 papers read: 1 added, 1 skipped")
        assert isinstance(reader.app.screen, ReportScreen)
        await reader.press("enter")
        assert "of 32" in reader.seen
        await reader.search("novelty")
        assert "Brand [b]New[/b]" in reader.seen


async def test_unmoved_cursor_goes_to_new_papers(
    reading: Open, library: Library, home: Path
) -> None:
    page = home / "new.jsonl"
    page.write_text('{"title": "Brand New"}\n')
    async with reading(library) as reader:
        reader.screen.library_jobs.import_files(str(page))
        await reader.settle()
        assert reader.screen.papers.cursor == 0
        assert reader.current.title == "Brand New"


async def test_rebuild_command_rebuilds_index(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.command("rebuild")
        await reader.settle()
        assert reader.said.startswith("search index rebuilt in")
        await reader.search("graph")
        assert len(reader.ids) == 8


async def test_quit_cancels_jobs(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = threading.Event()

    def endless(_: Library, progress: Callable[[int, int], None]) -> None:
        try:
            while True:
                progress(1, 2)
        finally:
            stopped.set()

    async with reading(library) as reader:
        monkeypatch.setattr(Library, "rebuild", endless)
        await reader.command("rebuild")
        await reader.pilot.press("b", "q")
    assert await asyncio.to_thread(stopped.wait, 10)
    assert library.papers(["study-0"])[0].bookmarked


async def test_progress_is_shown_beside_message(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        reader.screen.footer.post_message(Jobs.Progress("indexing 200 of [b]400"))
        await reader.settle()
        assert "indexing 200 of [b]400" in reader.seen.splitlines()[-1]
        await reader.press("b")
        line = reader.seen.splitlines()[-1]
        assert "indexing 200…" in line
        assert line.strip().startswith("/ search")
        assert "undo: u" in line
        reader.screen.footer.post_message(Jobs.Progress(""))
        await reader.settle()
        assert "indexing" not in reader.seen.splitlines()[-1]


# -- the sort --------------------------------------------------------------------------------------


async def test_sort_menu_sorts_and_shows_order(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("s")
        assert "o  oldest" in reader.seen
        await reader.press("t")
        titles = [paper.title for paper in library.papers(reader.ids)]
        assert titles != sorted(titles)  # as readers sort them, not by code points
        assert reader.ids == library.ids(library.search(sort="title", limit=0).all_keys().tolist())
        assert "· title" in reader.seen.splitlines()[0]


async def test_dialogs_hostile_titles_are_harmless(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        for title in HOSTILE[:3]:
            reader.screen.footer.say(title)
            reader.app.push_screen(TextScreen(title, title))
            await reader.settle()
            assert reader.seen.count(title) >= 2
            await reader.press("escape")
            assert title[:40] in reader.seen.splitlines()[-1]
