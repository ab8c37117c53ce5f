"""The driver of the terminal: less output for each key, and text that stays in its columns."""

from typing import TYPE_CHECKING, Any

from textual.drivers.linux_driver import LinuxDriver

from tui.platform.capabilities import erases_with_background
from tui.platform.columns import align_columns
from tui.platform.sgr import erase_blanks, shorten
from tui.platform.textual_private import show_on_terminal

if TYPE_CHECKING:
    from textual.app import App

ANY_EVENT_MOUSE, BUTTON_EVENT_MOUSE = "\x1b[?1003", "\x1b[?1002"
"""Tracking of every move of the mouse, and of moves with a button pressed (xterm)."""


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
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        show_on_terminal(self)
        self._erases = erases_with_background()

    def write(self, data: str) -> None:
        """Write data to the terminal."""
        data = align_columns(shorten(data.replace(ANY_EVENT_MOUSE, BUTTON_EVENT_MOUSE)))
        super().write(erase_blanks(data) if self._erases else data)
