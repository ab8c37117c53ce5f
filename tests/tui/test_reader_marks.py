"""The reader: bookmarks, tags, notes and read states, with their messages and undo."""

import asyncio

import pytest
from textual.widgets import Input, OptionList, TextArea

from index import Library
from index.marks.changes import Bookmark
from tui.screens.dialogs.marks import NoteDialog, TagDialog

from .conftest import Open, Reader


def paper_line(reader: Reader, row: int = 0) -> str:
    return reader.in_widget(reader.screen.papers).splitlines()[2 * row]


async def test_bookmark_key_toggles_and_reports(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        title = reader.current.title
        await reader.press("b")
        assert reader.current.bookmarked
        assert "★" in paper_line(reader)
        assert "★ bookmarked" in reader.in_widget(reader.screen.view)
        assert reader.said == f"bookmarked “{title}” · undo: u"
        assert reader.said in reader.seen.splitlines()[-1]
        await reader.press("b")
        assert not reader.current.bookmarked
        assert reader.said == f"unbookmarked “{title}” · undo: u"


async def test_read_state_has_sign(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        assert "●" not in paper_line(reader)
        await reader.press("r")
        assert "●" in paper_line(reader)
        assert reader.said.startswith("marked read")
        await reader.press("b", "r")
        assert "★  " in paper_line(reader)


async def test_marks_apply_to_selection_or_current_paper(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("space", "j", "space", "b")
        assert reader.said == "bookmarked 2 papers · undo: u"
        marked = [paper.id for paper in library.papers(reader.ids) if paper.bookmarked]
        assert marked == ["study-0", "study-2"]
        await reader.press("escape", "b")
        assert library.papers(["study-3"])[0].bookmarked


async def test_mark_applies_to_paper_at_key_press(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("b", "j", "b", "b", "b", "j", "j", "b")
        marked = [paper.id for paper in library.papers(reader.ids) if paper.bookmarked]
        assert marked == ["study-0", "study-1", "study-3"]


async def test_undo_and_redo_report_change(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("u")
        assert reader.said == "nothing to undo"
        await reader.press("A", "b", "escape", "r", "u", "u")
        assert reader.said == "undone: bookmarked 31 papers"
        assert not any(paper.bookmarked for paper in library.papers(reader.ids))
        await reader.press("ctrl+r")
        assert reader.said == "redone: bookmarked 31 papers"
        assert all(paper.bookmarked for paper in library.papers(reader.ids))


async def test_marked_paper_leaves_result_of_marks_query(reading: Open, library: Library) -> None:
    async with reading(library, query="is:unread graph") as reader:
        await reader.go_to("study-5")
        following = reader.ids[reader.screen.papers.cursor + 1]
        await reader.press("r")
        assert "study-5" not in reader.ids
        assert reader.current.id == following


async def test_quit_waits_for_marks(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.command("bookmark")
        await reader.command("quit")
        assert library.papers(["study-0"])[0].bookmarked


# -- tags ------------------------------------------------------------------------------------------


async def test_tag_dialog_completes_and_adds(reading: Open, marked: Library) -> None:
    async with reading(marked) as reader:
        await reader.go_to("study-7")
        await reader.press("t")
        dialog = reader.app.screen
        assert isinstance(dialog, TagDialog)
        assert "Tag this paper" in reader.seen
        assert "#nlp/rag  2" in reader.seen
        await reader.press(*"nl", "tab", *"x/y,z", "enter")
        assert reader.app.screen is reader.screen
        assert marked.papers(["study-7"])[0].tags == ("nlp/rag", "x/y", "z")
        assert "#nlp/rag #x/y #z" in reader.in_widget(reader.screen.papers).splitlines()[15]
        assert "tagged +nlp/rag +x/y +z" in reader.said
        assert "#nlp/rag #x/y #z" in reader.in_widget(reader.screen.view)
        assert "z" in {row.value for row in reader.screen.facets.rows if row.field == "tag"}


async def test_tag_dialog_arrows_pick_tag(reading: Open, marked: Library) -> None:
    async with reading(marked) as reader:
        await reader.go_to("study-7")
        await reader.press("t", "down", "down", "enter")
        assert marked.papers(["study-7"])[0].tags == ("toread",)
        await reader.press("t", *"new n", "down", "enter")
        assert marked.papers(["study-7"])[0].tags == ("new", "nlp/rag", "toread")


async def test_tag_dialog_click_completes(reading: Open, marked: Library) -> None:
    async with reading(marked) as reader:
        await reader.press("t")
        await reader.pilot.click(OptionList, offset=(3, 1))
        assert reader.app.screen.query_one(Input).value == "toread "


async def test_tag_dialog_invalid_tag_shows_error(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("t")
        reader.app.screen.query_one(Input).value = "[b] !!"
        await reader.press("enter")
        assert "invalid tag '!!'" in reader.seen
        await reader.press("escape")
        assert reader.app.screen is reader.screen
        assert reader.current.tags == ()


async def test_untag_dialog_offers_existing_tags(reading: Open, marked: Library) -> None:
    async with reading(marked) as reader:
        await reader.press("T")
        assert reader.said == "no tags to remove"
        await reader.go_to("study-1")
        await reader.press("T", *"xy", "enter")
        assert "no such tag here: 'xy'" in reader.seen
        reader.app.screen.query_one(Input).value = "to"
        await reader.press("enter")
        assert marked.papers(["study-1"])[0].tags == ("nlp/rag",)
        assert reader.said.startswith("tagged -toread")


# -- notes -----------------------------------------------------------------------------------------


async def test_note_dialog_write_show_delete(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("e")
        reader.app.screen.query_one(TextArea).text = "[/INST] see [b]2[/b]\nsecond"
        await reader.press("ctrl+s")
        assert reader.said.startswith("noted")
        assert "[/INST] see [b]2[/b]" in reader.in_widget(reader.screen.view)
        assert "✎" in reader.in_widget(reader.screen.papers).splitlines()[1]
        await reader.press("e")
        reader.app.screen.query_one(TextArea).text = ""
        await reader.press("ctrl+s")
        assert reader.said.startswith("note removed")
        assert library.papers(["study-0"])[0].note == ""


async def test_note_dialog_confirms_discard(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("e")
        reader.app.screen.query_one(TextArea).text = "half"
        await reader.press("escape")
        assert isinstance(reader.app.screen, NoteDialog)
        assert "not saved" in reader.seen
        await reader.press("escape")
        assert reader.app.screen is reader.screen
        assert library.papers(["study-0"])[0].note == ""


# -- large changes ---------------------------------------------------------------------------------


async def test_keys_work_during_large_change(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(library) as reader:
        loop, started, goes_on = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        apply = Library.apply

        def slow(self: Library, change: object) -> object:
            loop.call_soon_threadsafe(started.set)
            asyncio.run_coroutine_threadsafe(goes_on.wait(), loop).result(10)
            return apply(self, change)  # type: ignore[arg-type]  # passed on as it came

        monkeypatch.setattr(Library, "apply", slow)
        await reader.pilot.press("A", "b")
        await started.wait()
        await reader.pilot.press("j", "j")
        assert reader.screen.papers.cursor == 2
        goes_on.set()
        await reader.settle()
        assert reader.said == "bookmarked 31 papers · undo: u"


async def test_dismissed_paper_leaves_the_list_until_undone(
    reading: Open, library: Library
) -> None:
    async with reading(library) as reader:
        before = reader.ids
        await reader.press("j", "d")
        assert reader.said.startswith("dismissed “")
        assert reader.ids == [before[0], *before[2:]]
        assert reader.current.id == before[2]
        assert "1 dismissed" in reader.seen
        await reader.press("u")
        assert reader.ids == before


async def test_dismissal_is_ended_in_the_list_of_dismissed(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        before = reader.ids
        await reader.press("d")
        await reader.search("is:dismissed")
        assert reader.ids == before[:1]
        await reader.press("d")
        assert reader.ids == []
        await reader.search("")
        assert reader.ids == before


async def test_queue_is_in_the_order_of_w_and_alt_arrows_move_in_it(
    reading: Open, library: Library
) -> None:
    async with reading(library) as reader:
        one, two, three = reader.ids[:3]
        await reader.press("w", "j", "w", "j", "w")
        await reader.search("is:later")
        assert reader.ids == [one, two, three]
        await reader.press("G", "alt+up")
        assert reader.ids == [one, three, two]
        assert reader.current.id == three
        await reader.press("alt+down")
        assert reader.ids == [one, two, three]
        assert "3 to read later" in reader.in_widget(reader.screen.view)
        await reader.press("w")
        assert reader.ids == [one, two]


async def test_marks_of_another_program_appear(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(library) as reader:
        monkeypatch.setattr("tui.controllers.marks.POLL_INTERVAL_S", 0.01)
        reader.screen.marks.watch()
        with Library.open(library.folder) as other:
            other.apply(Bookmark((reader.current.id,)))
        while not reader.current.bookmarked:
            await reader.pilot.pause()
        assert "★" in paper_line(reader)
