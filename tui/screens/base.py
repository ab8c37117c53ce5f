"""What the parts of the main screen share: the library, the papers meant, a line to speak on."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Static

from index import CarrelError, Library, Paper
from tui.config import Config
from tui.widgets.filter_list import FilterList
from tui.widgets.line_list import LineList
from tui.widgets.paper_list import PaperList
from tui.widgets.paper_view import PaperView
from tui.widgets.search_bar import SearchBar

T = TypeVar("T")
Pane = LineList | PaperView


class PaperScreen(Screen[None]):
    """A screen over papers of a library: what is asked for, and which papers are selected."""

    query_text: var[str] = var("", init=False)
    selection: var[frozenset[int]] = var(frozenset(), init=False)

    def __init__(self, library: Library, config: Config) -> None:
        super().__init__()
        self.library = library
        self.config = config

    @property
    def papers(self) -> PaperList:
        """The list of papers."""
        return self.query_one("#list", PaperList)

    @property
    def view(self) -> PaperView:
        """The paper pane."""
        return self.query_one("#view", PaperView)

    @property
    def facets(self) -> FilterList:
        """The filter pane."""
        return self.query_one("#facets", FilterList)

    @property
    def bar(self) -> SearchBar:
        """The search bar."""
        return self.query_one("#search", SearchBar)

    @property
    def pane(self) -> Pane:
        """The pane that keys move in."""
        focused = self.focused
        return focused if isinstance(focused, LineList | PaperView) else self.papers

    @property
    def current(self) -> Paper | None:
        """The paper under the cursor."""
        raise NotImplementedError

    @property
    def targets(self) -> list[int]:
        """The keys of the papers an action means: the selection, else the one under the cursor."""
        raise NotImplementedError

    def choose(self, *, exclude: bool) -> None:
        """Write the filter value under the cursor into the query."""
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
