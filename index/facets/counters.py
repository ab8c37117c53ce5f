"""Counters, which read changed papers and update the columns of one cache file."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

from index.facets import topics
from index.facets.array_files import ArrayFiles
from index.facets.columns import Arrays, Column, Pairs, key_of
from index.facets.fields import COLUMN_FIELDS
from index.facets.topics import PhraseIndex, Topics
from index.progress import Progress
from index.store import Database, FacetReader, PaperStore
from index.text.phrases import phrase_key

PROGRESS_STEP = 500
"""Number of papers between two reports of progress."""

COLUMN_PARTS = ("block", "ends", "value", "paper")
"""The names of a column's arrays; see `Column.arrays`."""


class Counted(NamedTuple):
    """Columns by field, and the revision of the library at which they were counted."""

    revision: int
    columns: Mapping[str, Column]


NOT_COUNTED = Counted(-1, {})


class Counter(Protocol):
    """Counts the columns of one file, from all papers or from those that changed."""

    @property
    def file(self) -> str:
        """The name of the file."""

    def columns_in(self, arrays: Arrays) -> Mapping[str, Column]:
        """Return the columns in the file's arrays; raises KeyError or ValueError if invalid."""

    def since(self, last: Counted) -> int:
        """Return the revision after which changes must be read, -1 for all papers."""

    def count(self, last: Counted, progress: Progress | None) -> Counted:
        """Update the columns last counted, write them to the file, and return them."""


class Revisions:
    """The papers that changed since a revision of the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._papers = PaperStore(database)

    @property
    def current(self) -> int:
        """The revision of the database."""
        return self._database.clock("revision")

    def valid(self, since: int) -> int:
        """Return the same revision, or -1 if the database was restored from a backup since."""
        return since if since <= self.current else -1

    def changes(self, since: int) -> int:
        """Return the number of papers added, changed or removed."""
        return self._papers.changes(since)

    def outdated(self, since: int) -> list[int]:
        """Return the papers removed or changed, whose entries are no longer valid."""
        if since < 0:
            return []
        return [*self._papers.removed(since), *self._papers.changed_keys(since)]


class ValueCounter:
    """Counts the values of `COLUMN_FIELDS`, such as authors, venues and years."""

    file = "columns.npz"

    def __init__(self, files: ArrayFiles, database: Database) -> None:
        self._files = files
        self._revisions = Revisions(database)
        self._reader = FacetReader(database)

    def columns_in(self, arrays: Arrays) -> Mapping[str, Column]:
        """Return a column for each field."""
        return {
            field.name: Column.read(
                {part: arrays[f"{field.name}.{part}"] for part in COLUMN_PARTS}, key_of(field)
            )
            for field in COLUMN_FIELDS
        }

    def since(self, last: Counted) -> int:
        """Return the revision of the columns last counted."""
        return self._revisions.valid(last.revision)

    def count(self, last: Counted, progress: Progress | None) -> Counted:
        """Read the values of changed papers and merge them into the columns."""
        revision, since = self._revisions.current, self.since(last)
        pairs = [Pairs() for _ in COLUMN_FIELDS]
        for paper in self._reader.facts(since):
            for new, values in zip(pairs, paper.values, strict=True):
                for value in values:
                    new.add(paper.key, value)
        outdated = self._revisions.outdated(since)
        columns = {}
        for field, new in zip(COLUMN_FIELDS, pairs, strict=True):
            column = last.columns[field.name] if since >= 0 else Column.empty(key_of(field))
            column = column.changed(outdated, new)
            columns[field.name] = (
                column.with_parents(field.separator) if field.separator else column
            )
        arrays = {
            f"{name}.{part}": array
            for name, column in columns.items()
            for part, array in column.arrays.items()
        }
        self._files.write(self.file, revision, arrays)
        return Counted(revision, columns)


class TopicCounter:
    """Counts the topics in titles and abstracts, as the column "topic"."""

    file = "topics.npz"
    phrases_file = "phrases.npz"

    def __init__(self, files: ArrayFiles, database: Database) -> None:
        self._files = files
        self._revisions = Revisions(database)
        self._reader = FacetReader(database)

    def columns_in(self, arrays: Arrays) -> Mapping[str, Column]:
        """Return the column of topics."""
        return {"topic": Column.read(arrays, phrase_key)}

    def since(self, last: Counted) -> int:
        """Return the revision of the file of phrases."""
        return self._revisions.valid(self._files.read(self.phrases_file, whole=False)[0])

    def count(self, last: Counted, progress: Progress | None) -> Counted:
        """Read the texts of changed papers, then determine the topics of all papers."""
        revision = self._revisions.current
        since, arrays = self._files.read(self.phrases_file)
        since = self._revisions.valid(since)
        index = PhraseIndex.read(arrays) if since >= 0 else PhraseIndex.empty()
        texts = _with_progress(self._reader.texts(since), self._revisions.changes(since), progress)
        index = index.changed(self._revisions.outdated(since), texts)
        found = topics.find_topics(index, self._known_names(), self._reader.texts_of)
        self._files.write(self.phrases_file, revision, index.arrays)
        self._files.write(self.file, revision, {**found.column.arrays, **found.arrays})
        return Counted(revision, {"topic": found.column})

    def _known_names(self) -> dict[int, topics.Name]:
        _, arrays = self._files.read(self.file)
        try:
            return Topics.names_in(arrays)
        except (KeyError, ValueError, UnicodeDecodeError):
            return {}


def _with_progress(
    texts: topics.Texts, total: int, progress: Progress | None
) -> Iterator[tuple[int, str, str]]:
    """Yield texts, and report how many have been read."""
    for done, text in enumerate(texts, 1):
        if progress and (done % PROGRESS_STEP == 0 or done == total):
            progress(done, total)
        yield text
