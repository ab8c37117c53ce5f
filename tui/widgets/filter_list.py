"""The filter pane: facets of the result with their counts, as rows to choose from."""

from calendar import month_abbr
from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual.content import Content

from index.facets.counting import Count, Facet
from index.facets.fields import FIELD_BY_NAME
from index.query import FieldTerm
from index.search.saved import SearchCount
from tui.widgets.line_list import LineList

FIRST = 8
"""Values shown of a facet before it is opened up."""

SHARED = 16
"""Characters from which on what values begin with is left out."""

LEVELS = " ▁▂▃▄▅▆▇█"
WIDEST = 3
"""Cells of one bar at most."""

MUTED = "$foreground 58%"


@dataclass(frozen=True, slots=True)
class FilterRow:
    """One row: a facet's heading (no field), its histogram, one of its values, or the rest of them.

    `rest` are values that are counted but not told, however far the facet is opened up.
    """

    title: str
    field: str
    value: str = ""
    count: int = 0
    chosen: str = ""  # "+" included, "-" excluded
    more: int = 0
    rest: int = 0
    histogram: tuple[Count, ...] = ()
    label: str = ""  # the value as it is shown
    key: str = ""  # what runs it
    new: int = 0  # how many of the count are new


class FilterList(LineList):
    """Facets with live counts; the screen writes a chosen value into the query."""

    ONE_CLICK = True

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: list[FilterRow] = []
        self.opened: frozenset[str] = frozenset()
        self._facets: tuple[Facet, ...] = ()
        self._filters: tuple[FieldTerm, ...] = ()
        self._saved: Sequence[FilterRow] = ()

    def show(self, facets: tuple[Facet, ...], filters: tuple[FieldTerm, ...]) -> None:
        """Show the facets of a result, and which values its query has chosen.

        The cursor stays on its value, and that on its line of the screen.
        """
        under = self.current
        line = self.cursor - self.scroll_offset.y if under else None
        self._facets, self._filters = facets, filters
        self.rows = self._saved_rows()
        self.rows += [row for facet in facets for row in self._rows(facet)]
        cursor = self._place(under) if under else self.cursor
        self.rows_changed(len(self.rows), cursor, line)

    def _place(self, under: FilterRow) -> int:
        """Return where a row is now; where it is gone, where the one before it of its facet is."""
        here = [at for at, row in enumerate(self.rows) if row.field == under.field]
        for at in here:
            if (self.rows[at].value, self.rows[at].more > 0) == (under.value, under.more > 0):
                return at
        return max([at for at in here if at <= self.cursor], default=self.cursor)

    def show_saved(self, rows: Sequence[FilterRow]) -> None:
        """Show the saved searches, above the facets."""
        first = not self._saved
        self._saved = rows
        self.show(self._facets, self._filters)
        if first and not self.has_focus:
            self.rows_changed(len(self.rows))  # the cursor begins at the top

    def _saved_rows(self) -> list[FilterRow]:
        """Return those that have a key, or all once they are opened up."""
        chosen = self._chosen("query")
        opened = "query" in self.opened
        shown = [row for row in self._saved if row.key or row.value in chosen or opened]
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
        if not values:
            return []
        opened = facet.field in self.opened
        shown = values if opened else values[: max(FIRST, len(chosen))]
        labels = _labels(shown) if field.long_values else {}
        rows = [FilterRow(facet.title, "")]
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

    def open_up(self, field: str) -> None:
        """Show all values of a facet that are told; the cursor goes to the first that was not."""
        at = self.cursor
        self.opened |= {field}
        self.show(self._facets, self._filters)
        self.move_to(at)

    def lands(self, row: int) -> bool:
        """Tell whether a row is there to be chosen."""
        return bool(self.rows[row].field)

    def line(self, row: int, line: int, width: int) -> Content:
        """Return a heading, or a value with its count to the right."""
        shown = self.rows[row]
        if shown.histogram:
            return Content.assemble("   ", histogram(shown.histogram, width - 4))
        if shown.rest:
            return Content.styled(f"   and {shown.rest:,} rarer ones", MUTED)
        if not shown.field:
            return Content.assemble(" ", (shown.title, f"bold {MUTED}"))
        bar = ("▌", "$accent") if row == self.cursor and self.has_focus else (" ", "")
        if shown.more:
            return Content.assemble(bar, (f"  … {shown.more:,} more", MUTED))
        sign, style = {
            "+": ("✓ ", "bold $success"),
            "-": ("− ", "bold $error"),
        }.get(shown.chosen, ("  ", ""))
        count = f" {shown.count:,} "
        new = f" +{shown.new:,}" if shown.new else ""
        lead = f"{shown.key or ' '} " if shown.field == "query" else ""
        room = max(1, width - 3 - len(count) - len(new) - len(lead))
        name = _indented(shown) or shown.label or shown.value
        label = Content.styled(name, style or "$foreground").truncate(room, ellipsis=True, pad=True)
        return Content.assemble(
            bar,
            (sign, style),
            (lead, "bold $accent"),
            label,
            (new, "bold $success"),
            (count, MUTED),
        )


def _indented(row: FilterRow) -> str:
    """Return the last part of a value below another in a tree, indented; "" for any other."""
    field = FIELD_BY_NAME[row.field]
    if field.order != "tree" or field.separator not in row.value:
        return ""
    *above, last = row.value.split(field.separator)
    return "  " * len(above) + last


def _labels(values: Sequence[str]) -> dict[str, str]:
    """Return long values without the words that others of them begin with too.

    >>> _labels(["Proceedings of the ACL", "Proceedings of the EMNLP", "Nature"])
    {'Proceedings of the ACL': '…ACL', 'Proceedings of the EMNLP': '…EMNLP'}
    """
    groups: dict[str, list[str]] = {}
    for value in values:
        groups.setdefault(value[:SHARED], []).append(value)
    return {
        value: f"…{value[_shared(group) :].strip()}"
        for group in groups.values()
        if len(group) > 1
        for value in group
    }


def _shared(values: Sequence[str]) -> int:
    """Return the length of the words that all of some values begin with."""
    first, last = min(values), max(values)  # all others begin as these two do
    differ = (at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b)
    return first.rfind(" ", 0, next(differ, len(first))) + 1


def histogram(counts: Sequence[Count], width: int) -> Content:
    """Return bars between the first and the last time, oldest first, in `width` cells at most.

    Where there are more times than cells, each bar has several: always as many, but for the last.
    Where there are few, their bars are wide.
    """
    first, last = _named(counts[0].value), _named(counts[-1].value)
    room = max(1, width - len(first) - len(last) - 2)
    each = -(-len(counts) // room)
    sums = [sum(c.count for c in counts[at : at + each]) for at in range(0, len(counts), each)]
    highest = max(sums)
    top = len(LEVELS) - 1
    wide = min(WIDEST, max(1, room // len(sums)))
    bars = "".join(LEVELS[-(-number * top // highest) if highest else 0] * wide for number in sums)
    return Content.assemble((first, MUTED), " ", (bars, "$accent"), " ", (last, MUTED))


def _named(time: str) -> str:
    """Return a year as it is, and a month in short.

    >>> _named("2025"), _named("2025-03")
    ('2025', 'Mar 25')
    """
    year, _, month = time.partition("-")
    return f"{month_abbr[int(month)]} {year[2:]}" if month else year


def saved_row(counted: SearchCount, key: str) -> FilterRow:
    """Return a saved search as a row of the filters; `key` is the key that runs it."""
    search = counted.search
    return FilterRow("Saved", "query", search.name, counted.count, key=key, new=counted.new)
