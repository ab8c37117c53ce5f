"""The strip under the search bar: the filters of a query, and its most frequent facet values."""

from collections.abc import Iterator

from textual import events
from textual.content import Content
from textual.reactive import reactive, var
from textual.widget import Widget

from index.facets.counting import Facet
from index.facets.fields import FACET_FIELDS
from index.query import FieldTerm
from index.search.results import Results
from tui.glyphs import BOOKMARK, TAG
from tui.themes import DIM
from tui.widgets.chips import chips, click_chip, clickable

STRIP_FIELDS = tuple(field.name for field in FACET_FIELDS if field.in_strip)

SHOWN_STATES = ("unread", "bookmarked")
VALUES_PER_FIELD = 3


class FilterStrip(Widget):
    """One line of chips for the chosen filters, and of values to choose from.

    Whether `is_shown` depends on the layout alone, so that the list below never moves.
    """

    results: var[Results | None] = var(None)
    facets: reactive[tuple[Facet, ...]] = reactive(())
    is_shown: var[bool] = var(False)

    def __init__(self, clear_hint: str, open_hint: str) -> None:
        super().__init__(id="strip")
        self._clear_hint = clear_hint
        self._open_hint = open_hint

    def watch_results(self) -> None:
        """Show the terms of another query."""
        self.refresh()

    def watch_is_shown(self, is_shown: bool) -> None:
        """Show or hide the strip."""
        self.set_class(is_shown, "-shown")

    @property
    def _filters(self) -> tuple[FieldTerm, ...]:
        return self.results.query.filters if self.results else ()

    def render(self) -> Content:
        """Return the line, without the parts that do not fit."""
        line = chips(self._filters, self._clear_hint)
        line = line or Content.styled(self._open_hint, "bold $accent")
        for at, value in enumerate(self._values()):
            more = Content.assemble("  " if not at else (" · ", DIM), value)
            if line.cell_length + more.cell_length > self.content_size.width:
                break
            line += more
        return line.truncate(self.content_size.width, ellipsis=True)

    def _values(self) -> Iterator[Content]:
        by_field = {facet.field: facet for facet in self.facets}
        chosen = {(term.field, value) for term in self._filters for value in term.values}
        for field in STRIP_FIELDS:
            counts = by_field[field].counts if field in by_field else ()
            if field == "is":
                counts = tuple(one for one in counts if one.value in SHOWN_STATES)
            for count in sorted(counts, key=lambda one: -one.count)[:VALUES_PER_FIELD]:
                if (field, count.value) in chosen:
                    continue
                name = TAG + count.value if field == "tag" else count.value
                if count.value == "bookmarked":
                    name = BOOKMARK
                text = Content.assemble((name, "$foreground"), (f" {count.count:,}", DIM))
                yield clickable(text, field, count.value)
        if any(facet.is_partial for facet in self.facets if facet.field in STRIP_FIELDS):
            yield Content.styled("partial", DIM)

    async def on_click(self, event: events.Click) -> None:
        """Choose a value, or clear the filters."""
        await click_chip(self, event)
