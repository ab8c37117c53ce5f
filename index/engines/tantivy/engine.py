"""Tantivy as a search engine: it answers in pages, whatever the number of papers.

Tantivy is imported only when the index is first read or written, which most commands do not do.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from index.engines.base import Ask, EngineBroken, IndexUpdate, Keys, Page, Scores
from index.engines.manifest import Followed
from index.progress import Progress
from index.query import Phrase, Word

if TYPE_CHECKING:
    from index.engines.tantivy.index import TantivyIndex
    from index.engines.tantivy.snapshot import TantivySnapshot

T = TypeVar("T")

SCHEMA_VERSION = 5
"""Incremented whenever the schema changes; older indexes are rebuilt."""


class TantivyEngine:
    """Answers questions with a tantivy index; see `Engine`."""

    def __init__(self, folder: Path, library: str) -> None:
        self._folder = folder
        self._library = f"{library} in tantivy {SCHEMA_VERSION}"
        self._followed = Followed(folder, self._library)
        self._lock = threading.Lock()
        self._snapshot: tuple[int, TantivySnapshot] | None = None

    @cached_property
    def files(self) -> "TantivyIndex":
        """The files of the index."""
        from index.engines.tantivy.index import TantivyIndex

        return TantivyIndex(self._folder, self._library)

    def revision(self) -> int:
        """Return the database revision the index was updated to, or -1 if there is no index."""
        return self._followed.revision()

    def update(self, step: IndexUpdate, progress: Progress | None = None) -> bool:
        """Update the index from one revision to another; see `Engine.update`."""
        return self.files.update(step, progress)

    def search(self, ask: Ask) -> Page:
        """Return the rows that a question asks for; see `Answers.search`."""
        return self._read(lambda snapshot: snapshot.page(ask), ask.cursor)

    def ids(self, ask: Ask) -> Iterator[Keys]:
        """Yield the keys of the papers that match; see `Answers.ids`."""
        yield from self._read(lambda snapshot: list(snapshot.ids(ask)), ask.cursor)

    def count(self, ask: Ask) -> int:
        """Return the number of papers that match; see `Answers.count`."""
        return self._read(lambda snapshot: snapshot.count(ask), ask.cursor)

    def holds(self, leaf: Word | Phrase) -> bool:
        """Return whether any paper contains a word or phrase."""
        return self._read(lambda snapshot: snapshot.holds(leaf))

    def near(
        self, weights: Mapping[str, float], order: Keys, most: int | None = None
    ) -> tuple[Keys, Scores]:
        """Return papers by the weighted scores of their stems; see `Engine.near`."""
        return self._read(lambda snapshot: snapshot.near(weights, order, most))

    def parts(self, weights: Mapping[str, float], keys: Keys) -> list[dict[str, float]]:
        """Return what each stem adds to the scores of papers; see `Engine.parts`."""
        return self._read(lambda snapshot: snapshot.parts(weights, keys))

    def frequency(self, stem: str) -> int:
        """Return the number of papers whose title or abstract contains a stem."""
        return self._read(lambda snapshot: snapshot.searcher.doc_freq("text", stem))

    def complete(self, prefix: str, most: int) -> list[str]:
        """Return the most frequent words with a prefix."""
        return self._read(lambda snapshot: snapshot.vocabulary.most_common(prefix, most))

    def similar_words(self, word: str, most: int) -> list[str]:
        """Return the words within a small edit distance."""
        return self._read(lambda snapshot: snapshot.vocabulary.near(word, most))

    def size(self) -> int:
        """Return the number of papers in the index."""
        return self._read(lambda snapshot: snapshot.searcher.num_docs)

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
            self._snapshot = None

    def _read(self, ask: "Callable[[TantivySnapshot], T]", cursor: object = None) -> T:
        """Return an answer; raises EngineBroken for any error that damaged files cause."""
        from index.engines.tantivy.snapshot import TantivySnapshot

        try:
            return ask(cursor if isinstance(cursor, TantivySnapshot) else self._current())
        except EngineBroken:
            raise
        except Exception as error:
            raise EngineBroken(f"cannot read the search index: {error}") from error

    def _current(self) -> "TantivySnapshot":
        """Return the index as of the latest update by any process."""
        from index.engines.tantivy.snapshot import TantivySnapshot

        with self._lock:
            revision = self.revision()
            if self._snapshot is None or self._snapshot[0] != revision:
                index, record = self.files.open()
                snapshot = TantivySnapshot(index.searcher(), index.schema, self.files.vocabulary())
                self._snapshot = record.revision, snapshot
            return self._snapshot[1]
