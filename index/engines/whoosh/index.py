"""The Whoosh index on disk: opening, checking, updating and deleting its files."""

import errno
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

from whoosh.index import FileIndex, create_in, open_dir
from whoosh.reading import SegmentReader

from index.engines.base import EngineBroken, EngineUnwritable, IndexUpdate
from index.engines.vocabulary import Vocabulary
from index.engines.whoosh import codec, parallel
from index.engines.whoosh.lexicon import Lexicon
from index.engines.whoosh.manifest import FileState, Manifest, read_revision
from index.engines.whoosh.outdated import Outdated
from index.engines.whoosh.schema import document, schema
from index.engines.word_list import NUMBERS_SUFFIX, TEXT_SUFFIX, SortedWords
from index.files import PRIVATE_MODE, create_private_folder
from index.progress import Progress

MAX_SMALL_SEGMENT_PAPERS = 3_000
"""Segments with fewer papers are small, and are merged when there are many."""

MAX_SMALL_SEGMENTS = 8
"""Small segments that are not merged: each slows down searches, a merge takes a second."""

MAX_LARGE_SEGMENTS = 8
"""Number of other segments from which an update merges some, so that searches read few of them."""

MAX_MERGED_PAPERS = 12_000
"""Papers in the large segments that one update merges."""

BASE, RECENT = "words", "recent"
"""The names of the lists of words in files, before the generation that wrote them."""

UNFIXABLE_ERRNOS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
"""Errors that rebuilding the index does not fix."""

LOCK_TIMEOUT_S = 300.0
"""Time to wait for another process that builds the index."""


class WhooshIndex:
    """The files of an index in its folder, private to its user: Whoosh's files hold pickles."""

    def __init__(self, folder: Path, library: str) -> None:
        self.folder = folder
        self.library = library  # an index is valid for one database only
        self._base: tuple[list[FileState], SortedWords] | None = None

    def open(self) -> FileIndex:
        """Return the index; raises EngineBroken if it is missing or its files have changed."""
        record = self._record()
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

    def _record(self) -> Manifest:
        record = Manifest.read(self.folder, self.library)
        if record is None:  # missing or still being built
            raise EngineBroken("there is no search index")
        return record

    def check(self) -> None:
        """Verify all files; raises EngineBroken if any is damaged."""
        record = self._record()
        try:
            record.verify(self.folder)
        except EngineBroken:
            if self._record() == record:  # not caused by a concurrent update
                raise
        self.open()

    def vocabulary(self) -> Vocabulary:
        """Return the unstemmed words; raises EngineBroken if they cannot be read."""
        try:
            record = self._record()
            recent = SortedWords.load(self.folder, record.words[1])
            return Vocabulary(self._base_words(record), recent)
        except (OSError, ValueError, EOFError, KeyError) as error:
            raise EngineBroken(f"cannot read the search vocabulary: {error}") from error

    def _base_words(self, record: Manifest) -> SortedWords:
        """Return the words of the base, which is read again only after it was written again."""
        state = [record.files[name] for name in _word_files(record.words[:1])]
        if self._base is None or self._base[0] != state:
            self._base = state, SortedWords.load(self.folder, record.words[0])
        return self._base[1]

    def clear(self) -> None:
        """Delete all files, after any writer has finished."""
        with self._locked(wait=True):
            self._remove()

    def _remove(self) -> None:
        """Delete the folder of the index, or a file or link in its place."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.folder.is_symlink() or self.folder.exists():
            with suppress(OSError):
                self.folder.unlink()

    def update(self, step: IndexUpdate, progress: Progress | None) -> bool:
        """Write changes to the index; see `Engine.update`."""
        # Without an index no search is possible until it is built, so waiting is better.
        with self._locked(wait=step.since < 0) as locked:
            if not locked or read_revision(self.folder, self.library) != step.since:
                return False
            try:
                self._write(step, progress)
            except (EngineBroken, KeyboardInterrupt):
                raise
            except OSError as error:
                raise self._unwritable(error) from error
            except Exception as error:  # a damaged or vanished file can make Whoosh raise anything
                raise EngineBroken(f"cannot write the search index: {error}") from error
            return True

    @contextmanager
    def _locked(self, *, wait: bool) -> Iterator[bool]:
        """Acquire the lock of all writers of this index, and yield whether it was acquired.

        The lock file is next to the folder, since a rebuild deletes the folder.
        """
        from filelock import FileLock, Timeout  # an import that most searches do not need

        # Only a lock of the operating system is released when its process is killed.
        lock = FileLock(f"{self.folder}.lock", mode=PRIVATE_MODE, fallback_to_soft=False)
        try:
            create_private_folder(self.folder.parent)
            acquired = lock.acquire(timeout=LOCK_TIMEOUT_S if wait else 0)
        except Timeout:
            yield False
            return
        except OSError as error:
            raise self._unwritable(error) from error
        with acquired:
            yield True

    def _unwritable(self, error: OSError) -> EngineBroken:
        """Return the exception for a system error, with advice on how to fix it."""
        kind = EngineUnwritable if error.errno in UNFIXABLE_ERRNOS else EngineBroken
        return kind(
            f"cannot write the search index {self.folder}: {error.strerror or error}; "
            "free some disk space, or set XDG_CACHE_HOME to a writable folder"
        )

    def _write(self, step: IndexUpdate, progress: Progress | None) -> None:
        record = None if step.since < 0 else self._record()
        if record is None:
            self._remove()
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
        names = self._count_words(record, words, generation)
        self._write_manifest(step.revision, generation, names)

    def _count_words(
        self, record: Manifest | None, more: Mapping[str, int], generation: int
    ) -> list[str]:
        """Write the lists of words with more counts added; return the names of both."""
        names = [f"{BASE}-{generation}", f"{RECENT}-{generation}"]
        before = self.vocabulary() if record else Vocabulary.of({})
        after = before.with_counts(more) if record else Vocabulary.of(more)
        if record and after.base is before.base:
            names[0] = record.words[0]
        else:
            after.base.save(self.folder, names[0])
        if record:  # a damaged file must not be rewritten with a valid checksum
            read = [name for name in record.words if name not in names]
            record.verify(self.folder, _word_files(read))
        after.recent.save(self.folder, names[1])
        return names

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
        """Write the manifest, then delete the lists of words that it replaces."""
        names = [path.name for path in self.folder.glob("*MAIN_*.*")] + _word_files(words)
        Manifest.write(self.folder, self.library, revision, generation, words, names)
        for pattern in _word_files([f"{BASE}-*", f"{RECENT}-*"]):
            for path in self.folder.glob(pattern):
                if path.name not in names:
                    path.unlink(missing_ok=True)

    def _merge_small(self, writer: Any, segments: list[Any]) -> list[Any]:
        """Merge segments into the one being written, if there are many.

        Returns the segments that are not merged, as Whoosh requires of a merge policy.
        """
        small = _to_merge(segments)
        if not small:
            return segments
        prefixes = tuple(segment.make_filename("") for segment in small)
        record = self._record()
        record.verify(self.folder, [name for name in record.files if name.startswith(prefixes)])
        for segment in small:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
        return [segment for segment in segments if segment not in small]


def _word_files(names: Iterable[str]) -> list[str]:
    """Return the files of lists of words."""
    return [name + suffix for name in names for suffix in (TEXT_SUFFIX, NUMBERS_SUFFIX)]


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
