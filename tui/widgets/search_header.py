"""The top of the screen: the search bar, the result counts, and notes on the query."""

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.reactive import var
from textual.widgets import Static

from index.query import QueryNote
from index.search.completion import Completion
from index.search.results import Results
from tui.widgets.query_notes import QueryNotes, ResultInfo
from tui.widgets.search_bar import SearchBar


class SearchHeader(Vertical):
    """Search bar, result counts, and notes with suggestions for the query.

    A note lies over the line below, so that the papers stay in place as it comes and goes: over all
    of a strip there (`over_strip`), or over the chips of a heading, but not its position. Its words
    are underlined in the bar. Suggestions are shown while the bar has the focus.
    """

    results: var[Results | None] = var(None, init=False)
    over_strip: var[bool] = var(False, init=False)

    def __init__(
        self,
        query: str,
        complete: Callable[[str], Completion | None],
        history: Callable[[], Sequence[str]],
    ) -> None:
        super().__init__(id="header")
        self.bar = SearchBar(query, complete, history, id="search")
        self.info = ResultInfo(id="info")
        self.notes = QueryNotes(id="notes")

    def compose(self) -> ComposeResult:
        """Compose the line, and the notes over the one below it."""
        with Horizontal(id="top"):
            yield Static("/", id="prompt")
            yield self.bar
            yield self.info
        yield self.notes

    def on_descendant_focus(self) -> None:
        """Highlight the prompt, and show suggestions."""
        self.set_class(True, "-lit")
        self._draw_notes()

    def on_descendant_blur(self) -> None:
        """Dim the prompt, and hide suggestions, to show the line below."""
        self.set_class(False, "-lit")
        self._draw_notes()

    def on_mount(self) -> None:
        """Draw the notes without a hint while there is a completion, which Tab accepts first."""
        self.watch(self.bar, "completion", self._draw_notes, init=False)

    def watch_results(self, results: Results | None) -> None:
        """Show the notes on another result's query."""
        self._set_cover()
        if results:
            self.notes.show(results)
            self._draw_notes()

    def watch_over_strip(self) -> None:
        """Cover the strip, or the chips."""
        self._set_cover()

    def _set_cover(self) -> None:
        # A class of the screen would have the styles of all widgets computed again.
        has_filters = bool(self.results and self.results.query.filters)
        self.set_class(self.over_strip, "-with-strip")
        self.set_class(has_filters and not self.over_strip, "-with-chips")

    def add_spelling(self, notes: tuple[QueryNote, ...]) -> None:
        """Show notes on the spelling of the query."""
        self.notes.add_spelling(notes)
        self._draw_notes()

    def _draw_notes(self) -> None:
        first = self.notes.first
        self.bar.marked = (first.start, first.end) if first else (0, 0)
        note = None if self.bar.completion else self.notes.offer(self.bar.value)
        hint = "accept: Tab" if note else ""
        if note and note.instead:
            hint = f"Tab: search {self.bar.value[note.start : note.end]} instead"
        self.notes.draw(hint, suggest=self.has_class("-lit"))

    def take_offer(self) -> bool:
        """Accept the completion or the suggestion of the first note; return False without one."""
        text, note = self.bar.value, self.notes.offer(self.bar.value)
        if self.bar.completion:
            self.bar.rewrite(self.bar.completion.text)
        elif note:
            self.bar.rewrite(
                text[: note.start] + (note.instead or note.offers[0]) + text[note.end :]
            )
        else:
            return False
        return True
