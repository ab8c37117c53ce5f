"""The driver of a reader in a browser: Textual's, ending only once all marks are written."""

import asyncio
import signal
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import events
from textual.drivers.web_driver import WebDriver

from tui.platform.signals import exit_app, install_signal_handlers

if TYPE_CHECKING:
    from textual.app import App


class BrowserDriver(WebDriver):
    """Textual's driver for textual-serve, which asks the reader to quit when the page is closed.

    Ctrl-C in the terminal of the server reaches the reader as well; the server ends it in order.
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
        self.reader = app

    def start_application_mode(self) -> None:
        """Start, and end on the signals that end a reader in a terminal."""
        super().start_application_mode()
        asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        install_signal_handlers(self.reader, resumable=False)

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """Process a message of the server."""
        if packet_type == "quit":
            # Sent as keys are, so that the keys before it are handled first.
            self.send_message(events.Callback(partial(exit_app, self.reader)))
        else:
            super().on_meta(packet_type, payload)
