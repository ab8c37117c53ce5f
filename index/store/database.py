"""The database file: connections, transactions, and how it comes to the schema of today."""

import logging
import os
import sqlite3
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, TypeVar
from uuid import uuid4

from index.errors import LibraryUnavailable
from index.store.backups import create_backup, list_backups
from index.store.schema import MIGRATIONS, statements

log = logging.getLogger(__name__)

FILE_NAME = "carrel.db"

NEW_FILE_PREFIX = f".{FILE_NAME}.new-"
"""How the name of a file begins that is to be a database."""

HEADER_BYTES = 100
"""Bytes that every database begins with: https://www.sqlite.org/fileformat.html#the_database_header"""

LATEST_TIME = "8999-12-31T00:00:00+00:00"
"""The last moment that a clock is believed; what is done after what is known comes behind it."""

LOCK_TIMEOUT_S = 20.0
"""Seconds to wait for another program that writes."""

K = TypeVar("K", bound=int)

PAGE_CACHE_KIB = 2048
"""Memory for pages that each connection may hold, and there is one for each thread.

Pages that a connection does not hold come from the system's file cache, which all threads share: a
cache of 32 MiB made neither reads nor imports of 60,000 papers measurably faster. The file is not
mapped into memory instead, since an error of the disk would then end the process.
"""

CHUNK_KEYS = 500
"""Keys bound to one statement; SQLite takes at least 999."""


class Database:
    """One SQLite file, with a connection for each thread that asks.

    Raises LibraryUnavailable where the folder cannot be made or written, the file is no database,
    or a newer Carrel made it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.session = uuid4().hex  # whose changes are undone first here
        self.path = folder / FILE_NAME
        self._connections: dict[threading.Thread, sqlite3.Connection] = {}
        self._connecting = threading.Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not self.path.exists():
                self._create_file()
            cut_off = self.path.stat().st_size < HEADER_BYTES
        except OSError as error:
            reason = error.strerror or str(error)
            raise LibraryUnavailable(
                f"the library folder {folder} cannot be written ({reason}); "
                "choose another with --library or CARREL_LIBRARY"
            ) from error
        if cut_off:  # none is ever made so, and SQLite takes an empty one for new
            raise LibraryUnavailable(
                f"the library {self.path} is empty or cut off, as a fault of the disk leaves a "
                "file; put a copy of it in its place, or remove it to begin anew"
            )
        try:
            self._migrate()
        except LibraryUnavailable:
            self.close()
            raise
        log.info(
            "opened %s, schema %d, SQLite %s", self.path, len(MIGRATIONS), sqlite3.sqlite_version
        )

    def _create_file(self) -> None:
        """Make the file, private and never empty; its schema comes by migration.

        Raises OSError.
        """
        handle, name = tempfile.mkstemp(prefix=NEW_FILE_PREFIX, dir=self.folder)
        os.close(handle)
        try:
            with closing(sqlite3.connect(name)) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
            with suppress(FileExistsError, FileNotFoundError):  # another was here first
                os.link(name, self.path)
        except sqlite3.Error as error:
            raise OSError(None, str(error)) from error
        except OSError:  # a file system without links
            if not self.path.exists():
                Path(name).rename(self.path)
        finally:
            Path(name).unlink(missing_ok=True)

    @property
    def connection(self) -> sqlite3.Connection:
        """The calling thread's connection."""
        thread = threading.current_thread()
        connection = self._connections.get(thread)
        if connection is None:
            with self._connecting:
                self._close([known for known in self._connections if not known.is_alive()])
                connection = self._connections[thread] = self._connect()
        return connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=LOCK_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA journal_mode = WAL")
            # FULL: a mark that was acknowledged is on the disk, whatever happens to the power.
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA cache_size = -{PAGE_CACHE_KIB}")
        except sqlite3.Error as error:
            connection.close()
            raise self.unavailable(error) from error
        return connection

    def unavailable(self, error: sqlite3.Error) -> LibraryUnavailable:
        """Return what SQLite says as a fault of the library, with its mend."""
        reason = str(error)
        if "readonly" in reason or "unable to open" in reason:
            mend = "make it writable, or choose another with --library or CARREL_LIBRARY"
        elif "locked" in reason or "busy" in reason:
            mend = "another program holds it; try again when that has ended"
        elif "full" in reason or "disk I/O" in reason:
            mend = "make room on the disk and try again; what was not finished was taken back"
        else:
            mend = "put a copy of it in its place, or choose another with --library"
        return LibraryUnavailable(f"the library {self.path} cannot be used ({reason}); {mend}")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run a block as one transaction: all of it is kept, or nothing.

        Raises LibraryUnavailable for what SQLite refuses (full disk, lock, read-only folder).
        """
        connection = self.connection
        if connection.in_transaction:
            yield connection
            return
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
        """Yield a copy of the database to try something on; it is gone afterwards.

        A transaction taken back would do too, but keep every other writer waiting.
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
        newest = len(MIGRATIONS)
        try:
            version = self.version()
        except sqlite3.Error as error:
            raise self.unavailable(error) from error
        if version > newest:
            raise LibraryUnavailable(
                f"the library {self.path} was made by a newer Carrel (schema {version}, this "
                f"one knows {newest}); update Carrel to open it"
            )
        if version < newest:
            with self.transaction() as connection:
                self._run_migrations(connection)

    def _run_migrations(self, connection: sqlite3.Connection) -> None:
        """Take the steps that are still to be taken, a copy kept before the first of them."""
        version = self.version()  # another process may have taken them meanwhile
        if version == len(MIGRATIONS):
            return
        kept = ""
        log.info("migrating %s from schema %d to %d", self.path, version, len(MIGRATIONS))
        try:
            if version:
                kept = f"; a copy of it is kept as {create_backup(self.path, version)}"
            else:
                for left in self.folder.glob(f"{NEW_FILE_PREFIX}*"):  # by a process that was killed
                    left.unlink(missing_ok=True)
            for number, script in enumerate(MIGRATIONS[version:], version + 1):
                for statement in statements(script):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")
                log.debug("schema %d is in place", number)
        except (sqlite3.Error, OSError) as error:
            if not version and isinstance(error, sqlite3.Error):
                raise
            raise LibraryUnavailable(
                f"the library {self.path} cannot be brought to schema {len(MIGRATIONS)} ({error}); "
                f"it is as it was at schema {version}, for the Carrel before this one{kept}"
            ) from error

    def version(self) -> int:
        """Return the number of migrations that the file has been through."""
        return int(self.connection.execute("PRAGMA user_version").fetchone()[0])

    def meta(self, name: str) -> str:
        """Return a value the library keeps about itself, "" where it keeps none by that name."""
        row = self.connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def set_meta(self, name: str, value: str) -> None:
        """Keep a value about the library itself."""
        with self.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def clock(self, name: str) -> int:
        """Return a counter that grows with each change: of papers ('revision') or of 'marks'."""
        return int(self.meta(name) or 0)

    def tick(self, name: str) -> int:
        """Advance a counter inside the current transaction and return it."""
        value = self.clock(name) + 1
        self.set_meta(name, str(value))
        return value

    def integrity(self) -> str:
        """Return "ok", or what SQLite finds wrong with the file."""
        try:
            return str(self.connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
        except sqlite3.Error as error:
            return str(error)

    def dangling_references(self) -> dict[str, int]:
        """Return how many rows of each table refer to what is not there."""
        rows = self.connection.execute("PRAGMA foreign_key_check").fetchall()
        return dict(Counter(row[0] for row in rows))

    def backups(self) -> list[Path]:
        """Return the copies kept before the schema changed, the newest first."""
        return list_backups(self.path)

    def close(self) -> None:
        """Close every thread's connection."""
        with self._connecting:
            self._close(list(self._connections))

    def _close(self, threads: Iterable[threading.Thread]) -> None:
        for thread in threads:
            with suppress(sqlite3.Error):
                self._connections.pop(thread).close()


def now() -> str:
    """Return this moment in UTC, to the second, as ISO 8601."""
    return min(datetime.now(UTC).replace(microsecond=0).isoformat(), LATEST_TIME)


def chunks(keys: Iterable[K]) -> Iterator[list[K]]:
    """Yield keys in lists short enough to be bound to one statement."""
    every = list(keys)
    for start in range(0, len(every), CHUNK_KEYS):
        yield every[start : start + CHUNK_KEYS]


def placeholders(values: Sequence[object]) -> str:
    """Return the placeholders for as many values: `?, ?, ?`."""
    return ", ".join("?" * len(values))
