"""The search bar: one line of query, from which the arrow keys lead to the papers."""

from collections.abc import Sequence

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input, Static

from index.query import Note
from index.text import clean


class SearchBar(Input):
    """Where the query is typed."""

    BINDINGS = [
        # Its screen's own, so that the next key already finds the papers.
        Binding("escape,enter,down,tab", "screen.leave_search", show=False, priority=True),
    ]

    def __init__(self, value: str = "", *, id: str | None = None) -> None:
        super().__init__(
            value,
            placeholder="search titles and abstracts",
            id=id,
            compact=True,
            select_on_focus=False,
        )

    def on_paste(self, event: events.Paste) -> None:
        """Take a pasted text as one line, such as a title broken over two."""
        event.text = clean(event.text)


class QueryNotes(Static):
    """What of a query was not understood: the first note, its place marked where it is in view."""

    def show(self, notes: Sequence[Note], text: str, hidden: int, width: int) -> None:
        """Show notes on a text of which `width` cells are in view, behind `hidden` ones."""
        self.display = bool(notes)
        if not notes:
            return
        note = notes[0]
        start = Content(text[: note.start]).cell_length - hidden
        end = max(start + 1, Content(text[: note.end]).cell_length - hidden)
        start, end = max(0, start), min(end, width)
        mark = " " * start + "^" * (end - start) + "\n" if start < end else ""
        self.update(Content(mark + note.message))
