"""Commands of the application: palette, help, theme, quit."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tui.commands.asking import ask
from tui.commands.command import (
    APPLICATION,
    JUDGING,
    MOVING,
    READER,
    Command,
    CommandGroup,
    display_keys,
)
from tui.commands.syntax import SYNTAX

if TYPE_CHECKING:
    from tui.screens.dialogs.help import HelpLine
    from tui.screens.main import MainScreen
    from tui.screens.triage import TriageScreen

application = CommandGroup(APPLICATION)

SYNTAX_SECTION = "Query syntax"

PANE_SECTIONS = {"filters": "In the filters", "papers": "In the list", "paper": "In the paper"}
"""The sections of the help about the focused pane."""

MAX_RECENT_COMMANDS = 12
"""Commands that the palette lists as recently used."""


@application.command("colon", "ctrl+p", label="commands", panes="always")
async def palette(reader: "MainScreen") -> None:
    """Command palette."""
    await show_commands(reader, READER, reader.desk.recent)


async def show_commands(screen: "MainScreen | TriageScreen", mode: str, recent: list[str]) -> None:
    """Ask for a command of a mode and run it; `recent` is updated, the newest first."""
    from tui.screens.dialogs.palette import PaletteDialog, PaletteEntry

    entries = [
        PaletteEntry(each.help, next(iter(_keys(screen, each)), ""), each.group, each.name)
        for each in in_palette(mode, recent)
    ]

    async def answered(name: str | None) -> None:
        if name:
            recent[:] = [name, *(each for each in recent if each != name)][:MAX_RECENT_COMMANDS]
            await screen.app.run_action(f"command('{name}')", screen)

    await ask(screen, PaletteDialog(entries), answered)


def in_palette(mode: str, recent: Iterable[str]) -> list[Command]:
    """Return the commands of a mode: those used recently, the others, and moves."""
    from tui.commands import EVERY_COMMAND

    places = {name: place for place, name in enumerate(recent)}
    own = [each for each in EVERY_COMMAND if each.mode == mode and "palette" not in each.name]
    last = len(places)
    return sorted(own, key=lambda each: (places.get(each.name, last), each.group == MOVING))


def _keys(screen: "MainScreen | TriageScreen", command: Command) -> tuple[str, ...]:
    return display_keys(screen.config.keys[command.name])


@application.command("question_mark", "f1", name="help", label="help", panes="always")
async def show_help(reader: "MainScreen") -> None:
    """Help: keys and query syntax."""
    from tui.screens.dialogs.help import HelpDialog

    pane = next((name for name, of in reader.panes.named.items() if of is reader.focused), "")
    sections = _help_sections(reader, pane)

    async def answered(line: "HelpLine | None") -> None:
        if line and line.query:
            reader.query_text = f"{line.query} "  # a space, since the last word is complete
            reader.panes.go(reader.panes.home)
        elif line and line.command:
            await reader.app.run_action(f"command('{line.command}')", reader)

    start = PANE_SECTIONS.get(pane, SYNTAX_SECTION)
    await ask(reader, HelpDialog("Keys and query syntax", sections, start), answered)


def _help_sections(reader: "MainScreen", pane: str) -> "dict[str, list[HelpLine]]":
    """Return the sections of the help: focused pane, all commands by group, syntax, triage."""
    from tui.commands import COMMANDS, TRIAGE_COMMANDS
    from tui.screens.dialogs.help import HelpLine

    sections: dict[str, list[HelpLine]] = {}
    if pane in PANE_SECTIONS:
        here = [each for each in COMMANDS if each.label and pane in each.panes]
        sections[PANE_SECTIONS[pane]] = [_help_line(reader, each) for each in here]
    for command in COMMANDS:
        sections.setdefault(command.group, []).append(_help_line(reader, command))
    sections[SYNTAX_SECTION] = [
        HelpLine(line.written, line.means, query=line.example) for line in SYNTAX
    ]
    sections[JUDGING] = [_help_line(reader, each, runs=False) for each in TRIAGE_COMMANDS]
    return sections


def _help_line(
    screen: "MainScreen | TriageScreen", command: Command, *, runs: bool = True
) -> "HelpLine":
    from tui.screens.dialogs.help import HelpLine

    keys = "  ".join(_keys(screen, command)) or "palette"
    return HelpLine(keys, command.help, command.name if runs else "")


async def show_triage_help(screen: "TriageScreen") -> None:
    """Show the keys of triage, and run the command chosen."""
    from tui.commands import TRIAGE_COMMANDS
    from tui.screens.dialogs.help import HelpDialog

    async def answered(line: "HelpLine | None") -> None:
        if line:
            await screen.app.run_action(f"command('{line.command}')", screen)

    lines = [_help_line(screen, command) for command in TRIAGE_COMMANDS]
    await ask(screen, HelpDialog("Keys of triage", {JUDGING: lines}, JUDGING), answered)


@application.command()
async def theme(reader: "MainScreen") -> None:
    """Theme: choose the colours of the reader."""
    from tui.screens.dialogs.choices import PickDialog

    app, before = reader.app, reader.app.theme

    def show(name: str) -> None:
        app.theme = name

    def answered(name: str | None) -> None:
        show(name or before)

    names = sorted(app.available_themes, key=lambda name: (not name.startswith("carrel"), name))
    themes = dict.fromkeys(names, "")
    await ask(reader, PickDialog("Theme", themes, "use", before, highlighted=show), answered)


@application.command("ctrl+z")
def suspend(reader: "MainScreen") -> None:
    """Suspend: return to the shell; fg continues."""
    reader.app.action_suspend_process()


@application.command("q", "ctrl+q", name="quit")
async def quit_reader(reader: "MainScreen") -> None:
    """Quit."""
    from tui.platform.signals import exit_app

    await exit_app(reader.app)
