"""Commands of the application: palette, help, quit."""

from typing import TYPE_CHECKING

from tui.commands.asking import ask
from tui.commands.command import CARREL, CommandGroup, display_keys
from tui.commands.syntax import SYNTAX

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

application = CommandGroup(CARREL)


@application.command("colon", "ctrl+p")
async def palette(reader: "MainScreen") -> None:
    """Command palette."""
    from textual.command import CommandPalette

    await ask(reader, CommandPalette())


@application.command("question_mark", name="help")
async def show_help(reader: "MainScreen") -> None:
    """Keys and query syntax."""
    from tui.commands import COMMANDS
    from tui.screens.dialogs.texts import HelpScreen

    sections: dict[str, list[tuple[str, str]]] = {}
    for command in COMMANDS:
        rows = sections.setdefault(command.group, [])
        if keys := display_keys(reader.config.keys[command.name]):
            rows.append(("  ".join(keys), command.help))
    syntax = [(line.written, line.means) for line in SYNTAX]
    await ask(reader, HelpScreen(sections, syntax))


@application.command("ctrl+z")
def suspend(reader: "MainScreen") -> None:
    """Suspend: return to the shell; fg continues."""
    reader.app.action_suspend_process()


@application.command("q", "ctrl+q", name="quit")
async def quit_reader(reader: "MainScreen") -> None:
    """Quit."""
    from tui.platform.signals import exit_app

    await exit_app(reader.app)
