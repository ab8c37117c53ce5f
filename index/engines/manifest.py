"""The manifest of an index: its library and revision, and the state of its files.

A file changed by anything else must not be used, since a damaged posting list may be readable but
wrong. Size and modification time reveal most changes quickly; checksums also reveal damage that
preserves both, but require reading the whole file.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from index.engines.base import EngineBroken
from index.files import replace_file
from index.text.analysis import ANALYSIS_VERSION

SCHEMA_VERSION = 7
"""Incremented whenever the schema or a file changes; older indexes are rebuilt."""

FILE = "followed.json"

SMALL_SUFFIXES = (".toc", ".col")
"""Suffixes of files whose checksums are verified whenever an index is opened: 5 bytes a paper."""

CHUNK_BYTES = 1 << 22


class FileState(NamedTuple):
    """The size of a file, its modification time in nanoseconds, and its CRC-32."""

    size: int
    time: int
    sum: int


class Manifest(NamedTuple):
    """The library and revision of an index, and its files at that revision.

    `schema` and `analysis` are the versions of the schema and the text analysis that wrote it;
    `words` are the names of the lists of words: the base, and the recent ones.
    """

    schema: int
    analysis: int
    library: str
    revision: int
    generation: int
    words: list[str]
    files: dict[str, FileState]

    @classmethod
    def read(cls, folder: Path, library: str) -> "Manifest | None":
        """Return the manifest, or None if missing, invalid or for another schema or library."""
        try:
            text, sum_ = (folder / FILE).read_text(encoding="utf-8").split("\n")[:2]
            if int(sum_, 16) != crc32(text.encode()):
                return None
            record = cls(**json.loads(text))
            if (record.schema, record.analysis) != (SCHEMA_VERSION, ANALYSIS_VERSION):
                return None
            if record.library != library:
                return None
            return record._replace(
                files={name: FileState(*was) for name, was in record.files.items()}
            )
        except (OSError, ValueError, TypeError, AttributeError):
            return None

    @classmethod
    def write(
        cls,
        folder: Path,
        library: str,
        revision: int,
        generation: int,
        words: list[str],
        names: Iterable[str],
    ) -> None:
        """Write the manifest with the present state of the named files."""
        before = cls.read(folder, library)
        files = _files(folder, names, before.files if before else {})
        versions = SCHEMA_VERSION, ANALYSIS_VERSION
        cls(*versions, library, revision, generation, words, files)._save(folder)

    def _save(self, folder: Path) -> None:
        text = json.dumps(self._asdict())
        with replace_file(folder / FILE, durable=False) as file:
            file.write(f"{text}\n{crc32(text.encode()):08x}\n".encode())

    def changed(self, folder: Path) -> list[str]:
        """Return the files whose size or time has changed, or else the damaged small files."""
        others = [name for name, was in self.files.items() if _state(folder / name) != was[:2]]
        small = [name for name in self.files if name.endswith(SMALL_SUFFIXES)]
        return others or self.damaged(folder, small)

    def damaged(self, folder: Path, names: Iterable[str] | None = None) -> list[str]:
        """Return the files, out of some or all, whose checksum alone has changed."""
        wanted = self.files if names is None else self.files.keys() & set(names)
        return [name for name in sorted(wanted) if self._is_damaged(folder / name)]

    def _is_damaged(self, path: Path) -> bool:
        was = self.files[path.name]
        return _state(path) == was[:2] and _checksum(path) != was.sum

    def verify(self, folder: Path, names: Iterable[str] | None = None) -> None:
        """Raise EngineBroken if any of some files, or of all, is damaged; see `damaged`."""
        try:
            damaged = self.damaged(folder, names)
        except OSError as error:
            raise EngineBroken(f"cannot read the search index: {error}") from error
        if damaged:
            raise EngineBroken(f"the search index is damaged: {', '.join(damaged)}")


class Followed:
    """The revision of an index, read again only after its manifest was replaced."""

    def __init__(self, folder: Path, library: str) -> None:
        self._folder = folder
        self._library = library
        self._known: tuple[tuple[int, int, int], int] | None = None

    def revision(self) -> int:
        """Return the database revision of the index, or -1; see `read_revision`."""
        try:
            status = (self._folder / FILE).stat()
        except OSError:
            return -1
        state = status.st_ino, status.st_mtime_ns, status.st_size
        known = self._known
        if known is None or known[0] != state:
            known = self._known = state, read_revision(self._folder, self._library)
        return known[1]


def read_revision(folder: Path, library: str) -> int:
    """Return the database revision that the index in a folder was updated to.

    Returns -1 if there is no index, or it has another schema or belongs to another library.
    """
    record = Manifest.read(folder, library)
    return record.revision if record else -1


def _files(
    folder: Path, names: Iterable[str], before: dict[str, FileState]
) -> dict[str, FileState]:
    """Return the state of files, with the known checksums of unchanged ones."""
    states = {}
    for name in names:
        size, time = _state(folder / name)
        was = before.get(name)
        same = was is not None and was[:2] == (size, time)
        states[name] = was if was and same else FileState(size, time, _checksum(folder / name))
    return states


def _state(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def _checksum(path: Path) -> int:
    total = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            total = crc32(chunk, total)
    return total
