"""The search bar, with completion and recall of earlier queries."""

import asyncio
from collections.abc import Callable, Sequence

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import Reactive, reactive, var
from textual.suggester import SuggestionReady

from index.search.completion import Completion
from index.text.cleaning import clean
from tui.platform.dropped import parse_paths
from tui.widgets.completer import QuerySuggester
from tui.widgets.line import Line
from tui.widgets.recall import Recall


class _Underline(Highlighter):
    """Underlines a part of a text."""

    def __init__(self, part: Callable[[], tuple[int, int]]) -> None:
        self._part = part

    def highlight(self, text: Text) -> None:
        """Underline the part."""
        text.stylize("underline", *self._part())


class SearchBar(Line):
    """The input line of the query, with its likeliest completion, accepted with Tab or →.

    `completion` is the completion of the current text. `marked` is the start and the
    end of the underlined characters. `history` returns earlier queries, newest first.
    """

    BINDINGS = [
        # Actions of the screen, so that the next key already goes to the papers.
        Binding("escape,enter", "screen.leave_search", show=False, priority=True),
        Binding("tab", "screen.take_offer", show=False, priority=True),
        Binding("up", "recall(1)", show=False, priority=True),
        Binding("down", "recall(-1)", show=False, priority=True),
    ]

    # There is no scroll bar, so a letter does not need a new layout of the screen.
    virtual_size = Reactive(Size(0, 0), layout=False, repaint=False)

    completion: var[Completion | None] = var(None, init=False)
    marked: reactive[tuple[int, int]] = reactive((0, 0))

    def __init__(
        self,
        value: str = "",
        complete: Callable[[str], Completion | None] = lambda text: None,
        history: Callable[[], Sequence[str]] = tuple,
        *,
        id: str | None = None,
    ) -> None:
        self.completer = QuerySuggester(complete, lambda: self.value, self._offered)
        super().__init__(
            value,
            placeholder="search titles and abstracts",
            suggester=self.completer,
            highlighter=_Underline(lambda: self.marked),
            id=id,
            compact=True,
            select_on_focus=False,
        )
        self._history = history
        self._recall: Recall | None = None  # until the first step back

    def on_focus(self) -> None:
        """Restart the recall of earlier queries."""
        self._recall = None

    async def action_recall(self, back: int) -> None:
        """Go to an earlier or later query; after the last one, go to the papers."""
        await self.typed()
        if self._recall is None or self._recall.text != self.value:
            self._recall = Recall(self.value, self._history())
        if self._recall.step(back):
            self.rewrite(self._recall.text)
        elif back < 0:
            await self.run_action("screen.leave_search")

    async def typed(self) -> None:
        """Wait until all pending letters are in the bar."""
        done = asyncio.Event()
        self.call_later(done.set)
        await done.wait()

    def on_unmount(self) -> None:
        """Stop the completer."""
        self.completer.stop()

    def watch_value(self, value: str) -> None:
        """Discard the last completion, unless the new text is a part of it."""
        last, self.completion = self.completion, None
        if last and value and last.text.startswith(value) and last.text != value:
            self._offered(Completion(last.text[len(value) :], last.text))
            self.post_message(SuggestionReady(value, last.text))

    def _offered(self, completion: Completion | None) -> None:
        self.completion = completion
        if completion and self.cursor_at_end:
            room = max(1, min(Content(completion.shown).cell_length, self.size.width - 1))
            self.virtual_size = Size(self.content_width + room, 1)  # allow scrolling to its end
            place = Region(self.content_width - 1, 0, room, 1)
            self.scroll_to_region(place, force=True, animate=False)

    def rewrite(self, text: str) -> None:
        """Replace the text and put the cursor at its end."""
        self.value = text
        self.cursor_position = len(text)

    def action_cursor_right(self, select: bool = False) -> None:
        """Accept the completion at the end of the text; elsewhere move the cursor right."""
        if self.completion and self.cursor_at_end and not select:
            self.rewrite(self.completion.text)
        else:
            super().action_cursor_right(select)

    def on_paste(self, event: events.Paste) -> None:
        """Join a pasted text, such as a title on two lines, to one line; ignore paths.

        The screen imports the paths of dropped files.
        """
        if parse_paths(event.text):
            event.prevent_default()
        else:
            event.text = clean(event.text)
