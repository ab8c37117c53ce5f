"""Whoosh as Carrel's engine: leaves of a query become arrays of papers and BM25 scores.

Whoosh itself is imported when the index is first read or written: most commands do neither.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from index.engines.base import EngineBroken, IndexUpdate, Postings
from index.engines.vocabulary import Vocabulary
from index.engines.whoosh import manifest
from index.progress import Progress
from index.query import Phrase, Word

if TYPE_CHECKING:
    from index.engines.whoosh.index import WhooshIndex
    from index.engines.whoosh.snapshot import Snapshot


class WhooshEngine:
    """Answers words and phrases from a Whoosh index; see `Engine`."""

    def __init__(self, folder: Path, library: str) -> None:
        self._folder = folder
        self._library = library
        self._snapshot: Snapshot | None = None
        self._lock = threading.RLock()

    @cached_property
    def files(self) -> "WhooshIndex":
        """The files of the index."""
        from index.engines.whoosh.index import WhooshIndex

        return WhooshIndex(self._folder, self._library)

    def followed(self) -> int:
        """Return the database revision the index has followed; -1 where there is no index."""
        return manifest.followed(self._folder, self._library)

    def follow(self, step: IndexUpdate, progress: Progress | None = None) -> bool:
        """Bring the index from one revision to the next; see `Engine.follow`."""
        return self.files.follow(step, progress)

    def postings(self, leaf: Word | Phrase) -> Postings:
        """Return the papers that hold a word or phrase, with their BM25 scores."""
        with self._reading():
            return self._current().postings(leaf)

    def term(self, stem: str) -> Postings:
        """Return the papers that hold a stem in title or abstract, scored as a word of a query."""
        with self._reading():
            return self._current().term(stem)

    def vocabulary(self) -> Vocabulary:
        """Return the words of all papers as they are written."""
        with self._reading():
            return self._current().vocabulary

    def size(self) -> int:
        """Return the number of papers in the index."""
        with self._reading():
            return int(self._current().searcher.doc_count())

    def check(self) -> None:
        """Read all of the index; raises EngineBroken where it is not what was written."""
        self.files.check()

    def clear(self) -> None:
        """Throw the index away."""
        self.close()
        self.files.clear()

    def close(self) -> None:
        """Let go of files and memory."""
        with self._lock:
            snapshot, self._snapshot = self._snapshot, None
            if snapshot:
                snapshot.searcher.close()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Read alone, and take what goes wrong for a broken index.

        A damaged file can make Whoosh raise anything.
        """
        with self._lock:
            try:
                yield
            except EngineBroken:
                raise
            except Exception as error:
                raise EngineBroken(f"the search index cannot be read ({error})") from error

    def _current(self) -> "Snapshot":
        """Return the index as it was last committed, whoever committed it."""
        snapshot = self._snapshot
        if snapshot is None or not snapshot.searcher.up_to_date():
            from index.engines.whoosh.snapshot import Snapshot

            snapshot = self._snapshot = Snapshot(self.files.open().searcher(), self.files)
        return snapshot
