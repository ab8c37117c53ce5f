"""Catalogue: what papers have and speak of, as columns in files that follow the database.

The files are a cache, made anew where they are missing, another library's, or cannot be read.
"""

import os
import subprocess
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from itertools import chain
from pathlib import Path

from index.facets import topics
from index.facets.array_files import ArrayFiles
from index.facets.columns import Arrays, Column, Key, Pairs
from index.facets.topics import Phrasebook, Topics
from index.progress import Progress
from index.store import Database, FacetReader, PaperStore
from index.text.folding import fold
from index.text.phrases import letters_of

ENOUGH = 2_000
"""Papers from which on reading their texts is another process's work."""

POLITE = 10
"""How far that process stands back for a reader who types meanwhile."""

OFTEN = 500
"""Papers between two words of progress."""

FIELDS = ("author", "category", "keyword", "venue", "year", "month", "has")
"""The columns of what papers have; each is a field of `Facts`."""


def as_it_is(text: str) -> str:
    """Return the text: the key of values that nobody writes otherwise."""
    return text


class _Counted(ABC):
    """One file of columns: the latest state of it, and how it follows the database.

    Any thread may ask. One brings it up to date; the others are answered from the state before,
    and wait only where there is none.
    """

    NAME: str

    def __init__(self, kept: ArrayFiles, database: Database) -> None:
        self.kept = kept
        self.database = database
        self.papers = PaperStore(database)
        self.readings = FacetReader(database)
        self._latest: tuple[int, Mapping[str, Column]] | None = None
        self._following = threading.Lock()

    def columns(
        self, *, wait: bool = True, progress: Progress | None = None
    ) -> Mapping[str, Column]:
        """Return the columns, brought up to date; without `wait` as they are at hand, if any."""
        if not wait or self.is_current():
            return self._at_hand()[1]
        if self._following.acquire(blocking=self._at_hand()[0] < 0):
            try:
                if not self.is_current():
                    self._latest = self._follow(progress)
            finally:
                self._following.release()
        return self._at_hand()[1]

    def is_current(self) -> bool:
        """Tell whether the columns at hand are those of the library as it is."""
        return self._at_hand()[0] == self.database.clock("revision")

    def _at_hand(self) -> tuple[int, Mapping[str, Column]]:
        """Return the latest state and its revision, -1 where there is none."""
        if self._latest is None:
            self._latest = self.load()
        return self._latest or (-1, {})

    def forget(self) -> None:
        """Read the file anew when it is next asked for."""
        self._latest = None

    def load(self) -> tuple[int, Mapping[str, Column]] | None:
        """Return the state in the file; None where there is none that serves."""
        revision, arrays = self.kept.read(self.NAME)
        if revision < 0:
            return None
        try:
            return revision, self.columns_of(arrays)
        except (KeyError, ValueError, IndexError, UnicodeDecodeError):
            return None

    @abstractmethod
    def columns_of(self, arrays: Arrays) -> Mapping[str, Column]:
        """Return the columns that a file's arrays are."""

    def _follow(self, progress: Progress | None) -> tuple[int, Mapping[str, Column]]:
        """Bring the file up to date; return its state."""
        if self.papers.changes(self.since()) > ENOUGH:
            self._elsewhere(progress)
            if (state := self.load()) and self.is_current():
                return state
        return self.count(progress)

    @abstractmethod
    def since(self) -> int:
        """Return the revision that the work goes on from, -1 where it begins anew."""

    @abstractmethod
    def count(self, progress: Progress | None) -> tuple[int, Mapping[str, Column]]:
        """Count papers that changed into the file, and return the state of it."""

    def _elsewhere(self, progress: Progress | None) -> None:
        """Have another process do the work, so that neither time nor memory of this one goes."""
        places = str(self.database.folder), str(self.kept.folder)
        command = f"from {__name__} import count; count({type(self).__name__!r}, *{places!r})"
        with subprocess.Popen(
            [sys.executable, "-P", "-c", command],  # -P: nothing is taken from where we are
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a terminal program may own the screen
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
        ) as process:
            assert process.stdout
            try:
                for line in process.stdout:
                    if progress:  # whoever is told may stop the work
                        done, total = map(int, line.split())
                        progress(done, total)
            except BaseException:
                process.kill()
                raise

    def _going_on(self, since: int) -> int:
        """Return the same revision; -1 where the database was put back from a copy since."""
        return since if since <= self.database.clock("revision") else -1

    def gone(self, since: int) -> list[int]:
        """Return the papers whose entries no longer hold: those removed and those changed."""
        if since < 0:
            return []
        return [*self.papers.removed(since), *self.papers.changed_keys(since)]


class Possessions(_Counted):
    """What papers have: authors, venues, years and the like."""

    NAME = "columns.npz"

    def columns_of(self, arrays: Arrays) -> Mapping[str, Column]:
        """Return a column for each of `FIELDS`."""
        return {
            name: Column.read(
                {part: arrays[f"{name}.{part}"] for part in ("block", "ends", "value", "paper")},
                key_of(name),
            )
            for name in FIELDS
        }

    def since(self) -> int:
        """Return the revision of the columns at hand."""
        return self._going_on(self._at_hand()[0])

    def count(self, progress: Progress | None) -> tuple[int, Mapping[str, Column]]:
        """Read what changed papers have, and join it to the others."""
        revision, since, columns = self.database.clock("revision"), self.since(), self._at_hand()[1]
        pairs = {name: Pairs() for name in FIELDS}
        for facts in self.readings.facts(since):
            for name in FIELDS:
                for value in getattr(facts, name):
                    pairs[name].add(facts.key, value)
        gone = self.gone(since)
        new = {
            name: (columns[name] if since >= 0 else Column.empty(key_of(name))).changed(
                gone, pairs[name]
            )
            for name in FIELDS
        }
        new["category"] = new["category"].covering(".")
        arrays = {
            f"{name}.{part}": array for name in FIELDS for part, array in new[name].arrays.items()
        }
        self.kept.write(self.NAME, revision, arrays)
        return revision, new


class Subjects(_Counted):
    """What papers speak of: the one column "topic"."""

    NAME = "topics.npz"
    PHRASES = "phrases.npz"

    def columns_of(self, arrays: Arrays) -> Mapping[str, Column]:
        """Return the column of topics."""
        return {"topic": Column.read(arrays, letters_of)}

    def since(self) -> int:
        """Return the revision of the phrases at hand."""
        return self._going_on(self.kept.read(self.PHRASES, whole=False)[0])

    def count(self, progress: Progress | None) -> tuple[int, Mapping[str, Column]]:
        """Read the texts of changed papers, and find the topics of all anew."""
        revision = self.database.clock("revision")
        since, arrays = self.kept.read(self.PHRASES)
        since = self._going_on(since)
        book = Phrasebook.read(arrays) if since >= 0 else Phrasebook.empty()
        total = self.papers.changes(since)

        def told(texts: topics.Texts) -> topics.Texts:
            for done, text in enumerate(texts, 1):
                if progress and (done % OFTEN == 0 or done == total):
                    progress(done, total)
                yield text

        book = book.changed(self.gone(since), told(self.readings.texts(since)))
        found = topics.found(book, self._known(), self.readings.texts_of)
        self.kept.write(self.PHRASES, revision, book.arrays)
        self.kept.write(self.NAME, revision, {**found.column.arrays, **found.arrays})
        return revision, {"topic": found.column}

    def _known(self) -> dict[int, topics.Name]:
        _, arrays = self.kept.read(self.NAME)
        try:
            return Topics.names_in(arrays)
        except (KeyError, ValueError, UnicodeDecodeError):
            return {}


def count(name: str, library: str, folder: str) -> None:
    """Count what `name` says of a library into its files; tell on standard output how far it is."""
    os.nice(POLITE)
    database = Database(Path(library))
    which = {kind.__name__: kind for kind in (Possessions, Subjects)}[name]
    try:
        kept = ArrayFiles(Path(folder), database.meta("library"))
        which(kept, database).count(lambda done, of: print(done, of, flush=True))
    except BrokenPipeError:
        return  # there is no one left to count for
    finally:
        database.close()


def key_of(field: str) -> Key:
    """Return what makes two written values of a facet one."""
    return as_it_is if field in ("year", "month", "has", "is") else fold


class Catalogue:
    """The columns of a library: what papers have, and what they speak of."""

    def __init__(self, kept: ArrayFiles, database: Database) -> None:
        self._possessions = Possessions(kept, database)
        self._subjects = Subjects(kept, database)

    def columns(self, *, wait: bool = True) -> Mapping[str, Column]:
        """Return all columns by field; without `wait` those at hand, as they were last counted."""
        return dict(
            chain(
                self._possessions.columns(wait=wait).items(),
                self._subjects.columns(wait=wait).items(),
            )
        )

    def column(self, field: str, *, wait: bool = True) -> Column | None:
        """Return one column, brought up to date; without `wait` as it is at hand, None if not."""
        which = self._subjects if field == "topic" else self._possessions
        return which.columns(wait=wait).get(field)

    def has_current(self) -> bool:
        """Tell whether what papers have is counted of the library as it is."""
        return self._possessions.is_current()

    def is_current(self) -> bool:
        """Tell whether all that is counted is so of the library as it is."""
        return self._possessions.is_current() and self._subjects.is_current()

    def sync(self, progress: Progress | None = None) -> None:
        """Bring all columns up to date; only topics take long enough to tell of."""
        self._possessions.columns()
        self._subjects.columns(progress=progress)

    def clear(self) -> None:
        """Throw all that is counted away; it is counted anew when it is next asked for."""
        for counted in (self._possessions, self._subjects):
            counted.forget()
            counted.kept.clear()
