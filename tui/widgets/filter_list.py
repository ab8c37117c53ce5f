"""The filter pane: facets of the result with their counts, as rows to choose from."""

from calendar import month_abbr
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from textual.content import Content

from index.facets.counting import Count, Facet
from index.facets.fields import FACET_RANKS, FIELD_BY_NAME
from index.query import FieldTerm
from index.search.saved import SearchCount
from tui.glyphs import CURSOR, LEVELS, SELECTED
from tui.themes import DIM
from tui.widgets.line_list import LineList

MAX_COLLAPSED_VALUES = 8
"""Values shown of a facet before it is expanded."""

MIN_SHARED_PREFIX = 16
"""Characters of a shared prefix that is abbreviated."""

PARTIAL = "· partial"
"""Shown in the heading of a facet whose papers are not all counted yet."""

MAX_BAR_CELLS = 3
"""Maximum width of a bar in the histogram."""


@dataclass(frozen=True, slots=True)
class FilterRow:
    """One row: the heading of a facet (no field), its histogram, a value, or the other values.

    `more` is the number of values hidden until the facet is expanded, `rest` that of values never
    listed.
    """

    title: str
    field: str
    value: str = ""
    count: int = 0
    chosen: str = ""  # "+" included, "-" excluded
    more: int = 0
    rest: int = 0
    histogram: tuple[Count, ...] = ()
    label: str = ""  # the displayed value
    key: str = ""  # the key of a saved search
    new: int = 0  # the number of new papers


class FilterList(LineList):
    """Facets with live counts; the screen writes a chosen value into the query."""

    ONE_CLICK = True

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: list[FilterRow] = []
        self.expanded: frozenset[str] = frozenset()
        self._facets: tuple[Facet, ...] = ()
        self._filters: tuple[FieldTerm, ...] = ()
        self._saved: Sequence[FilterRow] = ()

    def show(self, facets: tuple[Facet, ...], filters: tuple[FieldTerm, ...]) -> None:
        """Show the facets of a result and the values chosen in its query.

        The cursor stays on its value and on its line of the screen.
        """
        current = self.current
        line = self.cursor - self.scroll_offset.y if current else None
        self._facets, self._filters = facets, filters
        before, self.rows = self.rows, self._saved_rows()
        self.rows += [row for facet in facets for row in self._rows(facet)]
        cursor = self._find_row(current) if current else self.cursor
        pairs = enumerate(zip_longest(before, self.rows))
        changed = [at for at, (old, new) in pairs if old != new]
        self.rows_changed(len(self.rows), cursor, line, changed)

    def _find_row(self, old: FilterRow) -> int:
        """Return the new index of a row or, if it was removed, of the one before in its facet."""
        indexes = [at for at, row in enumerate(self.rows) if row.field == old.field]
        for at in indexes:
            if (self.rows[at].value, self.rows[at].more > 0) == (old.value, old.more > 0):
                return at
        return max([at for at in indexes if at <= self.cursor], default=self.cursor)

    def show_saved(self, rows: Sequence[FilterRow]) -> None:
        """Show the saved searches, above the facets."""
        first = bool(rows) and not self._saved
        self._saved = rows
        self.show(self._facets, self._filters)
        if first and not self.has_focus:
            self.rows_changed(len(self.rows))  # the cursor starts at the top

    def _saved_rows(self) -> list[FilterRow]:
        """Return the saved searches that have a key, or all if expanded."""
        chosen = self._chosen("query")
        expanded = "query" in self.expanded
        shown = [row for row in self._saved if row.key or row.value in chosen or expanded]
        rows = [replace(row, chosen=chosen.get(row.value, "")) for row in shown]
        if rows:
            rows.insert(0, FilterRow(rows[0].title, ""))
        if len(shown) < len(self._saved):
            rows.append(FilterRow(rows[0].title, "query", more=len(self._saved) - len(shown)))
        return rows

    def _chosen(self, field: str) -> dict[str, str]:
        return {
            value: "-" if term.excluded else "+"
            for term in self._filters
            if term.field == field
            for value in term.values
        }

    def _rows(self, facet: Facet) -> list[FilterRow]:
        field = FIELD_BY_NAME[facet.field]
        chosen = self._chosen(field.name)
        counts = {count.value: count.count for count in facet.counts}
        values = [*dict.fromkeys([*chosen, *counts])]
        if field.order == "tree":
            values.sort(key=field.tree_order)
        elif field.order == "listed":  # a chosen state stays in its row
            values.sort(key=lambda value: FACET_RANKS.get((field.name, value), len(FACET_RANKS)))
        title = f"{facet.title} {PARTIAL}" if facet.is_partial else facet.title
        if not values:
            return [FilterRow(title, "")] if facet.is_partial else []
        expanded = facet.field in self.expanded
        shown = values if expanded else values[: max(MAX_COLLAPSED_VALUES, len(chosen))]
        labels = _shorten(shown) if field.long_values else {}
        rows = [FilterRow(title, "")]
        if len(facet.histogram) > 1:
            rows.append(FilterRow(facet.title, "", histogram=facet.histogram))
        for value in shown:
            count, sign = counts.get(value, 0), chosen.get(value, "")
            label = labels.get(value, value)
            rows.append(FilterRow(facet.title, facet.field, value, count, sign, label=label))
        rest = max(0, facet.total - len(counts))
        if len(values) > len(shown):
            rows.append(FilterRow(facet.title, facet.field, more=len(values) - len(shown) + rest))
        elif rest:
            rows.append(FilterRow(facet.title, "", rest=rest))
        return rows

    @property
    def current(self) -> FilterRow | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    def expand_facet(self, field: str) -> None:
        """Show all values of a facet; the cursor goes to the first that was hidden."""
        at = self.cursor
        self.expanded |= {field}
        self.show(self._facets, self._filters)
        self.move_to(at)

    def is_selectable(self, row: int) -> bool:
        """Return whether a row can be chosen."""
        return bool(self.rows[row].field)

    def line(self, row: int, line: int, width: int) -> Content:
        """Return a heading, or a value with its count to the right."""
        shown = self.rows[row]
        if shown.histogram:
            return Content.assemble("   ", histogram(shown.histogram, width - 4))
        if shown.rest:
            return Content.styled(f"   and {shown.rest:,} less common", DIM)
        if not shown.field:
            return Content.assemble(" ", (shown.title, f"bold {DIM}"))
        bar = (CURSOR, "$accent") if row == self.cursor and self.has_focus else (" ", "")
        if shown.more:
            return Content.assemble(bar, (f"  … {shown.more:,} more", DIM))
        sign, style = {
            "+": (f"{SELECTED} ", "bold $success"),
            "-": ("− ", "bold $error"),
        }.get(shown.chosen, ("  ", ""))
        count = f" {shown.count:,} "
        new = f" +{shown.new:,}" if shown.new else ""
        lead = f"{shown.key or ' '} " if shown.field == "query" else ""
        room = max(1, width - 3 - len(count) - len(new) - len(lead))
        name = _indent(shown) or shown.label or shown.value
        label = Content.styled(name, style or "$foreground").truncate(room, ellipsis=True, pad=True)
        return Content.assemble(
            bar,
            (sign, style),
            (lead, "bold $accent"),
            label,
            (new, "bold $success"),
            (count, DIM),
        )


def _indent(row: FilterRow) -> str:
    """Return the last part of a nested value, indented; "" for any other value."""
    field = FIELD_BY_NAME[row.field]
    if field.order != "tree" or field.separator not in row.value:
        return ""
    *parents, last = row.value.split(field.separator)
    return "  " * len(parents) + last


def _shorten(values: Sequence[str]) -> dict[str, str]:
    """Return labels for values with a long prefix in common, without the prefix.

    >>> _shorten(["Proceedings of the ACL", "Proceedings of the EMNLP", "Nature"])
    {'Proceedings of the ACL': '…ACL', 'Proceedings of the EMNLP': '…EMNLP'}
    """
    groups: dict[str, list[str]] = {}
    for value in values:
        groups.setdefault(value[:MIN_SHARED_PREFIX], []).append(value)
    return {
        value: f"…{value[_prefix_length(group) :].strip()}"
        for group in groups.values()
        if len(group) > 1
        for value in group
    }


def _prefix_length(values: Sequence[str]) -> int:
    """Return the length of the whole words that all values start with."""
    first, last = min(values), max(values)  # all others share the prefix of these two
    differ = (at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b)
    return first.rfind(" ", 0, next(differ, len(first))) + 1


def histogram(counts: Sequence[Count], width: int) -> Content:
    """Return a histogram with the first and last date, oldest first, in at most `width` cells.

    If there are more dates than cells, each bar covers several. If there are few, bars are wider.
    """
    first, last = _format_date(counts[0].value), _format_date(counts[-1].value)
    room = max(1, width - len(first) - len(last) - 2)
    each = -(-len(counts) // room)
    sums = [sum(c.count for c in counts[at : at + each]) for at in range(0, len(counts), each)]
    highest = max(sums)
    top = len(LEVELS) - 1
    wide = min(MAX_BAR_CELLS, max(1, room // len(sums)))
    bars = "".join(LEVELS[-(-number * top // highest) if highest else 0] * wide for number in sums)
    return Content.assemble((first, DIM), " ", (bars, "$accent"), " ", (last, DIM))


def _format_date(date: str) -> str:
    """Return a year unchanged, and a month abbreviated.

    >>> _format_date("2025"), _format_date("2025-03")
    ('2025', 'Mar 25')
    """
    year, _, month = date.partition("-")
    return f"{month_abbr[int(month)]} {year[2:]}" if month else year


def saved_row(counted: SearchCount, key: str) -> FilterRow:
    """Return a saved search as a row; `key` is the key that runs it."""
    search = counted.search
    return FilterRow("Saved", "query", search.name, counted.count, key=key, new=counted.new)
