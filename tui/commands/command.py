"""A command of the reader: its name, keys, help and handler."""

import string
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

Handler = Callable[[Any], Awaitable[None] | None]
"""Takes the screen of the command's mode: `MainScreen`, or `TriageScreen`."""

MOVING, SEARCHING, MARKING, EXPORTING, LIBRARY, LAYOUT, APPLICATION, JUDGING = (
    "Navigation", "Search", "Marks", "Export", "Library", "Layout", "Application", "Triage",
)  # fmt: skip
"""The sections of the help page."""

READER, TRIAGE = "reader", "triage"
"""The modes; a key may have one command in each."""

PANES = {READER: ("filters", "papers", "paper"), TRIAGE: ("judging", "end")}
"""The panes of each mode, as named in the footers of commands; "always" is beside all of them."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the reader.

    `name` is used in the configuration. `keys` are in Textual's notation; hints show the first.
    `label` is the short form in the footer, or "" to leave the command out, and `panes` are those
    in whose footer it is. `group` is the section of the help page, `run` the handler. `mode` is the
    screen that the command applies to.
    """

    name: str
    keys: tuple[str, ...]
    help: str
    group: str
    label: str
    run: Handler
    panes: tuple[str, ...]
    mode: str = READER


class CommandGroup:
    """The commands of one subject, in order of definition."""

    def __init__(self, group: str, mode: str = READER) -> None:
        self.group = group
        self.mode = mode
        self.commands: list[Command] = []

    def command(
        self, *keys: str, label: str = "", panes: str = "", name: str = ""
    ) -> Callable[[Handler], Handler]:
        """Register a handler under its own name; the first line of its docstring is the help."""

        def register(handler: Handler) -> Handler:
            doc = (handler.__doc__ or "").partition("\n")[0].removesuffix(".")
            command_name = name or getattr(handler, "__name__", "")
            help_text = doc[:1].lower() + doc[1:]
            shown_in = tuple(panes.split()) or PANES[self.mode]
            command = (command_name, keys, help_text, self.group, label, handler, shown_in)
            self.commands.append(Command(*command, mode=self.mode))
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
