"""The kept files: exports that are written again when the papers of their query change."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index.store.database import Database


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that holds the papers of a query.

    `options` are the parts of the style of the export that differ from the configuration. `papers`
    is the number of papers last written, at the time `written`; `digest` is the SHA-256 of that
    text, and `writing` that of a text that may have replaced it before Carrel was killed. `checked`
    is the state of the library and the file when they were last compared, and `problem` is why the
    file could not be written then, or "".
    """

    path: Path
    query: str
    format: str
    options: Mapping[str, bool | str] = field(default_factory=dict)
    papers: int = 0
    written: str = ""
    digest: str = ""
    writing: str = ""
    checked: str = ""
    problem: str = ""


_COLUMNS = "path, query, format, options, papers, written, digest, writing, checked, problem"


class KeptFileStore:
    """Stores the kept files by path."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def all(self) -> list[KeptFile]:
        """Return all kept files, sorted by path."""
        rows = self.database.connection.execute(f"SELECT {_COLUMNS} FROM kept_file ORDER BY path")
        return [
            KeptFile(Path(os.fsdecode(path)), query, form, json.loads(options), *rest)
            for path, query, form, options, *rest in rows
        ]

    def get(self, path: Path) -> KeptFile | None:
        """Return the kept file at a path, or None."""
        return next((file for file in self.all() if file.path == path), None)

    def put(self, file: KeptFile) -> None:
        """Store a kept file, replacing one of the same path."""
        with self.database.transaction() as connection:
            connection.execute(
                f"INSERT OR REPLACE INTO kept_file ({_COLUMNS}) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    os.fsencode(file.path),
                    file.query,
                    file.format,
                    json.dumps(dict(file.options), sort_keys=True),
                    file.papers,
                    file.written,
                    file.digest,
                    file.writing,
                    file.checked,
                    file.problem,
                ),
            )

    def remove(self, path: Path) -> None:
        """Remove a kept file, not the file itself."""
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM kept_file WHERE path = ?", (os.fsencode(path),))
