"""The strip under the search bar: the filters of a query, and its most frequent facet values."""

from collections.abc import Iterator
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive, var
from textual.style import Style
from textual.widget import Widget

from index.facets.counting import Facet
from index.facets.fields import FACET_FIELDS
from index.query import FieldTerm
from index.search.results import Results
from tui.glyphs import BOOKMARK, TAG
from tui.themes import DIM

STRIP_FIELDS = tuple(field.name for field in FACET_FIELDS if field.in_strip)

SHOWN_STATES = ("unread", "bookmarked")
VALUES_PER_FIELD = 3
CHOSEN = "chosen"
"""The style metadata that holds a field and a value, for the mouse."""


class FilterStrip(Widget):
    """One line of chips for the chosen filters, and of values to choose from; all are clickable.

    `shows_values` is whether there are values beside the chips; without either, the strip is
    hidden.
    """

    results: var[Results | None] = var(None)
    facets: reactive[tuple[Facet, ...]] = reactive(())
    shows_values: var[bool] = var(False)

    @dataclass
    class ValueClicked(Message):
        """A chip or value was clicked."""

        field: str
        value: str
        excluded: bool = False

    def __init__(self, clear_hint: str, open_hint: str) -> None:
        super().__init__(id="strip")
        self._clear_hint = clear_hint
        self._open_hint = open_hint

    def watch_results(self) -> None:
        """Show the terms of another query."""
        self._update()

    def watch_shows_values(self) -> None:
        """Show or hide the strip."""
        self._update()

    def _update(self) -> None:
        shown = bool(self._filters) or self.shows_values
        self.set_class(shown, "-shown")
        self.screen.set_class(shown, "-with-strip")  # a note on the query covers all of it
        self.refresh()

    @property
    def _filters(self) -> tuple[FieldTerm, ...]:
        return self.results.query.filters if self.results else ()

    def render(self) -> Content:
        """Return the line, without the parts that do not fit."""
        parts = [*self._chips()]
        if parts:
            parts.append(_clickable(Content.styled(self._clear_hint, DIM), "", ""))
        line = Content(" ").join(parts)
        if self.shows_values:
            if not parts:
                line = Content.styled(self._open_hint, "bold $accent")
            for at, value in enumerate(self._values()):
                more = Content.assemble("  " if not at else (" · ", DIM), value)
                if line.cell_length + more.cell_length > self.content_size.width:
                    break
                line += more
        return line.truncate(self.content_size.width, ellipsis=True)

    def _chips(self) -> Iterator[Content]:
        for term in self._filters:
            sign, style = ("−", "reverse $error") if term.excluded else ("+", "reverse $success")
            chip = Content.styled(f" {sign}{term.field}:{' | '.join(term.values)} ", style)
            value = term.values[0] if len(term.values) == 1 else ""
            yield _clickable(chip, term.field, value, excluded=term.excluded)

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
                yield _clickable(text, field, count.value)
        if any(facet.is_partial for facet in self.facets if facet.field in STRIP_FIELDS):
            yield Content.styled("partial", DIM)

    async def on_click(self, event: events.Click) -> None:
        """Post a message about a clicked chip or value, or run the command of a hint."""
        if (chosen := event.style.meta.get(CHOSEN)) is None:
            return
        field, value, excluded = chosen
        if not field:
            await self.run_action("screen.command('clear_filters')")
        elif value:
            self.post_message(self.ValueClicked(field, value, excluded))


def _clickable(content: Content, field: str, value: str, *, excluded: bool = False) -> Content:
    return content.stylize(Style.from_meta({CHOSEN: (field, value, excluded)}))
