"""The reader: related papers below a paper, and as a list."""

import asyncio

import pytest

from index import Library, Paper
from index.marks.changes import Bookmark, Read
from tui.controllers import search
from tui.widgets.pane_frame import PaneHeading

from .conftest import HOSTILE, NEVER_S, TITLE_ONLY, Open, Reader


def heading(reader: Reader) -> str:
    return reader.screen.query_one("#papers-heading", PaneHeading).title


def below(reader: Reader) -> str:
    """The text of the paper pane from its related papers on, seen or not."""
    text = "\n".join(line.plain for line in reader.screen.view.lines)
    return text[text.index("Related  R\n") :] if "Related  R\n" in text else ""


def words(text: str) -> str:
    """Return a text that was folded to a width as one line."""
    return " ".join(text.split())


async def test_paper_view_lists_five_related_papers(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.go_to("study-4")
        shown = words(below(reader))
        found = library.related(["study-4"], limit=5)
        assert shown.count("· ") == shown.count("in common: ") == 5
        for one in found:
            assert library.papers([one.id])[0].title in shown
            assert one.shared_terms[0] in shown
        assert reader.current.id == "study-4"


async def test_related_papers_follow_resting_cursor(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(library) as reader:
        await reader.go_to("study-4")
        with monkeypatch.context() as patch:
            patch.setattr(search, "IDLE_S", NEVER_S)
            reader.screen.papers.move(1)
            await reader.pilot.pause()
            assert below(reader) == ""
        reader.screen.papers.move(1)
        await reader.settle()
        best = library.related([reader.current.id], limit=1)[0].id
        assert library.papers([best])[0].title in words(below(reader))


async def test_related_of_other_paper_is_discarded(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.go_to("study-4")
        shown = below(reader)
        reader.screen.view.show_related(library.papers(["study-5"])[0], [])
        assert below(reader) == shown


async def test_related_papers_do_not_scroll_text(reading: Open, library: Library) -> None:
    async with reading(library, size=(120, 12)) as reader:
        await reader.go_to("study-4")
        view = reader.screen.view

        def text() -> list[str]:  # without the scroll bar
            return [line[:40].rstrip() for line in reader.in_widget(view).splitlines()]

        view.show_related(reader.current, [])
        view.move(2)
        await reader.pilot.pause()
        before, place = text(), view.scroll_offset
        assert place.y == 2
        await reader.screen.presenter.find_related()
        await reader.settle()
        assert below(reader)
        assert view.scroll_offset == place
        assert text() == before


async def test_related_reader_without_terms_finds_none(reading: Open, library: Library) -> None:
    library.add([Paper("???", id="signs")], "page two")
    async with reading(library) as reader:
        await reader.go_to("signs")
        assert below(reader) == ""
        await reader.press("R")
        assert "no related papers: no terms in common" in reader.said
        assert heading(reader) == "Papers"


async def test_related_text_is_literal(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        key = library.search("CLS").hits[0].key
        reader.screen.papers.move_to(list(reader.screen.papers.keys).index(key))
        await reader.settle()
        assert HOSTILE[0].split()[0] in below(reader) or below(reader) == ""
        await reader.press("R")
        assert reader.app.screen is reader.screen


async def test_related_key_lists_related_papers(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.go_to("study-4")
        await reader.press("R")
        assert reader.ids == [one.id for one in library.related(["study-4"], limit=50)]
        assert heading(reader) == f"Related to {library.papers(['study-4'])[0].title}"
        assert "Related to Study 04" in reader.seen
        assert reader.screen.papers.cursor == 0
        assert reader.screen.focused is reader.screen.papers
        assert "related" in reader.seen.splitlines()[0]
        first = library.related(["study-4"], limit=1)[0]
        rows = reader.in_widget(reader.screen.papers).splitlines()
        assert rows[1].strip(" ▌").startswith(f"in common: {first.shared_terms[0]}")
        assert "back: Esc" in reader.said


async def test_escape_from_related_restores_query_and_cursor(
    reading: Open, library: Library
) -> None:
    async with reading(library, query="graph") as reader:
        await reader.press("j", "j", "j")
        before, under, facets = reader.ids, reader.current.id, list(reader.screen.facets.rows)
        await reader.press("R")
        assert reader.screen.facets.rows != facets
        await reader.press("j", "j", "escape")
        assert (reader.ids, reader.current.id) == (before, under)
        assert (reader.screen.bar.value, heading(reader)) == ("graph", "Papers")
        assert reader.screen.facets.rows == facets
        assert "in common:" not in reader.in_widget(reader.screen.papers)
        await reader.press("escape")
        assert reader.screen.bar.value == ""


async def test_nested_related_lists_go_back_step_by_step(reading: Open, library: Library) -> None:
    async with reading(library, query="graph") as reader:
        await reader.press("R")
        first = reader.ids
        await reader.press("j", "j", "R")
        assert reader.ids != first
        await reader.press("escape")
        assert (reader.ids, reader.screen.papers.cursor) == (first, 2)
        await reader.press("escape")
        assert heading(reader) == "Papers"


async def test_escape_clears_selection_last(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("space", "R", "enter", "escape")
        assert heading(reader).startswith("Related to")
        await reader.press("escape")
        assert heading(reader) == "Papers"
        assert len(reader.screen.selection) == 1
        await reader.press("escape")
        assert not reader.screen.selection


async def test_new_query_replaces_related_papers(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("R")
        await reader.search("speech")
        assert heading(reader) == "Papers"
        assert set(reader.ids) == {hit.id for hit in library.search("speech").hits}
        assert "back: Esc" not in reader.said
        await reader.press("R", "0")
        assert len(reader.ids) == library.count()
        await reader.press("R", "0")
        assert len(reader.ids) == library.count()


async def test_query_typed_during_related_search_wins(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.command("related")
        reader.screen.bar.value = "speech"
        await asyncio.sleep(0)
        await reader.settle()
        assert heading(reader) == "Papers"
        assert set(reader.ids) == {hit.id for hit in library.search("speech").hits}


async def test_marks_on_related_papers_are_shown_after_back(
    reading: Open, library: Library
) -> None:
    async with reading(library, query="is:unread graph") as reader:
        await reader.press("R")
        marked = reader.current.id
        await reader.press("r")
        assert heading(reader).startswith("Related")
        assert library.papers([marked])[0].read
        await reader.press("escape")
        assert marked not in reader.ids


async def test_related_selection_lists_papers(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.command("related_selection")
        await reader.settle()
        assert "no papers selected" in reader.said
        await reader.press("space", "j", "space")
        chosen = reader.screen.selection
        await reader.command("related_selection")
        await reader.settle()
        assert heading(reader) == "Related to the 2 papers selected"
        assert not chosen & set(reader.screen.papers.keys)
        assert reader.screen.selection == chosen


async def test_for_you_excludes_read_and_marked_papers(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.command("for_you")
        await reader.settle()
        assert "no bookmarks yet" in reader.said
        library.apply(Bookmark(("study-1", "study-4")))
        library.apply(Read(("study-7",)))
        await reader.command("for_you")
        await reader.settle()
        assert heading(reader) == "Related to your bookmarks"
        assert reader.ids[0] in {f"study-{n}" for n in range(1, 24, 3)}
        assert not {"study-1", "study-4", "study-7"} & set(reader.ids)


async def test_related_title_click_opens_related_list(reading: Open, library: Library) -> None:
    async with reading(library, size=(120, 50)) as reader:
        await reader.go_to("study-4")
        second = library.related(["study-4"], limit=2)[1]
        seen = reader.in_widget(reader.screen.view).splitlines()
        row = [y for y, line in enumerate(seen) if line.strip().startswith("· ")][1]
        await reader.pilot.click(reader.screen.view, offset=(6, row))
        await reader.settle()
        assert heading(reader) == f"Related to {library.papers(['study-4'])[0].title}"
        assert reader.current.id == second.id
        await reader.press("escape")
        assert reader.current.id == "study-4"


async def test_low_layout_related_list_before_paper(reading: Open, library: Library) -> None:
    async with reading(library, size=(60, 12)) as reader:
        await reader.press("enter", "R")
        assert "in common:" in reader.seen
        assert not reader.screen.query_one("#paper").display
        await reader.press("enter", "G")
        assert TITLE_ONLY not in reader.seen
        assert "in common:" in reader.seen
