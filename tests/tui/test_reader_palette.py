"""The reader: the command palette, the choice of a theme, and the keys in the footer."""

import json

import pytest
from textual.widgets import Input

from index import Library
from tui.commands import COMMANDS, EVERY_COMMAND, TRIAGE_COMMANDS
from tui.commands.command import MOVING, PANES
from tui.commands.hints import BAR_HINTS
from tui.config.state import state_file
from tui.screens.dialogs.filtering import Choices
from tui.screens.dialogs.palette import PaletteDialog
from tui.screens.triage import TriageScreen
from tui.widgets.status_line import MAX_KEYS

from .conftest import Open, Reader


def dialog_of(reader: Reader) -> PaletteDialog:
    dialog = reader.app.screen
    assert isinstance(dialog, PaletteDialog)
    return dialog


def names(dialog: PaletteDialog, typed: str = "") -> list[str | None]:
    return [row.answer for row in dialog.rows(typed)]


@pytest.mark.parametrize("key", ["colon", "ctrl+p"])
async def test_palette_key_opens_and_escape_closes_it(
    reading: Open, library: Library, key: str
) -> None:
    async with reading(library) as reader:
        await reader.press(key)
        assert isinstance(reader.app.screen, PaletteDialog)
        await reader.press("escape")
        assert reader.app.screen is reader.screen


async def test_palette_offers_every_command_with_its_key_and_moves_last(
    reading: Open, library: Library
) -> None:
    async with reading(library, keys={"sort": ("f5",), "undo": ()}) as reader:
        await reader.press("colon")
        dialog = dialog_of(reader)
        offered = [entry.name for entry in dialog.entries]
        assert sorted(offered) == sorted(c.name for c in COMMANDS if c.name != "palette")
        groups = [entry.group for entry in dialog.entries]
        assert set(groups[groups.index(MOVING) :]) == {MOVING}
        keys = {entry.name: entry.key for entry in dialog.entries}
        assert (keys["sort"], keys["undo"], keys["export"]) == ("f5", "", "x")


async def test_palette_filters_as_letters_are_typed_and_runs(
    reading: Open, library: Library
) -> None:
    async with reading(library) as reader:
        await reader.press("colon", *"bk", "enter")
        assert reader.app.screen is reader.screen
        assert reader.current.bookmarked
        await reader.press("colon", *"zzz", "enter")
        assert "no command matches" in reader.seen
        await reader.press("escape")
        assert reader.app.screen is reader.screen


BEST = {
    "fetch arx": "fetch_arxiv", "import": "import", "report": "import_report",
    "rename": "rename_tag", "stop": "stop", "dup": "duplicates", "theme": "theme",
    "help": "help", "quit": "quit", "u": "undo", "T": "untag", "/": "search", "Ctrl-r": "redo",
}  # fmt: skip


async def test_palette_best_match_is_first(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("colon")
        assert {typed: names(dialog_of(reader), typed)[0] for typed in BEST} == BEST


async def test_palette_commands_used_are_first_also_in_the_next_session(
    reading: Open, library: Library
) -> None:
    async with reading(library) as reader:
        for name in ("select all", "invert", "select all"):
            await reader.press("colon")
            dialog_of(reader).query_one(Input).value = name
            await reader.press("enter")
        await reader.press("colon")
        assert names(dialog_of(reader))[:2] == ["select_all", "invert_selection"]
    assert json.loads(state_file().read_text())["recent_commands"] == [
        "select_all", "invert_selection",
    ]  # fmt: skip
    async with reading(library) as reader:
        await reader.press("colon")
        assert names(dialog_of(reader))[:2] == ["select_all", "invert_selection"]
        assert names(dialog_of(reader)).count("select_all") == 1


async def test_palette_moves_with_keys_and_runs_with_the_mouse(
    reading: Open, library: Library
) -> None:
    async with reading(library) as reader:
        await reader.press("colon")
        dialog = dialog_of(reader)
        for key, row in (("down", 1), ("ctrl+n", 2), ("up", 1), ("ctrl+p", 0), ("up", None)):
            await reader.pilot.press(key)
            last = len(dialog.entries) - 1
            assert dialog.choices.highlighted == (last if row is None else row)
        await reader.pilot.press("down", "pagedown")
        assert (dialog.choices.highlighted or 0) > 5
        await reader.pilot.press("pageup")
        dialog.query_one(Input).value = "bookmark, or"
        await reader.settle()
        reader.painted()
        await reader.pilot.click(Choices, offset=(5, 0))
        await reader.settle()
        assert reader.app.screen is reader.screen
        assert reader.current.bookmarked


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_palette_texts_are_never_cut(
    reading: Open, library: Library, size: tuple[int, int]
) -> None:
    async with reading(library, size=size) as reader:
        await reader.press("colon")
        dialog = dialog_of(reader)
        choices = dialog.choices
        width = choices.scrollable_content_region.width
        for row, entry in zip(dialog.rows(""), dialog.entries, strict=True):
            lines = row.paint(width).split("\n")
            assert max(line.cell_length for line in lines) <= width
            shown = " ".join(" ".join(line.plain for line in lines).split())
            for word in [*entry.text.split(), entry.group]:
                assert word in shown
        assert dialog.query_one(".box").size.width <= 72
        assert "Enter run" in reader.seen
        assert "quit" in reader.seen or choices.max_scroll_y


async def test_theme_is_shown_while_choosing_and_kept_or_restored(
    reading: Open, library: Library
) -> None:
    async with reading(library) as reader:
        await reader.command("theme")
        await reader.settle()
        assert reader.app.theme == "carrel-dark"
        reader.app.screen.query_one(Input).value = "nord"
        await reader.settle()
        assert reader.app.theme == "nord"
        await reader.press("escape")
        assert reader.app.theme == "carrel-dark"
        await reader.command("theme")
        await reader.settle()
        reader.app.screen.query_one(Input).value = "light"
        await reader.press("enter")
        assert reader.app.theme == "carrel-light"
    async with reading(library) as reader:
        assert reader.app.theme == "carrel-light"


async def test_triage_has_a_palette_of_its_own(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        first = reader.current.id
        await reader.press("m", "colon")
        offered = {name for name in names(dialog_of(reader)) if name}
        assert offered == {c.name for c in TRIAGE_COMMANDS} - {"triage_palette"}
        await reader.press(*"keep", "enter")
        assert isinstance(reader.app.screen, TriageScreen)
        assert library.papers([first])[0].bookmarked


# -- the footer ------------------------------------------------------------------------------------


@pytest.mark.parametrize("pane", [pane for panes in PANES.values() for pane in panes])
def test_footer_of_a_pane_has_at_most_nine_keys(pane: str) -> None:
    shown = [c.name for c in EVERY_COMMAND if c.label and pane in c.panes]
    assert 0 < len(shown) <= MAX_KEYS


async def test_footer_shows_triage_and_always_commands_and_help(
    reading: Open, library: Library
) -> None:
    assert len(BAR_HINTS) <= MAX_KEYS
    for size in ((60, 20), (80, 24), (120, 40)):
        async with reading(library, size=size) as reader:
            assert size[0] < 80 or "m triage" in reader.seen.splitlines()[-1]
            reader.screen.footer.progress = "indexing 200 of 12,345 papers of the library"
            for keys in (["A"], ["f"], ["slash"], ["escape", "enter"], ["escape", "m"]):
                await reader.press(*keys)
                last = reader.seen.splitlines()[-1]
                assert last.rstrip().endswith(": commands  ? help"), (size, keys)


async def test_footer_shows_keys_as_configured(reading: Open, library: Library) -> None:
    changed = {"triage": ("M",), "triage_keep": ("y",), "triage_help": ("f1",)}
    async with reading(library, keys=changed) as reader:
        assert "M triage" in reader.seen.splitlines()[-1]
        await reader.press("M")
        last = reader.seen.splitlines()[-1]
        assert "y keep" in last
        assert last.rstrip().endswith(": commands  f1 help")
        first = reader.ids[0]
        await reader.press("b")
        assert not library.papers([first])[0].bookmarked
        await reader.press("y")
        assert library.papers([first])[0].bookmarked


async def test_screen_below_a_dialog_is_repainted_only_when_it_changes(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(library) as reader:
        await reader.press("colon")
        reader.screen.footer.say("changed below the dialog")
        await reader.pilot.pause()
        repaints = []
        dialog = dialog_of(reader)
        monkeypatch.setattr(dialog, "refresh", lambda *regions, **_: repaints.append(regions))
        for _ in range(3):
            reader.screen.call_later(lambda: None)
            await reader.pilot.pause()
        assert not repaints
        reader.screen.footer.say("changed again")
        await reader.pilot.pause()
        assert repaints
