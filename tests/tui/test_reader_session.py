"""The session of a library: query, sort, cursor, selection and layout come back."""

import json
import os
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from index import Library, Paper
from tui.config.configuration import Config
from tui.config.state import (
    MAX_SESSIONS,
    ReaderState,
    SessionState,
    load_state,
    save_state,
    state_file,
)
from tui.screens import presenter
from tui.widgets.paper_list import PaperList

from .conftest import Open, Reader


def selected(reader: Reader) -> set[str]:
    return set(reader.screen.library.ids(reader.screen.selection))


async def leave_a_session(reading: Open, library: Library) -> None:
    """Search, sort, select two papers, put the cursor on a third, and change the layout."""
    async with reading(library) as reader:
        await reader.search("graph")
        reader.screen.sort = "title"
        await reader.settle()
        await reader.go_to("study-2")
        await reader.command("select")
        await reader.command("select")
        reader.screen.desk.choose("stack")
        reader.screen.desk.toggle_dense()
        await reader.go_to("study-11")


async def test_session_is_restored(reading: Open, library: Library) -> None:
    await leave_a_session(reading, library)
    async with reading(library) as reader:
        assert reader.screen.bar.value == "graph"
        assert reader.screen.sort == "title"
        assert reader.current.id == "study-11"
        assert selected(reader) == {"study-2", "study-5"}
        assert reader.screen.panes.layout_name == "stack"
        assert reader.screen.papers.row_style.dense
        await reader.press("b")
        marked = library.search("is:bookmarked").hits
        assert {hit.id for hit in marked} == {"study-2", "study-5"}


async def test_session_is_saved_at_rest_for_a_reader_that_is_killed(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(library) as reader:
        look = partial(reader.screen.session.save_at_rest, reader.screen)

        async def saved() -> ReaderState:
            look()
            await reader.settle()
            return load_state(state_file())

        await reader.search("graph")
        await reader.press("space")
        reader.screen.panes.resize_list(1)
        assert (await saved()).sessions == {}  # it may be changing still
        session = (await saved()).sessions[library.identity]
        assert session.query == "graph"
        assert len(session.selection) == 1
        assert (await saved()).shares == reader.screen.panes.shares
        written: list[Path] = []
        monkeypatch.setattr("tui.screens.session.save_state", lambda path, _: written.append(path))
        for _ in range(3):
            await saved()
        assert written == []
        reader.screen.panes.resize_list(1)
        for _ in range(3):
            await saved()
        assert written == [state_file()]


async def test_session_of_an_open_reader_is_saved(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.session.SAVE_INTERVAL_S", 0.01)
    async with reading(library) as reader:
        await reader.search("graph")
        while not (found := load_state(state_file()).sessions) or not found[library.identity].query:
            await reader.pilot.pause()
        assert found[library.identity].query == "graph"


async def test_fresh_reader_has_no_session(reading: Open, library: Library) -> None:
    await leave_a_session(reading, library)
    async with reading(library, fresh=True) as reader:
        assert reader.screen.bar.value == ""
        assert reader.screen.sort == "relevance"
        assert reader.screen.papers.cursor == 0
        assert not selected(reader)
        assert reader.screen.panes.layout_name == "split"


async def test_query_given_replaces_that_of_the_session(reading: Open, library: Library) -> None:
    await leave_a_session(reading, library)
    async with reading(library, query="speech") as reader:
        assert reader.screen.bar.value == "speech"
        assert reader.screen.sort == "relevance"
        assert reader.screen.papers.cursor == 0
        assert selected(reader) == {"study-2", "study-5"}


async def test_session_of_another_library_is_not_used(
    reading: Open, library: Library, tmp_path: Path
) -> None:
    await leave_a_session(reading, library)
    with Library.open(tmp_path / "other") as other:
        other.add([Paper(f"Graph {n}", id=f"g{n}") for n in range(20)], "page")
        async with reading(other) as reader:
            assert reader.screen.bar.value == ""
            assert not selected(reader)
    async with reading(library) as reader:
        assert reader.screen.bar.value == "graph"


async def test_papers_deleted_since_are_left_out(reading: Open, library: Library) -> None:
    await leave_a_session(reading, library)
    library.editing.remove(library.keys(["study-2", "study-11"]))
    async with reading(library) as reader:
        assert selected(reader) == {"study-5"}
        assert reader.screen.papers.cursor == 0
        assert reader.current.id in reader.ids


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", "\0", '{"sessions": 3}', "[" * 100_000,
        '{"layout": "three", "dense": 1, "shares": {"three": "x"}, "sessions": {}}',
    ],
)  # fmt: skip
async def test_damaged_state_is_ignored_and_replaced(
    reading: Open, library: Library, text: str
) -> None:
    state_file().parent.mkdir(parents=True)
    state_file().write_text(text)
    async with reading(library) as reader:
        assert len(reader.ids) == 31
        await reader.search("graph")
    assert load_state(state_file()).sessions[library.identity].query == "graph"


@pytest.mark.parametrize(
    "change",
    [
        {"sort": "sideways"},
        {"paper": -1},
        {"paper": 10**30},
        {"selection": [0, -5, 10**30]},
        {"visited": [999_999]},
        {"query": '"(title: [b]'},
    ],
    ids=str,
)
async def test_odd_session_is_harmless(
    reading: Open, library: Library, change: dict[str, object]
) -> None:
    session = {**asdict(SessionState()), **change}
    state = {**asdict(ReaderState()), "sessions": {library.identity: session}}
    state_file().parent.mkdir(parents=True)
    state_file().write_text(json.dumps(state))
    async with reading(library) as reader:
        await reader.search("")
        assert len(reader.ids) == 31
        assert not selected(reader)
        await reader.press("alt+left", "j", "b")
        assert library.search("is:bookmarked").total == 1


def test_sessions_of_long_ago_are_dropped(tmp_path: Path) -> None:
    state = ReaderState()
    for number in range(MAX_SESSIONS + 5):
        state = state.with_session(f"library {number}", SessionState(query=str(number)))
    state = state.with_session("library 9", SessionState(query="again"))
    assert len(state.sessions) == MAX_SESSIONS
    assert list(state.sessions)[-1] == "library 9"
    save_state(tmp_path / "reader.json", state)
    assert load_state(tmp_path / "reader.json") == state


async def test_new_papers_are_counted_marked_and_found(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        assert "new" not in reader.said
    library.add([Paper("Just Arrived", "It is new."), Paper("Arrived Too")], "page two")
    library.index.sync()
    async with reading(library) as reader:
        assert reader.said == "2 new papers since the last visit · show: / is:new"
        assert reader.seen.count(" N ") == 2
        await reader.search("is:new")
        assert {paper.title for paper in library.papers(reader.ids)} == {
            "Just Arrived", "Arrived Too",
        }  # fmt: skip
        await reader.press("r")
        assert reader.seen.count(" N ") == 1  # a paper that was read is not marked as new
        await reader.search("")
    with Library.open(library.folder) as later:
        async with reading(later) as reader:
            assert reader.said == ""
            assert " N " not in reader.seen


async def test_configured_sort_applies_unless_another_was_chosen(
    reading: Open, library: Library
) -> None:
    async with reading(library):
        pass
    async with reading(library, Config(sort="oldest")) as reader:
        assert reader.screen.sort == "oldest"


def test_state_is_in_the_state_folder(home: Path) -> None:
    assert str(state_file()).startswith(os.environ["XDG_STATE_HOME"])


# -- the order of a start --------------------------------------------------------------------------


async def test_start_counts_filters_before_anything_else(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def record(name: str) -> None:
        method = getattr(library, name)

        def recorded(*arguments: object, **options: object) -> object:
            done.append(f"{name} {arguments[0]}" if name == "search" else name)
            return method(*arguments, **options)

        monkeypatch.setattr(library, name, recorded)

    for name in ("search", "facets", "warm_up"):
        record(name)
    async with reading(library):
        assert done[:2] == ["search ", "facets"]
        assert {"search is:new", "warm_up"} < set(done)


@pytest.mark.parametrize(("wait_s", "mounted"), [(60.0, False), (0.0, True)])
async def test_start_waits_for_first_papers_but_not_for_long(
    wait_s: float,
    mounted: bool,
    reading: Open,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(presenter, "FIRST_FRAME_S", wait_s)
    was_mounted: list[bool] = []

    def observed(list: PaperList, *arguments: Any) -> None:
        was_mounted.append(list.screen.is_mounted)  # and so painted
        show(list, *arguments)

    show = PaperList.show
    monkeypatch.setattr(PaperList, "show", observed)
    async with reading(library) as reader:
        assert was_mounted[0] is mounted
        assert len(reader.ids) == library.count()
