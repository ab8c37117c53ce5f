"""Export files: whole or absent, and readable by their owner alone unless that made them so."""

import fcntl
import glob
import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

from index.errors import ExportFailed


def spooled(stream: BinaryIO) -> BinaryIO:
    """Return what is in a stream as a file that can be read from its beginning again."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the caller closes it
    shutil.copyfileobj(stream, file)
    file.seek(0)
    return cast("BinaryIO", file)


PRIVATE = 0o600
"""The rights of a new file."""

PART = ".part"


def write_file(path: Path, pieces: Iterable[str], *, overwrite: bool = False) -> None:
    """Write a text file through a temporary one beside it.

    A file that is there is replaced only with `overwrite`. Raises ExportFailed where the file is
    there, or its folder cannot be written.
    """
    try:
        path = _target(path.expanduser())
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


def _target(path: Path) -> Path:
    """Return what a link leads to: the link stays, and that is written."""
    try:
        return path.resolve()
    except RuntimeError as error:  # what Python before 3.13 says of links in a circle
        raise OSError(str(error)) from error


def _replace(path: Path, pieces: Iterable[str]) -> None:
    """Write a file in the place of what is there, whose rights it keeps."""
    rights = path.stat().st_mode & 0o777 if path.exists() else PRIVATE
    _clear_away(path)
    handle, name = _part(path)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
            file.flush()
            os.fchmod(file.fileno(), rights)
            os.fsync(file.fileno())
            Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _part(path: Path) -> tuple[int, Path]:
    """Open a temporary file beside another, locked for as long as it is open."""
    while True:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=PART)
        with suppress(OSError):  # of a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return handle, Path(name)
        os.close(handle)  # another took it for one that was left, before it was locked


def _clear_away(path: Path) -> None:
    """Remove temporary files beside another whose writers were killed: no one has them locked."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*{PART}"):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()
