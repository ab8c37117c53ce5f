"""The Whoosh index on disk: its schema, how it is written, and how far it has followed."""

import errno
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

from whoosh.index import FileIndex, create_in, open_dir
from whoosh.reading import SegmentReader
from whoosh.util.filelock import FileLock, try_for

from index.engines import vocabulary
from index.engines.base import EngineBroken, EngineUnwritable, IndexUpdate
from index.engines.vocabulary import Vocabulary
from index.engines.whoosh import codec, parallel
from index.engines.whoosh.lexicon import Lexicon
from index.engines.whoosh.manifest import Manifest, followed
from index.engines.whoosh.schema import document, schema
from index.progress import Progress

SMALL = 3_000
"""Papers of a segment that is merged with others of its kind."""

MOST_SMALL = 8
"""Small segments that are left alone: each costs a look-up, a merge costs some seconds."""

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
"""What a rebuild does not mend."""

PATIENCE = 300.0
"""Seconds to wait for another process that builds the index."""


class WhooshIndex:
    """The files of an index in its folder, private to its user: Whoosh's files hold pickles."""

    def __init__(self, folder: Path, library: str) -> None:
        self.folder = folder
        self.library = library  # whose index it is: another database in the same place has another

    def open(self) -> FileIndex:
        """Return the index; raises EngineBroken where it is not there as it was left."""
        record = self._record()
        try:
            index: Any = open_dir(str(self.folder))
            generation = index.latest_generation()
            if generation < record.generation:  # another has begun to build it anew
                raise EngineBroken("there is no search index")
            # With a later one a writer is between its commit and its record of it.
            touched = record.touched(self.folder) if generation == record.generation else []
        except EngineBroken:
            raise
        except Exception as error:  # unpickling a damaged file can raise anything
            raise EngineBroken(f"the search index cannot be read ({error})") from error
        if touched:
            raise EngineBroken(f"the search index is damaged ({', '.join(touched)})")
        return cast("FileIndex", index)

    def _record(self) -> Manifest:
        record = Manifest.read(self.folder, self.library)
        if record is None:  # what is there is still being built
            raise EngineBroken("there is no search index")
        return record

    def check(self) -> None:
        """Read all files; raises EngineBroken where one is not what was written."""
        record = self._record()
        try:
            record.is_whole(self.folder)
        except EngineBroken:
            if self._record() == record:  # no one has written others meanwhile
                raise
        self.open()

    def vocabulary(self) -> Vocabulary:
        """Return the written words; raises EngineBroken where they cannot be read."""
        try:
            return Vocabulary.load(self.folder)
        except (OSError, ValueError, EOFError) as error:
            raise EngineBroken(f"the search vocabulary cannot be read ({error})") from error

    def clear(self) -> None:
        """Remove all files, once no one is writing them."""
        with self._locked(wait=True):
            self._remove()

    def _remove(self) -> None:
        """Remove whatever stands in the place of the index."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.folder.is_symlink() or self.folder.exists():
            with suppress(OSError):
                self.folder.unlink()

    def follow(self, step: IndexUpdate, progress: Progress | None) -> bool:
        """Write papers into the index; see `Engine.follow`."""
        # Where there is no index yet there is nothing to search with until it is written.
        with self._locked(wait=step.since < 0) as locked:
            if not locked or followed(self.folder, self.library) != step.since:
                return False
            try:
                self._write(step, progress)
            except (EngineBroken, KeyboardInterrupt):
                raise
            except OSError as error:
                raise self._unwritable(error) from error
            except Exception as error:  # a damaged or vanished file can make Whoosh raise anything
                raise EngineBroken(f"the search index cannot be written ({error})") from error
            return True

    @contextmanager
    def _locked(self, *, wait: bool) -> Iterator[bool]:
        """Hold the lock of all writers of this index, beside its folder; yields whether it is held.

        Whoosh's own lock lies in the folder, which a rebuild removes.
        """
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = FileLock(str(self.folder) + ".lock")
            held = try_for(lock.acquire, timeout=PATIENCE if wait else 0.0, delay=0.05)
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            yield bool(held)
        finally:
            if held:
                lock.release()

    def _unwritable(self, error: OSError) -> EngineBroken:
        """Return what the system says as a fault of the index, with its mend."""
        kind = EngineUnwritable if error.errno in NO_ROOM else EngineBroken
        return kind(
            f"the search index {self.folder} cannot be written ({error.strerror or error}); "
            "make room for it, or set XDG_CACHE_HOME to a folder of yours"
        )

    def _write(self, step: IndexUpdate, progress: Progress | None) -> None:
        fresh = step.since < 0
        if fresh:
            self._remove()
            self.folder.mkdir(mode=0o700)
        else:
            # What is damaged is not to be written anew, with a sum that says it is whole.
            self._record().is_whole(self.folder, (vocabulary.TEXT, vocabulary.NUMBERS))
            parallel.clear(self.folder)
        known = Vocabulary.of({}) if fresh else self.vocabulary()
        index: Any = create_in(str(self.folder), schema()) if fresh else self.open()
        if step.total >= parallel.ENOUGH:
            words = parallel.add(index, self.folder, step, progress)
        else:
            words = self._add(index, step, progress)
        known.grown(words).save(self.folder)
        latest: Any = open_dir(str(self.folder))
        self._keep(step.revision, latest.latest_generation())

    def _add(self, index: Any, step: IndexUpdate, progress: Progress | None) -> Counter[str]:
        """Write changes into an index; return how often each word occurs in them."""
        lexicon = Lexicon()
        writer = codec.writer(index, lexicon)
        put = writer.add_document if step.since < 0 else writer.update_document
        try:
            for key in step.removed:
                writer.delete_by_term("id", str(key))
            for done, paper in enumerate(step.papers, 1):
                put(**document(paper, lexicon))
                if progress and (done % 200 == 0 or done == step.total):
                    progress(done, step.total)
            writer.commit(mergetype=self._merge_small)
        except BaseException:
            with suppress(Exception):
                writer.cancel()
            raise
        return lexicon.counts()

    def _keep(self, revision: int, generation: int) -> None:
        names = [path.name for path in self.folder.glob("*MAIN_*.*")]
        names += [vocabulary.TEXT, vocabulary.NUMBERS]
        Manifest.keep(self.folder, self.library, revision, generation, names)

    def _merge_small(self, writer: Any, segments: list[Any]) -> list[Any]:
        """Take the documents of small segments into the one being written, where they are many.

        Returns the segments that stay, as Whoosh asks of a policy.
        """
        small = [segment for segment in segments if segment.doc_count() < SMALL]
        if len(small) <= MOST_SMALL:
            return segments
        begun = tuple(segment.make_filename("") for segment in small)
        record = self._record()
        record.is_whole(self.folder, [name for name in record.files if name.startswith(begun)])
        for segment in small:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
        return [segment for segment in segments if segment not in small]
