"""Compressed files and archives, decompressed within bounds: .gz, .xz, .zst and .zip.

Nothing is written under a name from an archive; members are temporary files.
"""

import gzip
import io
import lzma
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, BinaryIO, cast

MAX_EXPANDED_BYTES = 4 << 30
MAX_RATIO = 250
"""A larger expansion is a decompression bomb, unless it is small; texts expand up to 20 times."""

MIN_BOMB_BYTES = 64 << 20
MAX_MEMBERS = 10_000
_CHUNK_BYTES = 1 << 18
_SUFFIXES = {".gz", ".xz", ".zst", ".zip", ".tgz"}
# Documents that are zip archives: of Office, OpenDocument and EPUB, and programs.
_OF_DOCUMENTS = frozenset(("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"))


@dataclass(frozen=True, slots=True)
class Part:
    """A file to read: its path, within its archive if it is in one, and what is wrong with it."""

    path: str
    stream: BinaryIO
    problem: str = ""


class _TooLarge(Exception):
    """The contents of an archive exceed the bounds."""


def parts(path: str, stream: BinaryIO) -> Iterator[Part]:
    """Yield the files in a compressed file or archive; of any other, the file itself.

    A file that is damaged, or that would expand beyond the bounds, is yielded as far as it can be
    read, with its problem.
    """
    head = stream.read(6)
    stream.seek(0)
    if head.startswith(b"PK\x03\x04"):
        yield from _members(path, stream)
    elif head.startswith(b"\x1f\x8b"):
        yield _expanded(
            path, cast("IO[bytes]", gzip.GzipFile(fileobj=stream)), _Bound(_size(stream))
        )
    elif head == b"\xfd7zXZ\x00":
        expanded = lzma.LZMAFile(stream)  # noqa: SIM115  # closing it leaves the stream open
        yield _expanded(path, cast("IO[bytes]", expanded), _Bound(_size(stream)))
    elif head.startswith(b"\x28\xb5\x2f\xfd"):
        from zstandard import ZstdDecompressor

        reader = ZstdDecompressor().stream_reader(stream, read_across_frames=True)
        yield _expanded(path, cast("IO[bytes]", reader), _Bound(_size(stream)))
    else:
        yield Part(path, stream)


def name_of(path: str) -> str:
    """Return a path without the suffix of a compressed file: refs.bib of refs.bib.gz."""
    pure = PurePosixPath(path)
    return str(pure.with_suffix("")) if pure.suffix.lower() in _SUFFIXES and pure.stem else path


def _expanded(path: str, expanded: IO[bytes], bound: "_Bound") -> Part:
    """Return decompressed contents, as far as they can be read within the bounds."""
    copy, problem = cast("BinaryIO", tempfile.TemporaryFile()), ""  # noqa: SIM115  # closed later
    try:
        # read1 gives what there is before it fails.
        while piece := expanded.read1(_CHUNK_BYTES):  # type: ignore[attr-defined]
            bound.add(len(piece))
            copy.write(piece)
    except _TooLarge as error:
        problem = str(error)
        copy.seek(0)
        copy.truncate()
    except Exception as error:  # decompressors raise many for damaged data, also their own
        problem = f"damaged or cut off ({error}); everything before that was read"
    copy.seek(0)
    return Part(path, copy, problem)


def _members(path: str, stream: BinaryIO) -> Iterator[Part]:
    try:
        archive = zipfile.ZipFile(stream)
        infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        yield Part(path, io.BytesIO(), f"damaged ({error}); write the archive again")
        return
    if _OF_DOCUMENTS & {info.filename for info in infos[:50]}:
        yield Part(path, stream)
        return
    if len(infos) > MAX_MEMBERS:
        yield Part(path, io.BytesIO(), f"more than {MAX_MEMBERS:,} files in one archive; split it")
        return
    bound = _Bound(_size(stream))
    for info in infos:
        names = PurePosixPath(info.filename).parts
        hidden = any(name.startswith((".", "__MACOSX")) and name != ".." for name in names)
        if info.is_dir() or hidden or stat.S_ISLNK(info.external_attr >> 16):
            continue
        part = _member(f"{path}/{info.filename}", archive, info, bound)
        yield part
        if bound.exceeded:
            return


def _member(path: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, bound: "_Bound") -> Part:
    try:
        member = archive.open(info)
    except Exception as error:  # encrypted, or compressed in a way that Python lacks
        return Part(path, io.BytesIO(), f"cannot be opened ({error}); write the archive again")
    with member:
        return _expanded(path, member, bound)


class _Bound:
    """The expanded size of an archive so far."""

    def __init__(self, compressed: int) -> None:
        self._most = min(MAX_EXPANDED_BYTES, max(MIN_BOMB_BYTES, compressed * MAX_RATIO))
        self._size = 0

    @property
    def exceeded(self) -> bool:
        return self._size > self._most

    def add(self, size: int) -> None:
        """Count expanded bytes; raise _TooLarge beyond the bounds."""
        self._size += size
        if self.exceeded:
            raise _TooLarge(
                f"a decompression bomb: it expands to more than {self._most >> 20:,} MB; "
                "decompress it yourself if you trust it"
            )


def _size(stream: BinaryIO) -> int:
    size = stream.seek(0, 2)
    stream.seek(0)
    return size
