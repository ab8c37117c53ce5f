"""The file on the disk that is kept current: its path, its text, its errors."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from index.errors import ExportFailed
from index.text.cleaning import shown_path


def absolute(path: Path | str) -> Path:
    """Return a path without `~`, `.` and `..`; symbolic links remain."""
    return Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100  # resolve() follows links


def write_pieces(text: IO[str], pieces: Iterable[str]) -> str:
    """Write an export to a file; return its SHA-256 in hexadecimal."""
    digest = hashlib.sha256()
    for piece in pieces:
        text.write(piece)
        digest.update(piece.encode())
    return digest.hexdigest()


@contextmanager
def system_errors(path: Path, *, is_new: bool) -> Iterator[None]:
    """Turn system errors into one that names a kept file and suggests a fix."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        name = shown_path(str(path))
        if is_new:
            raise ExportFailed(f"cannot keep {name}: {reason}; try another file") from error
        raise ExportFailed(
            f"cannot update {name}: {reason}; make it writable, or try carrel keep rm"
        ) from error


def changed_by_others(path: Path, *, is_new: bool) -> ExportFailed:
    """Return the error for a file whose content is not Carrel's; `is_new` if it never was."""
    name = shown_path(str(path))
    if is_new:
        return ExportFailed(f"cannot keep {name}: it already exists; try --overwrite")
    return ExportFailed(
        f"cannot update {name}: changed since Carrel wrote it; "
        "try carrel keep add --overwrite, or carrel keep rm"
    )


def signature(path: Path) -> str:
    """Return a text that differs when a file, or whether it can be written, has changed."""
    folder = path.parent
    writable = f"{folder.is_dir()} {os.access(folder, os.W_OK)}"
    try:
        status = path.stat()
    except OSError as error:
        return f"{error.errno} {writable}"
    return f"{status.st_mtime_ns} {status.st_size} {status.st_mode} {writable}"
