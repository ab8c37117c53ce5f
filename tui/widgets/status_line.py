"""The status line: the commonest keys or what is under way, the selection, what was done last."""

from collections.abc import Sequence

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from index.papers.paper import PaperKey

MUTED = "$foreground 58%"

SLACK = 12
"""Cells that a first line may lose at its end, where a word goes to the second."""

WIDEST = 10_000


class StatusLine(Widget):
    """One line that fits any width: keys give way to words, and words are cut before their end.

    Words that say all themselves, as of a fault and how to mend it, get a second line at need.

    `keys` are pairs of a key and what it does. `words` say what was done, `then` what can be done
    about it. `progress` stands in place of the keys while something is under way.
    """

    keys: reactive[Sequence[Sequence[str]]] = reactive(())
    selection: reactive[frozenset[PaperKey]] = reactive(frozenset())
    words: reactive[str] = reactive("")
    then: reactive[str] = reactive("")
    progress: reactive[str] = reactive("")

    def watch_words(self) -> None:
        """Take a second line where the words need it."""
        self._fit()

    def watch_then(self) -> None:
        """The same."""
        self._fit()

    def on_resize(self) -> None:
        """The same."""
        self._fit()

    def _fit(self) -> None:
        room = self.content_size.width
        tall = not self.then and 0 < room < self._right(WIDEST).cell_length
        self.set_class(tall, "-tall")

    def render(self) -> Content:
        """Return the line, or both."""
        width = self.content_size.width
        if self.content_size.height > 1:
            if self.progress:
                progress = Content(self.progress).truncate(width, ellipsis=True)
                return Content("\n").join([progress, self._right(width)])
            return self._right(2 * width - SLACK)
        right = self._right(width)
        room = width - right.cell_length - (2 if right else 0)
        left = Content(self.progress).truncate(max(0, room), ellipsis=True)
        if not self.progress:
            left = self._hints(room)
        gap = max(0, width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * gap, right)

    def _right(self, width: int) -> Content:
        count = f"{len(self.selection):,} selected" if self.selection else ""
        then = f" · {self.then}" if self.then else ""
        room = max(0, width - len(count) - (3 if count and self.words else 0) - len(then))
        words = Content(self.words).truncate(room, ellipsis=True)
        parts = [Content.styled(count, "bold $success")] if count else []
        if self.words:
            parts.append(words + Content(then))
        return Content(" · ").join(parts)

    def _hints(self, room: int) -> Content:
        """Return as many of the keys as there is room for."""
        shown = Content("")
        for key, label in self.keys:
            more = Content.assemble((key, "bold $accent"), (f" {label}  ", MUTED))
            if shown.cell_length + more.cell_length - 2 > room:
                break
            shown += more
        return shown.rstrip()
