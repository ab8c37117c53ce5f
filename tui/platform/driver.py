"""The driver of the terminal: less output for each key, and text that stays in its columns."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui.platform.capabilities import erases_with_background
from tui.platform.columns import align_columns
from tui.platform.pasting import PasteFilter
from tui.platform.sgr import erase_blanks, shorten
from tui.platform.textual_private import show_on_terminal

if TYPE_CHECKING:
    from textual.app import App

ANY_EVENT_MOUSE, BUTTON_EVENT_MOUSE = "\x1b[?1003", "\x1b[?1002"
"""Tracking of every move of the mouse, and of moves with a button pressed (xterm)."""

PARSER = "XTermParser"
"""The name by which the driver finds the class that reads what the terminal sends."""

_Parser: type[Any] = getattr(linux_driver, PARSER)


class PasteFilteringParser(_Parser):  # type: ignore[misc]
    """Textual's parser, reading pasted text through a `PasteFilter`."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pastes = PasteFilter()

    def feed(self, data: str) -> Iterable[Message]:
        """Return the events in the data; no data is its end."""
        filtered = self._pastes.filter(data)
        found: Iterable[Message] = super().feed(filtered) if filtered or not data else ()
        return found


class TerminalDriver(LinuxDriver):
    """Textual's driver, sparing a slow connection.

    The mouse is reported with a button pressed only: a move over the screen would otherwise send
    and repaint something for every cell.
    """

    def __init__(
        self,
        app: "App[Any]",
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        setattr(linux_driver, PARSER, PasteFilteringParser)
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        show_on_terminal(self)
        self._erases = erases_with_background()

    def write(self, data: str) -> None:
        """Write data to the terminal."""
        data = align_columns(shorten(data.replace(ANY_EVENT_MOUSE, BUTTON_EVENT_MOUSE)))
        super().write(erase_blanks(data) if self._erases else data)
