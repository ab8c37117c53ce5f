"""What the parts of the main screen share: the library, the papers meant, a line to speak on."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from textual.reactive import var
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from index import Library, Paper
from index.papers.paper import PaperKey
from tui.commands import shown
from tui.config.configuration import Config
from tui.widgets.filter_list import FilterList
from tui.widgets.line_list import LineList
from tui.widgets.paper_list import PaperList
from tui.widgets.paper_view import PaperView
from tui.widgets.search_bar import SearchBar
from tui.widgets.status_line import StatusLine
from tui.wording import reason

Answer = TypeVar("Answer")

Pane = LineList | PaperView


class PaperScreen(Screen[None]):
    """A screen over papers of a library: what is asked for, and which papers are selected."""

    query_text: var[str] = var("", init=False)
    selection: var[frozenset[PaperKey]] = var(frozenset(), init=False)

    def __init__(self, library: Library, config: Config) -> None:
        super().__init__()
        self.library = library
        self.config = config
        self.marking = asyncio.Lock()  # changes of marks follow one another as their keys did
        self.leaving = False
        self.pressed = ""  # the key being answered, for a command that has one for each of several

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

    async def found(self) -> None:
        """Wait until what the query asks for is shown; while there is no index, do not wait."""
        raise NotImplementedError

    async def meant(self) -> list[PaperKey]:
        """Return the keys of the papers an action means: the selection, else the one at the cursor.

        A search under way is waited for: what is marked is what the query finds.
        """
        raise NotImplementedError

    def leave_related(self) -> bool:
        """Show again what related papers took the place of; False where they did not."""
        raise NotImplementedError

    def choose(self, *, exclude: bool) -> None:
        """Write the filter value under the cursor into the query."""
        raise NotImplementedError

    async def marks_changed(self) -> None:
        """Show marks as they are now."""
        raise NotImplementedError

    async def count_facets(self) -> None:
        """Count the facets of what is found anew."""
        raise NotImplementedError

    async def papers_changed(self) -> None:
        """Show what there is after papers came or went."""
        raise NotImplementedError

    def catch_up(self) -> None:
        """Bring the index up to date in the background."""
        raise NotImplementedError

    @property
    def status(self) -> StatusLine:
        """The status line."""
        return self.query_one("#status", StatusLine)

    async def ask(
        self, dialog: Screen[Answer], answered: Callable[[Answer | None], None] | None = None
    ) -> None:
        """Show a dialog, and call back with its answer.

        Once this returns the dialog takes the keys: none that follows at once goes elsewhere.
        """
        shown = asyncio.Event()
        await self.app.push_screen(dialog, answered)
        dialog.call_later(shown.set)  # behind what puts the focus where it belongs
        await shown.wait()

    def say(self, words: str, then: str = "") -> None:
        """Say on the status line what was done, and what can be done about it."""
        self.status.words, self.status.then = words, then

    def hint(self, command: str, does: str) -> str:
        """Return a command's key and what it does, as in "u undoes"; "" where it has no key."""
        keys = shown(self.config.keys[command])
        return f"{keys[0]} {does}" if keys else ""

    def rows(self, keys: Sequence[PaperKey]) -> list[Paper]:
        """Return papers by their keys; where they cannot be read that is said, and none returned.

        The list asks while it is painted, where nothing may be raised.
        """
        try:
            return self.library.papers(self.library.ids(keys))
        except Exception as error:
            self.say_fault(error)
            return []

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say what went wrong in the background; the reader goes on."""
        if event.state is WorkerState.ERROR and event.worker.error:
            self.say_fault(event.worker.error)
            self.app.bell()

    def say_fault(self, error: BaseException) -> None:
        """Say what went wrong, on the status line."""
        self.say(reason(error))
