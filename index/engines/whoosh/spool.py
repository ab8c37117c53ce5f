"""Columns of a segment in temporary files, while it is written."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Self

import numpy as np

from index.engines.whoosh.reader import Integers

SPOOLED_BYTES = 1 << 22
"""Bytes of a column that are read at a time."""


class Spool:
    """Integers of a column in a temporary file, since those of a segment take 100 MB of memory."""

    def __init__(self, folder: str) -> None:
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115  # closed at the end of the block
        self._highest = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def width(self) -> int:
        """The number of bytes that each of the integers needs: 2 or 4."""
        return 2 if self._highest < 1 << 16 else 4

    def add(self, numbers: Integers) -> None:
        """Append integers."""
        self._highest = max(self._highest, int(numbers.max(initial=0)))
        self._file.write(numbers.astype(np.uint32, copy=False).data)

    def parts(self) -> Iterator[Integers]:
        """Yield all integers, in parts."""
        self._file.seek(0)
        while some := self._file.read(SPOOLED_BYTES):
            yield np.frombuffer(some, np.uint32)
