"""The application: theme, keys and the library handed in."""

from collections.abc import Iterable

from textual.app import App
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.theme import Theme

from index import Library
from tui.commands import COMMANDS, Command, shown
from tui.config import Config
from tui.screens.main import MainScreen

DARK = Theme(
    name="carrel-dark",
    primary="#d7a65f",
    secondary="#7fa6c9",
    accent="#e2b269",
    foreground="#d8d5cf",
    background="#16171b",
    surface="#1e2026",
    panel="#353842",
    success="#8fb573",
    warning="#e0af68",
    error="#d9776c",
    dark=True,
    variables={"input-selection-background": "#e2b269 35%", "block-cursor-foreground": "#16171b"},
)
LIGHT = Theme(
    name="carrel-light",
    primary="#8a5a13",
    secondary="#2f5f8a",
    accent="#8f5b0c",
    foreground="#26282d",
    background="#faf8f4",
    surface="#f0ece4",
    panel="#d3ccbf",
    success="#3d6b23",
    warning="#8f5b0c",
    error="#a5372b",
    dark=False,
)


class CommandProvider(Provider):
    """Offers every command of the reader in the palette."""

    def _offered(self) -> Iterable[Command]:
        return (command for command in COMMANDS if command.name != "palette")

    def _label(self, command: Command) -> str:
        keys = shown(self.app.config.keys[command.name]) if isinstance(self.app, CarrelApp) else ()
        return f"{command.help}  ({keys[0]})" if keys else command.help

    async def discover(self) -> Hits:
        """Yield all commands."""
        for command in self._offered():
            yield DiscoveryHit(self._label(command), self._run(command))

    async def search(self, query: str) -> Hits:
        """Yield the commands whose help matches what was typed."""
        matcher = self.matcher(query)
        for command in self._offered():
            label = self._label(command)
            if (score := matcher.match(label)) > 0:
                yield Hit(score, matcher.highlight(label), self._run(command))

    def _run(self, command: Command):  # type: ignore[no-untyped-def]
        async def run() -> None:
            await self.screen.run_action(command.name)

        return run


class CarrelApp(App[None]):
    """The reader, over an open library."""

    TITLE = "Carrel"
    CSS_PATH = "app.tcss"
    COMMANDS = {CommandProvider}
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "f1"  # ours are colon and ctrl+p, by the keymap
    BINDINGS = []

    def __init__(self, library: Library, config: Config, query: str = "") -> None:
        super().__init__()
        self.library = library
        self.config = config
        self.first_query = query

    def on_mount(self) -> None:
        """Dress up and open the main screen."""
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        if self.config.theme in self.available_themes:
            self.theme = self.config.theme
        self.set_keymap(self.config.keymap)
        self.push_screen(MainScreen(self.library, self.config, self.first_query))
