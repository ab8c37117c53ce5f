"""Textual's bindings for commands."""

from collections.abc import Iterable

from textual.binding import Binding, BindingType

from tui.commands.command import Command


def bindings(commands: Iterable[Command]) -> list[BindingType]:
    """Return the bindings of a screen for commands, which a keymap may change."""
    return [
        Binding(
            ",".join(command.keys) or f"no-key-for-{command.name}",
            f"command('{command.name}')",
            command.help,
            show=False,
            id=command.name,
        )
        for command in commands
    ]
