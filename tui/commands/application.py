"""The application: palette, help, quitting."""

from typing import TYPE_CHECKING

from tui.commands.asking import ask
from tui.commands.command import CARREL, CommandGroup, shown
from tui.commands.syntax import SYNTAX

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

application = CommandGroup(CARREL)


@application.command("colon", "ctrl+p")
async def palette(reader: "MainScreen") -> None:
    """Every command by name."""
    from textual.command import CommandPalette

    await ask(reader, CommandPalette())


@application.command("question_mark", label="help", name="help")
async def show_help(reader: "MainScreen") -> None:
    """Keys and query syntax."""
    from tui.commands import COMMANDS
    from tui.screens.dialogs.texts import HelpScreen

    sections: dict[str, list[tuple[str, str]]] = {}
    for command in COMMANDS:
        rows = sections.setdefault(command.group, [])
        if keys := shown(reader.config.keys[command.name]):
            rows.append(("  ".join(keys), command.help))
    syntax = [(example.written, example.means) for example in SYNTAX]
    await ask(reader, HelpScreen(sections, syntax))


@application.command("q", name="quit")
async def leave_carrel(reader: "MainScreen") -> None:
    """Quit."""
    from tui.platform.signals import leave

    await leave(reader.app)
