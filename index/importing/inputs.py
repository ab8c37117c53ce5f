"""The files of an import: those named, and those in folders."""

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from index.errors import CarrelError
from index.files import spool
from index.text.cleaning import clean


def source_name(path: str) -> str:
    """Return the name of the source that a file is: its own without its ending."""
    return "stdin" if path == "-" else clean(Path(path).stem) or "file"


def full_path(path: str) -> str:
    """Return the absolute path of a file, "" for standard input."""
    return "" if path == "-" else str(Path(path).absolute())


def find_files(paths: Iterable[str]) -> Iterator[str]:
    """Yield each file to import: those named, and those in the folders named."""
    for path in paths:
        if path != "-" and Path(path).is_dir():
            found = list(_inside(Path(path)))
            if not found:
                raise CarrelError(f"{path}: the folder holds no files to import")
            yield from found
        else:
            yield path


def _inside(folder: Path) -> Iterator[str]:
    """Yield the files of a folder and the folders in it by name; no link is followed out of it."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if not name.startswith(".") and not path.is_symlink():
                yield str(path)


def file_size(path: str) -> int:
    """Return the size of a file in bytes, 0 if it is not known."""
    try:
        return 0 if path == "-" else Path(path).stat().st_size
    except OSError:
        return 0


def open_input(path: str) -> BinaryIO:
    """Open a file or standard input for reading; raises OSError for anything but a regular file."""
    if path == "-":
        return spool(sys.stdin.buffer)
    # A pipe or a device would be waited for, or never end.
    if not stat.S_ISREG(Path(path).stat().st_mode):
        raise OSError(None, "it is not a regular file")
    return Path(path).open("rb")
