"""The reader: bookmarks, read states, dismissals and the queue, with their messages and undo."""

import asyncio
from collections.abc import Callable

import pytest

from index import Library
from index.marks.changes import Bookmark, Change, Dismissed, Later, Read
from tui.screens.presenter import ResultPresenter

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
        assert "to read later: no. 3" in reader.in_widget(reader.screen.view)
        await reader.press("w")
        assert reader.ids == [one, two]


async def test_marks_of_another_program_appear(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(library) as reader:
        monkeypatch.setattr("tui.controllers.marks.POLL_INTERVAL_S", 0.01)
        await reader.screen.marks.watch()
        with Library.open(library.folder) as other:
            other.apply(Bookmark((reader.current.id,)))
        while not reader.current.bookmarked:
            await reader.pilot.pause()
        assert "★" in paper_line(reader)


async def test_marks_that_another_program_writes_during_the_start_appear(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = ResultPresenter.counted

    async def bookmark_and_count(presenter: ResultPresenter) -> None:
        with Library.open(library.folder) as other:
            other.apply(Bookmark(("study-0",)))
        await counted(presenter)

    monkeypatch.setattr(ResultPresenter, "counted", bookmark_and_count)
    monkeypatch.setattr("tui.controllers.marks.POLL_INTERVAL_S", 0.01)
    async with reading(library) as reader:
        while not reader.current.bookmarked:
            await reader.pilot.pause()


@pytest.mark.parametrize(
    ("key", "change"), [("b", Bookmark), ("r", Read), ("d", Dismissed), ("w", Later)]
)
async def test_toggle_of_mark_set_elsewhere_keeps_it(
    reading: Open, library: Library, key: str, change: Callable[[tuple[str, ...], bool], Change]
) -> None:
    async with reading(library) as reader:
        with Library.open(library.folder) as other:
            other.apply(change((reader.current.id,), True))
            before = other.marks.of(["study-0"])
            await reader.press(key)
            assert other.marks.of(["study-0"]) == before  # as the screen implies
            assert reader.said == "nothing to change"


async def test_repeated_toggle_alternates_before_marks_are_shown(
    reading: Open, library: Library
) -> None:
    async with reading(library) as reader:
        for _ in range(3):
            await reader.command("bookmark")  # faster than the marks are shown
        await reader.settle()
        assert library.papers(["study-0"])[0].bookmarked
        assert len(library.marks.log()) == 3
        await reader.press("b")
        assert not library.papers(["study-0"])[0].bookmarked


async def test_toggle_of_selection_out_of_view_uses_library(
    reading: Open, library: Library
) -> None:
    library.apply(Bookmark(("study-1", "study-2")))
    async with reading(library) as reader:
        reader.screen.selection = frozenset(library.keys(["study-1", "study-2"]))
        await reader.search("code")
        assert "study-1" not in reader.ids
        reader.screen.papers.forget()
        await reader.command("bookmark")
        await reader.settle()
        assert not any(paper.bookmarked for paper in library.papers(["study-1", "study-2"]))
