"""The tantivy index on disk: opening, checking and updating its files."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from tantivy import Index, IndexWriter, Query

from index.engines.base import EngineBroken, IndexUpdate
from index.engines.folder import IndexFolder
from index.engines.manifest import Manifest
from index.engines.tantivy.documents import KEY, Documents, schema
from index.engines.upkeep import Upkeep, renew_words
from index.engines.vocabulary import Vocabulary
from index.progress import Progress

HEAP_BYTES, LARGE_HEAP_BYTES = 60_000_000, 250_000_000
"""Memory of a writer, which writes a segment whenever it is full."""

MIN_LARGE_PAPERS = 50_000
"""Papers that are written with more memory, so that there are fewer segments to merge."""

SEGMENT_FILE = re.compile(r"[0-9a-f]{32}\..+")
META = ("meta.json",)


class TantivyIndex:
    """The files of an index in its folder, private to its user.

    Papers are committed before the manifest is written. After a kill between the two, files differ
    from those in the manifest, and the index is rebuilt.
    """

    def __init__(self, folder: Path, library: str) -> None:
        self.folder = folder
        self.place = IndexFolder(folder, library)
        self._upkeep = Upkeep(renew_words, self.place)

    def open(self) -> tuple[Index, Manifest]:
        """Return the index; raises EngineBroken if it is missing or its files have changed."""
        record = self.place.manifest()
        try:
            if self._changed(record):
                with self.place.locked(wait=True):  # by a writer that has not finished, perhaps
                    record = self.place.manifest()
                    if changed := self._changed(record):
                        raise EngineBroken(f"the search index is damaged: {', '.join(changed)}")
            return _open(self.folder), record
        except EngineBroken:
            raise
        except Exception as error:
            raise EngineBroken(f"cannot read the search index: {error}") from error

    def _changed(self, record: Manifest) -> list[str]:
        try:
            return record.changed(self.folder)
        except OSError as error:
            return [str(error)]

    def vocabulary(self) -> Vocabulary:
        """Return the unstemmed words; raises EngineBroken if they cannot be read."""
        return self.place.vocabulary()

    def check(self) -> None:
        """Verify all files; raises EngineBroken if any is damaged."""
        with self.place.locked(wait=True):
            self.place.manifest().verify(self.folder)
        self.open()

    def clear(self) -> None:
        """Delete all files, after any writer has finished."""
        self.place.clear()

    def update(self, step: IndexUpdate, progress: Progress | None) -> bool:
        """Write changes to the index; see `Engine.update`."""
        written = self.place.update(step, lambda: self._write(step, progress))
        if written and self.place.words_due:
            self._upkeep.start()
        return written

    def _write(self, step: IndexUpdate, progress: Progress | None) -> None:
        record = None if step.since < 0 else self.place.manifest()
        if record is None:
            self.place.remove()
            self.folder.mkdir(mode=0o700)
            Index(schema(), str(self.folder))
        elif changed := self._changed(record):
            raise EngineBroken(f"the search index is damaged: {', '.join(changed)}")
        index = _open(self.folder)
        counts = self._add(index, step, progress)
        generation = record.generation + 1 if record else 1
        words = self.place.count_words(record, counts)
        self.place.write_manifest(step.revision, generation, words, self._names())

    def _names(self) -> list[str]:
        """Return the names of tantivy's own files."""
        names = [path.name for path in self.folder.iterdir()]
        return [name for name in names if name in META or SEGMENT_FILE.fullmatch(name)]

    def _add(self, index: Index, step: IndexUpdate, progress: Progress | None) -> Mapping[str, int]:
        """Write changes to an index; return how often each word occurs in them."""
        documents = Documents()
        heap = LARGE_HEAP_BYTES if step.total >= MIN_LARGE_PAPERS else HEAP_BYTES
        with _writing(index, heap) as writer:
            for key in step.removed if step.since >= 0 else ():
                _delete(writer, index, key)
            for done, paper in enumerate(step.papers, 1):
                if step.since >= 0:
                    _delete(writer, index, paper.key)
                writer.add_document(documents.of(paper))
                if progress and (done % 200 == 0 or done == step.total):
                    progress(done, step.total)
        return documents.counts


def _open(folder: Path) -> Index:
    """Return the index in a folder, without the thread that reads each commit."""
    index = Index.open(str(folder))
    index.config_reader("manual")
    return index


@contextmanager
def _writing(index: Index, heap: int) -> Iterator[IndexWriter]:
    """Yield a writer, and commit what it wrote unless there is an error."""
    writer = index.writer(heap, 1)
    try:
        yield writer
        writer.commit()
    except BaseException:
        with suppress(Exception):
            writer.rollback()
        raise
    finally:
        with suppress(Exception):
            writer.wait_merging_threads()  # which releases the writer's lock, too


def _delete(writer: IndexWriter, index: Index, key: int) -> None:
    writer.delete_documents_by_query(Query.term_query(index.schema, KEY, int(key)))
