"""The folder of an index: its manifest, its lists of words, and the lock of its writers."""

import errno
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.engines.base import EngineBroken, EngineUnwritable, IndexUpdate
from index.engines.manifest import FileState, Manifest, read_revision
from index.engines.vocabulary import Counts, Vocabulary
from index.engines.word_list import NUMBERS_SUFFIX, TEXT_SUFFIX, SortedWords
from index.files import PRIVATE_MODE, create_private_folder

BASE, RECENT = "words", "recent"
"""The names of the lists of words in files, before the generation that wrote them."""

UNFIXABLE_ERRNOS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
"""Errors that rebuilding the index does not fix."""

LOCK_TIMEOUT_S = 300.0
"""Time to wait for another process that builds the index."""


class IndexFolder:
    """A folder that is private to its user, with the files of an index of one library."""

    def __init__(self, path: Path, library: str) -> None:
        self.path = path
        self.library = library  # an index is valid for one database only
        self.words_due = False  # whether there are many recent words
        self._base: tuple[list[FileState], SortedWords] | None = None

    def manifest(self) -> Manifest:
        """Return the manifest; raises EngineBroken if there is no index."""
        record = Manifest.read(self.path, self.library)
        if record is None:  # missing or still being built
            raise EngineBroken("there is no search index")
        return record

    def vocabulary(self) -> Vocabulary:
        """Return the unstemmed words; raises EngineBroken if they cannot be read."""
        try:
            record = self.manifest()
            recent = SortedWords.load(self.path, record.words[1])
            return Vocabulary(self._base_words(record), recent)
        except (OSError, ValueError, EOFError, KeyError) as error:
            raise EngineBroken(f"cannot read the search vocabulary: {error}") from error

    def _base_words(self, record: Manifest) -> SortedWords:
        """Return the words of the base, which is read again only after it was written again."""
        state = [record.files[name] for name in word_files(record.words[:1])]
        if self._base is None or self._base[0] != state:
            self._base = state, SortedWords.load(self.path, record.words[0])
        return self._base[1]

    def remove(self) -> None:
        """Delete the folder, or a file or link in its place."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self.path.is_symlink() or self.path.exists():
            with suppress(OSError):
                self.path.unlink()

    def clear(self) -> None:
        """Delete the folder, after any writer has finished."""
        with self.locked(wait=True):
            self.remove()

    def update(self, step: IndexUpdate, write: Callable[[], None]) -> bool:
        """Call `write` to write changes to the index; see `Engine.update`."""
        # Without an index no search is possible until it is built, so waiting is better.
        with self.locked(wait=step.since < 0) as locked:
            if not locked or read_revision(self.path, self.library) != step.since:
                return False
            try:
                write()
            except (EngineBroken, KeyboardInterrupt):
                raise
            except OSError as error:
                raise self._unwritable(error) from error
            except Exception as error:  # a damaged or vanished file can make an engine raise any
                raise EngineBroken(f"cannot write the search index: {error}") from error
            return True

    @contextmanager
    def locked(self, *, wait: bool, purpose: str = "") -> Iterator[bool]:
        """Acquire the lock of all writers of this index, and yield whether it was acquired.

        With a `purpose`, it is that of the processes with the same one.

        The lock file is next to the folder, since a rebuild deletes the folder.
        """
        from filelock import FileLock, Timeout  # an import that most searches do not need

        # Only a lock of the operating system is released when its process is killed.
        name = ".".join(filter(None, (str(self.path), purpose, "lock")))
        lock = FileLock(name, mode=PRIVATE_MODE, fallback_to_soft=False)
        try:
            create_private_folder(self.path.parent)
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
            f"cannot write the search index {self.path}: {error.strerror or error}; "
            "free some disk space, or set XDG_CACHE_HOME to a writable folder"
        )

    def count_words(self, record: Manifest | None, more: Counts) -> list[str]:
        """Write the lists of words with more counts added; return the names of both."""
        if record is None:
            self.words_due = False
            return self._save(Vocabulary.of(more), [])
        before = self.vocabulary()
        after = before.with_counts(more)
        self.words_due = after.is_due
        names = self._save(after, record.words, keep_base=after.base is before.base)
        # A damaged file must not be written again with a valid checksum.
        record.verify(self.path, word_files(set(record.words) - set(names)))
        return names

    def _save(self, words: Vocabulary, before: list[str], *, keep_base: bool = False) -> list[str]:
        """Write lists of words under new names, or without the base; return the names of both."""
        number = 1 + max((int(name.rpartition("-")[2]) for name in before), default=0)
        base = before[0] if keep_base else f"{BASE}-{number}"
        if not keep_base:
            words.base.save(self.path, base)
        words.recent.save(self.path, recent := f"{RECENT}-{number}")
        return [base, recent]

    def renew_words(self) -> bool:
        """Add the recent words to the base if there are many; return whether they were added.

        They are left if papers are added meanwhile. Nothing else may renew them meanwhile. Raises
        EngineBroken if there is no index, or a list is damaged, which deletes the index.
        """
        record, words = self.manifest(), self.vocabulary()
        if not words.is_due:
            return False
        self.verify(record, word_files(record.words))
        renewed = words.renewed()
        with self.locked(wait=True) as locked:
            now = self.manifest()
            if not locked or now.words != record.words:
                return False
            others = now.files.keys() - set(word_files(now.words))
            names = self._save(renewed, now.words)
            self.write_manifest(now.revision, now.generation, names, others)
        return True

    def verify(self, record: Manifest, names: Iterable[str]) -> None:
        """Raise EngineBroken if one of some files is damaged; the index is then deleted."""
        try:
            record.verify(self.path, names)
        except EngineBroken:
            with self.locked(wait=True) as locked:
                if locked and self.manifest() == record:  # not caused by a concurrent update
                    self.remove()
            raise

    def write_manifest(
        self, revision: int, generation: int, words: list[str], names: Iterable[str]
    ) -> None:
        """Write the manifest with the named files and lists of words; delete other lists."""
        files = [*names, *word_files(words)]
        Manifest.write(self.path, self.library, revision, generation, words, files)
        for pattern in word_files([f"{BASE}-*", f"{RECENT}-*"]):
            for path in self.path.glob(pattern):
                if path.name not in files:
                    path.unlink(missing_ok=True)


def word_files(names: Iterable[str]) -> list[str]:
    """Return the files of lists of words."""
    return [name + suffix for name in names for suffix in (TEXT_SUFFIX, NUMBERS_SUFFIX)]
