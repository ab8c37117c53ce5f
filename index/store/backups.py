"""Copies of the database, kept beside it before its schema changes."""

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

KEPT = 3
"""Copies kept; older ones go when a new one is made."""


def keep_copy(path: Path, version: int) -> Path:
    """Copy a database of a schema version beside itself, whole or not at all; return the copy.

    It is for its owner alone. One process at a time may call. Raises OSError or sqlite3.Error; the
    copies there were are then still there. https://www.sqlite.org/backup.html
    """
    copy = path.with_name(f"{path.name}.v{version}-backup")
    for left in path.parent.glob(f".{path.name}.v*-backup.*"):  # by a process that was killed
        left.unlink()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{copy.name}.")
    os.close(handle)
    try:
        # A connection of their own: none that is in a transaction can be copied from.
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(name)) as target:
            source.backup(target)
        with Path(name).open("rb+") as file:
            os.fsync(file.fileno())
        Path(name).replace(copy)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    for old in copies(path)[KEPT:]:
        old.unlink()
    return copy


def copies(path: Path) -> list[Path]:
    """Return the copies kept of a database, the newest first."""
    found = path.parent.glob(f"{path.name}.v*-backup")
    return sorted(found, key=lambda copy: (copy.stat().st_mtime_ns, copy.name), reverse=True)
