"""The selection of a range of rows, extended by moving the cursor."""

from collections.abc import Callable, Iterable

from index.papers.paper import PaperKey


class RangeSelection:
    """A range from the row where it was started to that of the cursor, beside a selection."""

    def __init__(self) -> None:
        self._keys: Callable[[int, int], Iterable[int]] | None = None
        self._start = 0
        self._before: frozenset[PaperKey] = frozenset()

    @property
    def active(self) -> bool:
        """Whether a range is being selected."""
        return self._keys is not None

    def start(
        self,
        keys: Callable[[int, int], Iterable[int]],
        row: int,
        selection: frozenset[PaperKey],
    ) -> None:
        """Start a range at a row of a list; `keys` returns those from one row to another."""
        self._keys, self._start, self._before = keys, row, selection

    def extend(self, row: int) -> frozenset[PaperKey]:
        """Return the selection with the range up to a row."""
        first, last = sorted((self._start, row))
        found = self._keys(first, last + 1) if self._keys is not None else ()
        return self._before | {PaperKey(int(key)) for key in found}

    def end(self) -> frozenset[PaperKey]:
        """End the range; return the selection from before it."""
        self._keys = None
        return self._before
