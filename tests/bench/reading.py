"""The reader, measured through a terminal: start, keys, memory."""

import contextlib
import time
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import cycle, islice, pairwise
from pathlib import Path

from index import Library
from tests.bench.clock import median_of, p95
from tests.bench.corpus import ALL
from tests.bench.libraries import is_paged, open_library
from tests.bench.measures import command, environment
from tests.bench.table import Row
from tests.bench.terminal import NeverShown, Shows, Terminal

STARTS = 5
STEPS = 30
BUSY_STEPS = 40
UP, DOWN = "\x1b[A", "\x1b[B"
TYPED = ("diffusion models", "language retrieval", "speech recognition")
RIGHT = 60
"""The column from which a title can only be the paper pane's."""

HEAD = 16
"""Characters of a title that are searched for on the screen."""


def reading(folder: Path) -> Iterator[Row]:
    """Start the reader, type and move in it; a measure whose screen never appears has no figure."""
    with open_library(folder) as library:
        small, grown = library.count() <= 1_000, library.count() > ALL
        filled = _filled(library)
        wanted = [_answer(library, text) for text in _states()]
        titles = _titles(library)
    starts = [_start(folder, filled) for _ in range(STARTS)]
    yield Row("carrel to a filled screen", "s", median_of(starts), bar=0.8)
    with Terminal(command(), environment(folder)) as terminal:
        terminal.until(filled)
        steps = list(_steps(terminal, titles))
        moved, opened = [first for first, _ in steps], [last for _, last in steps]
        typed = list(_typed(terminal, wanted))
        memory = terminal.peak_memory()
        busy = list(_busy(terminal))
    yield Row("key to new rows: median", "ms", median_of(typed))
    yield Row("key to new rows: p95", "ms", p95(typed), bar=50 if small else 80)
    yield Row("arrow key to moved cursor: median", "ms", median_of(moved), bar=16)
    yield Row("arrow key to moved cursor: p95", "ms", p95(moved))
    yield Row("arrow key to the paper's text: median", "ms", median_of(opened))
    yield Row("arrow key to the paper's text: p95", "ms", p95(opened))
    yield Row("arrow key while the index is rebuilt: p95", "ms", p95(busy), bar=50)
    bar = (600 if is_paged() else 1_000) if grown else 300
    yield Row("most memory of the reader", "MB", memory, bar=bar)


def _filled(library: Library) -> Shows:
    """Return a predicate: whether all three panes and the count are visible."""
    first = library.papers([library.search("", limit=1).hits[0].id])[0].title[:HEAD]
    count = f"{library.count():,}"

    def filled(rows: Sequence[str]) -> bool:
        shown = "\n".join(rows)
        return shown.count(first) >= 2 and count in rows[0] and "unread" in shown

    return filled


def _start(folder: Path, filled: Shows) -> float:
    with Terminal(command(), environment(folder)) as terminal:
        return terminal.until(filled) - terminal.started


def _states() -> list[str]:
    """Return the text of the search bar after each key; "" separates two queries."""
    return [text[:end] for text in TYPED for end in range(len(text) + 1)]


def _answer(library: Library, text: str) -> tuple[str, str, tuple[str, ...]]:
    """Return a query, its count as the reader shows it, and the beginnings of its first titles."""
    results = library.search(text, limit=20, typing=True)
    heads = (paper.title[:HEAD] for paper in library.papers(hit.id for hit in results.hits))
    return text, f"{results.full:,}", tuple(heads)


def _titles(library: Library) -> list[str]:
    hits = library.search("", limit=STEPS + 1).hits
    return [paper.title[:HEAD] for paper in library.papers(hit.id for hit in hits)]


def _steps(terminal: Terminal, titles: Sequence[str]) -> Iterator[tuple[float, float]]:
    """Move down the list; yield the milliseconds until the cursor has moved, and until the paper
    pane shows the next title.
    """
    for before, title in pairwise(titles):
        if title == before:
            continue
        was = terminal.rows
        moved: list[float] = []

        def shows(rows: Sequence[str], title: str = title) -> bool:
            if not moved and rows != was:  # noqa: B023  # called before the next turn
                moved.append(terminal.read_at)  # noqa: B023
            return any(title in row[RIGHT:] for row in rows[:4])

        with contextlib.suppress(NeverShown):
            started = time.perf_counter()
            shown = terminal.press(DOWN, shows, patience=3)
            yield (moved[0] - started) * 1000, shown * 1000


def _busy(terminal: Terminal) -> Iterator[float]:
    """Rebuild the index, and move down the list meanwhile; yield the milliseconds of each step."""
    terminal.write("\x1b")  # out of the bar
    terminal.settle()
    terminal.press(":", lambda rows: any("name of a command" in row for row in rows))
    terminal.press("rebuild the", lambda rows: any("rebuild the search" in row for row in rows))
    terminal.press("\r", lambda rows: "indexing" in rows[-1] or "rebuilt" in rows[-1])
    for key in islice(cycle((DOWN, DOWN, UP)), BUSY_STEPS):  # and so stay on the screen
        if "rebuilt" in terminal.rows[-1]:
            return
        cursor = [at for at, row in enumerate(terminal.rows) if "▌" in row]
        moved = partial(_moved, cursor)
        with contextlib.suppress(NeverShown):
            yield terminal.press(key, moved, patience=3) * 1000
    terminal.until(lambda rows: "rebuilt" in rows[-1], patience=300)


def _moved(cursor: Sequence[int], rows: Sequence[str]) -> bool:
    return [at for at, row in enumerate(rows) if "▌" in row] != cursor


def _typed(
    terminal: Terminal, wanted: Sequence[tuple[str, str, tuple[str, ...]]]
) -> Iterator[float]:
    """Type queries; yield the milliseconds of each key until its count and papers are visible.

    Keys that change neither are typed, but not counted: there is nothing to see.
    """
    terminal.write("/")
    terminal.settle()
    before = ""
    for text, count, heads in wanted:
        if not text:  # clear the line
            terminal.write("\x15")
            terminal.settle()
            before = ""
            continue

        def shows(rows: Sequence[str], count: str = count, heads: tuple[str, ...] = heads) -> bool:
            words = rows[0][RIGHT:].split(" of ")[0].split("+")[0].split()
            listed = not heads or any(head in row for row in rows[1:] for head in heads)
            return bool(words) and words[-1] == count and listed

        if count == before:
            terminal.write(text[-1])
            terminal.settle()
            continue
        before = count
        with contextlib.suppress(NeverShown):
            yield terminal.press(text[-1], shows, patience=3) * 1000
