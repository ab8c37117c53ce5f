"""The search bar: one line of query; the arrow keys lead to earlier queries and to the papers."""

import asyncio
from collections.abc import Callable, Sequence

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import Reactive, var
from textual.suggester import SuggestionReady

from index.search.completion import Completion
from index.text.cleaning import clean
from tui.platform.dropped import paths_in
from tui.widgets.completer import QuerySuggester
from tui.widgets.line import Line
from tui.widgets.recall import Recall


class SearchBar(Line):
    """Where the query is typed; its likeliest end is shown behind the cursor, for Tab or → to take.

    `completion` is what is offered for the text as it stands.
    """

    BINDINGS = [
        # Its screen's own, so that the next key already finds the papers.
        Binding("escape,enter", "screen.leave_search", show=False, priority=True),
        Binding("tab", "screen.take_offer", show=False, priority=True),
        Binding("up", "recall(1)", show=False, priority=True),
        Binding("down", "recall(-1)", show=False, priority=True),
    ]

    # Without the layout of the whole screen that each letter would ask for: there is no scroll bar.
    virtual_size = Reactive(Size(0, 0), layout=False)

    completion: var[Completion | None] = var(None, init=False)

    def __init__(
        self,
        value: str = "",
        complete: Callable[[str], Completion | None] = lambda text: None,
        *,
        id: str | None = None,
    ) -> None:
        self.completer = QuerySuggester(complete, lambda: self.value, self._offered)
        super().__init__(
            value,
            placeholder="search titles and abstracts",
            suggester=self.completer,
            id=id,
            compact=True,
            select_on_focus=False,
        )
        self.history: Sequence[str] = ()  # earlier queries, newest first
        self._recall: Recall | None = None  # until the first step back

    def on_focus(self) -> None:
        """Begin the way back through the history anew."""
        self._recall = None

    async def action_recall(self, back: int) -> None:
        """Go back to an earlier query, or forth again; where there is no later one, leave."""
        await self.typed()
        if self._recall is None or self._recall.text != self.value:
            self._recall = Recall(self.value, self.history)
        if self._recall.step(back):
            self.rewrite(self._recall.text)
        elif back < 0:
            await self.run_action("screen.leave_search")

    async def typed(self) -> None:
        """Wait until the letters on their way to the bar are in it."""
        there = asyncio.Event()
        self.call_later(there.set)
        await there.wait()

    def on_unmount(self) -> None:
        """Stop what is under way in the thread."""
        self.completer.stop()

    def watch_value(self, value: str) -> None:
        """Drop what was offered for another text, unless that text became what was offered."""
        last, self.completion = self.completion, None
        if last and value and last.text.startswith(value) and last.text != value:
            self._offered(Completion(last.text[len(value) :], last.text))
            self.post_message(SuggestionReady(value, last.text))

    def _offered(self, completion: Completion | None) -> None:
        self.completion = completion
        if completion and self.cursor_at_end:
            room = max(1, min(Content(completion.shown).cell_length, self.size.width - 1))
            self.virtual_size = Size(self.content_width + room, 1)  # it may scroll so far
            place = Region(self.content_width - 1, 0, room, 1)
            self.scroll_to_region(place, force=True, animate=False)

    def rewrite(self, text: str) -> None:
        """Put a text in place of what is there, the cursor behind it."""
        self.value = text
        self.cursor_position = len(text)

    def action_cursor_right(self, select: bool = False) -> None:
        """Take what is offered at the end; elsewhere step to the right."""
        if self.completion and self.cursor_at_end and not select:
            self.rewrite(self.completion.text)
        else:
            super().action_cursor_right(select)

    def on_paste(self, event: events.Paste) -> None:
        """Take a pasted text as one line, such as a title broken over two; leave paths to others.

        What terminals paste for a file dropped on them is imported, not searched for.
        """
        if paths_in(event.text):
            event.prevent_default()
        else:
            event.text = clean(event.text)
