"""Copies of the database, kept beside it before its schema changes."""

import glob
import sqlite3
from contextlib import closing
from pathlib import Path

from index.files import remove_leftovers, replace_file

MAX_BACKUPS = 3
"""Copies kept; older ones go when a new one is made."""


def create_backup(path: Path, version: int) -> Path:
    """Copy a database of a schema version beside itself, whole or not at all; return the copy.

    It is for its owner alone. One process at a time may call. Raises OSError or sqlite3.Error; the
    copies there were are then still there. https://www.sqlite.org/backup.html
    """
    copy = path.with_name(f"{path.name}.v{version}-backup")
    remove_leftovers(path.parent, f"{glob.escape(path.name)}.v*-backup")
    # A connection of their own: none that is in a transaction can be copied from.
    with (
        replace_file(copy, lock=False) as file,
        closing(sqlite3.connect(path)) as source,
        closing(sqlite3.connect(file.name)) as target,
    ):
        source.backup(target)
    for old in list_backups(path)[MAX_BACKUPS:]:
        old.unlink()
    return copy


def list_backups(path: Path) -> list[Path]:
    """Return the copies kept of a database, the newest first."""
    found = path.parent.glob(f"{path.name}.v*-backup")
    return sorted(found, key=lambda copy: (copy.stat().st_mtime_ns, copy.name), reverse=True)
