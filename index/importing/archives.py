"""Compressed files and archives, decompressed within bounds: .gz, .xz, .zst, .zip and .tar.

Nothing is written under a name from an archive; members are temporary files. Nested archives are
read as well.
"""

import gzip
import io
import lzma
import stat
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from zstandard import ZstdDecompressionObj

MAX_EXPANDED_BYTES = 4 << 30
MAX_RATIO = 250
"""A larger expansion is a decompression bomb, unless it is small; texts expand up to 20 times."""

MIN_BOMB_BYTES = 64 << 20
MAX_MEMBERS = 10_000
MAX_DEPTH = 3
"""Archives within one another; a .tar.gz is two."""

_CHUNK_BYTES = 1 << 18
_FRAME_BYTES = 1 << 10
"""Compressed bytes that are expanded at once; zstandard expands them up to 32,000 times."""

_HEAD_BYTES = 512
_TAR_MAGIC = slice(257, 262)
_SUFFIXES = {".gz", ".xz", ".zst", ".zip", ".tgz"}
# Documents that are zip archives: of Office, OpenDocument and EPUB, and programs.
_OF_DOCUMENTS = frozenset(("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"))


@dataclass(frozen=True, slots=True)
class Part:
    """A file to read: its path, including that of its archive, and the problem with it, if any."""

    path: str
    stream: BinaryIO
    problem: str = ""


class _TooLarge(Exception):
    """The contents of an archive exceed the bounds."""


def parts(path: str, stream: BinaryIO) -> Iterator[Part]:
    """Yield the files in a compressed file or archive, or any other file itself.

    A file that is damaged, or that would expand beyond the bounds, is yielded as far as it can be
    read, with its problem.
    """
    return _walk(Part(path, stream), _Bound(_size(stream)), 0)


def _walk(part: Part, bound: "_Bound", depth: int) -> Iterator[Part]:
    """Yield the files in a file that is in `depth` archives."""
    members = _open_archive(part.path, part.stream, bound)
    if members is None:
        yield part
    elif depth == MAX_DEPTH:
        problem = "too many archives within one another; unpack it yourself"
        yield Part(part.path, io.BytesIO(), problem)
    else:
        for member in members:
            yield from _walk(member, bound, depth + 1)
        if part.problem:
            yield Part(part.path, io.BytesIO(), part.problem)


def _open_archive(path: str, stream: BinaryIO, bound: "_Bound") -> Iterator[Part] | None:
    """Return the parts of a compressed file or an archive; None for any other file."""
    head = stream.read(_HEAD_BYTES)
    stream.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return _zip_members(path, stream, bound)
    if head[_TAR_MAGIC] == b"ustar":
        return _tar_members(path, stream, bound)
    expanded: object = None
    if head.startswith(b"\x1f\x8b"):
        expanded = gzip.GzipFile(fileobj=stream)
    elif head.startswith(b"\xfd7zXZ\x00"):
        expanded = lzma.LZMAFile(stream)  # noqa: SIM115  # closing it leaves the stream open
    elif head.startswith(b"\x28\xb5\x2f\xfd"):
        expanded = _ZstdFile(stream)
    return iter([_expanded(path, cast("IO[bytes]", expanded), bound)]) if expanded else None


def name_of(path: str) -> str:
    """Return a path without the suffix of a compressed file: refs.bib of refs.bib.gz."""
    pure = PurePosixPath(path)
    return str(pure.with_suffix("")) if pure.suffix.lower() in _SUFFIXES and pure.stem else path


def _expanded(path: str, expanded: IO[bytes], bound: "_Bound") -> Part:
    """Return decompressed contents, as far as they can be read within the bounds."""
    copy, problem = cast("BinaryIO", tempfile.TemporaryFile()), ""  # noqa: SIM115  # closed later
    try:
        # read1 returns the data before an error.
        while piece := expanded.read1(_CHUNK_BYTES):  # type: ignore[attr-defined]
            bound.add(len(piece))
            copy.write(piece)
    except _TooLarge as error:
        problem = str(error)
        copy.seek(0)
        copy.truncate()
    except Exception as error:  # damaged data raises many kinds of exceptions
        problem = f"damaged or cut off ({error}); everything before that was read"
    copy.seek(0)
    return Part(path, copy, problem)


def _zip_members(path: str, stream: BinaryIO, bound: "_Bound") -> Iterator[Part] | None:
    """Return the files in a zip archive; None if it is a document."""
    try:
        archive = zipfile.ZipFile(stream)
        infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        return iter([Part(path, io.BytesIO(), f"damaged ({error}); write the archive again")])
    if _OF_DOCUMENTS & {info.filename for info in infos[:50]}:
        return None
    if len(infos) > MAX_MEMBERS:
        return iter([_too_many(path)])
    return _each_member(path, archive, infos, bound)


def _too_many(path: str) -> Part:
    return Part(path, io.BytesIO(), f"more than {MAX_MEMBERS:,} files in one archive; split it")


def _each_member(
    path: str, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], bound: "_Bound"
) -> Iterator[Part]:
    for info in infos:
        is_link = stat.S_ISLNK(info.external_attr >> 16)
        if info.is_dir() or is_link or _is_hidden(info.filename):
            continue
        yield _member(f"{path}/{info.filename}", archive, info, bound)
        if bound.exceeded:
            return


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith((".", "__MACOSX")) and part not in (".", "..") for part in parts)


def _tar_members(path: str, stream: BinaryIO, bound: "_Bound") -> Iterator[Part]:
    """Yield the files in a tar archive, as far as it can be read."""
    try:
        with tarfile.open(fileobj=stream, mode="r:") as archive:
            for number, info in enumerate(archive):
                if number == MAX_MEMBERS:
                    yield _too_many(path)
                    return
                member = archive.extractfile(info) if info.isreg() else None
                if member and not _is_hidden(info.name):
                    yield _expanded(f"{path}/{info.name}", member, bound)
                if bound.exceeded:
                    return
    except (tarfile.TarError, OSError, ValueError, EOFError) as error:
        problem = f"damaged or cut off ({error}); everything before that was read"
        yield Part(path, io.BytesIO(), problem)


def _member(path: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, bound: "_Bound") -> Part:
    try:
        member = archive.open(info)
    except Exception as error:  # encrypted, or compressed in a way that Python lacks
        return Part(path, io.BytesIO(), f"cannot be opened ({error}); write the archive again")
    with member:
        return _expanded(path, member, bound)


class _ZstdFile:
    """The contents of a file in Zstandard format; unlike the library's, cut-off files are errors.

    The format: RFC 8878 (https://www.rfc-editor.org/rfc/rfc8878).
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._frame: ZstdDecompressionObj | None = None
        self._ahead = b""

    def read1(self, _: int) -> bytes:
        """Return the next contents, b"" at the end; raises EOFError for a file that is cut off."""
        from zstandard import ZstdDecompressor

        while data := self._ahead or self._stream.read(_FRAME_BYTES):
            self._frame = self._frame or ZstdDecompressor().decompressobj()
            piece = self._frame.decompress(data)
            self._ahead = b""
            if self._frame.eof:
                self._ahead, self._frame = self._frame.unused_data, None
            if piece:
                return piece
        if self._frame:
            raise EOFError("it ends within a frame")
        return b""


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
