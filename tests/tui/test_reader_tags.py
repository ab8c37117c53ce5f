"""The reader: the dialog of tags, which adds, creates and removes them."""

import pytest
from textual.widgets import Input

from index import Library
from index.marks.changes import Tag
from tui.screens.dialogs.filtering import Choices
from tui.screens.dialogs.tags import TagDialog

from .conftest import Open, Reader


def dialog_of(reader: Reader) -> TagDialog:
    dialog = reader.app.screen
    assert isinstance(dialog, TagDialog)
    return dialog


def listed(reader: Reader, typed: str = "") -> list[str]:
    return [row.answer or "heading" for row in dialog_of(reader).rows(typed)]


def tags(library: Library, id: str) -> tuple[str, ...]:
    return library.papers([id])[0].tags


async def filter_by(reader: Reader, text: str) -> None:
    dialog_of(reader).query_one(Input).value = text
    await reader.settle()


async def test_tags_of_the_paper_are_first_then_those_used_last(
    reading: Open, marked: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    for year, name in enumerate(("speech", "graphs", "speech"), 2100):
        monkeypatch.setattr("index.store.marks.now", lambda year=year: f"{year}-01-01T00:00:00")
        marked.apply(Tag((f"study-{year - 2095}",), add=(name,)))
    async with reading(marked) as reader:
        await reader.go_to("study-1")
        await reader.press("t")
        assert "Tag this paper" in reader.seen
        assert listed(reader) == [
            "heading", "nlp/rag", "toread",
            "heading", "speech", "graphs",
        ]  # fmt: skip
        lines = [line.split() for line in reader.in_widget(dialog_of(reader).choices).splitlines()]
        assert lines[:6] == [
            ["On", "this", "paper"], ["✓", "#nlp/rag", "2"], ["✓", "#toread", "2"],
            ["Other", "tags,", "last", "used", "first"], ["#speech", "2"], ["#graphs", "1"],
        ]  # fmt: skip


async def test_tag_found_fuzzily_is_added(reading: Open, marked: Library) -> None:
    async with reading(marked) as reader:
        await reader.go_to("study-7")
        await reader.press("t", *"nr")
        assert "Enter add #nlp/rag" in reader.seen
        await reader.press("enter")
        assert reader.app.screen is reader.screen
        assert tags(marked, "study-7") == ("nlp/rag",)
        assert reader.said.startswith("tagged +nlp/rag")
        assert "#nlp/rag" in reader.in_widget(reader.screen.view)
        await reader.press("u")
        assert tags(marked, "study-7") == ()


async def test_tag_that_matches_nothing_is_created(reading: Open, marked: Library) -> None:
    async with reading(marked) as reader:
        await reader.go_to("study-7")
        await reader.press("t", *"new/one")
        assert "Enter create #new/one" in reader.seen
        await reader.press("enter")
        assert tags(marked, "study-7") == ("new/one",)
        await reader.press("t", *"rag", "down")  # nlp/rag matches, and rag would be new
        assert "Enter create #rag" in reader.seen
        await reader.press("enter")
        assert tags(marked, "study-7") == ("new/one", "rag")
        assert "rag" in {row.value for row in reader.screen.facets.rows if row.field == "tag"}


async def test_own_tag_is_removed_in_the_same_dialog(reading: Open, marked: Library) -> None:
    async with reading(marked) as reader:
        await reader.go_to("study-1")
        await reader.press("t", "down")
        assert "Enter remove #nlp/rag" in reader.seen
        await reader.press("enter")
        assert tags(marked, "study-1") == ("toread",)
        assert reader.said == "tagged -nlp/rag “Study 01 of speech diffusion” · undo: u"


async def test_several_tags_are_changed_and_undone_at_once(reading: Open, marked: Library) -> None:
    async with reading(marked) as reader:
        await reader.go_to("study-1")
        await reader.press("t", "down", "tab", *"x/y,z", "tab")
        assert "Enter apply  -nlp/rag +x/y +z" in reader.seen
        await reader.press("enter")
        assert tags(marked, "study-1") == ("toread", "x/y", "z")
        await reader.press("u")
        assert tags(marked, "study-1") == ("nlp/rag", "toread")


async def test_space_toggles_and_enter_without_a_change_closes(
    reading: Open, marked: Library
) -> None:
    async with reading(marked) as reader:
        await reader.go_to("study-1")
        await reader.press("t", "down", "space")
        assert dialog_of(reader).changes == {"nlp/rag": False}
        await reader.press("down", "up", "space")
        assert dialog_of(reader).changes == {}
        await reader.press("enter")
        assert reader.app.screen is reader.screen
        assert tags(marked, "study-1") == ("nlp/rag", "toread")
        assert reader.said == ""


async def test_enter_on_a_tag_changed_before_applies_the_change(
    reading: Open, marked: Library
) -> None:
    async with reading(marked) as reader:
        await reader.go_to("study-7")
        await reader.press("t", *"new", "tab", "down")
        assert "Enter apply  +new" in reader.seen
        await reader.press("enter")
        assert tags(marked, "study-7") == ("new",)


async def test_tag_of_some_papers_is_added_to_all_or_removed(
    reading: Open, marked: Library
) -> None:
    async with reading(marked) as reader:
        await reader.go_to("study-1")
        await reader.press("space", "b")
        await reader.go_to("study-7")
        await reader.press("space", "t")
        assert "On these 2 papers" in reader.seen
        assert "on 1 of 2" in reader.seen
        dialog = dialog_of(reader)
        for expected in ({"nlp/rag": True}, {"nlp/rag": False}, {}, {"nlp/rag": True}):
            dialog.choose(dialog.rows("")[1])
            assert dialog.changes == expected
        await reader.press("enter")
        assert tags(marked, "study-7") == ("nlp/rag",)
        assert tags(marked, "study-1") == ("nlp/rag", "toread")


async def test_click_toggles_and_stays(reading: Open, marked: Library) -> None:
    async with reading(marked) as reader:
        await reader.go_to("study-7")
        await reader.press("t")
        await reader.pilot.click(Choices, offset=(5, 1))
        await reader.settle()
        assert dialog_of(reader).changes == {"toread": True}
        await reader.press(*"nl", "enter")
        assert tags(marked, "study-7") == ("nlp/rag", "toread")


@pytest.mark.parametrize("text", ["[b] !!", "!!", "+, "])
async def test_invalid_tag_shows_an_error_and_changes_nothing(
    reading: Open, library: Library, text: str
) -> None:
    async with reading(library) as reader:
        await reader.press("t")
        await filter_by(reader, text)
        await reader.press("enter")
        assert "invalid tag" in reader.seen
        await reader.press("escape")
        assert reader.app.screen is reader.screen
        assert reader.current.tags == ()


async def test_removing_offers_own_tags_alone(reading: Open, marked: Library) -> None:
    marked.apply(Tag(("study-5",), add=("other",)))
    async with reading(marked) as reader:
        await reader.press("T")
        assert reader.said == "no tags to remove"
        await reader.go_to("study-1")
        await reader.press("T")
        assert listed(reader) == ["heading", "nlp/rag", "toread"]
        await reader.press(*"other", "enter")
        assert "no such tag here: 'other'" in reader.seen
        await filter_by(reader, "to")
        assert "Enter remove #toread" in reader.seen
        await reader.press("enter")
        assert tags(marked, "study-1") == ("nlp/rag",)
        assert reader.said.startswith("tagged -toread")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_long_tags_are_never_cut(
    reading: Open, library: Library, size: tuple[int, int]
) -> None:
    long = "/".join(["a-long-name"] * 8)
    library.apply(Tag(("study-1",), add=(long,)))
    async with reading(library, size=size) as reader:
        await reader.press("t")
        shown = reader.in_widget(dialog_of(reader).choices)
        assert f"#{long}" in "".join(shown.replace("1", "").split())
