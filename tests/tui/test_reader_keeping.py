"""The reader: kept files, written in the background after changes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index import Library
from index.formats import USUAL
from tui.controllers import kept_files
from tui.screens.dialogs.files import ExportDialog
from tui.screens.dialogs.texts import TextScreen

from .conftest import Open, Reader


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_files, "DELAY_S", 0.01)


@pytest.fixture
def target(library: Library, home: Path) -> Path:
    """A kept file of the bookmarks."""
    path = home / "reading.bib"
    library.kept.add(path, "bibtex", USUAL)
    return path


async def until(reader: Reader, condition: Callable[[], bool]) -> None:
    """Wait until the kept files are written."""
    for _ in range(500):
        if condition():
            return
        await reader.pilot.pause(0.01)
    raise AssertionError("not written")


async def test_bookmark_writes_kept_file(reading: Open, library: Library, target: Path) -> None:
    async with reading(library, query="id:study-1") as reader:
        await reader.press("b")
        await until(reader, lambda: "study-1" in target.read_text("utf-8"))
        await reader.press("u")
        await until(reader, lambda: target.read_text("utf-8") == "")


async def test_changes_are_written_once_they_stop(
    reading: Open, library: Library, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_files, "DELAY_S", 600.0)
    async with reading(library, query="id:study-1") as reader:
        await reader.press("b")
        assert target.read_text("utf-8") == ""
        reader.screen.kept_files.sync()
        await reader.settle()
        assert "study-1" in target.read_text("utf-8")


async def test_file_changed_by_hand_is_reported(
    reading: Open, library: Library, target: Path
) -> None:
    target.write_text("by hand")
    async with reading(library, query="id:study-1") as reader:
        await reader.press("b")
        await until(reader, lambda: "changed since Carrel wrote it" in reader.said)
        assert target.read_text() == "by hand"


async def test_keep_file_command_keeps_the_search(
    reading: Open, library: Library, home: Path
) -> None:
    async with reading(library, query="graph") as reader:
        await reader.command("keep_file")
        await reader.settle()
        dialog = reader.app.screen
        assert isinstance(dialog, ExportDialog)
        assert "Keep graph" in reader.seen
        await reader.press("enter")
        (file,) = library.kept.all()
        assert (file.path, file.query, file.format) == (home / "carrel-kept.bib", "graph", "bibtex")
        assert reader.said.startswith(f"keeping {file.path}: 8 papers")
        await reader.command("kept_files")
        await reader.settle()
        assert isinstance(reader.app.screen, TextScreen)
        assert "8 papers · current" in reader.seen


async def test_kept_files_command_without_files_says_so(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.command("kept_files")
        await reader.settle()
        assert reader.said.startswith("no kept files")
