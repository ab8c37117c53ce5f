"""Flow: next unread, ranges, back and forward through papers, reading by time, the queue."""

from collections.abc import Callable

import pytest

from index import Library
from index.marks.changes import Dismissed, Later, Read
from index.papers.paper import PaperKey
from tui.config.configuration import Config
from tui.controllers import reading as reading_controller
from tui.controllers.range_selection import RangeSelection
from tui.controllers.visited_papers import MAX_VISITED_PAPERS, VisitedPapers

from .conftest import Open, Reader

Wait = Callable[[Callable[[], object]], object]


def selected(reader: Reader) -> set[str]:
    return set(reader.screen.library.ids(reader.screen.selection))


# -- next unread -----------------------------------------------------------------------------------


async def test_next_unread_skips_read_papers_and_goes_on_from_the_top(
    reading: Open, library: Library
) -> None:
    async with reading(library) as reader:
        ids = reader.ids
        library.apply(Read(tuple(ids[1:4]) + tuple(ids[6:])))
        await reader.press("J")
        assert reader.current.id == ids[4]
        await reader.press("J")
        assert reader.current.id == ids[5]
        await reader.press("J")
        assert reader.current.id == ids[0]
        assert reader.said == "the first unread paper; there is none below"


async def test_next_unread_without_any_says_so(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        library.apply(Read(tuple(reader.ids)))
        await reader.press("j", "J")
        assert reader.screen.papers.cursor == 1
        assert reader.said == "no unread papers in this list"


async def test_next_unread_of_dismissed_papers(reading: Open, library: Library) -> None:
    library.apply(Dismissed(("study-1", "study-2", "study-3")))
    library.apply(Read(("study-2",)))
    async with reading(library, query="is:dismissed") as reader:
        assert reader.ids == ["study-1", "study-2", "study-3"]
        await reader.press("J")
        assert reader.current.id == "study-3"


# -- ranges ----------------------------------------------------------------------------------------


async def test_range_is_selected_as_the_cursor_moves(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        ids = reader.ids
        await reader.press("j", "v", "j", "j")
        assert selected(reader) == set(ids[1:4])
        await reader.press("k")
        assert selected(reader) == set(ids[1:3])
        await reader.press("k", "k")
        assert selected(reader) == set(ids[:2])
        assert reader.seen.splitlines()[-1].startswith(" Esc back  v keep")
        await reader.press("v", "j", "j", "j")
        assert selected(reader) == set(ids[:2])


async def test_mark_applies_to_the_range_once(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        ids = reader.ids
        await reader.press("space", "j", "v", "j", "b")  # the first is selected by hand
        marked = {hit.id for hit in library.search("is:bookmarked").hits}
        assert marked == {ids[0], ids[2], ids[3]}
        assert selected(reader) == {ids[0]}
        assert not reader.screen.range.active


async def test_escape_leaves_the_range(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        first = reader.ids[0]
        await reader.press("space", "v", "j", "j", "escape")
        assert selected(reader) == {first}
        assert not reader.screen.range.active


async def test_search_ends_the_range_and_keeps_its_papers(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        ids = reader.ids
        await reader.press("v", "j")
        await reader.search("graph")
        reader.screen.papers.move(2)
        await reader.settle()
        assert selected(reader) == set(ids[:2])


def test_range_grows_in_both_directions() -> None:
    one, two, three, nine = map(PaperKey, (1, 2, 3, 9))
    chosen = RangeSelection()
    chosen.start(lambda start, stop: [1, 2, 3][start:stop], 1, frozenset({nine}))
    assert chosen.extend(2) == {two, three, nine}
    assert chosen.extend(0) == {one, two, nine}
    assert chosen.end() == {nine}
    assert not chosen.active


# -- papers read -----------------------------------------------------------------------------------


async def test_back_and_forward_through_opened_papers(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        for name in ("study-1", "study-4"):
            await reader.go_to(name)
            await reader.press("enter", "escape")
        await reader.search("graph")
        assert "study-1" not in reader.ids
        await reader.go_to("study-2")
        await reader.press("alt+left")  # from a list that does not have the paper
        assert reader.current.id == "study-4"
        assert "Papers read" in reader.seen
        await reader.press("alt+left")
        assert reader.current.id == "study-1"
        await reader.press("alt+left")
        assert reader.said == "no paper read before this"
        await reader.press("alt+right", "alt+right")
        assert reader.current.id == "study-2"
        await reader.press("escape")
        assert reader.screen.bar.value == "graph"
        assert reader.current.id == "study-2"
        assert "study-4" not in reader.ids


async def test_papers_read_come_back_with_the_session(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        for name in ("study-1", "study-4", "study-7"):
            await reader.go_to(name)
            await reader.press("enter", "escape")
    library.editing.remove(library.keys(["study-4"]))
    async with reading(library) as reader:
        await reader.press("alt+left")
        assert reader.current.id == "study-1"


def test_visit_ends_the_way_forward() -> None:
    visited = VisitedPapers(map(PaperKey, (1, 2, 3)))
    assert visited.step(1) is None
    assert visited.step(-1) == 2
    visited.visit(PaperKey(2))
    assert visited.step(1) == 3
    visited.step(-1)
    visited.visit(PaperKey(9))
    assert (visited.keys, visited.step(1), visited.step(-1)) == ([1, 2, 9], None, 2)
    visited.keep([PaperKey(1), PaperKey(9)])
    assert (visited.keys, visited.at) == ([1, 9], 1)


def test_visited_papers_are_bounded() -> None:
    visited = VisitedPapers()
    assert visited.step(-1) is None
    for number in range(3 * MAX_VISITED_PAPERS):
        visited.visit(PaperKey(number))
    assert len(visited.keys) == MAX_VISITED_PAPERS
    assert visited.keys[visited.at] == 3 * MAX_VISITED_PAPERS - 1


# -- reading by time -------------------------------------------------------------------------------


async def settled_until(reader: Reader, holds: Callable[[], object]) -> None:
    for _ in range(1_000):
        if holds():
            return
        await reader.pilot.pause(0.01)
    raise AssertionError("not within ten seconds")


async def test_paper_that_stays_on_the_screen_is_read(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_controller, "VISIT_AFTER_S", 0.01)
    async with reading(library, Config(read_after=0.01)) as reader:
        first = reader.ids[0]
        await settled_until(reader, lambda: library.search("is:read").total)
        assert [hit.id for hit in library.search("is:read").hits] == [first]
        await settled_until(reader, lambda: reader.screen.visited.keys)
        assert library.ids(reader.screen.visited.keys) == [first]
        await reader.settle()
        await reader.command("undo")
        await reader.settle()
        assert library.search("is:read").total == 0
        assert reader.current.id == first  # which is not marked again while it stays


async def test_paper_under_a_dialog_is_not_read(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(library) as reader:
        controller, screen = reader.screen.reading, reader.screen
        await reader.press("question_mark")
        key = library.keys([reader.ids[0]])[0]
        controller._stayed(key, screen.visited.visit)
        assert screen.visited.keys == []
        await reader.press("escape")
        controller._stayed(key, screen.visited.visit)
        assert screen.visited.keys == [key]


async def test_papers_stay_unread_by_default(reading: Open, library: Library) -> None:
    assert Config().read_after == 0
    async with reading(library) as reader:
        await reader.press("j", "k")
        assert len(reader.screen.reading._timers) == 1  # that of the visit


# -- the queue -------------------------------------------------------------------------------------


async def test_queue_is_reordered_in_a_list_that_follows_it(
    reading: Open, library: Library
) -> None:
    for name in ("study-1", "study-2", "study-3", "study-4"):
        library.apply(Later((name,)))
    async with reading(library, query="is:later") as reader:
        assert reader.ids == ["study-1", "study-2", "study-3", "study-4"]
        await reader.go_to("study-3")
        await reader.press("alt+up")
        assert reader.ids == ["study-1", "study-3", "study-2", "study-4"]
        assert reader.current.id == "study-3"
        await reader.press("alt+up", "alt+up")
        assert reader.ids == ["study-3", "study-1", "study-2", "study-4"]
        await reader.press("alt+down", "u")
        assert reader.ids == ["study-3", "study-1", "study-2", "study-4"]
        assert reader.current.id == "study-3"
