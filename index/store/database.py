"""The database file: opening, transactions, and checks for damage."""

import logging
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, TypeVar
from uuid import uuid4

from index.errors import LibraryUnavailable
from index.files import create_private_folder
from index.papers.identity import title_key
from index.store.access import (
    connect_immutable,
    create_database,
    is_read_only,
    readable_copy,
)
from index.store.backups import list_backups
from index.store.connections import Connections
from index.store.migration import latest_version, run_migrations, schema_version
from index.text.cleaning import one_line
from index.text.latex.reading import readable

log = logging.getLogger(__name__)

FILE_NAME = "carrel.db"

HEADER_BYTES = 100
"""Length in bytes of the header of a database: https://www.sqlite.org/fileformat.html#the_database_header"""

LATEST_TIME = "8999-12-31T00:00:00+00:00"
"""The latest time that is taken from the clock, which leaves room for later times of changes."""

LOCK_TIMEOUT_S = 20.0
"""Seconds to wait for a write lock."""

K = TypeVar("K", bound=int)

PAGE_CACHE_KIB = 2048
"""Size of the page cache of each connection; there is one connection for each thread.

Other pages come from the system's file cache, which all threads share: a cache of 32 MiB made
neither reads nor imports of 60,000 papers measurably faster. The file is not mapped into memory,
since a disk error would then terminate the process.
"""

CHUNK_KEYS = 500
"""Keys bound to one statement; SQLite allows at least 999."""


class Database:
    """One SQLite file, with a connection for each thread.

    A file that cannot be written, or a backup in place of the folder, is opened for reading:
    `read_only` is then set, and `transaction` raises LibraryUnavailable. So does opening if the
    file is missing and cannot be created, is not a database, or was made by a newer version of
    Carrel.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.session = uuid4().hex  # its changes are undone before those of other sessions
        is_backup = folder.is_file()  # a copy of the database, given by its own name
        self.path = folder if is_backup else folder / FILE_NAME
        self._connections = Connections(self._connect)
        self.read_only = is_backup or is_read_only(self.path)
        self._file = self.path
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        self._is_intact = False
        self.checked: Path | None = None
        if self.read_only:
            self._open_for_reading()
            return
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not self.path.exists():
                create_database(self.path)
            is_truncated = self.path.stat().st_size < HEADER_BYTES
        except OSError as error:
            reason = error.strerror or str(error)
            raise LibraryUnavailable(
                f"cannot write the library folder {folder}: {reason}; "
                "choose another with --library or CARREL_LIBRARY"
            ) from error
        if is_truncated:  # SQLite would treat an empty file as a new database
            raise LibraryUnavailable(
                f"cannot open the library {self.path}: the file is empty or truncated; restore a "
                "backup of it, or delete it to create a new library"
            )
        try:
            self._migrate()
        except LibraryUnavailable:
            self.close()
            raise
        log.info(
            "opened %s, schema %d, SQLite %s", self.path, latest_version(), sqlite3.sqlite_version
        )

    def _open_for_reading(self) -> None:
        """Open a file that cannot be written, or a copy of it if it cannot be read as it is."""
        try:
            self._copy = readable_copy(self.path, latest_version())
        except (OSError, sqlite3.Error) as error:
            raise LibraryUnavailable(
                f"cannot read the library {self.path}: {error}; choose another with --library or "
                "CARREL_LIBRARY"
            ) from error
        if self._copy:
            self._file = Path(self._copy.name, self.path.name)
            self.read_only = False  # while the copy is migrated
        try:
            self._migrate()
        except LibraryUnavailable:
            self.close()
            raise
        self.read_only = True
        log.info("opened %s for reading", self.path)

    @property
    def connection(self) -> sqlite3.Connection:
        """The calling thread's connection."""
        return self._connections.current()

    def _connect(self) -> sqlite3.Connection:
        options = {
            "timeout": LOCK_TIMEOUT_S,
            "isolation_level": None,
            "check_same_thread": False,
        }
        if self.read_only and not self._copy:
            connection = connect_immutable(self.path, **options)
        else:
            connection = sqlite3.connect(self._file, **options)  # type: ignore[call-overload]
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            if not self.read_only:
                connection.execute("PRAGMA journal_mode = WAL")
            # FULL: a mark that was acknowledged is on the disk, even after a power failure.
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA cache_size = -{PAGE_CACHE_KIB}")
            connection.create_function("carrel_title_key", 1, _stored_title_key)
        except sqlite3.Error as error:
            connection.close()
            raise self.unavailable(error) from error
        return connection

    def unavailable(self, error: sqlite3.Error) -> LibraryUnavailable:
        """Return an error of SQLite as an exception with a suggested fix."""
        reason = str(error)
        if "readonly" in reason or "unable to open" in reason:
            fix = "make it writable, or choose another with --library or CARREL_LIBRARY"
        elif "locked" in reason or "busy" in reason:
            fix = "it is in use by another program; try again later"
        elif "full" in reason or "disk I/O" in reason:
            fix = "free some disk space and try again; the unfinished change was undone"
        else:
            fix = "restore a backup of it, or choose another with --library"
        return LibraryUnavailable(f"cannot use the library {self.path}: {reason}; {fix}")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run a block as one transaction, which is rolled back if the block raises.

        Raises LibraryUnavailable for errors of SQLite (full disk, lock, read-only folder).
        """
        connection = self.connection
        if connection.in_transaction:
            yield connection
            return
        if self.read_only:
            raise LibraryUnavailable(
                f"cannot use the library {self.path}: it is read-only; make it writable, or choose "
                "another with --library or CARREL_LIBRARY"
            )
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise self.unavailable(error) from error

    @contextmanager
    def temporary_copy(self) -> Iterator[Self]:
        """Yield a temporary copy of the database, to try out changes.

        Unlike a transaction that is rolled back, it does not block other writers.
        """
        with (
            tempfile.TemporaryDirectory(prefix="carrel-") as folder,
            closing(type(self)(Path(folder))) as copy,
        ):
            try:
                self.connection.backup(copy.connection)
            except sqlite3.Error as error:
                raise copy.unavailable(error) from error
            yield copy

    def _migrate(self) -> None:
        newest = latest_version()
        try:
            version = self.version()
        except sqlite3.Error as error:
            raise self.unavailable(error) from error
        if version > newest:
            raise LibraryUnavailable(
                f"cannot open the library {self.path}: it has schema {version} of a newer Carrel, "
                f"and this version supports up to {newest}; update Carrel"
            )
        if version < newest:
            with self.transaction() as connection:
                run_migrations(connection, self.path, with_backup=self._copy is None)

    def version(self) -> int:
        """Return the schema version: the number of migrations applied to the file."""
        return schema_version(self.connection)

    def meta(self, name: str) -> str:
        """Return a value of the library's metadata, or ""."""
        row = self.connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def set_meta(self, name: str, value: str) -> None:
        """Set a value of the library's metadata."""
        with self.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def clock(self, name: str) -> int:
        """Return the counter of changes of papers ('revision') or of 'marks'."""
        return int(self.meta(name) or 0)

    def tick(self, name: str) -> int:
        """Increment a counter in the current transaction and return it."""
        value = self.clock(name) + 1
        self.set_meta(name, str(value))
        return value

    def integrity(self) -> str:
        """Return "ok", or the first problem that SQLite finds in the file."""
        try:
            return str(self.connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
        except sqlite3.Error as error:
            return str(error)

    def ensure_intact(self) -> None:
        """Raise LibraryUnavailable if the file is damaged: marks written to it may be lost.

        The file is checked once a session, and not at all if no other program changed it since the
        last session that checked it: `checked` holds its size and time then.
        """
        if self._is_intact or self._was_checked():
            self._is_intact = True
            return
        problem = one_line(self.integrity())
        if problem == "ok" and (strays := self.dangling_references()):
            problem = f"orphaned rows in {', '.join(strays)}"
        if problem != "ok":
            raise LibraryUnavailable(
                f"cannot change the library {self.path}: the database is damaged ({problem}); run "
                "carrel doctor, which says how to save the marks"
            )
        self._is_intact = True

    def _was_checked(self) -> bool:
        try:
            return bool(self.checked and self.checked.read_text() == self._file_stamp())
        except OSError:
            return False

    def _file_stamp(self) -> str:
        status = self.path.stat()
        return f"{status.st_size} {status.st_mtime_ns}"

    def dangling_references(self) -> dict[str, int]:
        """Return the number of rows of each table that refer to a missing row."""
        rows = self.connection.execute("PRAGMA foreign_key_check").fetchall()
        return dict(Counter(row[0] for row in rows))

    def backups(self) -> list[Path]:
        """Return the backups created before migrations, newest first."""
        return list_backups(self.path)

    def close(self) -> None:
        """Close the connections of all threads."""
        self._connections.close()
        if self._copy:
            self._copy.cleanup()
            self._copy = None
        if self._is_intact and self.checked:
            with suppress(OSError):
                create_private_folder(self.checked.parent)
                self.checked.write_text(self._file_stamp())


def _stored_title_key(title: str) -> str:
    """Return the key of a stored title, for migrations."""
    return title_key(readable(title))


def now() -> str:
    """Return the current time in UTC, to the second, in ISO 8601."""
    return min(datetime.now(UTC).replace(microsecond=0).isoformat(), LATEST_TIME)


def chunks(keys: Iterable[K]) -> Iterator[list[K]]:
    """Yield keys in lists of at most `CHUNK_KEYS`, for one statement each."""
    every = list(keys)
    for start in range(0, len(every), CHUNK_KEYS):
        yield every[start : start + CHUNK_KEYS]


def placeholders(values: Sequence[object]) -> str:
    """Return a placeholder for each value: `?, ?, ?`."""
    return ", ".join("?" * len(values))
