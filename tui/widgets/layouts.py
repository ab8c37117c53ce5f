"""Layouts of the panes: which ones are shown, side by side or above one another, and how wide."""

from dataclasses import dataclass

LAYOUTS = ("stack", "split", "three", "read")
"""Layouts in the order of `z z`."""

MIN_SPLIT_CELLS = 110
MIN_THREE_CELLS = 160
"""Widths of the screen from which two or three panes are shown side by side."""

MIN_COLUMNS = {"split": 72, "three": 106}
"""Widths of the screen below which a layout chosen by hand is not used."""

MIN_STACK_LINES = 14
"""Lines below which only one of list and paper is shown."""

FILTER_CELLS = 28
MAX_PAPER_CELLS = 84
"""Cells of the paper pane beyond which the list becomes wider: 80 of text, padding, scroll bar."""

MIN_LIST_CELLS = 62
"""Cells of the list at which 95 of 100 titles are whole, on two lines."""

SHARES = {"stack": 0.5, "split": 0.54, "three": 0.48}
"""Shares of the list in the cells, or lines, of list and paper, unless set by hand."""

SHARE_STEP = 0.04
MIN_SHARE, MAX_SHARE = 0.2, 0.8


def automatic_layout(columns: int) -> str:
    """Return the layout for a screen of so many columns."""
    if columns >= MIN_THREE_CELLS:
        return "three"
    return "split" if columns >= MIN_SPLIT_CELLS else "stack"


def usable_layout(chosen: str, columns: int) -> str:
    """Return the layout chosen by hand if the screen is wide enough, or the automatic one."""
    if chosen in LAYOUTS and columns >= MIN_COLUMNS.get(chosen, 0):
        return chosen
    return automatic_layout(columns)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The layout of a screen: cells of the filters and the list, or lines of the list.

    In a stack, `list_size` is a height. If it is 0, only the pane with the focus is shown.
    """

    layout: str
    filters: int
    list_size: int


def arrange(layout: str, columns: int, lines: int, share: float | None = None) -> Arrangement:
    """Return the arrangement of panes in an area; `share` is that of the list, if set by hand.

    >>> arrange("split", 120, 36), arrange("stack", 80, 22)
    (Arrangement(layout='split', filters=0, list_size=64), Arrangement(layout='stack', filters=0, list_size=11))
    """  # noqa: E501
    if layout == "read" or (layout == "stack" and lines < MIN_STACK_LINES):
        return Arrangement(layout, 0, 0)
    part = share if share is not None else SHARES[layout]
    if layout == "stack":
        return Arrangement(layout, 0, round(lines * part))
    filters = FILTER_CELLS if layout == "three" else 0
    room = columns - filters - (2 if filters else 1)  # one column for each divider
    cells = round(room * part)
    if share is None:
        cells = max(cells, MIN_LIST_CELLS, room - MAX_PAPER_CELLS)
    return Arrangement(layout, filters, cells)


def step_share(layout: str, share: float | None, step: int) -> float:
    """Return the share of the list after a divider was moved by a number of steps."""
    now = share if share is not None else SHARES.get(layout, 0.5)
    return max(MIN_SHARE, min(MAX_SHARE, now + step * SHARE_STEP))
