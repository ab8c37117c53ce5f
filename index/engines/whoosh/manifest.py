"""What is written down about an index: whose it is, how far it is, and what its files were.

A file that anyone else has touched since is not to be trusted: a damaged list of postings may still
be read, and be wrong. Size and time of writing tell so at once; the sum of what is in a file tells
of damage that leaves both, but has to read it all.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from index.engines.base import EngineBroken
from index.files import replace_file

SCHEMA_VERSION = 3
"""Counted up whenever the schema or the analysis changes: older indexes are rebuilt."""

FILE = "followed.json"

SMALL = (".toc", ".col")
"""Endings of files whose sums are looked at whenever an index is opened: 5 bytes a paper."""

PIECE = 1 << 22


class FileState(NamedTuple):
    """What a file was when it was written: its size, its time in nanoseconds, and its CRC-32."""

    size: int
    time: int
    sum: int


class Manifest(NamedTuple):
    """How far an index has followed a library, and the files it is made of then."""

    schema: int
    library: str
    revision: int
    generation: int
    files: dict[str, FileState]

    @classmethod
    def read(cls, folder: Path, library: str) -> "Manifest | None":
        """Return what is written down; None for nothing, another schema's or another library's."""
        try:
            text, sum_ = (folder / FILE).read_text(encoding="utf-8").split("\n")[:2]
            if int(sum_, 16) != crc32(text.encode()):
                return None
            record = cls(**json.loads(text))
            if record.schema != SCHEMA_VERSION or record.library != library:
                return None
            return record._replace(
                files={name: FileState(*was) for name, was in record.files.items()}
            )
        except (OSError, ValueError, TypeError, AttributeError):
            return None

    @classmethod
    def keep(
        cls, folder: Path, library: str, revision: int, generation: int, names: Iterable[str]
    ) -> None:
        """Write down how far an index is, and what the files of some names are now."""
        before = cls.read(folder, library)
        files = _files(folder, names, before.files if before else {})
        cls(SCHEMA_VERSION, library, revision, generation, files)._write(folder)

    def _write(self, folder: Path) -> None:
        text = json.dumps(self._asdict())
        with replace_file(folder / FILE, durable=False) as file:
            file.write(f"{text}\n{crc32(text.encode()):08x}\n".encode())

    def touched(self, folder: Path) -> list[str]:
        """Return the files that were written since, and the small ones whose content is another."""
        others = [name for name, was in self.files.items() if _state(folder / name) != was[:2]]
        small = [name for name in self.files if name.endswith(SMALL)]
        return others or self.damaged(folder, small)

    def damaged(self, folder: Path, names: Iterable[str] | None = None) -> list[str]:
        """Return those of some files, or of all, whose content is another and nothing else is."""
        wanted = self.files if names is None else self.files.keys() & set(names)
        return [name for name in sorted(wanted) if self._is_damaged(folder / name)]

    def _is_damaged(self, path: Path) -> bool:
        was = self.files[path.name]
        return _state(path) == was[:2] and _sum(path) != was.sum

    def is_whole(self, folder: Path, names: Iterable[str] | None = None) -> None:
        """Raise EngineBroken where some files, or any, are `damaged`."""
        try:
            damaged = self.damaged(folder, names)
        except OSError as error:
            raise EngineBroken(f"the search index cannot be read ({error})") from error
        if damaged:
            raise EngineBroken(f"the search index is damaged ({', '.join(damaged)})")


def followed(folder: Path, library: str) -> int:
    """Return the database revision that the index in a folder has followed.

    Returns -1 if there is none, or it is of another schema or of another library.
    """
    record = Manifest.read(folder, library)
    return record.revision if record else -1


def _files(
    folder: Path, names: Iterable[str], before: dict[str, FileState]
) -> dict[str, FileState]:
    """Return what files are; the sums of those that are as they were before are known."""
    found = {}
    for name in names:
        size, time = _state(folder / name)
        was = before.get(name)
        same = was is not None and was[:2] == (size, time)
        found[name] = was if was and same else FileState(size, time, _sum(folder / name))
    return found


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _sum(path: Path) -> int:
    total = 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            total = crc32(piece, total)
    return total
