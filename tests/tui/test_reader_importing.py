"""The reader: importing dropped and pasted files, with a report."""

import shlex
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from index import Library
from tui.commands import COMMANDS
from tui.platform.dropped import complete_path, parse_paths
from tui.screens.dialogs.files import PathDialog
from tui.screens.dialogs.help import HelpDialog
from tui.screens.dialogs.texts import ReportScreen

from .conftest import Open, Reader


@pytest.fixture
def page(home: Path) -> Path:
    """A file with one paper, whose name terminals quote."""
    path = home / "new [b]page's.jsonl"
    path.write_text('{"title": "A Brand New Idea"}\n')
    return path


@pytest.fixture
def broken(home: Path) -> Path:
    path = home / "broken.jsonl"
    path.write_text('{"title": "One"}\n{"title": "[b]x"\n' + "[/INST]\n" * 40)
    return path


async def paste(reader: Reader, text: str) -> None:
    reader.app.post_message(events.Paste(text))
    await reader.settle()


def forms(path: Path) -> dict[str, str]:
    """Return a path in each form that terminals paste."""
    spaced = "".join(f"\\{sign}" if sign in " []'" else sign for sign in str(path))
    return {
        "as it is": str(path),
        "with an end of line": f"{path}\n",
        "quoted": shlex.quote(str(path)),
        "in double quotes": f'"{path}"',
        "with backslashes": f"{spaced} ",
        "as a URI": path.as_uri(),
        "as a URI with a host": path.as_uri().replace("file://", "file://localhost"),
    }


# -- pasted texts ----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", list(forms(Path("/a"))))
def test_parse_paths_accepts_every_form(page: Path, form: str) -> None:
    assert parse_paths(forms(page)[form]) == (str(page),)


def test_parse_paths_several_on_one_or_more_lines(page: Path, broken: Path) -> None:
    both = (str(page), str(broken))
    assert parse_paths(f"{shlex.quote(both[0])} {both[1]}") == both
    assert parse_paths(f"{page.as_uri()}\r\n{broken.as_uri()}\r\n") == both
    assert parse_paths(f"{page}\n{broken}\n") == both


@pytest.mark.parametrize(
    "text",
    [
        "",
        "watermark",
        "/no/such/file",
        "/",
        "~/",
        "file:///no/such",
        "file://elsewhere/etc",
        "'",
        "\\",
        "a\x00b",
        "/" + "x" * 5000,
        "file://[",
        "~nobody-here/x",
        "https://arxiv.org/abs/1706.03762",
        "{page} watermark",
        "{page}\nwatermark",
    ],
)
def test_parse_paths_other_text_returns_none(page: Path, text: str) -> None:
    assert parse_paths(text.replace("{page}", str(page.parent / "library"))) == ()


def test_parse_paths_relative_accepts_relative_path(page: Path) -> None:
    assert parse_paths(page.name) == ()
    assert parse_paths(page.name, relative=True) == (page.name,)


def test_complete_path_completes_name(page: Path) -> None:
    assert complete_path(f"{page.parent}/ne") == str(page)
    (page.parent / "folder").mkdir()
    assert complete_path(f"{page.parent}/fol") == f"{page.parent}/folder/"
    assert complete_path("ne") == page.name
    assert (
        complete_path(f"{page.parent}/") == complete_path("/no/such/x") == complete_path("") == ""
    )


# -- in the reader ---------------------------------------------------------------------------------


@pytest.mark.parametrize("bar", [False, True])
async def test_dropped_file_any_focus_is_imported(
    reading: Open, library: Library, page: Path, bar: bool
) -> None:
    async with reading(library) as reader:
        if bar:
            await reader.press("slash")
        await paste(reader, shlex.quote(str(page)))
        assert reader.said == "1 paper read: 1 added · 1 paper has no authors · complete them: A E"
        assert reader.screen.bar.value == ""
        assert "A Brand New Idea" in [paper.title for paper in library.papers(reader.ids)]
        assert reader.app.screen is reader.screen


async def test_paste_title_searches(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("slash")
        await paste(reader, "Code\nReleased")
        assert reader.screen.bar.value == "Code Released"
        assert len(reader.ids) >= 1


async def test_paste_over_list_is_not_keys(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await paste(reader, "bbb jjj q")
        assert "not a file" in reader.said
        assert reader.screen.papers.cursor == 0
        assert library.search("is:bookmarked").total == 0


async def test_import_report_lists_skipped_entries(
    reading: Open, library: Library, broken: Path
) -> None:
    for size in ((120, 40), (60, 20)):
        async with reading(library, size=size) as reader:
            await paste(reader, str(broken))
            assert isinstance(reader.app.screen, ReportScreen)
            assert "line 2: not JSON at column" in reader.seen
            assert "skipped" in reader.seen
            before = reader.seen
            await reader.press("ctrl+d", "ctrl+d", "ctrl+d", "ctrl+d", "ctrl+d")
            assert "line 42: not" in reader.seen
            await reader.press("k")
            assert reader.seen != before
            await reader.press("enter" if size[0] > 60 else "escape")
            assert reader.app.screen is reader.screen
            await reader.command("import_report")
            await reader.settle()
            assert isinstance(reader.app.screen, ReportScreen)


async def test_import_with_marks_can_be_undone(reading: Open, library: Library, home: Path) -> None:
    marked = home / "marked.jsonl"
    marked.write_text('{"title": "A Brand New Idea", "bookmarked": true, "tags": ["x"]}\n')
    async with reading(library) as reader:
        await paste(reader, str(marked))
        assert reader.said == "1 paper read: 1 added · 1 paper has no authors · undo its marks: u"
        await reader.press("u")
        assert reader.said == "undone: marks from marked: 1 paper"
        await reader.search("is:bookmarked")
        assert reader.ids == []


async def test_import_several_files_reports_each(
    reading: Open, library: Library, page: Path, home: Path
) -> None:
    other = home / "other.jsonl"
    other.write_text('{"title": "Another"}\n{"title": "A Brand New Idea", "year": 2020}\n')
    async with reading(library) as reader:
        await paste(reader, f"{shlex.quote(str(page))} {other}")
        assert isinstance(reader.app.screen, ReportScreen)
        assert "3 papers read: 2 added, 1 merged" in reader.seen
        assert "new [b]page's.jsonl" in reader.seen
        assert "  2 papers read as jsonl, source other: 1 added, 1 merged" in reader.seen


async def test_import_report_does_not_cover_dialog(
    reading: Open, library: Library, broken: Path
) -> None:
    async with reading(library) as reader:
        await reader.press("question_mark")
        reader.screen.library_jobs.import_files(str(broken))
        await reader.settle()
        assert isinstance(reader.app.screen, HelpDialog)
        assert reader.said.startswith("42 papers read: 1 added, 41 skipped · ")


async def test_import_report_before_import_shows_message(reading: Open, library: Library) -> None:
    assert "import_report" in {command.name for command in COMMANDS}
    async with reading(library) as reader:
        await reader.command("import_report")
        assert "no imports since" in reader.said


async def test_import_dialog_accepts_paths_and_completes(
    reading: Open, library: Library, page: Path, broken: Path
) -> None:
    async with reading(library) as reader:
        await reader.command("import")
        await reader.settle()
        dialog = reader.app.screen
        assert isinstance(dialog, PathDialog)
        field = dialog.query_one(Input)
        field.value = f"{page.parent}/ne"
        field.cursor_position = len(field.value)
        await reader.settle()
        await reader.press("tab")
        assert field.value == str(page)
        field.value = ""
        await paste(reader, f"{page.as_uri()}\n{broken.as_uri()}")
        assert parse_paths(field.value) == (str(page), str(broken))
        await reader.press("enter")
        assert isinstance(reader.app.screen, ReportScreen)
        assert "A Brand New Idea" in [paper.title for paper in library.papers(reader.ids)]
