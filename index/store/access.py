"""Access to a database file: whether it can be written, and how it is read if it cannot.

A library of another user, a backup or one on a read-only mount opens for reading. SQLite cannot
read a database in WAL mode without writing next to it, unless the file is declared immutable
(https://www.sqlite.org/wal.html#read_only_databases); a copy is read instead if there are changes
in its log, or if its schema needs a migration.
"""

import os
import shutil
import sqlite3
import stat
import tempfile
from contextlib import closing
from pathlib import Path

WRITE_BITS = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def is_read_only(path: Path) -> bool:
    """Return whether an existing database cannot be written, or nobody is meant to write it.

    The superuser may write everything; files without write permission are read-only nonetheless.
    """
    return path.is_file() and not (_is_writable(path) and _is_writable(path.parent))


def _is_writable(path: Path) -> bool:
    return os.access(path, os.W_OK) and bool(path.stat().st_mode & WRITE_BITS)


def readable_copy(path: Path, newest: int) -> "tempfile.TemporaryDirectory[str] | None":
    """Return a temporary folder with a copy of a read-only database, or None if none is needed.

    `newest` is the schema version that can be read as it is. Raises OSError or sqlite3.Error.
    """
    log = path.with_name(f"{path.name}-wal")
    has_log = log.is_file() and log.stat().st_size > 0
    if not has_log and _version(path) >= newest:
        return None
    folder = tempfile.TemporaryDirectory(prefix="carrel-")
    try:
        for file in (path, log):
            if file.is_file():
                copy = Path(folder.name, file.name)
                shutil.copyfile(file, copy)
                copy.chmod(0o600)
    except OSError:
        folder.cleanup()
        raise
    return folder


def _version(path: Path) -> int:
    with closing(connect_immutable(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def connect_immutable(path: Path, **options: object) -> sqlite3.Connection:
    """Return a connection that reads a database and creates no file next to it."""
    uri = f"{path.absolute().as_uri()}?immutable=1"
    return sqlite3.connect(uri, uri=True, **options)  # type: ignore[call-overload,no-any-return]
