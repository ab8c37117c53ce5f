"""Backups of the database, created in its folder before a schema migration."""

import glob
import sqlite3
from contextlib import closing
from pathlib import Path

from index.files import remove_leftovers, replace_file

MAX_BACKUPS = 3
"""Number of backups; older ones are deleted when a new one is created."""


def create_backup(path: Path, version: int) -> Path:
    """Create a backup of a database with a schema version, atomically, and return its path.

    The backup is private to its owner. Only one process at a time may call this. Raises OSError or
    sqlite3.Error, and then preserves older backups. https://www.sqlite.org/backup.html
    """
    backup = path.with_name(f"{path.name}.v{version}-backup")
    remove_leftovers(path.parent, f"{glob.escape(path.name)}.v*-backup")
    # A separate connection, since one in a transaction cannot be copied from.
    with (
        replace_file(backup, lock=False) as file,
        closing(sqlite3.connect(path)) as source,
        closing(sqlite3.connect(file.name)) as target,
    ):
        source.backup(target)
    for old in list_backups(path)[MAX_BACKUPS:]:
        old.unlink()
    return backup


def list_backups(path: Path) -> list[Path]:
    """Return the backups of a database, newest first."""
    found = path.parent.glob(f"{path.name}.v*-backup")
    return sorted(found, key=lambda backup: (backup.stat().st_mtime_ns, backup.name), reverse=True)
