"""The reader: papers edited, added, removed and split."""

import pytest
from textual.widgets import OptionList, TextArea

from index import Library, Paper
from tui.screens.dialogs.records import RecordsDialog

from .conftest import Open, Reader

TITLE = "Deep nets for cold lakes"
PREPRINT = Paper(TITLE, id="ewe19", authors=("Eva Ewe",), year=2019, arxiv_id="1901.00001")
PUBLISHED = Paper(TITLE, id="ewe20", authors=("Eva Ewe",), year=2020, doi="10.1000/lakes")


@pytest.fixture
def lakes(library: Library) -> Library:
    library.add([PREPRINT], "arxiv")
    library.add([PUBLISHED], "bib")
    library.index.sync()
    return library


async def write(reader: Reader, command: str, change: tuple[str, str]) -> None:
    await reader.command(command)
    await reader.settle()
    area = reader.app.screen.query_one(TextArea)
    area.text = area.text.replace(*change)
    await reader.press("ctrl+s")


async def test_edit_paper_changes_it_and_is_undone(reading: Open, lakes: Library) -> None:
    async with reading(lakes) as reader:
        await reader.search("cold lakes")
        await write(reader, "edit_paper", ("Deep", "Shallow"))
        assert reader.said == "edited “Shallow nets for cold lakes”: title · undo: u"
        assert "Shallow nets" in reader.seen
        await reader.press("u")
        assert lakes.papers(["ewe19"])[0].title == TITLE


async def test_edit_paper_that_cannot_be_read_stays_open(reading: Open, lakes: Library) -> None:
    async with reading(lakes) as reader:
        await reader.search("cold lakes")
        await write(reader, "edit_paper", ("@", ""))
        assert "cannot read the edited text" in reader.seen
        await reader.press("escape", "escape")
        assert lakes.papers(["ewe19"])[0].title == TITLE


async def test_add_paper_adds_it(reading: Open, lakes: Library) -> None:
    async with reading(lakes) as reader:
        await write(reader, "add_paper", ("title = {}", "title = {A Desk for Reading}"))
        assert reader.said == "added “A Desk for Reading” · undo: u"
        assert lakes.papers(["desk-reading"])[0].sources[0].name == "you"


async def test_remove_paper_removes_it_and_is_undone(reading: Open, lakes: Library) -> None:
    async with reading(lakes) as reader:
        await reader.search("cold lakes")
        await reader.command("remove_paper")
        await reader.settle()
        assert reader.said == f"removed “{TITLE}” · undo: u"
        assert "ewe19" not in reader.ids
        await reader.press("u")
        assert "ewe19" in reader.ids


async def test_records_lists_sources_and_splits(reading: Open, lakes: Library) -> None:
    async with reading(lakes) as reader:
        await reader.search("cold lakes")
        await reader.command("records")
        await reader.settle()
        assert isinstance(reader.app.screen, RecordsDialog)
        assert "same title, author in common" in reader.seen
        assert "10.1000/lakes" in reader.seen
        await reader.press("enter")
        assert reader.said == f"split “{TITLE}” from ewe19 · undo: u"
        assert set(reader.ids) == {"ewe19", "ewe20"}
        await reader.command("records")
        await reader.settle()
        await reader.press("enter")
        assert "the only record" in reader.seen
        await reader.press("escape")


async def test_duplicates_screen_splits_retained_paper(reading: Open, lakes: Library) -> None:
    lakes.add([Paper("Deep nets for cold lake", id="twin", authors=("Eva Ewe",))], "other")
    lakes.index.sync()
    async with reading(lakes) as reader:
        await reader.command("duplicates")
        await reader.settle()
        await reader.press("s")
        assert isinstance(reader.app.screen, RecordsDialog)
        assert reader.app.screen.query_one(OptionList).option_count == 2
        await reader.press("enter")
        assert "split" in reader.seen
        assert lakes.keys(["ewe20"]) != lakes.keys(["ewe19"])


async def test_read_only_library_is_read_and_refuses_marks(reading: Open, lakes: Library) -> None:
    file = lakes.folder / "carrel.db"
    lakes.close()
    file.chmod(0o444)
    with Library.open(lakes.folder) as library:
        async with reading(library) as reader:
            await reader.search("cold lakes")
            assert reader.ids == ["ewe19"]
            await reader.press("b")
            assert "it is read-only; make it writable" in reader.said
    file.chmod(0o600)
