"""The reader: review of duplicates, renaming and deleting tags, notes on several papers."""

from dataclasses import replace

import pytest
from textual.widgets import Input, Static, TextArea

from index import Library, Paper
from index.marks.changes import Note
from tui.screens.duplicates import DuplicatesScreen
from tui.widgets.comparison import HIGHLIGHT, highlight_changes

from .conftest import Open, Reader

TEXT = (
    "Retrieval augmented models are easily led astray by documents that hold noise. We present a "
    "module that rewrites what was retrieved before it is read."
)
PAPERS = (
    Paper("Optimising Behaviour Models", TEXT, id="pre", authors=("Ada Lovelace",),
          arxiv_id="2301.00001"),
    Paper("Optimizing Behavior Models", f"{TEXT} [b]Code[/b] is online.", id="pub",
          authors=("Lovelace, A.",), doi="10.1234/x5", year=2024),
    Paper("Oreo: Context Put Together", "", id="oreo", authors=("Grace Hopper",)),
    Paper("Oreo: Plugged Into Context", "", id="oreo-2", authors=("Grace Hopper",)),
)  # fmt: skip


@pytest.fixture
def twins(library: Library) -> Library:
    library.add([replace(PAPERS[0]), *PAPERS[2:3]], "arxiv")
    library.add([PAPERS[1], PAPERS[3]], "acl")
    library.index.sync()
    return library


async def look(reader: Reader) -> DuplicatesScreen:
    await reader.command("duplicates")
    await reader.settle()
    screen = reader.app.screen
    assert isinstance(screen, DuplicatesScreen)
    return screen


def words(reader: Reader) -> str:
    return str(reader.app.screen.query_one("#words", Static).content)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20)])
async def test_duplicates_screen_shows_both_papers_and_keys(
    reading: Open, twins: Library, size: tuple[int, int]
) -> None:
    async with reading(twins, size=size) as reader:
        await look(reader)
        seen = reader.seen
        assert "1 of 2 · certain: same title" in seen
        line = next(line for line in seen.splitlines() if "Optimizing" in line)
        assert "Optimising" in line
        assert "m merge" in seen.splitlines()[-1]
        assert "Esc close" in seen.splitlines()[-1]
        await reader.press("ctrl+d", "ctrl+d")
        assert "[b]Code[/b]" in reader.seen


def test_highlight_changes_marks_words() -> None:
    one, other = highlight_changes("Parsing large models well", "Parsing small models quite well")
    assert [one.plain[s.start : s.end] for s in one.spans if s.style == HIGHLIGHT] == ["large"]
    assert [other.plain[s.start : s.end] for s in other.spans] == ["small", "quite"]


async def test_duplicates_merge_different_undo(reading: Open, twins: Library) -> None:
    async with reading(twins) as reader:
        await look(reader)
        await reader.press("m")
        assert words(reader) == "merged 1 paper into “Optimizing Behavior Models” · undo: u"
        assert "2 of 2 · needs review" in reader.seen
        await reader.press("d")
        assert "all pairs reviewed" in reader.seen
        assert twins.duplicates.find() == []
        await reader.press("u")
        assert "2 of 2" in reader.seen
        await reader.press("u")
        assert "1 of 2" in reader.seen
        assert words(reader).startswith("undone: merged 1 paper")
        await reader.press("u")
        assert "nothing to undo here" in words(reader)
        assert len(twins.duplicates.find()) == 2


async def test_duplicates_keys_step_through_pairs(reading: Open, twins: Library) -> None:
    async with reading(twins) as reader:
        await look(reader)
        for onward, back in (("n", "p"), ("j", "k")):
            await reader.press(onward)
            assert "2 of 2" in reader.seen
            await reader.press(onward)
            assert words(reader) == "this is the last pair"
            await reader.press(back)
            assert "1 of 2" in reader.seen
        await reader.press("p")
        assert words(reader) == "this is the first pair"


async def test_duplicates_mouse_matches_keys(reading: Open, twins: Library) -> None:
    async with reading(twins) as reader:
        screen = await look(reader)
        hints = {hint.name: hint for hint in screen.query("#keys Static").results(Static)}
        await reader.pilot.click(hints["step(1)"])
        await reader.settle()
        assert "2 of 2" in reader.seen
        await reader.pilot.click(hints["merge"])
        await reader.settle()
        assert words(reader).startswith("merged 1 paper into “Oreo")
        await reader.pilot.click(hints["leave"])
        await reader.settle()
        assert reader.app.screen is reader.screen


async def test_merge_updates_list_and_can_be_undone(reading: Open, twins: Library) -> None:
    async with reading(twins, query="models retrieval noise") as reader:
        assert reader.ids[:2] in (["pre", "pub"], ["pub", "pre"])
        await reader.press("A")
        selected = len(reader.screen.selection)
        await look(reader)
        await reader.press("m", "escape")
        assert "pre" not in reader.ids
        assert len(reader.screen.selection) == selected - 1
        await reader.press("u")
        assert reader.said == "undone: merged 1 paper into “Optimizing Behavior Models”"
        assert "pre" in reader.ids
        await reader.press("ctrl+r")
        assert "pre" not in reader.ids


async def test_duplicates_fast_keys_decide_current_pair_only(reading: Open, twins: Library) -> None:
    async with reading(twins) as reader:
        await look(reader)
        screen = reader.app.screen
        assert isinstance(screen, DuplicatesScreen)
        screen.action_merge()
        screen.action_merge()
        await reader.settle()
        assert "2 of 2" in reader.seen


async def test_duplicates_screen_without_pairs_shows_message(
    reading: Open, library: Library
) -> None:
    async with reading(library) as reader:
        await look(reader)
        assert "no likely duplicates" in reader.seen
        await reader.press("m", "d", "n", "u", "escape")
        assert reader.app.screen is reader.screen


# -- tags ------------------------------------------------------------------------------------------


async def test_rename_tag_dialog_renames(reading: Open, marked: Library) -> None:
    async with reading(marked) as reader:
        await reader.command("rename_tag")
        await reader.settle()
        assert "nlp/rag  2 papers" in reader.seen
        await reader.press("enter")
        field = reader.app.screen.query_one(Input)
        assert field.value == "nlp/rag"
        field.value = "toread"
        await reader.press("enter")
        assert "toread exists · merge nlp/rag into it: Enter" in reader.seen
        await reader.press("enter")
        assert reader.said == "merged the tag nlp/rag into toread: 2 papers · undo: u"
        assert marked.marks.tags() == {"toread": 2}
        assert "nlp" not in {row.value for row in reader.screen.facets.rows if row.field == "tag"}
        await reader.press("u")
        assert marked.marks.tags() == {"nlp/rag": 2, "toread": 2}


async def test_tag_dialog_invalid_tag_shows_error(reading: Open, marked: Library) -> None:
    async with reading(marked) as reader:
        await reader.command("rename_tag")
        await reader.settle()
        await reader.press("enter")
        reader.app.screen.query_one(Input).value = "[b] !!"
        reader.app.screen.query_one(Input).value = "!!"
        await reader.press("enter")
        assert "invalid tag '!!'" in reader.seen


async def test_delete_tag_dialog_deletes(reading: Open, marked: Library) -> None:
    marked.saved.add("mine", "tag:toread")
    async with reading(marked) as reader:
        await reader.command("delete_tag")
        await reader.settle()
        await reader.press(*"tor", "enter")
        assert reader.said == (
            "deleted the tag toread: 2 papers; saved searches still use it: mine · undo: u"
        )
        assert marked.marks.tags() == {"nlp/rag": 2}


async def test_rename_tag_without_tags_shows_message(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.command("rename_tag")
        await reader.settle()
        assert reader.said == "no tags yet"


async def test_duplicates_screen_without_pairs_says_what_it_shows_and_hides_idle_keys(
    reading: Open, library: Library
) -> None:
    async with reading(library, size=(80, 24)) as reader:
        await look(reader)
        assert "may be the same as another" in reader.seen
        assert reader.seen.splitlines()[-1].split() == ["Esc", "close"]


async def test_duplicates_screen_after_the_last_pair_keeps_the_key_of_undo(
    reading: Open, twins: Library
) -> None:
    async with reading(twins, size=(80, 24)) as reader:
        await look(reader)
        await reader.press("d", "d")
        assert "all pairs reviewed" in reader.seen
        assert reader.seen.splitlines()[-1].split() == ["u", "undo", "Esc", "close"]
        await reader.press("u")
        assert "m merge" in reader.seen


# -- notes on several papers -----------------------------------------------------------------------


async def test_note_on_several_papers_is_appended(reading: Open, library: Library) -> None:
    library.apply(Note(("study-0",), "own"))
    async with reading(library) as reader:
        await reader.press("space", "space", "e")
        assert "Add to the notes on 2 papers" in reader.seen
        reader.app.screen.query_one(TextArea).text = "both"
        await reader.press("ctrl+s")
        assert sorted(p.note for p in library._papers.rows([*reader.screen.selection])) == [
            "both", "own\n\nboth"
        ]  # fmt: skip
        await reader.press("u")
        assert library.papers(["study-0"])[0].note == "own"
