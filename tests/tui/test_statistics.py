"""Statistics on the command line and in the reader, with plots and without."""

from pathlib import Path

import pytest
from textual.widgets import Static

from index import Library, Paper
from index.errors import CarrelError
from index.facets.counting import Count
from index.marks.changes import Bookmark, Read, Tag
from index.search.statistics import Statistics, Trend, Week
from tui import charts
from tui.cli.tables import padded, truncated, width
from tui.screens.stats import StatsScreen
from tui.statistics import COUNTING, sections

from .command import Carrel
from .conftest import Open

HOSTILE = "[b]ACL[/b] \x1b[31m [/INST] 深度学习" + "x" * 80

FOUND = Statistics(
    30,
    (Count("1901", 1), *(Count(str(year), year - 2010) for year in range(2011, 2026))),
    (Count("page", 30),),
    (Count(HOSTILE, 3), *(Count(f"V{n}", 1) for n in range(12))),
    (),
    (Trend("language models", 9, (Count("2015", 4), Count("2020", 5))),),
    tuple(Week(f"2025-0{n}-06", n, 2) for n in range(1, 9)),
)


def pad(text: str, cells: int) -> str:
    return padded(truncated(text, cells), cells)


@pytest.mark.parametrize("plotted", [True, False])
@pytest.mark.parametrize("cells", [20, 56, 100])
def test_sections_fit_their_width_and_are_plain_text(
    monkeypatch: pytest.MonkeyPatch, cells: int, plotted: bool
) -> None:
    if plotted:
        pytest.importorskip("plotext")
    monkeypatch.setattr(charts, "has_plotext", lambda: plotted)
    found = list(sections(FOUND, cells, pad))
    assert [section.title for section in found] == [
        "Papers by year", "Papers by source", "Papers by venue", "Topics over the years",
        "Read and kept by week",
    ]  # fmt: skip
    lines = [line for section in found for line in section.lines]
    assert max(map(width, lines)) <= cells
    assert not any(sign in line for line in lines for sign in "\x1b\n\t")
    assert any(line.startswith("[b]ACL") for line in lines)
    assert ("┌" in "".join(lines)) == (plotted and cells >= charts.MIN_PLOT_CELLS)


def test_stats_of_a_library_as_text_and_json(stocked: Carrel) -> None:
    stocked("bookmark", "tree-ring")
    stocked("tag", "+deep/[x]", "tree-ring")
    printed = stocked("stats").out
    assert "papers         4\n" in printed
    assert "Papers by year\n" in printed
    assert "deep/[x]" in printed
    shown = stocked("stats", "--json").json
    assert (shown["papers"], shown["bookmarked"], shown["found"]) == (4, 1, 4)
    assert {"value": "deep/[x]", "count": 1} in shown["tags"]
    assert [week["kept"] for week in shown["weeks"]] == [1]
    assert set(shown) >= {"years", "venues", "by_source", "topics"}


def test_stats_of_a_query_count_its_papers(stocked: Carrel) -> None:
    stocked("bookmark", "tree-ring")
    run = stocked("stats", "is:bookmarked")
    assert "1 papers match" not in run.out
    assert "1 paper matches is:bookmarked\n" in run.out
    assert stocked("stats", "is:bookmarked", "--json").json["found"] == 1


async def test_statistics_of_the_visible_papers_are_shown(reading: Open, library: Library) -> None:
    library.apply(Bookmark(("study-1", "study-4")))
    library.apply(Read(("study-1",)))
    library.apply(Tag(("study-1",), add=("[b]x[/b]",)))
    async with reading(library, size=(60, 20)) as reader:
        await reader.search("speech")
        await reader.command("statistics")
        await reader.settle()
        screen = reader.app.screen
        assert isinstance(screen, StatsScreen)
        count = len(reader.ids)
        assert f"{count} papers · speech" in reader.seen
        assert "Papers by year" in reader.seen
        lines = [line.plain for line in screen.query_one(Static).content.split("\n")]  # type: ignore[union-attr]
        assert max(map(len, lines)) <= screen.query_one(Static).content_size.width
        await reader.press("G")
        assert "kept" in reader.seen
        assert "Read and kept by week" in reader.seen
        await reader.press("g")
        pages = []
        for _ in range(5):
            await reader.press("ctrl+d")
            pages.append(reader.seen)
        assert "[b]x[/b]" in "".join(pages)
        await reader.press("escape")
        assert reader.app.screen is reader.screen


async def test_error_while_counting_is_shown(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> Statistics:
        raise OSError(5, "Input/output error", "carrel.db")

    async with reading(library) as reader:
        monkeypatch.setattr(library, "statistics", fail)
        await reader.command("statistics")
        await reader.settle()
        assert "carrel.db: Input/output error" in reader.seen


async def test_bars_and_lines_of_statistics_have_colours(reading: Open, library: Library) -> None:
    library.apply(Bookmark(("study-1",)))
    async with reading(library) as reader:
        await reader.command("statistics")
        await reader.settle()
        colours = {
            segment.text.strip()[:1]: segment.style.color.name
            for strip in reader.painted()
            for segment in strip
            if segment.style and segment.style.color and segment.text.strip()
        }
        assert colours["█"] == reader.app.theme_variables["accent"].lower()


def test_statistics_say_that_they_are_partial(home: Path) -> None:
    with Library.open(home / "new") as library:
        papers = [Paper(f"Graph retrieval {n}", "We do it.", year=2020 + n % 2) for n in range(30)]
        library.add(papers, "page")
        library.index.sync()
        found = library.statistics(library.search(""), wait=False)
        assert next(sections(found, 60, pad)).title == COUNTING
        library.catalogue.sync()
        assert not library.statistics(library.search("")).is_partial


def test_few_years_are_bars_and_many_a_plot() -> None:
    pytest.importorskip("plotext")
    few = [(str(year), 3) for year in range(2020, 2020 + charts.MIN_PLOT_VALUES - 1)]
    assert charts.histogram(few, 60, pad) == list(charts.bars(few, 60, pad))
    assert "┌" in charts.histogram([*few, ("2030", 3)], 60, pad)[0]


def test_stats_print_totals_before_topics_are_counted(
    stocked: Carrel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(library: Library) -> None:
        raise CarrelError("cannot count topics: no reason")

    monkeypatch.setattr("tui.cli.stats.update_catalogue", fail)
    run = stocked("stats")
    assert run.code == 1
    assert "papers         4\n" in run.out
    assert "by year" not in run.out
