"""Aligned tables, by the width of text on a terminal."""

from collections.abc import Iterable, Iterator, Sequence


def width(text: str) -> int:
    """Return the number of terminal columns that a text takes."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    return max(0, wcswidth(text))  # -1 for control characters


def truncated(text: str, columns: int) -> str:
    """Return a text truncated to a number of columns, with an ellipsis if it is longer."""
    if width(text) <= columns:
        return text
    from wcwidth import wcwidth

    end = used = 0
    while end < len(text) and used < columns:
        used += max(0, wcwidth(text[end]))
        end += 1
    while end and width(text[:end]) > columns - 1:  # a sequence can differ from its characters
        end -= 1
    return f"{text[:end].rstrip()}…"


def padded(text: str, columns: int) -> str:
    """Return a text padded with spaces on the right to a number of columns."""
    return text + " " * (columns - width(text))


def table(rows: Sequence[Sequence[str]], numbers: Iterable[int] = ()) -> Iterator[str]:
    """Yield rows with aligned columns, those with the indexes `numbers` aligned to the right."""
    right = set(numbers)
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = []
        for at, (cell, room) in enumerate(zip(row, widths, strict=True)):
            cells.append(" " * (room - width(cell)) + cell if at in right else padded(cell, room))
        yield "  ".join(cells).rstrip()
