"""What a command of the reader is: a name, keys, help and a handler, written once."""

import string
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

Handler = Callable[["MainScreen"], Awaitable[None] | None]

MOVING, SEARCHING, MARKING, TAKING, CARREL = (
    "Moving", "Searching", "Marking", "Taking away", "Carrel",
)  # fmt: skip
"""The parts of the help page."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the reader.

    `name` is the one used in the configuration. `keys` are in Textual's notation, the first is the
    one shown. `label` is the short form in the footer ("" is not shown there), `group` the part of
    the help page, `run` the handler.
    """

    name: str
    keys: tuple[str, ...]
    help: str
    group: str
    label: str
    run: Handler


class CommandGroup:
    """Commands of one subject, in the order they are written."""

    def __init__(self, group: str) -> None:
        self.group = group
        self.commands: list[Command] = []

    def command(self, *keys: str, label: str = "", name: str = "") -> Callable[[Handler], Handler]:
        """Register a handler under its own name; the first line of its docstring is the help."""

        def register(handler: Handler) -> Handler:
            doc = (handler.__doc__ or "").partition("\n")[0].removesuffix(".")
            known_as = name or getattr(handler, "__name__", "")
            self.commands.append(
                Command(known_as, keys, doc[:1].lower() + doc[1:], self.group, label, handler)
            )
            return handler

        return register


_KEY_NAMES = {
    "slash": "/", "minus": "-", "question_mark": "?", "colon": ":", "asterisk": "*",
    "down": "↓", "up": "↑",
    "home": "Home", "end": "End", "pagedown": "PgDn", "pageup": "PgUp", "escape": "Esc",
    "enter": "Enter", "space": "Space", "tab": "Tab", "shift+tab": "Shift-Tab",
}  # fmt: skip


def shown(keys: Iterable[str]) -> tuple[str, ...]:
    """Return keys as they are printed on a keyboard: `ctrl+d` as Ctrl-d, digits in a row as 1…9."""
    names = tuple(_shown(key) for key in keys)
    row = len(names) > 2 and "".join(names) in string.digits
    return (f"{names[0]}…{names[-1]}",) if row else names


def _shown(key: str) -> str:
    if key in _KEY_NAMES:
        return _KEY_NAMES[key]
    return "Ctrl-" + key.removeprefix("ctrl+") if key.startswith("ctrl+") else key
