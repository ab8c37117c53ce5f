"""A command of the reader: its name, keys, help and handler."""

import string
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

Handler = Callable[["MainScreen"], Awaitable[None] | None]

MOVING, SEARCHING, MARKING, EXPORTING, LAYOUT, CARREL = (
    "Navigation", "Search", "Selection and marks", "Copy and export", "Layout",
    "Library and application",
)  # fmt: skip
"""The sections of the help page."""


ALL_PANES = ("filters", "papers", "paper")
"""The panes, as named in the footers of commands."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the reader.

    `name` is used in the configuration. `keys` are in Textual's notation; hints show the first.
    `label` is the short form in the footer, or "" to leave the command out, and `panes` are those
    in whose footer it is. `group` is the section of the help page, `run` the handler.
    """

    name: str
    keys: tuple[str, ...]
    help: str
    group: str
    label: str
    run: Handler
    panes: tuple[str, ...] = ALL_PANES


class CommandGroup:
    """The commands of one subject, in order of definition."""

    def __init__(self, group: str) -> None:
        self.group = group
        self.commands: list[Command] = []

    def command(
        self, *keys: str, label: str = "", panes: str = "", name: str = ""
    ) -> Callable[[Handler], Handler]:
        """Register a handler under its own name; the first line of its docstring is the help."""

        def register(handler: Handler) -> Handler:
            doc = (handler.__doc__ or "").partition("\n")[0].removesuffix(".")
            command_name = name or getattr(handler, "__name__", "")
            help_text = doc[:1].lower() + doc[1:]
            shown_in = tuple(panes.split()) or ALL_PANES
            self.commands.append(
                Command(command_name, keys, help_text, self.group, label, handler, shown_in)
            )
            return handler

        return register


_KEY_NAMES = {
    "slash": "/", "less_than_sign": "<", "greater_than_sign": ">", "minus": "-",
    "question_mark": "?", "colon": ":", "asterisk": "*",
    "down": "↓", "up": "↑",
    "home": "Home", "end": "End", "pagedown": "PgDn", "pageup": "PgUp", "escape": "Esc",
    "enter": "Enter", "space": "Space", "tab": "Tab", "shift+tab": "Shift-Tab",
}  # fmt: skip


def display_keys(keys: Iterable[str]) -> tuple[str, ...]:
    """Return keys as labelled on a keyboard: `ctrl+d` as Ctrl-d, consecutive digits as 1…9."""
    names = tuple(_display_key(key) for key in keys)
    are_consecutive = len(names) > 2 and "".join(names) in string.digits
    return (f"{names[0]}…{names[-1]}",) if are_consecutive else names


def _display_key(key: str) -> str:
    if key in _KEY_NAMES:
        return _KEY_NAMES[key]
    for modifier in ("ctrl", "alt"):
        if key.startswith(f"{modifier}+"):
            return f"{modifier.title()}-{_display_key(key.removeprefix(f'{modifier}+'))}"
    return key
