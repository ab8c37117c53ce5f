"""The result counts beside the search bar, and the notes on the query."""

from dataclasses import replace

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from index.query import Query, QueryNote
from index.search.results import Results
from tui.wording import format_dismissed


class ResultInfo(Widget):
    """The number of results, the time taken and the sort order, to the right of the query.

    Its fixed width avoids a new layout of the screen with every letter typed.
    """

    results: reactive[Results | None] = reactive(None)
    papers: reactive[int] = reactive(0)

    def render(self) -> Content:
        """Return as much as fits, dropping the time first."""
        found = self.results
        if found is None:
            return Content("")
        partial = found.total - found.full
        full = f"{found.full:,}" if found.full or not partial else "none"
        more = f" + {partial:,} partial" if partial else ""
        took = f"{found.took * 1000:.0f} ms" if found.took else ""
        if found.index in ("missing", "outdated"):
            took = "no index yet" if found.index == "missing" else "indexing"
        # Without words to rank by, papers are in the order of their sources, newest first.
        is_unranked = found.sort == "relevance" and not found.query.text.strip()
        order = f"{'newest' if is_unranked else found.sort} ▾"
        count = f"{full} of {self.papers:,}{more}"
        dismissed = format_dismissed(found.dismissed)
        width = self.content_size.width
        for parts in (
            (count, dismissed, took, order),
            (count, dismissed, order),
            (count, order),
            (f"{full}{more}", order),
            (f"{full} + {partial:,}" if partial else full, order),
            (order,),
        ):
            line = " · ".join(filter(None, parts))
            if len(line) <= width:
                break
        return Content(line).truncate(width, ellipsis=True)

    async def on_click(self) -> None:
        """Ask for another sort order."""
        await self.run_action("screen.command('sort')")


class QueryNotes(Static):
    """The first note on a query, over the line below the bar; a click accepts its suggestion.

    Notes of the parser are part of a result. Notes on spelling follow later, and remain while their
    words are in the query.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self._results: Results | None = None

    def show(self, results: Results) -> None:
        """Take the notes of another result, and keep those on spelling that still apply."""
        before = self._results
        old = before.suggestions if before else ()
        valid = tuple(n for n in old if before and _still_applies(n, before.query, results.query))
        self._results = replace(results, suggestions=valid)

    def add_spelling(self, notes: tuple[QueryNote, ...]) -> None:
        """Add notes on the spelling of the visible query."""
        if self._results:
            self._results = replace(self._results, suggestions=notes)

    @property
    def first(self) -> QueryNote | None:
        """The visible note."""
        return next(iter(self._results.notes), None) if self._results else None

    def offer(self, text: str) -> QueryNote | None:
        """Return the visible note if it has a suggestion for the query in the bar."""
        if self._results is None or self._results.query.text != text:
            return None
        return self.first if self.first and self.first.offers else None

    def draw(self, hint: str, *, suggest: bool) -> None:
        """Draw the first note; `hint` is the key that accepts its suggestion.

        Without `suggest`, suggestions for a query that finds papers as it is are left out.
        """
        results = self._results
        notes = results.notes if results else ()
        if results and results.total and not suggest:
            notes = tuple(n for n in notes if n.instead or n not in results.suggestions)
        self.display = bool(notes)
        if notes:
            more = f"{len(notes) - 1} more" if len(notes) > 1 else ""
            self.update(" · ".join(filter(None, (notes[0].message, hint, more))))

    async def on_click(self) -> None:
        """Accept the suggestion."""
        await self.run_action("screen.take_offer")


def _still_applies(note: QueryNote, before: Query, query: Query) -> bool:
    """Return whether the words of a note are still in the query."""
    start, end = note.start, note.end
    same = before.text[start:end] == query.text[start:end]
    ends = {word.end for word in query.words}
    return same and end in ends and start in {word.start for word in query.words}
