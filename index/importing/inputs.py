"""The input files of an import."""

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from index.errors import CarrelError
from index.files import spool
from index.text.cleaning import clean, shown_path


def source_name(path: str) -> str:
    """Return the name of a file's source: the file name without its extension."""
    return "stdin" if path == "-" else clean(Path(path).stem) or "file"


def full_path(path: str) -> str:
    """Return the absolute path of a file as it is stored, "" for standard input."""
    return "" if path == "-" else shown_path(str(Path(path).absolute()))


def find_files(paths: Iterable[str]) -> Iterator[str]:
    """Yield the files among `paths`, and the files in the folders among them."""
    for path in paths:
        if path != "-" and Path(path).is_dir():
            found = list(_inside(Path(path)))
            if not found:
                raise CarrelError(f"cannot import {shown_path(path)}: the folder contains no files")
            yield from found
        else:
            yield path


def _inside(folder: Path) -> Iterator[str]:
    """Yield the files in a folder and its subfolders, sorted by name, without symbolic links.

    A subfolder that cannot be listed is yielded itself, so that the report names it.
    """
    failed: list[str] = []
    for place, folders, names in os.walk(folder, onerror=lambda e: failed.append(str(e.filename))):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if not name.startswith(".") and not path.is_symlink():
                yield str(path)
    yield from failed


def file_size(path: str) -> int:
    """Return the size of a file in bytes, or 0 if unknown."""
    try:
        return 0 if path == "-" else Path(path).stat().st_size
    except OSError:
        return 0


def open_input(path: str) -> BinaryIO:
    """Open a file or standard input for reading; raises OSError for anything but a regular file."""
    if path == "-":
        return spool(sys.stdin.buffer)
    # Reading a pipe or a device could block or never end.
    if not stat.S_ISREG(Path(path).stat().st_mode):
        raise OSError(None, "not a regular file")
    return Path(path).open("rb")
