"""The reader: bookmarks, tags, notes and read marks; how they are said, seen and taken back."""

import asyncio

import pytest
from textual.widgets import Input, OptionList, TextArea

from index import Library
from tui.screens.dialogs.marks import NoteDialog, TagDialog

from .conftest import Open, Reader


def paper_line(reader: Reader, row: int = 0) -> str:
    return reader.in_widget(reader.screen.papers).splitlines()[2 * row]


async def test_a_bookmark_comes_and_goes_with_words_on_the_status_line(
    reading: Open, library: Library
) -> None:
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


async def test_read_and_unread_are_told_by_a_sign(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        assert "○" in paper_line(reader)
        await reader.press("r")
        assert "○" not in paper_line(reader)
        assert reader.said.startswith("marked read")
        await reader.press("b", "r")
        assert "★○" in paper_line(reader)


async def test_marks_act_on_the_selection_else_on_the_paper_under_the_cursor(
    reading: Open, library: Library
) -> None:
    async with reading(library) as reader:
        await reader.press("space", "j", "space", "b")
        assert reader.said == "bookmarked 2 papers · undo: u"
        marked = [paper.id for paper in library.papers(reader.ids) if paper.bookmarked]
        assert marked == ["study-0", "study-2"]
        await reader.press("escape", "b")
        assert library.papers(["study-3"])[0].bookmarked


async def test_a_mark_goes_to_the_paper_it_was_pressed_on(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("b", "j", "b", "b", "b", "j", "j", "b")
        marked = [paper.id for paper in library.papers(reader.ids) if paper.bookmarked]
        assert marked == ["study-0", "study-1", "study-3"]


async def test_undo_and_redo_say_what_they_did(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("u")
        assert reader.said == "nothing to undo"
        await reader.press("A", "b", "escape", "r", "u", "u")
        assert reader.said == "undone: bookmarked 31 papers"
        assert not any(paper.bookmarked for paper in library.papers(reader.ids))
        await reader.press("ctrl+r")
        assert reader.said == "redone: bookmarked 31 papers"
        assert all(paper.bookmarked for paper in library.papers(reader.ids))


async def test_marks_leave_a_result_that_asks_for_them(reading: Open, library: Library) -> None:
    async with reading(library, query="is:unread graph") as reader:
        await reader.go_to("study-5")
        following = reader.ids[reader.screen.papers.cursor + 1]
        await reader.press("r")
        assert "study-5" not in reader.ids
        assert reader.current.id == following


async def test_quitting_waits_for_the_marks_asked_for(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.command("bookmark")
        await reader.command("quit")
        assert library.papers(["study-0"])[0].bookmarked


# -- tags ------------------------------------------------------------------------------------------


async def test_tags_are_asked_for_completed_and_given(reading: Open, marked: Library) -> None:
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
        assert "#" in reader.in_widget(reader.screen.papers).splitlines()[15][:6]
        assert "tagged +nlp/rag +x/y +z" in reader.said
        assert "#nlp/rag #x/y #z" in reader.in_widget(reader.screen.view)
        assert "z" in {row.value for row in reader.screen.facets.rows if row.field == "tag"}


async def test_a_tag_can_be_picked_with_the_arrows(reading: Open, marked: Library) -> None:
    async with reading(marked) as reader:
        await reader.go_to("study-7")
        await reader.press("t", "down", "down", "enter")
        assert marked.papers(["study-7"])[0].tags == ("toread",)
        await reader.press("t", *"new n", "down", "enter")
        assert marked.papers(["study-7"])[0].tags == ("new", "nlp/rag", "toread")


async def test_a_tag_can_be_clicked(reading: Open, marked: Library) -> None:
    async with reading(marked) as reader:
        await reader.press("t")
        await reader.pilot.click(OptionList, offset=(3, 1))
        assert reader.app.screen.query_one(Input).value == "toread "


async def test_what_is_no_tag_is_said_in_the_dialog(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("t")
        reader.app.screen.query_one(Input).value = "[b] !!"
        await reader.press("enter")
        assert "invalid tag '!!'" in reader.seen
        await reader.press("escape")
        assert reader.app.screen is reader.screen
        assert reader.current.tags == ()


async def test_untag_offers_the_tags_that_are_there(reading: Open, marked: Library) -> None:
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


async def test_a_note_is_written_shown_as_it_reads_and_taken_away(
    reading: Open, library: Library
) -> None:
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


async def test_leaving_a_note_half_written_is_asked_twice(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("e")
        reader.app.screen.query_one(TextArea).text = "half"
        await reader.press("escape")
        assert isinstance(reader.app.screen, NoteDialog)
        assert "not saved" in reader.seen
        await reader.press("escape")
        assert reader.app.screen is reader.screen
        assert library.papers(["study-0"])[0].note == ""


# -- many ------------------------------------------------------------------------------------------


async def test_keys_work_while_many_papers_are_marked(
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
