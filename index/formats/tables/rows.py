"""Rows of CSV files in any dialect, with recovery after an unclosed quote.

The format: RFC 4180 (https://www.rfc-editor.org/rfc/rfc4180), with semicolons or tabs as well.
"""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache

MAX_ROW_CHARS = 1_000_000

MAX_ROW_LINES = 2_000
"""Cells may contain line breaks."""

UNCLOSED = "unclosed quotation mark; close it, or double it"


def rows(lines: Iterable[tuple[int, str]], delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Yield the first line and the cells of each row, or the reason why it cannot be read.

    Empty rows are omitted. An unclosed quote, or one closed within a word, costs only its line.
    """
    # A note with an embedded image may exceed the default limit.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_ROW_CHARS))
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
    # Line breaks within are quoted, so the csv module gets the row as one line.
    return next(csv.reader([row], delimiter=delimiter, skipinitialspace=delimiter != "\t"), [])


def _row(
    text: str, source: Iterator[tuple[int, str]], ahead: deque[tuple[int, str]], delimiter: str
) -> list[str] | None:
    """Return the lines of a row; None, with the other lines put back, if it is invalid."""
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
        if len(taken) > MAX_ROW_LINES or size > MAX_ROW_CHARS:
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
    """Return -1 if a quote is open at the end of a line, else 0."""
    for match in opening.finditer(line, start):
        if not match["closed"]:
            return -1
    return 0


@lru_cache(maxsize=8)
def _quotes(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of the beginning and the end of a quoted cell."""
    between = re.escape(delimiter)
    return (
        re.compile(rf'(?:^|{between}) *+"(?:[^"]|"")*+(?P<closed>"?)'),
        re.compile(rf'(?:[^"]|"")*+"(?P<rest>(?!\s*(?:{between}|$)).)?'),
    )
