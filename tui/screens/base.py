"""What the parts of the main screen share: the library, the papers meant, a line to speak on."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from textual.screen import Screen
from textual.widgets import Static

from index import CarrelError, Library, Paper
from tui.config import Config

T = TypeVar("T")


class PaperScreen(Screen[None]):
    """A screen over papers of a library, on which actions work."""

    def __init__(self, library: Library, config: Config) -> None:
        super().__init__()
        self.library = library
        self.config = config

    @property
    def current(self) -> Paper | None:
        """The paper under the cursor."""
        raise NotImplementedError

    @property
    def targets(self) -> list[int]:
        """The keys of the papers an action means: the selection, else the one under the cursor."""
        raise NotImplementedError

    async def marks_changed(self) -> None:
        """Show marks as they are now."""
        raise NotImplementedError

    async def papers_changed(self) -> None:
        """Show what there is after papers came or went."""
        raise NotImplementedError

    def say(self, words: str) -> None:
        """Say what was done, on the status line."""
        self.query_one("#message", Static).update(words)

    async def attempt(self, work: Callable[[], Awaitable[T]]) -> T | None:
        """Await work; a fault of the data or the disk is said rather than raised."""
        try:
            return await work()
        except CarrelError as error:
            self.say(str(error))
            self.app.bell()
            return None
