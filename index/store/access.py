"""Access to a database file: creating it, and reading one that cannot be written.

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
from contextlib import closing, suppress
from pathlib import Path

WRITE_BITS = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH

NEW_FILE_INFIX = ".new-"
"""Marks the names of temporary files that become a new database: `.carrel.db.new-…`."""


def create_database(path: Path) -> None:
    """Create the file of a database, private and never empty; its schema is created by migration.

    Raises OSError.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}{NEW_FILE_INFIX}", dir=path.parent)
    os.close(handle)
    try:
        with closing(sqlite3.connect(name)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        with suppress(FileExistsError, FileNotFoundError):  # another process was first
            os.link(name, path)
    except sqlite3.Error as error:
        raise OSError(None, str(error)) from error
    except OSError:  # a file system without links
        if not path.exists():
            Path(name).rename(path)
    finally:
        Path(name).unlink(missing_ok=True)


def remove_unfinished_files(path: Path) -> None:
    """Remove the temporary files that killed processes have left beside a new database."""
    for left in path.parent.glob(f".{path.name}{NEW_FILE_INFIX}*"):
        left.unlink(missing_ok=True)


def is_read_only(path: Path) -> bool:
    """Return whether an existing database cannot be written, or is marked as read-only.

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
