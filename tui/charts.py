"""Charts as lines of plain text, for the command line and the reader.

plotext draws them over two axes if it is installed (the extra "plots"), without its colours, which
the reader and the terminal choose. Without it they are bars, one below another.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from math import ceil

from tui.glyphs import LEVELS

BAR, MARKERS = "█", "●*"
"""The signs of bars, and of the first and the second line of a plot."""

PLOT_LINES = 10
MIN_PLOT_VALUES = 6
"""Values below which bars, one below another, say more than a plot."""

MIN_PLOT_CELLS = 40
MAX_BAR_CELLS = 40
MAX_LABEL_CELLS = 30

_drawing = threading.Lock()  # plotext has one figure

Pad = Callable[[str, int], str]
"""Cuts or pads a text to a number of cells."""


def has_plotext() -> bool:
    """Return whether plots can be drawn."""
    return find_spec("plotext") is not None


def bars(counts: Sequence[tuple[str, int]], width: int, pad: Pad) -> Iterator[str]:
    """Yield a line for each value: the value, its bar, and its count.

    >>> list(bars([("2024", 4), ("2025", 1)], 16, str.ljust))
    ['2024  ████████ 4', '2025  ██       1']
    """
    most = max((count for _, count in counts), default=0)
    labels = min(MAX_LABEL_CELLS, width // 2, max((len(name) for name, _ in counts), default=0))
    digits = len(f"{most:,}")
    room = max(1, min(MAX_BAR_CELLS, width - labels - digits - 3))
    for name, count in counts:
        bar = BAR * ceil(room * count / most) if most else ""
        yield f"{pad(name, labels)}  {bar:<{room}} {count:>{digits},}"


def sparkline(counts: Sequence[int], width: int) -> str:
    """Return counts as one line of bars of different heights, the last ones if there are too many.

    >>> sparkline([0, 1, 8], 10)
    ' ▁█'
    """
    shown = counts[-width:]
    most = max(shown, default=0)
    return "".join(LEVELS[ceil((len(LEVELS) - 1) * count / most)] if most else " "
                   for count in shown)  # fmt: skip


def histogram(counts: Sequence[tuple[str, int]], width: int, pad: Pad) -> list[str]:
    """Return counts over time: as a plot, or as bars if there is no room or no plotext."""
    if len(counts) < MIN_PLOT_VALUES or width < MIN_PLOT_CELLS or not has_plotext():
        return list(bars(counts, width, pad))

    def draw(plot: "Plot") -> None:
        plot.bar([name for name, _ in counts], [count for _, count in counts], marker=BAR)
        plot.count_to(max(count for _, count in counts))

    return _drawn(draw, width)


def lines(
    names: Sequence[str], series: Mapping[str, Sequence[int]], width: int, pad: Pad
) -> list[str]:
    """Return two series over time, as a plot with a legend or as two columns of bars."""
    if len(names) < MIN_PLOT_VALUES or width < MIN_PLOT_CELLS or not has_plotext():
        return [
            line
            for title, counts in series.items()
            for line in (title, *bars(list(zip(names, counts, strict=True)), width, pad))
        ]
    places = list(range(len(names)))
    ticks = places[:: max(1, len(places) * 14 // width)]

    def draw(plot: "Plot") -> None:
        for marker, counts in zip(MARKERS, series.values(), strict=True):
            plot.plot(places, list(counts), marker=marker)
        plot.xticks(ticks, [names[at] for at in ticks])
        plot.count_to(max(max(counts) for counts in series.values()))

    legend = "  ".join(f"{sign} {title}" for sign, title in zip(MARKERS, series, strict=True))
    return [legend, *_drawn(draw, width)]


class Plot:
    """The functions of plotext that are used, which has no types."""

    def __init__(self) -> None:
        import plotext

        self.bar, self.plot = plotext.bar, plotext.plot
        self.xticks, self.yticks = plotext.xticks, plotext.yticks

    def count_to(self, most: int) -> None:
        """Label the axis of counts, with whole numbers."""
        ticks = sorted({0, most // 2, most})
        self.yticks(ticks, [f"{tick:,}" for tick in ticks])


def _drawn(draw: Callable[[Plot], None], width: int) -> list[str]:
    """Return the lines of a plot, without colours or other escape sequences."""
    import plotext

    with _drawing:
        plotext.clear_figure()
        plotext.theme("clear")
        plotext.plotsize(width, PLOT_LINES)
        draw(Plot())
        drawn = plotext.uncolorize(plotext.build())
        plotext.clear_figure()
    return [line.rstrip() for line in drawn.splitlines()]
