"""The reader: finding, moving and selecting papers."""

import asyncio
import gc
import re
import threading
from pathlib import Path

import pytest
from textual import events
from textual._compositor import Compositor
from textual.binding import Binding
from textual.content import Content

from index import Library
from index.errors import CarrelError
from index.marking import Marking
from index.marks.changes import Bookmark
from index.search import results
from index.store.sources import Source
from tests.index.engines import InPages
from tui.app import CarrelApp
from tui.commands import COMMANDS
from tui.config.configuration import Config
from tui.screens.main import MainScreen
from tui.screens.presenter import ResultPresenter

from .conftest import HOSTILE, TITLE_ONLY, Open, Reader, made_papers

# -- the list --------------------------------------------------------------------------------------


async def test_empty_query_lists_all_papers(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        assert [p.title for p in library.papers(reader.ids)] == [p.title for p in made_papers()]
        assert reader.screen.focused is reader.screen.papers
        assert "31 of 31" in reader.seen.splitlines()[0]
        assert "newest" in reader.seen.splitlines()[0]


async def test_new_rows_heading_and_count_are_in_one_frame(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(library) as reader:
        screen, frames = reader.screen, set()

        def record(compositor: Compositor, *_: object, **__: object) -> None:
            compositor._dirty_regions.clear()
            shown = screen.header.info.results
            position = screen.panes.headings[screen.papers].position
            frames.add((screen.papers.row_count, shown.total if shown else 0, position))

        monkeypatch.setattr(Compositor, "render_update", record)
        await reader.search("graph")
        assert (8, 8, "1/8 · 12%") in frames
        assert frames <= {(31, 31, "1/31 · 3%"), (8, 8, "1/8 · 12%")}


async def test_reader_initial_query_is_searched(reading: Open, library: Library) -> None:
    async with reading(library, query="graph") as reader:
        assert reader.screen.bar.value == "graph"
        assert reader.ids == [hit.id for hit in library.search("graph").hits]


async def test_typing_each_letter_searches(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("slash", *"grap")
        assert reader.screen.bar.value == "grap"
        assert len(reader.ids) == 8
        await reader.press(*"zqx")  # unlike any word
        assert reader.ids == []
        assert "0 of 31" in reader.seen


async def test_fast_typing_shows_last_query(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        for end in range(1, 10):
            reader.screen.bar.value = "retrieval"[:end]
            await asyncio.sleep(0)
        reader.screen.bar.value = '"graph retrieval" year:2022'
        await reader.settle()
        assert reader.screen.bar.value == '"graph retrieval" year:2022'
        assert reader.screen.results
        assert reader.screen.results.query.text == '"graph retrieval" year:2022'
        assert len(reader.ids) == 8


async def test_key_before_the_first_results_waits_for_them(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits, sources, settled = threading.Event(), Library.sources, ResultPresenter.settled

    def held(library: Library) -> list[Source]:
        assert waits.wait(10)
        return sources(library)

    async def wait(presenter: ResultPresenter) -> None:
        waits.set()
        await settled(presenter)

    monkeypatch.setattr(Library, "sources", held)
    monkeypatch.setattr(ResultPresenter, "settled", wait)
    app = CarrelApp(library, Config())
    async with app.run_test() as pilot:
        app.post_message(events.Key("b", "b"))
        await Reader(app, pilot).settle()
    assert library.search("is:bookmarked").total == 1


async def test_search_goes_on_if_what_waits_for_it_is_cancelled(
    reading: Open, library: Library
) -> None:
    async with reading(library) as reader:
        reader.screen.query_text = "graph"
        waiting = asyncio.create_task(reader.screen.presenter.settled())
        await asyncio.sleep(0)
        waiting.cancel()
        await reader.settle()
        assert len(reader.ids) == 8
        assert waiting.cancelled()


async def test_search_bar_takes_command_keys_as_letters(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press(
            "slash", "b", "colon", "question_mark", "q", "minus", "asterisk", "0", "T"
        )
        assert reader.screen.bar.value == "b:?q-*0T"
        assert reader.app.screen is reader.screen


async def test_search_bar_escape_and_enter_focus_papers(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        for key in ("escape", "enter", "down", "tab"):
            await reader.press("slash", key)
            assert reader.screen.focused is reader.screen.papers


async def test_new_query_puts_cursor_on_best_paper(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        for query in ("g", "graph", "study 11", ""):
            await reader.search(query)
            assert reader.screen.papers.cursor == 0


async def test_key_burst_follows_focus(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        for key in ("slash", *"graph", "enter", "b", "t", *"nlp", "enter"):
            reader.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await reader.settle()
        best = library.search("graph").hits[0].id
        assert [p.id for p in library.papers(reader.ids) if p.bookmarked] == [best]
        assert library.papers([best])[0].tags == ("nlp",)


@pytest.mark.parametrize(
    ("keys", "row", "tags"),
    [
        (["y", "y", "j", "j"], 2, ()),
        (["y", "escape", "j"], 1, ()),
        (["s", "t", "j"], 1, ()),
        (["t", *"nlp", "enter", "j"], 1, ("nlp",)),
        (["t", *"nlp", "enter", "enter", "escape", "j"], 1, ("nlp",)),
        (["t", *"nlp", "escape", "j", "j"], 2, ()),
        (["question_mark", "j", "escape", "j"], 1, ()),
        (["x", "escape", "escape", "escape", "j"], 1, ()),
        (["e", *"text", "ctrl+s", "j"], 1, ()),
    ],
)
async def test_key_burst_after_dialog_goes_to_reader(
    reading: Open, library: Library, keys: list[str], row: int, tags: tuple[str, ...]
) -> None:
    library.apply(Bookmark(("study-0",)))
    async with reading(library) as reader:
        for key in keys:
            reader.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await reader.settle()
        assert reader.app.screen is reader.screen
        assert library.papers(["study-0"])[0].tags == tags
        if "s" not in keys:
            assert reader.screen.papers.cursor == row


async def test_cursor_stays_on_paper_in_new_results(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.go_to("study-5")
        await reader.search("graph")
        assert reader.current.id == "study-5"
        assert reader.screen.papers.cursor < 5
        await reader.search("")
        assert (reader.current.id, reader.screen.papers.cursor) == ("study-5", 5)
        await reader.search("speech diffusion title:speech")
        assert reader.screen.papers.cursor == 0


async def test_cursor_stays_on_paper_far_down_a_list_that_is_read_in_pages(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "PAGE_ROWS", 4)
    library.index.sync()
    library.index.engine = InPages(library.index.engine)  # type: ignore[assignment]
    async with reading(library) as reader:
        await reader.search("graph OR speech OR diffusion")
        await reader.go_to(reader.ids[9])
        await reader.search("speech OR diffusion OR graph")
        assert reader.screen.papers.cursor == 9


async def test_query_note_is_shown_below_bar(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        for query, note in (
            ("zz:foo", "unknown field zz"), ("is:red", "unknown value is:red"),
            ("graph )", "bracket"), ("year:soon", "invalid value year:soon"), ("!!!", ""),
        ):  # fmt: skip
            await reader.search(query)
            assert note in reader.seen.splitlines()[1]
            await reader.search("")
            assert "unread 31" in reader.seen.splitlines()[1]


async def test_partial_query_is_never_an_error(reading: Open, library: Library) -> None:
    odd = '(((  "open  author:  -  NOT  a OR  is:  year:2020..  tag:"  \\  ~ *  -(a "b'
    async with reading(library) as reader:
        for end in range(0, len(odd), 4):
            await reader.search(odd[:end])
            assert reader.screen.results
            assert reader.screen.results.query.text == odd[:end]
            assert "fault" not in reader.said


async def test_partial_matches_follow_separator(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.search("graph online released ")
        assert "none match all words · 9 match some" in reader.seen
        assert "none of 31 + 9 partial" in reader.seen


# -- moving ----------------------------------------------------------------------------------------


async def test_vim_and_arrow_keys_move_cursor(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        papers = reader.screen.papers
        for key, row in (("j", 1), ("down", 2), ("k", 1), ("up", 0), ("G", 30), ("home", 0),
                         ("end", 30), ("g", 0), ("ctrl+d", 9), ("pagedown", 18), ("ctrl+u", 9),
                         ("pageup", 0)):  # fmt: skip
            await reader.press(key)
            assert papers.cursor == row, key
            top = papers.scroll_offset.y
            assert top <= papers.top_of(row) < top + papers.size.height


async def test_pane_keys_move_focus(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        screen = reader.screen
        for key, pane in (("l", screen.view), ("h", screen.papers), ("shift+tab", screen.facets),
                          ("h", screen.facets), ("tab", screen.papers), ("tab", screen.view),
                          ("escape", screen.papers), ("enter", screen.view)):  # fmt: skip
            await reader.press(key)
            assert screen.focused is pane, key


async def test_paper_view_scrolls_with_navigation_keys(reading: Open, library: Library) -> None:
    async with reading(library, size=(60, 14)) as reader:
        await reader.press("enter", "j", "j", "k")
        assert reader.screen.view.scroll_offset.y == 1
        await reader.press("G")
        assert reader.screen.view.scroll_offset.y == reader.screen.view.max_scroll_y > 1
        await reader.press("g")
        assert reader.screen.view.scroll_offset.y == 0


async def test_click_moves_cursor_second_click_opens(reading: Open, library: Library) -> None:
    async with reading(library, size=(60, 20)) as reader:
        await reader.pilot.click("#list", offset=(10, 5))
        await reader.settle()
        assert reader.screen.papers.cursor == 2
        assert reader.screen.focused is reader.screen.papers
        await reader.pilot.click("#list", offset=(10, 4))
        await reader.settle()
        assert reader.screen.focused is reader.screen.view


async def test_escape_goes_back_one_step(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        screen = reader.screen
        await reader.search("graph")
        await reader.press("slash", "escape", "space", "enter")
        await reader.press("escape")
        assert screen.focused is screen.papers
        assert screen.selection
        await reader.press("escape")
        assert not screen.selection
        assert screen.query_text == "graph"
        await reader.press("escape")
        assert screen.query_text == screen.bar.value == ""


async def test_next_match_steps_through_paper(reading: Open, library: Library) -> None:
    async with reading(library, size=(60, 8)) as reader:
        await reader.press("n")
        assert reader.said == "no matches in this paper"
        await reader.search("retrieval")
        await reader.go_to("study-2")
        await reader.press("n")
        assert (reader.said, reader.screen.focused) == ("match 1 of 3", reader.screen.view)
        await reader.press("N")
        assert reader.said == "match 3 of 3"
        assert reader.screen.view.scroll_offset.y > 0
        await reader.press("n")
        assert reader.said == "match 1 of 3"
        assert reader.screen.view.scroll_offset.y == 0


# -- the selection ---------------------------------------------------------------------------------


async def test_select_steps_and_survives_new_query(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("space", "space")
        assert reader.screen.papers.cursor == 2
        assert "2 selected" in reader.seen
        assert "✓" in reader.in_widget(reader.screen.papers).splitlines()[0]
        await reader.search("graph")
        assert len(reader.screen.selection) == 2
        await reader.press("A")
        assert "10 selected" in reader.seen
        await reader.press("A")
        assert "2 selected" in reader.seen
        await reader.press("asterisk")
        assert len(reader.screen.selection) == 10
        await reader.search("is:selected")
        assert len(reader.ids) == 10
        await reader.press("escape")
        assert reader.ids == []


# -- any terminal ----------------------------------------------------------------------------------


async def test_wide_layout_shows_three_panes(reading: Open, library: Library) -> None:
    async with reading(library, size=(160, 30)) as reader:
        assert all(reader.screen.query_one(f"#{name}").display for name in ("filters", "paper"))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_filters_open_over_list(
    reading: Open, library: Library, size: tuple[int, int]
) -> None:
    async with reading(library, size=size) as reader:
        filters = reader.screen.query_one("#filters")
        assert not filters.display
        assert reader.screen.query_one("#paper").display
        await reader.press("f")
        assert filters.display
        assert "Status" in reader.seen
        await reader.press("escape")
        assert not filters.display
        assert reader.screen.focused is reader.screen.papers


async def test_low_screen_paper_opens_over_list(reading: Open, library: Library) -> None:
    async with reading(library, size=(60, 12)) as reader:
        paper = reader.screen.query_one("#paper")
        assert not paper.display
        assert re.search(r"31 of 31 · (\d+ ms · )?newest", reader.seen)  # the time if it fits
        assert reader.screen.bar.size.width >= 29  # beside counts of five digits
        await reader.press("enter")
        assert paper.display
        assert "We study watermarking" in reader.seen
        await reader.press("slash")
        assert not paper.display
        assert all(len(line) <= 60 for line in reader.seen.splitlines())


async def test_resize_cursor_and_pane_stay_visible(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.go_to("study-20")
        for size in ((60, 10), (250, 70), (80, 24), (30, 5), (120, 40)):
            await reader.pilot.resize_terminal(*size)
            await reader.settle()
            assert "Study 20" in reader.in_widget(reader.screen.papers)
        await reader.press("enter")
        await reader.pilot.resize_terminal(60, 20)
        await reader.settle()
        assert reader.screen.focused is reader.screen.view
        assert reader.screen.query_one("#paper").display


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TEXTUAL_COLOR_SYSTEM": "standard"}])
async def test_reader_runs_with_few_colours(
    reading: Open, marked: Library, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    async with reading(marked) as reader:
        await reader.search("diffusion -year:2020 ")
        assert "★" in reader.seen
        assert "−year:2020" in reader.seen


# -- hostile texts ---------------------------------------------------------------------------------


async def test_titles_are_literal(reading: Open, library: Library) -> None:
    async with reading(library, size=(200, 80)) as reader:
        for title in HOSTILE[:4]:
            assert title in reader.in_widget(reader.screen.papers)
            await reader.go_to(library.search("").hits[25 + HOSTILE.index(title)].id)
            assert title in reader.in_widget(reader.screen.view).replace("\n", " ")
            await reader.press("b")
            assert reader.said == f"bookmarked “{_short(title)}” · undo: u"
        widths = {Content(line).cell_length for line in reader.seen.splitlines()}
        assert widths == {200}


def _short(title: str) -> str:
    return title if len(title) <= 48 else title[:47].rstrip() + "…"


async def test_paper_title_only_is_shown(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.search("only title nothing else")
        assert reader.current.title == TITLE_ONLY
        assert "no abstract" in reader.in_widget(reader.screen.view)


async def test_paper_view_long_link_wraps_beside_label(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.search("has:code")
        assert "code https://github.com/x/very-lon" in reader.in_widget(reader.screen.view)


# -- nothing to show -------------------------------------------------------------------------------


async def test_empty_library_shows_hints(reading: Open, home: Path) -> None:
    with Library.open(home / "empty") as library:
        async with reading(library, size=(120, 40)) as reader:
            shown = reader.in_widget(reader.screen.papers)
            assert "No papers yet" in shown
            assert "import files or a folder, from the palette: :" in shown
            assert "keys and query syntax: ?" in reader.in_widget(reader.screen.view)
            await reader.press("j", "G", "ctrl+d", "space", "b", "r", "t", "T", "e", "o", "n", "A",
                               "asterisk", "enter", "x", "u", "y")  # fmt: skip
            assert reader.app.screen is reader.screen
            assert "fault" not in reader.said


async def test_no_results_shows_hints(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.search("xyzzy year:2020")
        shown = reader.in_widget(reader.screen.papers)
        assert "No papers found" in shown
        assert "clear filters: F" in shown
        assert "show all papers: 0" in shown
        await reader.press("escape", "0")
        assert len(reader.ids) == 31


# -- commands and configuration --------------------------------------------------------------------


def test_every_command_has_a_handler_help_and_a_binding() -> None:
    bound = {each.id: each for each in MainScreen.BINDINGS if isinstance(each, Binding)}
    assert list(bound) == [command.name for command in COMMANDS]
    for command in COMMANDS:
        assert callable(command.run)
        assert command.help
        assert bound[command.name].action == f"command('{command.name}')"


async def test_config_keys_change_bindings_and_hints(reading: Open, library: Library) -> None:
    keys = {"bookmark": ("f5",), "undo": ("U",), "down": (), "search": ()}
    async with reading(library, keys=keys) as reader:
        await reader.press("b", "j")
        assert not reader.current.bookmarked
        assert reader.screen.papers.cursor == 0
        await reader.press("f5")
        assert reader.current.bookmarked
        assert reader.said.endswith("undo: U")
        assert not reader.seen.splitlines()[-1].strip().startswith("/")
        await reader.press("U")
        assert not reader.current.bookmarked


async def test_config_theme_columns_and_sort_apply(reading: Open, library: Library) -> None:
    config = Config(theme="carrel-light", columns=("year",), sort="oldest")
    async with reading(library, config) as reader:
        assert reader.app.theme == "carrel-light"
        assert reader.ids == library.ids(
            library.search("", sort="oldest", limit=0).all_keys().tolist()
        )
        facts = reader.in_widget(reader.screen.papers).splitlines()[1]
        assert facts.strip("▌ ").split("  ")[0] == "2020"
        assert "oldest" in reader.seen.splitlines()[0]


# -- errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [CarrelError("the disk is full"), OSError("gone"), ValueError()])
async def test_action_error_is_shown_and_reader_continues(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    async with reading(library) as reader:
        for part, name, key in (
            (Library, "apply", "b"),
            (Library, "undo", "u"),
            (Marking, "tags_by_use", "t"),
            (Library, "search", "0"),
            (Library, "papers", "y"),
        ):
            with monkeypatch.context() as broken:
                broken.setattr(part, name, fail)
                reader.screen.footer.say("")
                await reader.press("slash", *(["x"] if key == "0" else []), "escape", key)
                assert str(error) in reader.said
                assert reader.said
            await reader.search("")
        assert "Study 00" in reader.seen
        await reader.press("b")
        assert reader.said.startswith("bookmarked")


async def test_closed_reader_can_be_collected(reading: Open, library: Library) -> None:
    async with reading(library):
        pass
    assert gc.get_freeze_count() == 0
