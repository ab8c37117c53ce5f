"""The reader: the help, and the menus of keys after y, z and s."""

import pytest
from textual.widgets import Input

from index import Library
from index.query import parse
from tui.commands import EVERY_COMMAND, display_keys
from tui.commands.syntax import SYNTAX
from tui.config.keymap import DEFAULT_KEYS
from tui.screens.dialogs.choices import KeyMenu
from tui.screens.dialogs.help import HelpDialog, HelpLine
from tui.screens.triage import TriageScreen

from .conftest import Open, Reader


def dialog_of(reader: Reader) -> HelpDialog:
    dialog = reader.app.screen
    assert isinstance(dialog, HelpDialog)
    return dialog


def lines(dialog: HelpDialog, typed: str = "") -> list[HelpLine]:
    return [row.answer for row in dialog.rows(typed) if row.answer]


def current(reader: Reader) -> HelpLine:
    row = dialog_of(reader).current
    assert row
    assert row.answer
    return row.answer


async def filter_by(reader: Reader, text: str) -> None:
    dialog_of(reader).query_one(Input).value = text
    await reader.settle()


async def test_help_lists_every_command_and_line_of_syntax(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("question_mark")
        listed = {(line.keys, line.text) for line in lines(dialog_of(reader))}
        for command in EVERY_COMMAND:
            keys = "  ".join(display_keys(DEFAULT_KEYS[command.name])) or "palette"
            assert (keys, command.help) in listed
        assert {(line.written, line.means) for line in SYNTAX} < listed
        await reader.press("escape")
        assert reader.app.screen is reader.screen


async def test_help_shows_keys_as_configured(reading: Open, library: Library) -> None:
    changed = {"undo": ("U", "f5"), "tag": (), "triage_keep": ("y",)}
    async with reading(library, keys=changed) as reader:
        await reader.press("question_mark")
        keys = {line.text: line.keys for line in lines(dialog_of(reader))}
        assert keys["undo"] == "U  f5"
        assert keys["tag: add tags, or remove some"] == "palette"
        assert keys["keep: bookmark the paper"] == "y"
        await filter_by(reader, "undo")
        assert "U  f5" in reader.seen


@pytest.mark.parametrize("size", [(60, 20), (120, 40)])
async def test_help_opens_at_the_focused_pane(
    reading: Open, library: Library, size: tuple[int, int]
) -> None:
    async with reading(library, size=size) as reader:
        for keys, heading in (
            ([], "In the list"), (["l"], "In the paper"), (["slash"], "Query syntax"),
            (["escape", "f"], "In the filters"),
        ):  # fmt: skip
            await reader.press(*keys, "f1")
            below = reader.in_widget(dialog_of(reader).choices).splitlines()
            assert below[0].strip() == heading
            assert current(reader).text.split()[0] in below[1]
            await reader.press("escape")


async def test_help_filters_as_letters_are_typed(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("question_mark", *"bibtex")
        found = [line.command for line in lines(dialog_of(reader), "bibtex")]
        assert found == ["copy", "edit_paper", "add_paper"]  # each once, in the order of the help
        assert "In the list" in reader.seen
        assert "next paper" not in reader.seen
        await filter_by(reader, "nothing like it")
        assert "nothing matches" in reader.seen
        await reader.press("enter")
        assert isinstance(reader.app.screen, HelpDialog)


async def test_help_enter_on_an_example_runs_the_query(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("question_mark")
        await filter_by(reader, "years and ranges")
        assert current(reader).query == "year:2020..2024"
        assert "Enter search: year:2020..2024" in reader.seen
        await reader.press("enter")
        assert reader.app.screen is reader.screen
        assert reader.screen.query_text == "year:2020..2024 "
        assert len(reader.ids) == 24
        assert reader.screen.focused is reader.screen.papers


async def test_help_enter_on_a_command_runs_it(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("question_mark", *"bookmark, or", "enter")
        assert reader.current.bookmarked


async def test_help_shows_triage_but_does_not_run_it_elsewhere(
    reading: Open, library: Library
) -> None:
    async with reading(library) as reader:
        await reader.press("question_mark")
        await filter_by(reader, "keep: bookmark")
        assert "Enter close" in reader.seen
        await reader.press("enter")
        assert reader.app.screen is reader.screen
        assert not reader.current.bookmarked


async def test_help_of_triage_has_its_keys_and_runs_them(reading: Open, library: Library) -> None:
    async with reading(library, size=(60, 20)) as reader:
        first = reader.current.id
        await reader.press("m", "question_mark")
        assert {line.command.split("_")[0] for line in lines(dialog_of(reader))} == {"triage"}
        assert "Keys of triage" in reader.seen
        await reader.press(*"keep", "enter")
        assert isinstance(reader.app.screen, TriageScreen)
        assert library.papers([first])[0].bookmarked


@pytest.mark.parametrize("line", SYNTAX, ids=lambda line: line.example)
def test_syntax_example_is_understood_in_whole(library: Library, line: object) -> None:
    assert parse(line.example).notes == ()  # type: ignore[attr-defined]


# -- menus of keys ---------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_key_menu_is_above_the_footer_and_over_the_list(
    reading: Open, library: Library, size: tuple[int, int]
) -> None:
    async with reading(library, size=size) as reader:
        height = reader.screen.papers.size.height
        for key in ("y", "z", "s"):
            await reader.press(key)
            menu = reader.app.screen
            assert isinstance(menu, KeyMenu)
            assert reader.screen.papers.size.height == height
            assert menu.query_one(".box").region.bottom == reader.screen.footer.region.y
            cells = [(item.region.x, item.region.right) for item in menu.query("Static")]
            assert max(right for _, right in cells) <= size[0] - 2
            for label in menu.choices.values():
                assert label in reader.seen  # in whole, on one line
            (width,) = {right - x for x, right in cells}
            assert all((x - cells[0][0]) % width == 0 for x, _ in cells)  # in columns
            await reader.press("escape")


async def test_key_menu_other_key_closes_it_and_does_nothing(
    reading: Open, library: Library
) -> None:
    async with reading(library) as reader:
        layout = reader.screen.panes.layout_name
        for key in ("escape", "Q", "left", "f5"):
            await reader.press("z")
            assert isinstance(reader.app.screen, KeyMenu)
            await reader.press(key)
            assert reader.app.screen is reader.screen
            assert reader.screen.panes.layout_name == layout
