"""The reader: saved searches, their keys and counts, and the search history."""

import pytest
from textual.widgets import Input

from index import Library, Paper
from tui.screens.dialogs.choices import PickDialog
from tui.screens.dialogs.words import SaveDialog

from .conftest import Open, Reader

WIDE = (170, 40)
"""A screen that shows the filters."""


@pytest.fixture
def kept(library: Library) -> Library:
    """The library with three saved searches, one of them hostile."""
    library.saved.add("graphs", "graph retrieval")
    library.saved.add("to read", "is:unread speech")
    library.saved.add("[b]x[/b]", "watermarking year:2021")
    return library


def saved_rows(reader: Reader) -> dict[str, tuple[int, int, str]]:
    """The row of each saved search in the filters: its papers, new ones, whether it is chosen."""
    rows = [row for row in reader.screen.facets.rows if row.field == "query" and row.value]
    return {row.value: (row.count, row.new, row.chosen) for row in rows}


def library_ids(library: Library, query: str) -> list[str]:
    return [hit.id for hit in library.search(query, limit=99).hits]


async def palette(reader: Reader, words: str) -> None:
    await reader.press("colon")
    await reader.press(*(" " if letter == " " else letter for letter in words))
    await reader.press("down", "enter")


# -- saving ----------------------------------------------------------------------------------------


async def test_save_search_dialog_saves(reading: Open, library: Library) -> None:
    async with reading(library, query="graph -speech tag:nlp") as reader:
        await reader.press("S")
        dialog = reader.app.screen
        assert isinstance(dialog, SaveDialog)
        assert "graph -speech tag:nlp" in reader.seen
        assert dialog.query_one(Input).value == "graph nlp"
        dialog.query_one(Input).value = "my graphs"
        await reader.press("enter")
        assert reader.app.screen is reader.screen
        assert library.saved.texts() == {"my graphs": "graph -speech tag:nlp"}
        assert reader.said == "saved my graphs · run: 1"
        assert saved_rows(reader) == {"my graphs": (0, 0, "")}


async def test_save_search_empty_query_is_rejected(reading: Open, library: Library) -> None:
    async with reading(library, size=WIDE) as reader:
        await reader.press("S")
        assert reader.app.screen is reader.screen
        assert reader.said == "nothing to save: the search bar is empty"


async def test_save_dialog_invalid_name_shows_error(reading: Open, library: Library) -> None:
    async with reading(library, query="graph") as reader:
        await reader.press("S")
        reader.app.screen.query_one(Input).value = "3"
        await reader.press("enter")
        assert "use a longer name" in reader.seen
        await reader.press("escape")
        assert library.saved.texts() == {}


async def test_save_dialog_confirms_overwrite(reading: Open, kept: Library) -> None:
    async with reading(kept, query="retrieval") as reader:
        await reader.press("S")
        reader.app.screen.query_one(Input).value = "Graphs"
        await reader.press("enter")
        assert "Graphs exists: graph retrieval · overwrite: Enter" in reader.seen
        await reader.press("enter")
        assert next(iter(kept.saved.texts().items())) == ("Graphs", "retrieval")
        assert reader.said == "replaced Graphs (was: graph retrieval)"


async def test_save_dialog_saved_query_proposes_its_name(reading: Open, kept: Library) -> None:
    async with reading(kept, size=WIDE) as reader:
        await reader.press("2", "S")
        assert reader.app.screen.query_one(Input).value == "to read"


async def test_save_search_partial_word_is_saved_as_prefix(reading: Open, library: Library) -> None:
    async with reading(library, size=WIDE) as reader:
        for typed, saved in (("waterma", "waterma*"), ("graph", "graph"), ("xyzzy", "xyzzy")):
            await reader.search(typed)
            await reader.press("S", "enter")
            assert library.saved.all()[-1].query == saved
        assert saved_rows(reader)["waterma"] == (24, 0, "")


# -- running ---------------------------------------------------------------------------------------


async def test_digit_runs_saved_search(reading: Open, kept: Library) -> None:
    async with reading(kept, size=WIDE) as reader:
        await reader.press("1")
        assert reader.screen.bar.value == "graph retrieval "
        assert reader.ids == library_ids(kept, "graph retrieval")
        assert reader.said == "graphs: 8 papers"
        await reader.press("3")
        assert reader.screen.bar.value == "watermarking year:2021 "
        assert reader.said == "[b]x[/b]: 8 papers"
        await reader.press("7")
        assert reader.said == "no saved search 7; the last is 3, [b]x[/b]"
        await reader.press("0")
        assert len(reader.ids) == 31


async def test_key_after_digit_applies_to_new_result(reading: Open, kept: Library) -> None:
    async with reading(kept, size=WIDE) as reader:
        await reader.pilot.press("1", "b")
        await reader.settle()
        best = kept.search("graph retrieval").hits[0].id
        assert kept.papers([best])[0].bookmarked
        assert reader.said.startswith("bookmarked")


async def test_saved_search_new_papers_counted_until_visit(reading: Open, kept: Library) -> None:
    kept.add([Paper("A New Graph", "For retrieval."), Paper("Graph Retrieval")], "page two")
    async with reading(kept, size=WIDE) as reader:
        assert saved_rows(reader)["graphs"] == (10, 2, "")
        (line,) = (row for row in reader.seen.splitlines() if " 1 graphs" in row)
        assert line.split("┃")[0].split() == ["1", "graphs", "+2", "10"]
        await reader.press("1")
        assert reader.said == "graphs: 10 papers, 2 new since the last visit"
        assert saved_rows(reader)["graphs"] == (10, 0, "")


async def test_saved_counts_update_with_marks(reading: Open, kept: Library) -> None:
    async with reading(kept, query="speech") as reader:
        before = saved_rows(reader)["to read"][0]
        await reader.press("r")
        assert saved_rows(reader)["to read"][0] == before - 1


async def test_saved_search_keys_are_configurable(reading: Open, kept: Library) -> None:
    async with reading(kept, size=WIDE, keys={"run_saved": ("f2", "f3")}) as reader:
        assert " f2 graphs" in reader.seen
        await reader.press("1")
        assert reader.screen.bar.value == ""
        await reader.press("f3")
        assert reader.screen.bar.value == "is:unread speech "


async def test_palette_runs_picked_search(reading: Open, kept: Library) -> None:
    async with reading(kept, size=WIDE) as reader:
        await palette(reader, "run a saved")
        assert isinstance(reader.app.screen, PickDialog)
        assert "[b]x[/b]  watermarking year:2021" in reader.seen
        await reader.press(*"unre", "enter")
        assert reader.screen.bar.value == "is:unread speech "


async def test_picked_search_is_found_by_first_letters_of_its_words(
    reading: Open, kept: Library
) -> None:
    async with reading(kept, size=WIDE) as reader:
        await palette(reader, "run a saved")
        await reader.press(*"xyz")
        assert "no matches" in reader.seen
        await reader.press("ctrl+u", *"iuspe")
        assert "1 of 3" in reader.seen
        await reader.press("enter")
        assert reader.screen.bar.value == "is:unread speech "


async def test_picked_theme_is_found_by_first_letters_of_its_words(
    reading: Open, kept: Library
) -> None:
    async with reading(kept, size=WIDE) as reader:
        await palette(reader, "theme choose")
        await reader.press(*"cligh")
        dialog = reader.app.screen
        assert isinstance(dialog, PickDialog)
        assert [row.answer for row in dialog.rows("cligh")] == ["carrel-light"]
        assert dialog.rows("latte")[0].answer == "catppuccin-latte"
        await reader.press("enter")
        assert reader.app.theme == "carrel-light"


async def test_run_saved_without_searches_shows_message(reading: Open, library: Library) -> None:
    async with reading(library, size=WIDE) as reader:
        for key in ("1", "D"):
            reader.screen.footer.say("")
            await reader.press(key)
            assert reader.said == "no saved searches · save this one: S"
        assert "Saved" not in reader.in_widget(reader.screen.facets)


# -- in the filters --------------------------------------------------------------------------------


async def test_filters_enter_runs_saved_search_minus_excludes_it(
    reading: Open, kept: Library
) -> None:
    async with reading(kept, size=WIDE) as reader:
        assert reader.in_widget(reader.screen.facets).startswith(" Saved\n   1 graphs")
        await reader.choose("query", "to read")
        await reader.press("enter")
        assert reader.screen.bar.value == "is:unread speech "
        await reader.press("0")
        await reader.choose("query", "to read")
        await reader.press("minus")
        assert reader.screen.bar.value == '-query:"to read" '
        assert len(reader.ids) == 31 - kept.search("is:unread speech").full
        assert saved_rows(reader)["to read"][2] == "-"
        assert "−query:to read" in reader.seen
        await reader.press("minus")
        assert reader.screen.bar.value == ""


async def test_saved_search_click_runs_search(reading: Open, kept: Library) -> None:
    async with reading(kept, size=WIDE) as reader:
        await reader.pilot.click("#facets", offset=(6, 1))
        await reader.settle()
        assert reader.screen.bar.value == "graph retrieval "


async def test_saved_search_deleted_elsewhere_shows_error(reading: Open, kept: Library) -> None:
    async with reading(kept, size=WIDE) as reader:
        kept.saved.remove("graphs")
        await reader.pilot.click("#facets", offset=(6, 1))
        await reader.settle()
        assert reader.said.startswith("unknown saved search 'graphs'; ")
        assert list(saved_rows(reader)) == ["to read", "[b]x[/b]"]


async def test_query_name_prefix_matches_while_typing(reading: Open, kept: Library) -> None:
    async with reading(kept, size=WIDE) as reader:
        await reader.search("query:gra")
        assert reader.ids == library_ids(kept, "graph retrieval")
        await reader.search("query:graphz ")
        words = reader.in_widget(reader.screen.header.notes)
        assert words.strip() == "unknown saved search graphz; did you mean graphs?"
        assert reader.underlined == ["graphz"]


async def test_saved_searches_without_key_expand(reading: Open, library: Library) -> None:
    for number in range(1, 13):
        library.saved.add(f"set {number}", f"study {number}")
    async with reading(library, size=WIDE) as reader:
        assert len(saved_rows(reader)) == 9
        assert "… 3 more" in reader.in_widget(reader.screen.facets)
        reader.screen.panes.go(reader.screen.facets)
        reader.screen.facets.move_to(10)
        await reader.press("enter")
        assert len(saved_rows(reader)) == 12
        await reader.choose("query", "set 12")
        await reader.press("enter")
        assert reader.screen.bar.value == "study 12 "


async def test_folded_filters_open_at_first_saved_search(reading: Open, kept: Library) -> None:
    async with reading(kept, size=(60, 20)) as reader:
        await reader.press("f", "j", "enter")
        assert reader.screen.bar.value == "is:unread speech "


async def test_delete_saved_search_needs_confirmation(reading: Open, kept: Library) -> None:
    async with reading(kept, size=WIDE) as reader:
        await reader.choose("query", "to read")
        await reader.press("D", "escape")
        assert len(kept.saved.all()) == 3
        await reader.press("D", "enter")
        assert list(kept.saved.texts()) == ["graphs", "[b]x[/b]"]
        assert reader.said == "deleted to read (was: is:unread speech)"
        assert list(saved_rows(reader)) == ["graphs", "[b]x[/b]"]
        await reader.press("escape", "D", "down", "enter", "D", "enter")
        assert kept.saved.all() == []
        assert "Saved" not in reader.in_widget(reader.screen.facets)


# -- the history -----------------------------------------------------------------------------------


async def test_history_records_finished_queries(reading: Open, library: Library) -> None:
    async with reading(library, size=WIDE) as reader:
        await reader.press("slash", *"graph")
        assert library.history.newest_first() == []
        await reader.press("enter")
        assert library.history.newest_first() == ["graph"]
        await reader.press("slash", *" x", "escape", "slash", "escape")
        assert library.history.newest_first() == ["graph x", "graph"]


async def test_history_records_query_on_command(reading: Open, library: Library) -> None:
    async with reading(library, size=WIDE) as reader:
        for key, query in (("b", "speech"), ("space", "graph"), ("enter", "year:2021")):
            reader.screen.query_text = query
            await reader.settle()
            await reader.press(key, *(["escape"] if key == "enter" else []))
            assert library.history.newest_first()[0] == query


async def test_quit_saves_query_to_history(reading: Open, library: Library) -> None:
    async with reading(library, size=WIDE) as reader:
        await reader.press("slash", *"graph")
        await reader.app.action_quit()
    assert library.history.newest_first() == ["graph"]


async def test_up_and_down_recall_history(reading: Open, library: Library) -> None:
    for query in ("graph", "speech year:2021", "retrieval"):
        library.history.add(query)
    async with reading(library, size=WIDE) as reader:
        bar = reader.screen.bar
        await reader.press("slash")
        for key, text in (("up", "retrieval"), ("up", "speech year:2021"), ("up", "graph"),
                          ("up", "graph"), ("down", "speech year:2021")):  # fmt: skip
            await reader.press(key)
            assert bar.value == text
            assert bar.cursor_position == len(text)
        assert reader.ids == [hit.id for hit in library.search(bar.value).hits]
        await reader.press("down", "down")
        assert bar.value == ""
        assert reader.screen.focused is bar
        await reader.press("down")
        assert reader.screen.focused is reader.screen.papers


async def test_recall_finds_queries_with_typed_text(reading: Open, library: Library) -> None:
    for query in ("Speech one", "graph", "title:speech"):
        library.history.add(query)
    async with reading(library, size=WIDE) as reader:
        await reader.press("slash", *"spee", "up")
        assert reader.screen.bar.value == "title:speech"
        await reader.press("up", "up")
        assert reader.screen.bar.value == "Speech one"
        await reader.press("down", "down")
        assert reader.screen.bar.value == "spee"
        await reader.press("down")
        assert reader.screen.focused is reader.screen.papers
        assert library.history.newest_first()[0] == "spee"


async def test_recall_from_last_query_goes_to_previous(reading: Open, library: Library) -> None:
    library.history.add("graph")
    async with reading(library, size=WIDE) as reader:
        await reader.press("slash", *"speech", "enter", "slash", "up")
        assert reader.screen.bar.value == "graph"
        await reader.press("enter", "slash", "up")
        assert reader.screen.bar.value == "speech"


async def test_key_burst_steps_through_history(reading: Open, library: Library) -> None:
    library.history.add("graph year:2022")
    async with reading(library, size=WIDE) as reader:
        await reader.pilot.press("slash", *"gra", "up", "enter", "b")
        await reader.settle()
        best = library.search("graph year:2022").hits[0].id
        assert library.papers([best])[0].bookmarked


async def test_search_history_dialog_filters(reading: Open, library: Library) -> None:
    async with reading(library, size=WIDE) as reader:
        await palette(reader, "history")
        assert reader.said == "no search history yet"
        for number in range(150):
            library.history.add(f"graph {number} [b]x[/b]")
        await palette(reader, "history")
        assert isinstance(reader.app.screen, PickDialog)
        assert "graph 149 [b]x[/b]" in reader.seen
        assert "150 of 150" in reader.seen
        await reader.press(*"[b] 12")
        assert "15 of 150" in reader.seen  # 12 and 120 to 129, then 112 and others
        dialog = reader.app.screen
        assert isinstance(dialog, PickDialog)
        assert dialog.current
        assert dialog.current.answer == "graph 12 [b]x[/b]"
        await reader.press("down", "down", "up", "enter")
        assert reader.screen.bar.value == "graph 129 [b]x[/b]"
        await palette(reader, "history")
        await reader.press(*"xyz", "enter")
        assert "no matches · 0 of 150" in reader.seen
