"""The search bar: one line of query, from which the arrow keys lead to the papers."""

from textual.binding import Binding
from textual.message import Message
from textual.widgets import Input


class SearchBar(Input):
    """Where the query is typed."""

    BINDINGS = [
        Binding("escape,enter,down,tab", "leave", "to the papers", show=False, priority=True),
    ]

    class Left(Message):
        """The reader is done typing."""

    def __init__(self, value: str = "", *, id: str | None = None) -> None:
        super().__init__(
            value,
            placeholder="search titles and abstracts",
            id=id,
            compact=True,
            select_on_focus=False,
        )

    def action_leave(self) -> None:
        """Go to the papers."""
        self.post_message(self.Left())
