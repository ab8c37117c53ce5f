"""The Whoosh index on disk: opening, checking, updating and deleting its files."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from whoosh.index import FileIndex, create_in, open_dir
from whoosh.reading import SegmentReader

from index.engines.base import EngineBroken, IndexUpdate
from index.engines.folder import IndexFolder
from index.engines.vocabulary import Vocabulary
from index.engines.whoosh import codec, parallel
from index.engines.whoosh.lexicon import Lexicon
from index.engines.whoosh.outdated import Outdated
from index.engines.whoosh.schema import document, schema
from index.progress import Progress

MAX_SMALL_SEGMENT_PAPERS = 3_000
"""Segments with fewer papers are small, and are merged when there are many."""

MAX_SMALL_SEGMENTS = 8
"""Small segments that are not merged: each slows down searches, a merge takes a second."""

MAX_LARGE_SEGMENTS = 8
"""Number of other segments from which an update merges some, so that searches read few of them."""

MAX_MERGED_PAPERS = 12_000
"""Papers in the large segments that one update merges."""


class WhooshIndex:
    """The files of an index in its folder, private to its user: Whoosh's files hold pickles."""

    def __init__(self, folder: Path, library: str) -> None:
        self.folder = folder
        self.place = IndexFolder(folder, library)

    def vocabulary(self) -> Vocabulary:
        """Return the unstemmed words; raises EngineBroken if they cannot be read."""
        return self.place.vocabulary()

    def open(self) -> FileIndex:
        """Return the index; raises EngineBroken if it is missing or its files have changed."""
        record = self.place.manifest()
        try:
            index: Any = open_dir(str(self.folder))
            generation = index.latest_generation()
            if generation < record.generation:  # another process is rebuilding it
                raise EngineBroken("there is no search index")
            # A later generation: a writer has committed and not yet written the manifest.
            changed = record.changed(self.folder) if generation == record.generation else []
        except EngineBroken:
            raise
        except Exception as error:  # unpickling a damaged file can raise anything
            raise EngineBroken(f"cannot read the search index: {error}") from error
        if changed:
            raise EngineBroken(f"the search index is damaged: {', '.join(changed)}")
        return cast("FileIndex", index)

    def check(self) -> None:
        """Verify all files; raises EngineBroken if any is damaged."""
        record = self.place.manifest()
        try:
            record.verify(self.folder)
        except EngineBroken:
            if self.place.manifest() == record:  # not caused by a concurrent update
                raise
        self.open()

    def clear(self) -> None:
        """Delete all files, after any writer has finished."""
        self.place.clear()

    def update(self, step: IndexUpdate, progress: Progress | None) -> bool:
        """Write changes to the index; see `Engine.update`."""
        return self.place.update(step, lambda: self._write(step, progress))

    def _write(self, step: IndexUpdate, progress: Progress | None) -> None:
        record = None if step.since < 0 else self.place.manifest()
        if record is None:
            self.place.remove()
            self.folder.mkdir(mode=0o700)
        else:
            parallel.clear(self.folder)
        index: Any = self.open() if record else create_in(str(self.folder), schema())
        if step.total >= parallel.MIN_PARALLEL_PAPERS:
            words: Mapping[str, int] = parallel.add(index, self.folder, step, progress)
        else:
            words = self._add(index, step, progress)
        latest: Any = open_dir(str(self.folder))
        generation = latest.latest_generation()
        names = self.place.count_words(record, words, generation)
        self._write_manifest(step.revision, generation, names)

    def _add(self, index: Any, step: IndexUpdate, progress: Progress | None) -> Mapping[str, int]:
        """Write changes to an index; return how often each word occurs in them."""
        lexicon = Lexicon()
        writer = codec.writer(index, lexicon)
        outdated = Outdated(index, step.removed)
        try:
            for done, paper in enumerate(outdated.seen(step.papers), 1):
                writer.add_document(**document(paper, lexicon))
                if progress and (done % 200 == 0 or done == step.total):
                    progress(done, step.total)
            outdated.delete(writer)
            writer.commit(mergetype=self._merge_small)
        except BaseException:
            with suppress(Exception):
                writer.cancel()
            raise
        return lexicon.counts()

    def _write_manifest(self, revision: int, generation: int, words: list[str]) -> None:
        names = [path.name for path in self.folder.glob("*MAIN_*.*")]
        self.place.write_manifest(revision, generation, words, names)

    def _merge_small(self, writer: Any, segments: list[Any]) -> list[Any]:
        """Merge segments into the one being written, if there are many.

        Returns the segments that are not merged, as Whoosh requires of a merge policy.
        """
        small = _to_merge(segments)
        if not small:
            return segments
        prefixes = tuple(segment.make_filename("") for segment in small)
        record = self.place.manifest()
        record.verify(self.folder, [name for name in record.files if name.startswith(prefixes)])
        for segment in small:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
        return [segment for segment in segments if segment not in small]


def _to_merge(segments: list[Any]) -> list[Any]:
    """Return the segments to merge: all small ones if there are many, and the smallest others."""
    by_size = sorted(segments, key=lambda segment: int(segment.doc_count()))
    small = [one for one in by_size if one.doc_count() < MAX_SMALL_SEGMENT_PAPERS]
    large = by_size[len(small) :]
    chosen, papers = small if len(small) > MAX_SMALL_SEGMENTS else [], 0
    for segment in large[: max(0, len(large) - MAX_LARGE_SEGMENTS + 1)]:
        papers += int(segment.doc_count())
        if len(large) > MAX_LARGE_SEGMENTS and papers <= MAX_MERGED_PAPERS:
            chosen = [*chosen, segment]
    return [segment for segment in segments if segment in chosen]
