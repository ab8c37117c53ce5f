"""Whoosh as a search engine: its postings become arrays of papers and BM25 scores.

Whoosh is imported only when the index is first read or written, which most commands do not do.
"""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from index.engines.arrays import evaluation
from index.engines.arrays.near import near, parts
from index.engines.arrays.postings import Postings
from index.engines.base import Ask, EngineBroken, IndexUpdate, Keys, Page, Scores
from index.engines.manifest import Followed
from index.engines.vocabulary import Vocabulary
from index.progress import Progress
from index.query import Phrase, Word

if TYPE_CHECKING:
    from index.engines.whoosh.index import WhooshIndex
    from index.engines.whoosh.snapshot import Snapshot


SETTLED_NS = 1_000_000_000
"""How long a folder must be unchanged before an equal time of change means that it still is."""


class WhooshEngine:
    """Answers questions with a Whoosh index; see `Engine`."""

    def __init__(self, folder: Path, library: str) -> None:
        self._folder = folder
        self._library = library
        self._snapshot: Snapshot | None = None
        self._lock = threading.RLock()
        self._followed = Followed(folder, library)
        self._checked = -1  # the time of change of the folder, if it shows that nothing changes

    @cached_property
    def files(self) -> "WhooshIndex":
        """The files of the index."""
        from index.engines.whoosh.index import WhooshIndex

        return WhooshIndex(self._folder, self._library)

    def revision(self) -> int:
        """Return the database revision the index was updated to, or -1 if there is no index."""
        return self._followed.revision()

    def update(self, step: IndexUpdate, progress: Progress | None = None) -> bool:
        """Update the index from one revision to another; see `Engine.update`."""
        return self.files.update(step, progress)

    def search(self, ask: Ask) -> Page:
        """Return the papers that match, all of them; see `Answers.search`."""
        return evaluation.search(self, ask)

    def ids(self, ask: Ask) -> Iterator[Keys]:
        """Yield the keys of the papers that match; see `Answers.ids`."""
        return evaluation.ids(self, ask)

    def count(self, ask: Ask) -> int:
        """Return the number of papers that match; see `Answers.count`."""
        return evaluation.count(self, ask)

    def holds(self, leaf: Word | Phrase) -> bool:
        """Return whether any paper contains a word or phrase."""
        return len(self.postings(leaf).keys) > 0

    def near(
        self, weights: Mapping[str, float], order: Keys, most: int | None = None
    ) -> tuple[Keys, Scores]:
        """Return papers by the weighted scores of their stems; see `Engine.near`."""
        with self._reading():
            return near(self._current(), weights, order, most)

    def parts(self, weights: Mapping[str, float], keys: Keys) -> list[dict[str, float]]:
        """Return what each stem adds to the scores of papers; see `Engine.parts`."""
        with self._reading():
            return parts(self._current(), weights, keys)

    def frequency(self, stem: str) -> int:
        """Return the number of papers whose title or abstract contains a stem."""
        return len(self.term(stem).keys)

    def complete(self, prefix: str, most: int) -> list[str]:
        """Return the most frequent words with a prefix."""
        return self.vocabulary().most_common(prefix, most)

    def similar_words(self, word: str, most: int) -> list[str]:
        """Return the words within a small edit distance."""
        return self.vocabulary().near(word, most)

    def postings(self, leaf: Word | Phrase) -> Postings:
        """Return the papers that contain a word or phrase, with their BM25 scores."""
        with self._reading():
            return self._current().postings(leaf)

    def title_bonus(self, leaves: Sequence[Word | Phrase]) -> Postings:
        """Return a bonus for papers whose titles cover most of a query."""
        with self._reading():
            return self._current().title_bonus(leaves)

    def term(self, stem: str) -> Postings:
        """Return the papers whose title or abstract contains a stem, scored like a query word."""
        with self._reading():
            return self._current().term(stem)

    def vocabulary(self) -> Vocabulary:
        """Return the unstemmed words of all papers."""
        with self._reading():
            return self._current().vocabulary

    def size(self) -> int:
        """Return the number of papers in the index."""
        with self._reading():
            return int(self._current().searcher.doc_count())

    def check(self) -> None:
        """Verify all files of the index; raises EngineBroken if any is damaged."""
        self.files.check()

    def clear(self) -> None:
        """Delete the index."""
        self.close()
        self.files.clear()

    def close(self) -> None:
        """Release files and memory."""
        with self._lock:
            snapshot, self._snapshot = self._snapshot, None
            if snapshot:
                snapshot.searcher.close()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Hold the lock, and raise EngineBroken for any error that damaged files cause."""
        with self._lock:
            try:
                yield
            except EngineBroken:
                raise
            except Exception as error:
                raise EngineBroken(f"cannot read the search index: {error}") from error

    def _current(self) -> "Snapshot":
        """Return the index as of the latest commit by any process."""
        snapshot = self._snapshot
        changed = self._folder.stat().st_mtime_ns if snapshot else -1
        if snapshot and changed == self._checked:
            return snapshot
        settled = time.time_ns() - changed > SETTLED_NS
        self._checked = changed if settled else -1
        if snapshot is None or not snapshot.searcher.up_to_date():
            from index.engines.whoosh.snapshot import Snapshot

            self._checked = -1
            searcher = self.files.open().searcher()
            snapshot = self._snapshot = Snapshot(searcher, self.files, snapshot)
        return snapshot
