"""Aligned tables, and the columns that text takes on a terminal."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence


def width(text: str) -> int:
    """Return the columns a text takes on a terminal: wide characters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


def _character_width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def truncated(text: str, columns: int) -> str:
    """Return a text in at most so many columns; a longer one is cut and ends with an ellipsis."""
    if width(text) <= columns:
        return text
    kept, used = "", 0
    for character in text:
        used += _character_width(character)
        if used > columns - 1:
            break
        kept += character
    return f"{kept.rstrip()}…"


def padded(text: str, columns: int) -> str:
    """Return a text padded with spaces on the right to so many columns."""
    return text + " " * (columns - width(text))


def table(rows: Sequence[Sequence[str]], numbers: Iterable[int] = ()) -> Iterator[str]:
    """Yield rows with aligned columns.

    `numbers` holds the indexes of the columns that are aligned to the right.
    """
    right = set(numbers)
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = []
        for at, (cell, room) in enumerate(zip(row, widths, strict=True)):
            cells.append(" " * (room - width(cell)) + cell if at in right else padded(cell, room))
        yield "  ".join(cells).rstrip()
