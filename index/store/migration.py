"""Migration of a database to the schema of this version, after a backup."""

import logging
import sqlite3
from pathlib import Path

from index.errors import LibraryUnavailable
from index.store.access import remove_unfinished_files
from index.store.backups import create_backup
from index.store.schema import MIGRATIONS, statements

log = logging.getLogger(__name__)


def latest_version() -> int:
    """Return the schema version of this version of Carrel."""
    return len(MIGRATIONS)


def schema_version(connection: sqlite3.Connection) -> int:
    """Return the schema version: the number of migrations applied to the file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def run_migrations(connection: sqlite3.Connection, path: Path, *, with_backup: bool) -> None:
    """Run the pending migrations in the current transaction, after a backup of the file.

    Raises LibraryUnavailable, or sqlite3.Error for a new file.
    """
    version = schema_version(connection)  # another process may have run them in the meantime
    if version == latest_version():
        return
    backup = ""
    log.info("migrating %s from schema %d to %d", path, version, latest_version())
    try:
        if not version:
            remove_unfinished_files(path)
        elif with_backup:
            backup = f"; its backup is {create_backup(path, version)}"
        for number, script in enumerate(MIGRATIONS[version:], version + 1):
            for statement in statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
            log.debug("migrated to schema %d", number)
    except (sqlite3.Error, OSError) as error:
        if not version and isinstance(error, sqlite3.Error):
            raise
        raise LibraryUnavailable(
            f"cannot migrate the library {path} to schema {latest_version()}: {error}; it "
            f"is unchanged, and the previous version of Carrel can open it{backup}"
        ) from error
