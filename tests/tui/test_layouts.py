"""The layouts of the reader: whole titles, widths, the frame of the focus, and saved choices."""

import json
import lzma
from itertools import islice
from pathlib import Path

import pytest

from index import Library, Paper
from index.importing.service import ImportRequest
from index.marks.changes import Read
from tui.config.state import ReaderState, load_state, save_state, state_file
from tui.widgets.layouts import LAYOUTS, arrange, automatic_layout
from tui.widgets.pane_frame import PaneHeading
from tui.widgets.paper_rows import gutter_cells, wrap_title

from .conftest import Open

SHARED = Path(__file__).parents[3] / "shared"
PAGES = sorted((SHARED / "pages").glob("*"))
CORPUS = SHARED / "corpora" / "papers-99k.jsonl.xz"
SAMPLE = 2_000
"""Titles of the corpus that are measured, one in five of 10,000."""

# The widths in use, and those on both sides of a change of layout.
WIDTHS = [60, 80, 109, 110, 120, 159, 160, 200, 250]


def title_cells(columns: int, lines: int = 40, layout: str = "") -> int:
    """Return the cells that a line of a title has on a screen of a size."""
    at = arrange(layout or automatic_layout(columns), columns, lines)
    width = columns if at.layout == "stack" else at.list_size
    return width - 1 - gutter_cells(width - 1)  # beside the scroll bar


def share_of_whole_titles(titles: list[str], cells: int) -> float:
    """Return the share of titles that fit on two lines."""
    whole = [title for title in titles if is_whole(title, cells)]
    return len(whole) / len(titles)


def is_whole(title: str, cells: int) -> bool:
    lines = wrap_title(Paper(title), None, cells, lines=2)
    return not lines[-1].plain.endswith("…") or title.endswith("…")


# -- titles ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page_titles(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The titles of the listing pages."""
    if not PAGES:
        pytest.skip("../shared/pages is missing")
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("pages")
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        with Library.open(folder / "library") as library:
            library.import_files(ImportRequest(tuple(map(str, PAGES))))
            hits = library.search("", limit=1_000).hits
            return [paper.title for paper in library.papers([hit.id for hit in hits])]


@pytest.mark.parametrize("columns", WIDTHS)
def test_titles_of_pages_are_whole(page_titles: list[str], columns: int) -> None:
    assert len(page_titles) > 400
    assert share_of_whole_titles(page_titles, title_cells(columns)) >= 0.95


@pytest.mark.skipif(not CORPUS.exists(), reason="../shared/corpora is missing")
def test_titles_of_corpus_are_whole() -> None:
    with lzma.open(CORPUS, "rt", encoding="utf-8") as lines:
        titles = [json.loads(line)["title"] for line in islice(lines, 0, 5 * SAMPLE, 5)]
    for columns in (80, 120, 200):
        assert share_of_whole_titles(titles, title_cells(columns)) >= 0.90


@pytest.mark.parametrize("layout", ["stack", "split", "three"])
def test_title_width_grows_with_window(layout: str) -> None:
    widths = [title_cells(columns, layout=layout) for columns in range(60, 251)]
    assert widths == sorted(widths)


async def test_narrow_list_has_one_cell_for_marks(reading: Open, marked: Library) -> None:
    marked.apply(Read(("study-0", "study-1")))
    async with reading(marked, size=(60, 20)) as reader:
        first, second = reader.in_widget(reader.screen.papers).splitlines()[:4:2]
        assert first.startswith("▌● Study 00")
        assert second.startswith(" ★ Study 01")


def test_paper_text_measure_is_readable() -> None:
    for columns in range(190, 251):
        at = arrange("three", columns, 50)
        paper = columns - at.filters - 2 - at.list_size
        assert 72 <= paper - 3 <= 82  # beside padding and scroll bar


# -- layouts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "layout"),
    [((60, 20), "stack"), ((80, 24), "stack"), ((109, 40), "stack"), ((110, 40), "split"),
     ((159, 40), "split"), ((160, 40), "three"), ((250, 70), "three")],
)  # fmt: skip
async def test_layout_depends_on_width(
    reading: Open, library: Library, size: tuple[int, int], layout: str
) -> None:
    async with reading(library, size=size) as reader:
        assert reader.screen.panes.layout_name == layout
        shown = [name for name in ("filters", "papers", "paper")
                 if reader.screen.query_one(f"#{name}").display]  # fmt: skip
        assert shown == ["filters", "papers", "paper"][layout != "three" :]
        assert "Study 00" in reader.in_widget(reader.screen.papers)
        assert "We study" in reader.in_widget(reader.screen.view)
        assert reader.screen.query_one("#strip").display == (layout == "split")


@pytest.mark.parametrize(
    ("key", "layout"), [("s", "stack"), ("v", "split"), ("t", "three"), ("r", "read")]
)
async def test_layout_key_chooses_layout(
    reading: Open, library: Library, key: str, layout: str
) -> None:
    async with reading(library, size=(130, 40)) as reader:
        await reader.press("z")
        assert "three" in reader.seen
        await reader.press(key)
        assert reader.screen.panes.layout_name == layout
        await reader.pilot.resize_terminal(170, 40)
        await reader.settle()
        assert reader.screen.panes.layout_name == layout
        await reader.press("z", "a")
        assert reader.screen.panes.layout_name == "three"


async def test_layout_next_steps_through_layouts(reading: Open, library: Library) -> None:
    async with reading(library, size=(130, 40)) as reader:
        seen = []
        for _ in range(4):
            await reader.press("z", "z")
            seen.append(reader.screen.panes.layout_name)
        assert seen == ["three", "read", "stack", "split"]
        assert sorted(seen) == sorted(LAYOUTS)


async def test_layout_read_steps_through_papers(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("z", "r", "j")
        view = reader.screen.view
        assert reader.screen.focused is view
        assert not reader.screen.query_one("#papers").display
        assert "Study 01" in reader.in_widget(view)
        assert "2/31 · 6%" in reader.seen
        assert view.scrollable_content_region.width <= 84
        await reader.press("escape")
        assert reader.screen.panes.layout_name == "split"
        assert reader.screen.focused is reader.screen.papers


async def test_dense_rows_have_one_line(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        assert reader.screen.papers.row_height == 2
        await reader.press("z", "d")
        first, second, *_ = reader.in_widget(reader.screen.papers).splitlines()
        assert first.startswith("▌   Study 00")
        assert "2020" in first
        assert "Study 01" in second
        await reader.press("z", "d")
        assert reader.screen.papers.row_height == 2


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_divider_keys_resize_list(
    reading: Open, library: Library, size: tuple[int, int]
) -> None:
    async with reading(library, size=size) as reader:
        papers = reader.screen.query_one("#papers")
        side = "height" if size[0] < 110 else "width"
        before = getattr(papers.size, side)
        await reader.press("greater_than_sign")
        assert getattr(papers.size, side) > before
        await reader.press("less_than_sign", "less_than_sign")
        assert getattr(papers.size, side) < before


async def test_divider_drag_resizes_list(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.pilot.mouse_down("#after-papers", offset=(0, 10))
        await reader.pilot.hover(offset=(80, 20))
        await reader.pilot.mouse_up(offset=(80, 20))
        await reader.settle()
        assert reader.screen.query_one("#papers").size.width == 80


async def test_layout_and_widths_are_saved(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("z", "d", "greater_than_sign")
        width = reader.screen.query_one("#papers").size.width
    async with reading(library) as reader:
        assert reader.screen.query_one("#papers").size.width == width
        assert reader.screen.papers.row_height == 1
        await reader.press("z", "s")
    async with reading(library) as reader:
        assert reader.screen.panes.layout_name == "stack"


async def test_theme_chosen_is_saved(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        reader.app.theme = "nord"
    async with reading(library) as reader:
        assert reader.app.theme == "nord"


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"layout": 1}', "\x00"])
def test_state_file_that_is_broken_is_ignored(home: Path, text: str) -> None:
    path = state_file()
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert load_state(path) == ReaderState()
    state = ReaderState("split", dense=True, shares={"split": 0.4}, theme="nord")
    save_state(path, state)
    assert load_state(path) == state


# -- the frame -------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 50)])
async def test_frame_is_heavy_for_one_pane_alone(
    reading: Open, library: Library, size: tuple[int, int]
) -> None:
    async with reading(library, size=size) as reader:
        for key, pane in (("l", "Paper"), ("h", "Papers"), ("h", "Filters")):
            await reader.press(key)
            lit = [one for one in reader.screen.query(PaneHeading) if "━━" in one.render().plain]
            assert [one.title for one in lit] == [pane]
            assert f"━ {pane} ━" in reader.seen
        await reader.press("slash")
        assert not [one for one in reader.screen.query(PaneHeading) if one.lit]


async def test_heading_shows_position(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        assert "1/31 · 3%" in reader.seen
        await reader.press("G")
        assert "31/31 · 100%" in reader.seen


async def test_list_top_row_is_whole(reading: Open, library: Library) -> None:
    for height in (19, 20):
        async with reading(library, size=(80, height)) as reader:
            papers = reader.screen.papers
            for row in range(31):
                papers.move_to(row)
                assert papers.scroll_offset.y % 2 == 0
                top, shown = papers.scroll_offset.y, papers.scrollable_content_region.height
                assert top <= papers.top_of(row) <= top + shown - 2


# -- the mouse -------------------------------------------------------------------------------------


async def test_footer_hint_click_runs_command(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        at = reader.in_widget(reader.screen.footer).index("b ★")
        await reader.pilot.click("#status", offset=(at, 0))
        await reader.settle()
        assert reader.current.bookmarked


async def test_hint_of_message_click_runs_command(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("b")
        at = reader.in_widget(reader.screen.footer).index("undo: u")
        await reader.pilot.click("#status", offset=(at, 0))
        await reader.settle()
        assert reader.said.startswith("undone: bookmarked")
        assert not reader.current.bookmarked


async def test_heading_drag_resizes_list_of_stack(reading: Open, library: Library) -> None:
    async with reading(library, size=(80, 24)) as reader:
        heading = reader.screen.panes.headings[reader.screen.view]
        before = reader.screen.papers.size.height
        await reader.pilot.mouse_down(heading, offset=(10, 0))
        await reader.pilot.hover(reader.screen.view, offset=(10, 4))
        await reader.pilot.mouse_up(reader.screen.view, offset=(10, 4))
        await reader.settle()
        assert reader.screen.papers.size.height > before


async def test_clear_hint_click_clears_filters(reading: Open, library: Library) -> None:
    async with reading(library, query="graph year:2020") as reader:
        at = reader.in_widget(reader.screen.strip).index("clear")
        await reader.pilot.click("#strip", offset=(at, 0))
        await reader.settle()
        assert reader.screen.query_text.strip() == "graph"


@pytest.mark.parametrize(
    ("size", "keys"), [((60, 20), ""), ((80, 24), ""), ((120, 40), ""), ((200, 50), ""),
                       ((80, 24), "zr")],
)  # fmt: skip
async def test_filters_and_notes_do_not_move_panes(
    reading: Open, library: Library, size: tuple[int, int], keys: str
) -> None:
    async with reading(library, size=size) as reader:
        await reader.press(*keys)
        pane = reader.screen.panes.home
        before = pane.region
        for query in ("year:2020 -venue:ACL", "year:2020 zz:x grph", "is:unread study", ""):
            await reader.search(query)
            assert pane.region == before
            assert ("+year:2020" in reader.seen) == (query == "year:2020 -venue:ACL")


async def test_chip_in_heading_leaves_position_and_removes_its_filter(
    reading: Open, library: Library
) -> None:
    async with reading(library, size=(80, 24)) as reader:
        await reader.search("year:2020 -venue:NeurIPS study")
        heading = reader.screen.panes.headings[reader.screen.papers]
        line = reader.in_widget(heading)
        assert "+year:2020   −venue:NeurIPS  clear: F" in line
        assert line.rstrip(" ━").endswith("%")
        await reader.pilot.click(heading, offset=(line.index("2020"), 0))
        await reader.settle()
        assert reader.screen.query_text.strip() == "-venue:NeurIPS study"
        line = reader.in_widget(heading)
        await reader.pilot.click(heading, offset=(line.index("clear"), 0))
        await reader.settle()
        assert reader.screen.query_text.strip() == "study"


async def test_sort_click_opens_menu(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.pilot.click("#info", offset=(40, 0))
        await reader.settle()
        assert "sort by" in reader.seen


async def test_strip_click_adds_filter_and_chip_click_removes_it(
    reading: Open, library: Library
) -> None:
    async with reading(library) as reader:
        at = reader.in_widget(reader.screen.strip).index("NeurIPS")
        await reader.pilot.click("#strip", offset=(at, 0))
        await reader.settle()
        assert reader.screen.query_text.strip() == 'venue:"NeurIPS"'
        assert "+venue:NeurIPS" in reader.seen
        await reader.pilot.click("#strip", offset=(3, 0))
        await reader.settle()
        assert reader.screen.query_text.strip() == ""
