"""The filter pane: facets of the result with their counts, as rows to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual.content import Content

from index.facets import Facet
from index.query import FieldTerm
from tui.widgets.line_list import LineList

FIRST = 8
"""Values shown of a facet before it is opened up."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a facet's heading (no value), one of its values, or the rest of them."""

    title: str
    field: str
    value: str = ""
    count: int = 0
    chosen: str = ""  # "+" included, "-" excluded
    more: int = 0
    key: str = ""  # what runs it
    new: int = 0  # how many of the count are new


class FilterList(LineList):
    """Facets with live counts; the screen writes a chosen value into the query."""

    ONE_CLICK = True

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: list[Row] = []
        self.opened: frozenset[str] = frozenset()
        self._facets: tuple[Facet, ...] = ()
        self._filters: tuple[FieldTerm, ...] = ()
        self._saved: Sequence[Row] = ()

    def show(self, facets: tuple[Facet, ...], filters: tuple[FieldTerm, ...]) -> None:
        """Show the facets of a result, and which values its query has chosen."""
        under = self.current
        self._facets, self._filters = facets, filters
        self.rows = self._saved_rows()
        self.rows += [row for facet in facets for row in self._rows(facet)]
        cursor = self.cursor
        if under:
            places = [(row.field, row.value) for row in self.rows]
            place = (under.field, under.value)
            cursor = places.index(place) if place in places else cursor
        self.rows_changed(len(self.rows), cursor)

    def show_saved(self, rows: Sequence[Row]) -> None:
        """Show the saved searches, above the facets."""
        first = not self._saved
        self._saved = rows
        self.show(self._facets, self._filters)
        if first and not self.has_focus:
            self.rows_changed(len(self.rows))  # the cursor begins at the top

    def _saved_rows(self) -> list[Row]:
        """Return those that have a key, or all once they are opened up."""
        chosen = self._chosen("query")
        opened = "query" in self.opened
        shown = [row for row in self._saved if row.key or row.value in chosen or opened]
        rows = [replace(row, chosen=chosen.get(row.value, "")) for row in shown]
        if rows:
            rows.insert(0, Row(rows[0].title, ""))
        if len(shown) < len(self._saved):
            rows.append(Row(rows[0].title, "query", more=len(self._saved) - len(shown)))
        return rows

    def _chosen(self, field: str) -> dict[str, str]:
        return {
            value: "-" if term.excluded else "+"
            for term in self._filters
            if term.field == field
            for value in term.values
        }

    def _rows(self, facet: Facet) -> list[Row]:
        chosen = self._chosen(facet.field)
        counts = {count.value: count.count for count in facet.counts}
        values = [*dict.fromkeys([*chosen, *counts])] if facet.field != "tag" else sorted(
            {*chosen, *counts}, key=lambda tag: tag.lower().split("/")
        )  # fmt: skip
        if not values:
            return []
        shown = values if facet.field in self.opened else values[:FIRST]
        rows = [Row(facet.title, "")]
        for value in shown:
            rows.append(
                Row(facet.title, facet.field, value, counts.get(value, 0), chosen.get(value, ""))
            )
        if len(values) > len(shown):
            rows.append(Row(facet.title, facet.field, more=len(values) - len(shown)))
        return rows

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    def open_up(self, field: str) -> None:
        """Show all values of a facet."""
        self.opened |= {field}
        self.show(self._facets, self._filters)

    def lands(self, row: int) -> bool:
        """Tell whether a row is no heading."""
        return bool(self.rows[row].field)

    def line(self, row: int, line: int, width: int) -> Content:
        """Return a heading, or a value with its count to the right."""
        shown = self.rows[row]
        if not shown.field:
            return Content.assemble(" ", (shown.title, "bold $foreground 58%"))
        bar = ("▌", "$accent") if row == self.cursor and self.has_focus else (" ", "")
        if shown.more:
            return Content.assemble(bar, (f"  … {shown.more} more", "$foreground 58%"))
        sign, style = {
            "+": ("✓ ", "bold $success"),
            "-": ("− ", "bold $error"),
        }.get(shown.chosen, ("  ", ""))
        count = f" {shown.count:,} "
        new = f" +{shown.new:,}" if shown.new else ""
        lead = f"{shown.key or ' '} " if shown.field == "query" else ""
        room = max(1, width - 3 - len(count) - len(new) - len(lead))
        depth = shown.value.count("/") if shown.field == "tag" else 0
        name = "  " * depth + (shown.value.split("/")[-1] if depth else shown.value)
        label = Content.styled(name, style or "$foreground").truncate(room, ellipsis=True, pad=True)
        return Content.assemble(
            bar, (sign, style), (lead, "bold $accent"), label, (new, "bold $success"),
            (count, "$foreground 58%"),
        )  # fmt: skip
