"""What is shown about a query beside and below the bar: its result in numbers, and notes on it."""

from dataclasses import replace

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from index.query import Query, QueryNote
from index.search.results import Results


class ResultInfo(Widget):
    """What was found, to the right of the query: how many, how fast, in which order.

    A width of its own spares the screen a new layout with every letter typed.
    """

    results: reactive[Results | None] = reactive(None)
    papers: reactive[int] = reactive(0)

    def render(self) -> Content:
        """Return what there is room for: the time gives way first."""
        found = self.results
        if found is None:
            return Content("")
        more = f" + {found.total - found.full:,}" if found.full < found.total else ""
        count = f"{found.full:,}{more} of {self.papers:,}"
        took = f"{found.took * 1000:.0f} ms" if found.took else ""
        if found.index != "current":
            took = "no index yet" if found.index == "missing" else "indexing"
        line = " · ".join(filter(None, (count, took, found.sort)))
        if len(line) > self.content_size.width:
            line = " · ".join((count, found.sort))
        if len(line) > self.content_size.width:
            line = " · ".join((f"{found.full:,}{more}", found.sort))
        return Content(line).truncate(self.content_size.width, ellipsis=True)


class QueryNotes(Static):
    """Notes on a query: the first one, with its place in the query or the way there.

    Notes of the parser come with a result; those on spelling are found later, and stay while the
    words they are about do.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self._results: Results | None = None

    def show(self, results: Results) -> None:
        """Take the notes of another result, and those on spelling that still hold."""
        before = self._results
        kept = before.suggestions if before else ()
        still = tuple(note for note in kept if before and _holds(note, before.query, results.query))
        self._results = replace(results, suggestions=still)

    def add_spelling(self, notes: tuple[QueryNote, ...]) -> None:
        """Take notes on the spelling of the query on show."""
        if self._results:
            self._results = replace(self._results, suggestions=notes)

    def offer(self, text: str) -> QueryNote | None:
        """Return the note on show if it suggests something for the query in the bar."""
        if self._results is None or self._results.query.text != text:
            return None
        note = next(iter(self._results.notes), None)
        return note if note and note.offers else None

    def draw(self, hidden: int, width: int, hint: str) -> None:
        """Draw the first note below a query of which `width` cells are in view.

        `hidden` cells of the query lie left of the view. `hint` is how the offer is taken.
        """
        notes = self._results.notes if self._results else ()
        self.display = bool(notes)
        if self._results is None or not notes:
            return
        note, text = notes[0], self._results.query.text
        more = f"{len(notes) - 1} more" if len(notes) > 1 else ""
        message = " · ".join(filter(None, (note.message, hint, more)))
        start = Content(text[: note.start]).cell_length - hidden
        end = max(start + 1, Content(text[: note.end]).cell_length - hidden)
        if end <= 0:
            mark = "‹"
        elif start >= width:
            mark = " " * (width - 1) + "›"
        else:
            start, end = max(0, start), min(end, width)
            mark = " " * start + "^" * (end - start)
        self.update(Content(f"{mark}\n{message}"))


def _holds(note: QueryNote, before: Query, query: Query) -> bool:
    """Return whether the words a note is about are still words of the query."""
    start, end = note.start, note.end
    same = before.text[start:end] == query.text[start:end]
    ends = {word.end for word in query.words}
    return same and end in ends and start in {word.start for word in query.words}
