"""The application: palette, help, quitting."""

from typing import TYPE_CHECKING

from tui.commands.command import CARREL, CommandGroup, shown

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

application = CommandGroup(CARREL)


@application.command("colon", "ctrl+p")
async def palette(reader: "MainScreen") -> None:
    """Every command by name."""
    from textual.command import CommandPalette

    await reader.ask(CommandPalette())


@application.command("question_mark", label="help", name="help")
async def show_help(reader: "MainScreen") -> None:
    """Keys and query syntax."""
    from tui.screens.dialogs.texts import HelpScreen

    await reader.ask(HelpScreen({name: shown(keys) for name, keys in reader.config.keys.items()}))


@application.command("q", name="quit")
async def leave_carrel(reader: "MainScreen") -> None:
    """Quit."""
    from tui.platform.signals import leave

    await leave(reader.app)
