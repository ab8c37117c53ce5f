"""A plain table of figures: what was measured, the baselines and their ratios, the bar."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Unit = Literal["ms", "s", "/s", "MB", "of 1"]

MORE_IS_BETTER = ("/s", "of 1")


@dataclass(slots=True)
class Row:
    """One measure: the figure, that of each baseline, and the bar, in one unit.

    `note` is printed below the table.
    """

    name: str
    unit: Unit
    figure: float | None
    others: dict[str, float] = field(default_factory=dict)
    bar: float | None = None
    note: str = ""

    @property
    def short(self) -> bool:
        """Whether the figure is below the bar."""
        if self.figure is None or self.bar is None:
            return False
        return self.figure < self.bar if self.unit in MORE_IS_BETTER else self.figure > self.bar

    def ratio(self, other: str) -> float:
        """Return how many times better than a baseline the figure is."""
        assert self.figure is not None
        pair = self.figure, self.others[other]
        better, worse = pair if self.unit in MORE_IS_BETTER else reversed(pair)
        return better / max(worse, 1e-9)


def number(value: float | None, unit: Unit) -> str:
    """Return a figure with three significant digits or fewer.

    >>> number(0.123, "ms"), number(12.34, "ms"), number(1234.5, "/s"), number(None, "s")
    ('0.12', '12.3', '1,234', '–')
    """
    if value is None:
        return "–"
    if unit == "of 1":
        return f"{value:.3f}"
    digits = 0 if value >= 100 or unit in ("MB", "/s") else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}"


def lines(title: str, rows: Sequence[Row], others: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a table under a title; a figure below its bar is marked."""
    named = list(others)
    cells = [[title, "", "Carrel", *(part for other in named for part in (other, "ratio")), "bar"]]
    for row in rows:
        line = [row.name, row.unit, number(row.figure, row.unit)]
        for other in named:
            known = other in row.others and row.figure is not None
            line += [number(row.others.get(other), row.unit) if other in row.others else ""]
            line += [_times(row.ratio(other), row.unit) if known else ""]
        bar = "" if row.bar is None else number(row.bar, row.unit).removesuffix(".00")
        cells.append([*line, f"{bar} SHORT" if row.short else bar])
    yield from _aligned(cells, (0, 1, len(cells[0]) - 1))
    yield from (f"{row.name}: {row.note}" for row in rows if row.note)


def growth(tables: Mapping[int, Sequence[Row]]) -> Iterator[str]:
    """Yield the lines of a table of figures by the number of papers.

    Its last column is the ratio of the largest library's figure to the smallest's.
    """
    sizes = sorted(tables)
    known = [{row.name: row.figure for row in tables[size]} for size in sizes]
    cells = [["how cost grows", "", *(f"{size:,}" for size in sizes), "grows"]]
    for row in tables[sizes[0]]:
        figures = [table.get(row.name) for table in known]
        first, last = figures[0], figures[-1]
        ratio = ""
        if first and last:
            ratio = _times(first / last if row.unit == "/s" else last / first, row.unit)
        cells.append([row.name, row.unit, *(number(f, row.unit) for f in figures), ratio])
    yield from _aligned(cells)


def _aligned(cells: Sequence[Sequence[str]], left: Sequence[int] = (0, 1)) -> Iterator[str]:
    """Yield rows of cells in columns, with a line under the first; `left` are left-aligned."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for at, line in enumerate(cells):
        yield "  ".join(
            cell.ljust(width) if place in left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        if at == 0:
            yield "-" * (sum(widths) + 2 * (len(widths) - 1))


def _times(ratio: float, unit: Unit) -> str:
    if unit == "of 1":
        return f"{ratio:.2f}x"
    return f"{ratio:,.0f}x" if ratio >= 10 else f"{ratio:.1f}x"
