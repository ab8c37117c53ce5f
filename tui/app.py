"""The application: themes and keys, over an open library."""

import gc
from collections.abc import Mapping, Sequence
from functools import partial

from textual import events
from textual.actions import ActionParseResult
from textual.app import App
from textual.dom import DOMNode
from textual.driver import Driver
from textual.filter import LineFilter

from index import Library
from tui.config.configuration import Config
from tui.platform.capabilities import Capabilities
from tui.platform.filters import filters_for
from tui.platform.garbage import collect_at_rest
from tui.platform.signals import exit_app, install_signal_handlers
from tui.platform.textual_private import run_binding
from tui.screens.dialogs.base import Dialog
from tui.screens.main import MainScreen
from tui.themes import DEFAULTS, THEMES
from tui.widgets.panes import Pane

REST_S = 1.5
"""Seconds without a key after which there is time to look for garbage."""


class CarrelApp(App[None]):
    """The reader, over an open library."""

    TITLE = "Carrel"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False  # Carrel has its own, with its commands alone
    BINDINGS = []

    def __init__(
        self,
        library: Library,
        config: Config,
        query: str = "",
        command: str = "",
        *,
        fresh: bool = False,
        terminal: Capabilities | None = None,
    ) -> None:
        """Open the reader with a query, and run a command first, if one is named.

        Without a query, the last session is restored, unless `fresh`. `terminal` is what the
        terminal can show, by default everything.
        """
        self.terminal = terminal or Capabilities()
        self._terminal_filters = filters_for(self.terminal)
        super().__init__()
        self.no_color = self.terminal.draws_attributes  # the pseudo-class ":nocolor" of styles
        self.first_command = command
        self.library = library
        self.config = config
        self.first_query = query
        self.is_fresh = fresh

    def on_mount(self) -> None:
        """Apply the configuration and open the main screen."""
        for theme in THEMES:
            self.register_theme(theme)
        if self.config.theme in self.available_themes:
            self.theme = self.config.theme
        if not self.is_headless and not self.is_web:  # the driver of a browser does it
            install_signal_handlers(self)
        self.set_keymap(self.config.keymap)
        reader = MainScreen(self.library, self.config, self.first_query, fresh=self.is_fresh)
        self._rest = self.set_interval(REST_S, collect_at_rest)
        self.push_screen(reader)
        if self.first_command:
            first = partial(reader.action_command, self.first_command)
            reader.call_after_refresh(lambda: reader.footer.start(first, "first command"))

    def on_unmount(self) -> None:
        """Let a program that goes on collect what was loaded for the reader."""
        gc.unfreeze()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the variables of Carrel's styles that other themes lack."""
        return {
            **DEFAULTS,
            "match": "bold underline" if self.terminal.draws_attributes else "bold",
        }

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what is applied to each line before it is shown."""
        if self.terminal.draws_attributes:
            return self._terminal_filters
        return [*super().get_line_filters(), *self._terminal_filters]

    def get_driver_class(self) -> type[Driver]:
        """Return the driver of the terminal or of the browser."""
        driver = super().get_driver_class()
        if driver.__name__ == "LinuxDriver":
            from tui.platform.driver import TerminalDriver

            return TerminalDriver
        if driver.__name__ == "WebDriver":
            from tui.platform.web_driver import BrowserDriver

            return BrowserDriver
        return driver

    async def action_quit(self) -> None:
        """Quit once all marks are written."""
        await exit_app(self)

    async def on_event(self, event: events.Event) -> None:
        """Handle a key in a pane or a dialog completely before the next key.

        Textual sends a key to the focused widget and back before it looks up the binding. In a
        burst of keys, the next key would miss a search bar or dialog opened by this one.

        A reader in a browser keeps its focus: Textual would take it from the bar or list after the
        first keys.
        """
        if isinstance(event, events.AppBlur) and self.is_web:
            return
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._rest.reset()
            if event.key.startswith("alt+") and event.key not in self.screen.active_bindings:
                # Escape and the next key arrived in one packet, which reads as Alt and that key.
                await self.on_event(events.Key("escape", "\x1b"))
                event = events.Key(event.character or "escape", event.character)
            if isinstance(self.screen, MainScreen):
                self.screen.pressed = event.key
            if isinstance(self.focused, Pane) and await run_binding(self, event.key):
                return
            if isinstance(dialog := self.screen, Dialog):
                await super().on_event(event)
                await dialog.settle()
                return
        await super().on_event(event)

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action; an error in it is shown on the status line."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except Exception as error:
            if not isinstance(default_namespace, MainScreen):
                raise
            default_namespace.footer.show_error(error)
            return True
