"""The counter of topics."""

from collections.abc import Iterator
from contextlib import suppress

import numpy as np

from index.facets.array_files import ArrayFiles
from index.facets.columns import Array, Column
from index.facets.counters import INVALID, Counted, Revisions, part_of, prefixed
from index.facets.layers import LayeredColumn
from index.facets.phrase_book import PaperPhrases, PhraseBook, Texts
from index.facets.topic_names import names_as_arrays, names_in
from index.facets.topics import Phrases, TopicBase, found_topics, new_base
from index.files import create_private_folder
from index.progress import Progress
from index.store import Database, FacetReader
from index.text.phrases import phrase_key

PROGRESS_PAPERS = 500
"""Number of papers between two reports of progress."""


class TopicCounter:
    """Counts the topics in titles and abstracts, as the column "topic"."""

    file = "topics.npz"
    recent_file = "topics-recent.npz"
    books = "phrases-*.npy"

    def __init__(self, files: ArrayFiles, database: Database) -> None:
        self._files = files
        self._revisions = Revisions(database)
        self._reader = FacetReader(database)

    def load(self) -> Counted | None:
        """Return the column in the files."""
        base, arrays = self._files.read(self.file)
        try:
            if base < 0 or self._files.state(_book(base)) != arrays["book"].tolist():
                return None
            column = Column.read(part_of(arrays, "column"), phrase_key)
        except INVALID:
            return None
        revision, recent = self._files.read_on(self.recent_file, base)
        with suppress(*INVALID):
            if revision >= 0:
                layered = LayeredColumn.read(column, part_of(recent, "column"))
                count = int(recent["count"][0])
                return Counted(revision, {"topic": layered}, base, count)
        return Counted(base, {"topic": LayeredColumn.of(column)}, base)

    def _phrases(self, last: Counted) -> tuple[int, Phrases] | None:
        """Return the phrases in the files and their revision, if they have the base of `last`."""
        base, arrays = self._files.read(self.file)
        try:
            if base != last.base or self._files.state(_book(base)) != arrays["book"].tolist():
                return None
            column = Column.read(part_of(arrays, "column"), phrase_key)
            book = PhraseBook.load(self._files.folder / _book(base))
            names = names_in(part_of(arrays, "names"))
            phrases = Phrases(
                TopicBase(
                    book,
                    arrays["frequent"].astype(np.int32),
                    names,
                    arrays["shown"].astype(np.uint64),
                    column,
                )
            )
            revision, arrays = self._files.read_on(self.recent_file, base)
            if revision < 0:
                return base, phrases
            return revision, Phrases(
                phrases.base,
                PaperPhrases.read(part_of(arrays, "recent")),
                PaperPhrases.read(part_of(arrays, "removed")),
                arrays["outdated"].astype(np.int32),
                names_in(part_of(arrays, "names")),
            )
        except INVALID:
            return None

    def since(self, last: Counted) -> int:
        """Return the revision of the column last counted."""
        return self._revisions.valid(last.revision)

    def count(self, last: Counted, progress: Progress | None) -> Counted:
        """Read the texts of changed papers, then determine the topics of all papers."""
        revision = self._revisions.current
        cached = (last.revision, last.phrases) if last.phrases else self._phrases(last)
        since = self._revisions.valid(cached[0]) if cached else -1
        texts = _with_progress(self._reader.texts(since), self._revisions.changes(since), progress)
        if cached is None or since < 0:
            book = PhraseBook.of(PaperPhrases.empty().changed((), texts))
            return self._write_base(revision, new_base(book, {}, self._reader.texts_of))
        outdated = self._revisions.outdated(since)
        phrases = cached[1].changed(outdated, texts)
        if self._revisions.are_most(len(outdated)):
            return self._write_base(revision, self._renewed(phrases))
        phrases, column = found_topics(phrases, self._reader.texts_of)
        recent = last.recent + len(outdated)
        self._write_recent(revision, last.base, recent, phrases, column)
        return Counted(revision, {"topic": column}, last.base, recent, phrases=phrases)

    def renew(self, last: Counted) -> Counted:
        """Write the book of phrases and the topics of all papers."""
        cached = (last.revision, last.phrases) if last.phrases else self._phrases(last)
        if cached is None:
            return last
        return self._write_base(cached[0], self._renewed(cached[1]))

    def _renewed(self, phrases: Phrases) -> TopicBase:
        book = phrases.base.book.changed(phrases.outdated, phrases.recent)
        names = {**phrases.base.names, **phrases.names}
        return new_base(book, names, self._reader.texts_of)

    def _write_base(self, revision: int, base: TopicBase) -> Counted:
        """Write the book, then the topics, which name it; earlier books are deleted last."""
        arrays: dict[str, Array] = {
            **prefixed(base.column.arrays, "column"),
            **prefixed(names_as_arrays(base.names), "names"),
            "frequent": base.frequent,
            "shown": base.shown,
        }
        name = _book(revision)
        with suppress(OSError):  # without its book, the base is counted again
            create_private_folder(self._files.folder)
            base.book.save(self._files.folder / name)
            arrays["book"] = np.array(self._files.state(name), np.int64)
            self._files.write(self.file, revision, arrays)
            self._files.delete(self.books, keep=name)
            self._files.delete(self.recent_file)
        column = LayeredColumn.of(base.column)
        return Counted(revision, {"topic": column}, revision, phrases=Phrases(base))

    def _write_recent(
        self, revision: int, base: int, count: int, phrases: Phrases, column: LayeredColumn
    ) -> None:
        arrays: dict[str, Array] = {
            **prefixed(column.arrays, "column"),
            **prefixed(phrases.recent.arrays, "recent"),
            **prefixed(phrases.removed.arrays, "removed"),
            **prefixed(names_as_arrays(phrases.names), "names"),
            "outdated": phrases.outdated,
            "count": np.array([count], np.int32),
        }
        self._files.write_on(self.recent_file, revision, base, arrays)


def _book(revision: int) -> str:
    """Return the name of the file with the book of phrases as of a revision."""
    return f"phrases-{revision}.npy"


def _with_progress(
    texts: Texts, total: int, progress: Progress | None
) -> Iterator[tuple[int, str, str]]:
    """Yield texts, and report how many have been read."""
    for done, text in enumerate(texts, 1):
        if progress and (done % PROGRESS_PAPERS == 0 or done == total):
            progress(done, total)
        yield text
