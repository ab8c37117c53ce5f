"""The widgets on their own: lists, paper text, and the status line at any width."""

import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widget import Widget

from index import Library, Paper
from index.facets.counting import Count, Facet
from index.papers.paper import PaperKey, SourceRef
from index.query import parse
from index.search.highlight import Highlighter
from index.search.results import Results, Rows
from tui.row_columns import format_authors
from tui.screens.status_texts import page_date
from tui.themes import DEFAULTS
from tui.widgets.filter_list import FilterList, histogram
from tui.widgets.paper_list import MAX_CACHED, PaperList
from tui.widgets.paper_page import PaperPage
from tui.widgets.paper_text import highlight
from tui.widgets.status_line import StatusLine

from .conftest import Open


class Stage(App[None]):
    """Shows one widget."""

    CSS = "StatusLine { height: 1; }"

    def __init__(self, shown: Widget) -> None:
        super().__init__()
        self.shown = shown

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return DEFAULTS

    def compose(self) -> ComposeResult:
        yield self.shown


def painted(widget: Widget) -> list[str]:
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]


class Shelf:
    """As many papers as anyone asks for; counts how many were."""

    def __init__(self) -> None:
        self.fetched = 0

    def read_page(self, results: Results, start: int, stop: int) -> list[Paper]:
        keys = results.paper_keys(start, stop)
        self.fetched += len(keys)
        return [Paper(f"Paper {key}", key=key, year=2000 + key % 20) for key in keys]


def found(keys: Iterable[int], full: int, query: str = "") -> Results:
    """Return a result of papers by their keys, the first `full` of which hold all of a query."""
    array = np.fromiter(keys, np.int64)
    return Results(parse(query), "relevance", Rows.of(array, full), (), 0.0)


COLUMNS = ("authors", "year", "venue", "source", "tags")

# -- the list of papers ----------------------------------------------------------------------------


async def test_paper_list_many_rows_reads_one_page() -> None:
    shelf = Shelf()
    papers = PaperList(shelf.read_page, COLUMNS)
    app = Stage(papers)
    async with app.run_test(size=(60, 30)) as pilot:
        papers.show(found(range(1, 100_001), 100_000), {})
        await pilot.pause()
        for row in (50_000, 99_999, 3, -1):
            papers.move_to(row)
            await pilot.pause()
        assert "Paper 100000" in "\n".join(painted(papers))
        assert papers.virtual_size.height == 200_000
        assert shelf.fetched < 1_000
        for row in range(0, 100_000, 40):
            papers.paper(row)
        assert len(papers._papers) <= MAX_CACHED


async def test_paper_list_scrolled_paints_only_new_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    papers = PaperList(Shelf().read_page, COLUMNS)
    async with Stage(papers).run_test(size=(60, 10)):
        papers.show(found(range(1, 101), 100), {})
        rows: list[int] = []
        line = PaperList.line

        def counted(self: PaperList, row: int, *rest: int) -> Content:
            rows.append(row)
            return line(self, row, *rest)

        monkeypatch.setattr(PaperList, "line", counted)
        for down in (1, 1, 1, 1, 1, 1, 3, -7):
            painted(papers)
            rows.clear()
            before = papers.cursor
            papers.move(down)
            shown = painted(papers)
            assert down != 1 or set(rows) == {before, papers.cursor}
            papers.refresh()
            assert painted(papers) == shown
        papers.selection = frozenset({PaperKey(papers.cursor + 1)})
        assert "✓" in painted(papers)[0]


async def test_paper_list_rows_below_separator() -> None:
    papers = PaperList(Shelf().read_page, COLUMNS)
    async with Stage(papers).run_test(size=(60, 30)):
        papers.show(found([1, 2, 3, 4], 2), {})
        assert [papers.top_of(row) for row in range(4)] == [0, 2, 5, 7]
        lines = [papers.row_at(line) for line in range(10)]
        assert lines == [(0, 0), (0, 1), (1, 0), (1, 1), None, (2, 0), (2, 1), (3, 0), (3, 1), None]
        assert painted(papers)[4].startswith("── 2 match some words ──")
        papers.show(found([1, 2], 0), {})
        assert painted(papers)[0].startswith("── none match all words · 2 match some ──")
        assert papers.row_at(0) is None


async def test_paper_list_marks_have_signs() -> None:
    marks = Paper("T", key=PaperKey(1), bookmarked=True, read=False, tags=("nlp",), note="n")
    papers = PaperList(lambda *_: [marks], COLUMNS)
    async with Stage(papers).run_test(size=(64, 10)):
        papers.show(found([1], 1), {})
        papers.selection = frozenset({PaperKey(1)})
        title, facts, *_ = painted(papers)
        assert title == "▌✓  T"
        assert facts.startswith("▌ ")
        assert facts.endswith("✎ #nlp")
        papers.selection = frozenset()
        assert painted(papers)[0] == "▌★  T"


@pytest.mark.parametrize(("read", "dot", "shown"), [
    (True, "read", True), (False, "read", False), (True, "unread", False), (False, "unread", True),
])  # fmt: skip
async def test_paper_list_dot_marks_configured_state(read: bool, dot: str, shown: bool) -> None:
    paper = Paper("T", key=PaperKey(1), read=read)
    papers = PaperList(lambda *_: [paper], COLUMNS, dot=dot)
    async with Stage(papers).run_test(size=(60, 10)):
        papers.show(found([1], 1), {})
        assert ("●" in painted(papers)[0]) == shown


async def test_paper_list_deleted_paper_is_labelled() -> None:
    papers = PaperList(lambda *_: [], COLUMNS)
    async with Stage(papers).run_test(size=(60, 10)):
        papers.show(found([1], 1), {})
        assert "deleted" in painted(papers)[0]


@pytest.mark.parametrize(
    "title",
    ["深度学习" * 30, "e\u0301\u0302" * 60, "Donaudampfschiff" * 20,
     "👩‍👩‍👧 family 🇩🇪 " * 9, "[b]" * 40, "ﷺ" * 50],
)  # fmt: skip
async def test_paper_list_every_line_fills_width(title: str) -> None:
    papers = PaperList(lambda *_: [Paper(title, key=PaperKey(1), venue=title)], COLUMNS)
    async with Stage(papers).run_test(size=(41, 6)):
        papers.show(found([1], 1, "family 深度"), {})
        for y in range(papers.size.height):
            assert papers.render_line(y).cell_length == 40  # beside the scroll bar


async def test_list_empty_shows_text() -> None:
    papers = PaperList(Shelf().read_page, COLUMNS)
    papers.empty_text = "No papers [yet].\n\nBring some in."
    async with Stage(papers).run_test(size=(40, 10)) as pilot:
        papers.show(found([], 0), {})
        await pilot.pause()
        assert [line.strip() for line in painted(papers)[1:4]] == papers.empty_text.split("\n")
        for move in (papers.move, papers.move_to, papers.half_page):
            move(1)
        assert papers.current is None


# -- the filters -----------------------------------------------------------------------------------

FACETS = (
    Facet("Status", "is", (Count("unread", 1_234),)),
    Facet("Tags", "tag", (Count("llm", 2), Count("llm/safety", 1))),
    Facet("Year", "year", tuple(Count(str(2000 + n), n) for n in range(1, 13))),
    Facet("Venue", "venue", ()),
)


async def test_filter_list_shows_headings_and_counts() -> None:
    filters = FilterList()
    async with Stage(filters).run_test(size=(27, 30)) as pilot:
        filters.show(FACETS, parse("-tag:llm year:2003 ").filters)
        await pilot.pause()
        lines = painted(filters)
        assert lines[0].strip() == "Status"
        assert lines[1].endswith("1,234")
        assert "− llm" in lines[3]
        assert lines[4].strip().startswith("safety")
        assert "✓ 2003" in lines[6]
        assert "… 4 more" in "\n".join(lines)
        assert "Venue" not in "\n".join(lines)


async def test_filter_list_facet_not_counted_yet_says_so() -> None:
    filters = FilterList()
    async with Stage(filters).run_test(size=(27, 30)) as pilot:
        topics = Facet("Topic", "topic", (), is_partial=True)
        venues = Facet("Venue", "venue", (Count("ACL", 2),), is_partial=True)
        filters.show((FACETS[0], venues, topics), ())
        await pilot.pause()
        lines = [line.strip(" ▌") for line in painted(filters) if line.strip()]
        assert [line for line in lines if "partial" in line] == [
            "Venue · partial", "Topic · partial"
        ]  # fmt: skip
        assert any(line.startswith("ACL") for line in lines)


async def test_filter_list_cursor_skips_headings() -> None:
    filters = FilterList()
    async with Stage(filters).run_test(size=(27, 30)):
        filters.show(FACETS, ())
        assert (filters.cursor, filters.current) == (1, filters.rows[1])
        filters.move(1)
        assert filters.rows[filters.cursor].value == "llm"
        filters.move(-1)
        assert filters.rows[filters.cursor].value == "unread"
        filters.move_to(0)
        assert filters.cursor == 1
        filters.move(2)
        value = filters.rows[filters.cursor].value
        filters.show(FACETS[1:], ())
        assert filters.rows[filters.cursor].value == value
        filters.show((), ())
        assert filters.current is None


async def test_filter_list_changes_above_keep_cursor_line() -> None:
    filters = FilterList()
    many = Facet("Author", "author", tuple(Count(f"name {n}", 9) for n in range(8)), 40_000)
    async with Stage(filters).run_test(size=(27, 8)) as pilot:
        filters.show((*FACETS, many), ())
        filters.move_to(18)
        await pilot.pause()
        filters.move(-2)
        await pilot.pause()
        under, line = filters.current, filters.cursor - filters.scroll_offset.y
        filters.show((FACETS[0], *FACETS[2:], many), ())
        await pilot.pause()
        assert filters.current == under
        assert filters.cursor - filters.scroll_offset.y == line
        filters.show((FACETS[0], FACETS[1]), ())
        assert filters.current


async def test_filter_list_long_values_are_shortened() -> None:
    filters = FilterList()
    names = [f"Proceedings of the {n}th Meeting" for n in (58, 59)]
    venues = Facet("Venue", "venue", (*(Count(name, 2) for name in names), Count("Nature", 1)))
    async with Stage(filters).run_test(size=(22, 8)) as pilot:
        filters.show((venues,), ())
        await pilot.pause()
        shown = [line.strip(" ▌") for line in painted(filters)]
        assert shown[1:4] == ["…58th Meeting   2", "…59th Meeting   2", "Nature          1"]
        assert filters.current
        assert filters.current.value == names[0]


async def test_filter_list_shows_number_of_hidden_values() -> None:
    filters = FilterList()
    many = Facet("Author", "author", tuple(Count(f"name {n}", 9) for n in range(200)), 40_000)
    async with Stage(filters).run_test(size=(27, 8)) as pilot:
        filters.show((many,), ())
        assert filters.rows[-1].more == 39_992
        filters.expand_facet("author")
        await pilot.pause()
        assert filters.rows[-1].rest == 39_800
        assert filters.current
        assert filters.current.value == "name 0"
        filters.move_to(-1)
        await pilot.pause()
        assert "and 39,800 less common" in painted(filters)[-1]


def test_histogram_fits_width() -> None:
    years = [Count(str(1990 + n), n) for n in range(36)]
    for width in (12, 20, 60):
        text = histogram(years, width).plain
        assert text.startswith("1990 ")
        assert text.endswith("█ 2025")
        assert len(text) <= width
    months = [Count("2024-12", 1), Count("2025-01", 0), Count("2025-02", 8)]
    assert histogram(months, 30).plain == "Dec 24 ▁▁▁   ███ Feb 25"


# -- the status line -------------------------------------------------------------------------------


async def status(width: int, **state: object) -> str:
    line = StatusLine()
    async with Stage(line).run_test(size=(width, 3)) as pilot:
        line.keys = [("/", "search", "search"), ("b", "bookmark", "bookmark"), ("o", "open", "")]
        line.always = [("?", "help", "help")]
        for name, value in state.items():
            setattr(line, name, value)
        await pilot.pause()
        assert line.size.height == 1
        assert line.render_line(0).cell_length <= width
        return re.sub("  +", "  ", painted(line)[0].strip())


async def test_status_line_drops_keys_for_message() -> None:
    assert await status(60) == "/ search  b bookmark  o open  ? help"
    assert await status(30) == "/ search  b bookmark  ? help"
    assert await status(7) == "? help"
    said = await status(50, message="bookmarked [b]x[/b]", hint="undo: u")
    assert said == "/ search  bookmarked [b]x[/b] · undo: u  ? help"
    said = await status(39, message="bookmarked [b]x[/b]", hint="undo: u")
    assert said == "bookmarked [b]x[/b] · undo: u  ? help"


async def test_status_line_truncates_message_before_hint() -> None:
    said = await status(
        50,
        message="bookmarked “" + "深度" * 40,
        hint="undo: u",
        selection=frozenset(range(12_000)),
    )
    assert said.startswith("bookm")
    assert "… · undo: u  12,000 selected  ? help" in said


async def test_status_line_long_message_stays_on_one_line() -> None:
    fault = "arXiv cannot be reached (no answer within 20 s); check the network"
    assert await status(80, message=fault) == f"{fault}  ? help"
    assert await status(50, message=fault) == f"{fault[:41].rstrip()}…  ? help"


async def test_status_line_progress_leaves_keys_and_message() -> None:
    said = await status(60, progress="indexing 200 of 400")
    assert said == "/ search  b bookmark  o open  indexing 200 of 400  ? help"
    said = await status(60, progress="indexing 200 of 400", message="bookmarked", hint="undo: u")
    assert said == "/ search  bookmarked · undo: u  indexing 200…  ? help"


async def test_status_line_minor_progress_takes_no_room_of_keys() -> None:
    counting = "counting topics 500 of 10,000"
    assert await status(80, progress=counting, minor=True) == (
        f"/ search  b bookmark  o open  {counting}  ? help"
    )
    assert await status(60, progress=counting, minor=True) == (
        "/ search  b bookmark  o open  counting topics 500 o…  ? help"
    )
    assert await status(45, progress=counting, minor=True) == (
        "/ search  b bookmark  o open  ? help"
    )


async def test_status_line_message_leaves_after_two_moves() -> None:
    line = StatusLine()
    async with Stage(line).run_test(size=(60, 3)):
        line.say("bookmarked", "undo: u")
        line.moved()
        assert line.message == "bookmarked"
        line.say("tagged")
        line.moved()
        assert line.message == "tagged"
        line.moved()
        assert (line.message, line.hint) == ("", "")


async def test_status_line_message_leaves_after_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    line = StatusLine()
    async with Stage(line).run_test(size=(60, 3)) as pilot:
        monkeypatch.setattr("tui.widgets.status_line.MESSAGE_TIMEOUT_S", 0.01)
        line.say("bookmarked")
        while line.message:
            await pilot.pause()


# -- paper text ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("authors", "short"),
    [((), ""), (("Ada Lovelace",), "Lovelace"), (("Képes, Anna", "Bo Li"), "Képes, Li"),
     (("A B", "C D", "E F"), "B+"), (("Plato",), "Plato"), (("",), "")],
)  # fmt: skip
def test_format_authors_is_short(authors: tuple[str, ...], short: str) -> None:
    assert format_authors(Paper("T", authors=authors)) == short


def test_format_authors_et_al_is_retained() -> None:
    assert format_authors(Paper("T", authors=("Ada Lovelace",), et_al=True)) == "Lovelace+"


def test_highlight_marks_matches_and_ignores_markup() -> None:
    text = "[b]graph[/b] [/INST] graphs"
    content = highlight(text, "title", Highlighter(parse("graph").tree), current=1)
    assert content.plain == text
    assert [(span.start, span.end) for span in content.spans] == [(3, 8), (21, 27)]
    assert "reverse" in str(content.spans[1].style)
    assert highlight(text, "title", None).spans == []


@pytest.mark.parametrize(
    ("date", "shown"),
    [("--03-11", "Mar 11"), ("2025-03-11", "Mar 11, 2025"), ("2025-03", "Mar 2025"),
     ("2025", "2025"), ("", "")],
)  # fmt: skip
def test_page_date_formats_date(date: str, shown: str) -> None:
    assert page_date(date) == shown


async def test_paper_list_source_is_shown_only_if_mixed_and_nothing_else_is_known() -> None:
    sources = (SourceRef("001", 4), SourceRef("002", 37))
    bare = Paper("T", key=PaperKey(1), sources=sources)
    known = Paper("U", key=PaperKey(2), sources=sources, year=2020)
    papers = PaperList(lambda *_: [bare, known], COLUMNS)
    async with Stage(papers).run_test(size=(60, 4)):
        papers.show(found([1, 2], 2), {})
        assert painted(papers)[1].strip("▌ ") == ""
        papers.set_mixed(True)
        assert painted(papers)[1].endswith(" 002")
        assert painted(papers)[3].endswith(" 2020")


def test_facts_of_a_paper_are_wrapped_between_facts() -> None:
    paper = Paper("A Title", venue="Proceedings of a Meeting", date="2025-12-18",
                  categories=("cs.CV", "cs.AI"), arxiv_id="2512.14994")  # fmt: skip
    lines = [line.plain for line in PaperPage(paper).lines(40)]
    assert "Proceedings of a Meeting · 2025-12-18" in lines
    assert "cs.CV cs.AI · arXiv 2512.14994" in lines


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_result_counts_are_shortened_until_the_order_is_whole(
    reading: Open, library: Library, size: tuple[int, int]
) -> None:
    async with reading(library, size=size) as reader:
        await reader.search("speech")
        found = reader.screen.results
        assert found
        many = replace(found, rows=Rows.of(np.arange(12_369), 24), dismissed=1_234)
        reader.screen.header.info.results = many
        line = reader.in_widget(reader.screen.header.info).strip()
        assert line.endswith("relevance ▾")
        assert "12,345" in line
