"""Atomic file writes, used for all exports, backups and caches.

A new file is private to its owner; a file that is replaced keeps its permissions.
"""

import fcntl
import glob
import hashlib
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
    """Copy a stream to a temporary file, which can be read more than once."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the caller closes it
    shutil.copyfileobj(stream, file)
    file.seek(0)
    return cast("BinaryIO", file)


PRIVATE_MODE = 0o600
"""Permissions of a new file."""

PRIVATE_FOLDER_MODE = 0o700
"""Permissions of a new folder."""

PART_SUFFIX = ".part"


def create_private_folder(folder: Path) -> None:
    """Create a folder and its missing parents, all private to their owner; raises OSError.

    `Path.mkdir` gives its mode to the last folder alone.
    """
    if not folder.is_dir():
        create_private_folder(folder.parent)
        folder.mkdir(exist_ok=True, mode=PRIVATE_FOLDER_MODE)


def write_file(path: Path, pieces: Iterable[str], *, overwrite: bool = False) -> None:
    """Write a text file atomically.

    Raises ExportFailed if the file exists and `overwrite` is not set, or if it cannot be written.
    """
    try:
        path = _resolve(path.expanduser())
        if path.is_dir():
            raise ExportFailed(f"cannot write {path}: it is a folder; name a file in it")
        if path.exists() and not path.is_file():  # such as /dev/stdout
            with path.open("w", encoding="utf-8", newline="") as device:
                device.writelines(pieces)
            return
        if path.exists() and not overwrite:
            raise ExportFailed(
                f"cannot write {path}: it already exists; use --force to overwrite it"
            )
        _replace(path, pieces)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportFailed(f"cannot write {path}: {reason}; try another file") from error


def _resolve(path: Path) -> Path:
    """Return the target of a link, so that writing does not replace the link itself."""
    try:
        return path.resolve()
    except RuntimeError as error:  # raised before Python 3.13 for a cycle of links
        raise OSError(str(error)) from error


def update_file(path: Path, pieces: Iterable[str]) -> None:
    """Replace a text file or the target of a link, or create it; raises OSError."""
    _replace(_resolve(path), pieces)


def _replace(path: Path, pieces: Iterable[str]) -> None:
    """Replace a file, keeping its permissions."""
    rights = path.stat().st_mode & 0o777 if path.exists() else PRIVATE_MODE
    with replace_file(path, rights=rights) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        text.writelines(pieces)
        text.detach()


@contextmanager
def replace_file(
    path: Path, *, rights: int = PRIVATE_MODE, durable: bool = True, lock: bool = True
) -> Iterator[IO[bytes]]:
    """Yield an open temporary file that replaces `path` when the block succeeds.

    If the block raises, `path` is unchanged. The temporary file is in the same folder; its `name`
    is its path. Leftovers of killed writers are removed first. A `durable` file is synced to disk
    before the replacement, which a cache does not need. A `lock` protects the file from removal by
    other writers of the same path; disable it if SQLite writes the file, since its locks would
    conflict on some systems, and only one process writes at a time. Raises OSError.
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
    """Open a temporary file in the folder of `path`; with `lock`, locked until it is closed."""
    while True:
        file = tempfile.NamedTemporaryFile(  # noqa: SIM115  # the caller closes it
            dir=path.parent, prefix=f".{path.name}.", suffix=PART_SUFFIX, delete=False
        )
        if lock:
            with suppress(OSError):  # on a file system without locks
                fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file.fileno()).st_nlink:
            return file
        file.close()  # another writer removed it as a leftover before it was locked


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal, "" if it does not exist; raises OSError."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def remove_leftovers(folder: Path, name: str) -> None:
    """Remove temporary files of killed writers, for the files that match the pattern `name`.

    Files of running writers are locked and remain. The journal that SQLite writes next to a
    temporary database is removed too.
    """
    for left in folder.glob(f".{name}.*{PART_SUFFIX}*"):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()
