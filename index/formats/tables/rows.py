"""Rows of CSV files: in any dialect, and found again after a quote that is never closed.

The format: RFC 4180 (https://www.rfc-editor.org/rfc/rfc4180), with semicolons or tabs as well.
"""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache

LONGEST_ROW = 1_000_000
"""Characters of a row, and so of a cell."""

MOST_LINES = 2_000
"""Lines of a row, where cells hold line breaks."""

UNCLOSED = 'a " is opened and never closed; close it, or write it twice'


def rows(lines: Iterable[tuple[int, str]], delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Yield the line each row begins at and its cells, or why it has none; empty rows are no rows.

    A quote that is closed nowhere, or within a word, costs the line it stands in: the next row
    begins at the next line.
    """
    # A note with a picture in it may be longer than the module takes by itself.
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_ROW))
    source = iter(lines)
    ahead: deque[tuple[int, str]] = deque()
    while line := ahead.popleft() if ahead else next(source, None):
        number, text = line
        taken = _row(text, source, ahead, delimiter)
        if taken is None:
            yield number, UNCLOSED
        elif text.strip() or taken[1:]:
            try:
                yield number, cells("\n".join(taken), delimiter)
            except csv.Error as error:
                yield number, f"not a row: {error}"


def cells(row: str, delimiter: str) -> list[str]:
    """Return the cells of a row without its last line end."""
    # One line to the module: line breaks in it stand in quotes.
    return next(csv.reader([row], delimiter=delimiter, skipinitialspace=delimiter != "\t"), [])


def _row(
    text: str, source: Iterator[tuple[int, str]], ahead: deque[tuple[int, str]], delimiter: str
) -> list[str] | None:
    """Return the lines of the row that a line begins; None, with the others ahead, for no row."""
    opening, closing = _quotes(delimiter)
    taken, size = [text], len(text)
    place = _opened(text, 0, opening)
    while place < 0:
        if len(ahead) < len(taken):
            following = next(source, None)
            if following is None:
                return None
            ahead.append(following)
        line = ahead[len(taken) - 1][1]
        taken.append(line)
        size += len(line)
        if len(taken) > MOST_LINES or size > LONGEST_ROW:
            return None
        closed = closing.match(line)
        if closed and not closed["rest"]:
            place = _opened(line, closed.end(), opening)
        elif closed:
            return None
    for _ in taken[1:]:
        ahead.popleft()
    return taken


def _opened(line: str, start: int, opening: re.Pattern[str]) -> int:
    """Return -1 where a quote is open at the end of a line, else 0."""
    for match in opening.finditer(line, start):
        if not match["closed"]:
            return -1
    return 0


@lru_cache(maxsize=8)
def _quotes(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a quoted cell that begins in a line, and of the end of one."""
    between = re.escape(delimiter)
    return (
        re.compile(rf'(?:^|{between}) *+"(?:[^"]|"")*+(?P<closed>"?)'),
        re.compile(rf'(?:[^"]|"")*+"(?P<rest>(?!\s*(?:{between}|$)).)?'),
    )
