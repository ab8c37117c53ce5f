"""The notes on a query: what could not be parsed, and what was ignored."""

from index.query.tree import QueryNote

MAX_NOTES = 20
"""Notes on one query; further ones are left out."""


class NoteList:
    """Notes in the order in which they were found, with a limit."""

    def __init__(self) -> None:
        self._notes: list[QueryNote] = []

    @property
    def has_room(self) -> bool:
        """Whether another note can be added; if not, suggestions need not be computed."""
        return len(self._notes) < MAX_NOTES

    def add(self, message: str, start: int, end: int, *offers: str) -> None:
        """Add a note on a span of the text, with suggestions for it."""
        if self.has_room:
            self._notes.append(QueryNote(message, start, end, offers))

    def add_once(self, message: str, start: int, end: int) -> None:
        """Add a note unless there is one with the same message."""
        if message not in (note.message for note in self._notes):
            self.add(message, start, end)

    def all(self) -> tuple[QueryNote, ...]:
        """Return the notes."""
        return tuple(self._notes)
