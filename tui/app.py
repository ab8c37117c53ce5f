"""The application: themes, keys and the command palette, over an open library."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from textual import events
from textual.actions import ActionParseResult
from textual.app import App, SystemCommand
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen

from index import Library
from tui.commands import COMMANDS, Command, display_keys
from tui.config.configuration import Config
from tui.platform.capabilities import Capabilities
from tui.platform.filters import filters_for
from tui.platform.signals import exit_app, install_signal_handlers
from tui.platform.textual_private import run_binding
from tui.screens.dialogs.base import Dialog
from tui.screens.main import MainScreen
from tui.themes import RULE, THEMES
from tui.widgets.panes import Pane


class CommandProvider(Provider):
    """Provides the commands of the reader to the palette."""

    def _commands(self) -> Iterable[Command]:
        return (command for command in COMMANDS if command.name != "palette")

    def _label(self, command: Command) -> str:
        assert isinstance(self.app, CarrelApp)
        keys = display_keys(self.app.config.keys[command.name])
        return f"{command.help}  ({keys[0]})" if keys else command.help

    async def discover(self) -> Hits:
        """Yield all commands."""
        for command in self._commands():
            yield DiscoveryHit(self._label(command), self._run(command))

    async def search(self, query: str) -> Hits:
        """Yield the commands whose help matches the query."""
        matcher = self.matcher(query)
        for command in self._commands():
            label = self._label(command)
            if (score := matcher.match(label)) > 0:
                yield Hit(score, matcher.highlight(label), self._run(command))

    def _run(self, command: Command) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            await self.screen.run_action(f"command('{command.name}')")

        return run


class CarrelApp(App[None]):
    """The reader, over an open library."""

    TITLE = "Carrel"
    CSS_PATH = "app.tcss"
    COMMANDS = App.COMMANDS | {CommandProvider}
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "f1"  # the keymap binds colon and ctrl+p to the palette command
    BINDINGS = []

    def __init__(
        self,
        library: Library,
        config: Config,
        query: str = "",
        command: str = "",
        terminal: Capabilities | None = None,
    ) -> None:
        """Open the reader with a query, and run a command first, if one is named.

        `terminal` is what the terminal can show, by default everything.
        """
        self.terminal = terminal or Capabilities()
        self._terminal_filters = filters_for(self.terminal)
        super().__init__()
        self.no_color = self.terminal.draws_attributes  # the pseudo-class ":nocolor" of styles
        self.first_command = command
        self.library = library
        self.config = config
        self.first_query = query

    def on_mount(self) -> None:
        """Apply the configuration and open the main screen."""
        for theme in THEMES:
            self.register_theme(theme)
        if self.config.theme in self.available_themes:
            self.theme = self.config.theme
        if not self.is_headless and not self.is_web:  # the driver of a browser does it
            install_signal_handlers(self)
        self.set_keymap(self.config.keymap)
        reader = MainScreen(self.library, self.config, self.first_query)
        self.push_screen(reader)
        if self.first_command:
            reader.call_after_refresh(reader.action_command, self.first_command)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the variables of Carrel's styles that other themes lack."""
        return {
            "rule": RULE,
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
            default_namespace.show_error(error)
            return True

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield the palette entries in addition to the commands of the reader."""
        yield SystemCommand("theme", "choose another theme", self.action_change_theme)
