"""Export files: whole or absent, and readable by their owner alone."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from index.errors import ExportFailed


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
        raise ExportFailed(
            f"{path} cannot be written ({reason}); name another file with -o"
        ) from error


def _target(path: Path) -> Path:
    """Return what a link leads to: the link stays, and that is written."""
    try:
        return path.resolve()
    except RuntimeError as error:  # what Python before 3.13 says of links in a circle
        raise OSError(str(error)) from error


def _replace(path: Path, pieces: Iterable[str]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
