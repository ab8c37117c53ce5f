"""The status line: common keys or progress, the size of the selection, and the last message."""

from collections.abc import Sequence

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from index.papers.paper import PaperKey

MUTED = "$foreground 58%"

WRAP_SLACK_CELLS = 12
"""Cells that may stay empty at the end of the first line when a word wraps."""

MAX_CELLS = 10_000


class StatusLine(Widget):
    """One line for any width: the message has priority over keys, and the hint over the message.

    A message without a hint, such as an error, gets a second line if needed.

    `keys` are pairs of a key and its label. `message` is the outcome of the last command, `hint`
    the suggested next step. `progress` replaces the keys while a job is running.
    """

    keys: reactive[Sequence[Sequence[str]]] = reactive(())
    selection: reactive[frozenset[PaperKey]] = reactive(frozenset())
    message: reactive[str] = reactive("")
    hint: reactive[str] = reactive("")
    progress: reactive[str] = reactive("")

    def watch_message(self) -> None:
        """Adjust the height to the message."""
        self._fit()

    def watch_hint(self) -> None:
        """Adjust the height to the message."""
        self._fit()

    def on_resize(self) -> None:
        """Adjust the height to the message."""
        self._fit()

    def _fit(self) -> None:
        room = self.content_size.width
        tall = not self.hint and 0 < room < self._right(MAX_CELLS).cell_length
        self.set_class(tall, "-tall")

    def render(self) -> Content:
        """Return the one or two lines."""
        width = self.content_size.width
        if self.content_size.height > 1:
            if self.progress:
                progress = Content(self.progress).truncate(width, ellipsis=True)
                return Content("\n").join([progress, self._right(width)])
            return self._right(2 * width - WRAP_SLACK_CELLS)
        right = self._right(width)
        room = width - right.cell_length - (2 if right else 0)
        left = Content(self.progress).truncate(max(0, room), ellipsis=True)
        if not self.progress:
            left = self._hints(room)
        gap = max(0, width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * gap, right)

    def _right(self, width: int) -> Content:
        count = f"{len(self.selection):,} selected" if self.selection else ""
        hint = f" · {self.hint}" if self.hint else ""
        room = max(0, width - len(count) - (3 if count and self.message else 0) - len(hint))
        message = Content(self.message).truncate(room, ellipsis=True)
        parts = [Content.styled(count, "bold $success")] if count else []
        if self.message:
            parts.append(message + Content(hint))
        return Content(" · ").join(parts)

    def _hints(self, room: int) -> Content:
        """Return as many of the keys as fit."""
        shown = Content("")
        for key, label in self.keys:
            more = Content.assemble((key, "bold $accent"), (f" {label}  ", MUTED))
            if shown.cell_length + more.cell_length - 2 > room:
                break
            shown += more
        return shown.rstrip()
