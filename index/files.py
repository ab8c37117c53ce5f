"""Writing files whole or not at all, as every export, backup and cache file is written.

A new file is readable by its owner alone; one that is replaced keeps the rights its owner gave it.
"""

import fcntl
import glob
import io
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO, cast

from index.errors import ExportFailed


def spool(stream: BinaryIO) -> BinaryIO:
    """Return what is in a stream as a file that can be read from its beginning again."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the caller closes it
    shutil.copyfileobj(stream, file)
    file.seek(0)
    return cast("BinaryIO", file)


PRIVATE_MODE = 0o600
"""The rights of a new file."""

PART_SUFFIX = ".part"


def write_file(path: Path, pieces: Iterable[str], *, overwrite: bool = False) -> None:
    """Write a text file through a temporary one beside it.

    A file that is there is replaced only with `overwrite`. Raises ExportFailed where the file is
    there, or its folder cannot be written.
    """
    try:
        path = _resolve(path.expanduser())
        if path.is_dir():
            raise ExportFailed(f"{path} is a folder; name a file in it")
        if path.exists() and not path.is_file():  # /dev/stdout and its like
            with path.open("w", encoding="utf-8", newline="") as device:
                device.writelines(pieces)
            return
        if path.exists() and not overwrite:
            raise ExportFailed(f"{path} is there already; say --force to replace it")
        _replace(path, pieces)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportFailed(f"{path} cannot be written ({reason}); name another file") from error


def _resolve(path: Path) -> Path:
    """Return what a link leads to: the link stays, and that is written."""
    try:
        return path.resolve()
    except RuntimeError as error:  # what Python before 3.13 says of links in a circle
        raise OSError(str(error)) from error


def _replace(path: Path, pieces: Iterable[str]) -> None:
    """Write a file in the place of what is there, whose rights it keeps."""
    rights = path.stat().st_mode & 0o777 if path.exists() else PRIVATE_MODE
    with replace_file(path, rights=rights) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        text.writelines(pieces)
        text.detach()


@contextmanager
def replace_file(
    path: Path, *, rights: int = PRIVATE_MODE, durable: bool = True, lock: bool = True
) -> Iterator[IO[bytes]]:
    """Yield an open file that takes the place of `path` once the block has succeeded.

    Until then, and if the block raises, `path` is as it was. The file lies beside `path`, and its
    `name` is where; leftovers of writers that were killed are removed first. A `durable` file is on
    the disk before it takes the place, which a cache does without. A `lock` protects the file from
    removal by other writers of the same path; do without it if SQLite writes the file, as its locks
    would conflict on some systems, and if no two processes write at once. Raises OSError.
    """
    remove_leftovers(path.parent, glob.escape(path.name))
    file = _open_part(path, lock=lock)
    part = Path(file.name)
    try:
        with file:
            yield file
            file.flush()
            os.fchmod(file.fileno(), rights)
            if durable:
                os.fsync(file.fileno())
            part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _open_part(path: Path, *, lock: bool) -> IO[bytes]:
    """Open a temporary file beside another, locked for as long as it is open if wanted."""
    while True:
        file = tempfile.NamedTemporaryFile(  # noqa: SIM115  # the caller closes it
            dir=path.parent, prefix=f".{path.name}.", suffix=PART_SUFFIX, delete=False
        )
        if lock:
            with suppress(OSError):  # of a file system without locks
                fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file.fileno()).st_nlink:
            return file
        file.close()  # another took it for one that was left, before it was locked


def remove_leftovers(folder: Path, name: str) -> None:
    """Remove temporary files whose writers were killed, of the files that a pattern names.

    Those of writers at work are locked, and stay. The journal that SQLite writes beside a temporary
    database goes with it.
    """
    for left in folder.glob(f".{name}.*{PART}*"):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()
