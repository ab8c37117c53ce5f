"""The records of papers: the values from each source, and the reader's edits.

A paper with one record has no row here: its own row is the record. Of several, each row has the
columns that differ from the paper's, so that an equal record takes a few bytes. The row of a paper
is the combination of its active records (`index.papers.records`), and is written again whenever
these change. Records become inactive when the reader takes them out of their paper, and have all
their columns then.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from index.papers.identity import identity
from index.papers.paper import Paper, PaperKey, SourceRef
from index.papers.records import BY_HAND, SourceRecord, combine, content
from index.store.database import Database, now
from index.store.rows import ASSIGNMENTS, COLUMNS, DERIVED, FIELDS, column_values, paper_of
from index.store.sources import SourceStore

Columns = dict[str, object]

CONTENT = tuple(name for name in FIELDS if name not in DERIVED)

_NO_DIFFERENCES = "{}"
"""Body and id of a record that equals its paper."""

_ROW = f"SELECT {COLUMNS}, added, key FROM paper WHERE key = ?"
_RECORDS = "SELECT key, edits, rule, added, sources, body, id FROM record WHERE paper = ?"


@dataclass(frozen=True, slots=True)
class Edit:
    """The values that the reader set, by column; they take precedence over those of records."""

    columns: Columns
    added: str
    key: int = 0


class RecordStore:
    """Reads and writes the records of papers."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._sources = SourceStore(database)

    # -- reading -----------------------------------------------------------------------------------

    def of(self, key: PaperKey) -> list[SourceRecord]:
        """Return the active records of a paper, in the order in which they came."""
        return self._read(key)[0]

    def of_paper(self, paper: Paper) -> list[SourceRecord]:
        """Return the active records of a paper that was read with its sources."""
        return self.of(paper.key) if self.has_rows(paper.key) else [sole_record(paper)]

    def edits(self, key: PaperKey) -> list[Edit]:
        """Return the active edits of a paper, in the order in which they were made."""
        return self._read(key)[1]

    def inactive(self, key: PaperKey) -> list[SourceRecord]:
        """Return the records that a paper had when it was removed."""
        rows = self.database.connection.execute(f"{_RECORDS} AND NOT active ORDER BY key", (key,))
        return [self._record(row, {}) for row in rows.fetchall() if not row[1]]

    def has_descriptions(self, key: PaperKey) -> bool:
        """Return whether a paper whose records have rows has one besides edits."""
        query = "SELECT 1 FROM record WHERE paper = ? AND active AND NOT edits LIMIT 1"
        return self.database.connection.execute(query, (key,)).fetchone() is not None

    def has_rows(self, key: PaperKey) -> bool:
        """Return whether a paper has several records, or edits."""
        query = "SELECT 1 FROM record WHERE paper = ? AND active LIMIT 1"
        return self.database.connection.execute(query, (key,)).fetchone() is not None

    def _read(self, key: PaperKey) -> tuple[list[SourceRecord], list[Edit]]:
        run = self.database.connection.execute
        rows = run(f"{_RECORDS} AND active ORDER BY key", (key,)).fetchall()
        row = run(_ROW, (key,)).fetchone()
        if row is None:
            return [], []
        if not rows:
            return [SourceRecord(paper_of(row, (), []), self._sources.of(key), "", row[-2])], []
        own = dict(zip(FIELDS, row, strict=False))
        records = [self._record(each, own) for each in rows if not each[1]]
        edits = [Edit(json.loads(each[5]), each[3], each[0]) for each in rows if each[1]]
        return records, edits

    def _record(self, row: tuple[object, ...], own: Columns) -> SourceRecord:
        key, _, rule, added, sources, body, own_id = row
        columns = {**own, **json.loads(str(body))}
        columns["id"] = own_id or columns.get("id", "")
        paper = paper_of((*(columns.get(name, "") for name in FIELDS), added, 0), (), [])
        refs = self._sources.refs(json.loads(str(sources)))
        return SourceRecord(paper, refs, str(rule), str(added), int(str(key)))

    # -- writing -----------------------------------------------------------------------------------

    def materialize(self, key: PaperKey) -> list[int]:
        """Give a paper with one record a row for it; return the keys of all records and edits."""
        if not self.has_rows(key):
            (record,) = self.of(key)
            self._insert(key, record, {}, "")
        query = "SELECT key FROM record WHERE paper = ? AND active ORDER BY key"
        return [row[0] for row in self.database.connection.execute(query, (key,))]

    def join(self, known: Paper, record: SourceRecord, revision: int) -> tuple[bool, int]:
        """Add a record to a paper; return whether the paper changed, and the record's key."""
        key = known.key
        if not self.has_rows(key) and _says_nothing_new(known, record):
            for each in (sole_record(known), record):
                number = self._insert(key, each, {}, "")
            return False, number
        records, edits = self._read(key)
        row = self.database.connection.execute(_ROW, (key,)).fetchone()
        before = dict(zip(FIELDS, row, strict=False))
        paper = self._combined(key, [*records, record], edits)
        values = dict(zip(FIELDS, column_values(paper, identity(paper)), strict=True))
        if changed := values != before:
            self._write(key, values, revision)
        for each in records:
            if not each.key:
                self._shorten(replace(each, key=self._insert(key, each, {}, "")), values)
            elif changed:
                self._shorten(each, values)
        number = self._insert(key, record, {}, "")
        self._shorten(replace(record, key=number), values)
        self._hold(key, [*records, record])
        return changed, number

    def append(self, key: PaperKey, record: SourceRecord) -> int:
        """Add a record to a paper and return its key; `rewrite` must follow."""
        self.materialize(key)
        return self._insert(key, record, content_columns(record.paper), record.paper.id)

    def append_edit(self, key: PaperKey, columns: Columns, *, active: bool) -> int:
        """Add an edit to a paper and return its key; `rewrite` must follow."""
        self.materialize(key)
        cursor = self.database.connection.execute(
            "INSERT INTO record (paper, active, edits, rule, added, sources, body, id) "
            "VALUES (?, ?, 1, '', ?, '[]', ?, '')",
            (key, active, now(), _dump(columns)),
        )
        return int(cursor.lastrowid or 0)

    def _insert(self, key: PaperKey, record: SourceRecord, body: Columns, own_id: str) -> int:
        """Insert a row for a record with some columns and an id; return its key."""
        cursor = self.database.connection.execute(
            "INSERT INTO record (paper, active, edits, rule, added, sources, body, id) "
            "VALUES (?, 1, 0, ?, ?, ?, ?, ?)",
            (
                key,
                record.rule,
                record.added or now(),
                _dump([[self._sources.key(ref.name), ref.position] for ref in record.sources]),
                _dump(body),
                own_id,
            ),
        )
        return int(cursor.lastrowid or 0)

    def reserve(self, wanted_id: str, added: str) -> PaperKey:
        """Return the key of a new paper, whose records are yet to come."""
        connection = self.database.connection
        connection.execute("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'paper'")
        query = "SELECT seq FROM sqlite_sequence WHERE name = 'paper'"
        key = PaperKey(connection.execute(query).fetchone()[0])
        connection.execute("INSERT INTO gone VALUES (?, ?, ?, 0)", (key, wanted_id, added or now()))
        return key

    def move(self, key: PaperKey, target: PaperKey) -> list[tuple[int, str, int]]:
        """Move the records of a paper to another one, merged by hand; `rewrite` must follow.

        Returns key, rule and kind of each, for `move_back`. Edits become inactive.
        """
        connection = self.database.connection
        self.materialize(target)
        keys = self.materialize(key)
        self.absolute(keys, key)
        moved = connection.execute(
            "SELECT key, rule, edits FROM record WHERE paper = ? AND active ORDER BY key", (key,)
        ).fetchall()
        connection.execute("UPDATE record SET active = 0 WHERE paper = ? AND edits", (key,))
        connection.execute(
            "UPDATE record SET paper = ?, rule = ? WHERE paper = ? AND active",
            (target, BY_HAND, key),
        )
        return moved

    def move_back(
        self, moved: Iterable[tuple[int, str, int]], key: PaperKey, target: PaperKey
    ) -> None:
        """Undo `move` for the records that the target still has; `rewrite` must follow."""
        rows = list(moved)
        self.absolute([record for record, _, _ in rows], target)
        for record, rule, edits in rows:
            self.database.connection.execute(
                "UPDATE record SET paper = ?, rule = ?, active = 1 "
                "WHERE key = ? AND edits = ? AND (edits OR (active AND paper = ?))",
                (key, rule, record, edits, target),
            )

    def absolute(self, records: Iterable[int], key: PaperKey) -> None:
        """Write all columns of active records of a paper, before these or the paper change."""
        wanted = set(records)
        for record in self.of(key):
            if record.key in wanted:
                self._write_whole(record)

    def _write_whole(self, record: SourceRecord) -> None:
        """Write a record with all its columns."""
        paper, keys = record.paper, identity(record.paper)
        self.database.connection.execute(
            "UPDATE record SET body = ?, id = ?, arxiv_key = ?, doi_key = ?, title_key = ? "
            "WHERE key = ?",
            (_dump(content_columns(paper)), paper.id, keys.arxiv or None, keys.doi or None,
             keys.title, record.key),
        )  # fmt: skip

    def remove_source(self, source: int, revision: int) -> None:
        """Remove the values of one source from papers that other sources also describe."""
        rows = self.database.connection.execute(
            "SELECT DISTINCT holding.paper FROM holding JOIN record USING (paper) "
            "WHERE source = ? AND active",
            (source,),
        )
        for (key,) in rows.fetchall():
            self._remove_source(key, source, revision)

    def _remove_source(self, key: PaperKey, source: int, revision: int) -> None:
        run = self.database.connection.execute
        query = "SELECT key, sources, body || id FROM record WHERE paper = ? AND active"
        others: list[str] = []
        dropped: list[int] = []
        for record, sources, differences in run(query, (key,)).fetchall():
            pairs = json.loads(sources)
            refs = [pair for pair in pairs if pair[0] != source]
            if pairs and not refs:
                dropped.append(record)
                continue
            others.append(differences)
            if refs != pairs:
                run("UPDATE record SET sources = ? WHERE key = ?", (_dump(refs), record))
        edits = "SELECT count(*) FROM record WHERE paper = ? AND active AND edits"
        if len(others) == run(edits, (key,)).fetchone()[0]:
            return  # the paper is deleted, or remains as it is for its marks
        for record in dropped:
            run("DELETE FROM record WHERE key = ?", (record,))
        if any(differences != _NO_DIFFERENCES for differences in others):
            self.rewrite(key, revision)

    def delete_orphans(self) -> None:
        """Delete the records of papers that were deleted and cannot return."""
        self.database.connection.execute(
            "DELETE FROM record WHERE paper NOT IN (SELECT key FROM paper) "
            "AND paper NOT IN (SELECT key FROM gone) AND paper NOT IN (SELECT key FROM merged)"
        )

    def _combined(
        self, key: PaperKey, records: Sequence[SourceRecord], edits: Sequence[Edit]
    ) -> Paper:
        row = self.database.connection.execute(_ROW, (key,)).fetchone()
        paper = combine(records, row[0])
        columns = content_columns(paper)
        for edit in edits:
            columns |= edit.columns
        values = {**columns, "id": row[0]}
        return paper_of((*(values.get(name, "") for name in FIELDS), row[-2], key), (), [])

    def rewrite(self, key: PaperKey, revision: int) -> bool:
        """Write the row of a paper again from its records; return whether it changed.

        The rows of records must have all their columns, or those that differ from the paper's row
        as it is: they are shortened to those that differ from the new one.
        """
        connection = self.database.connection
        records, edits = self._read(key)
        paper = self._combined(key, records, edits)
        before = dict(zip(FIELDS, connection.execute(_ROW, (key,)).fetchone(), strict=False))
        values = dict(zip(FIELDS, column_values(paper, identity(paper)), strict=True))
        changed = before != values
        if changed:
            self._write(key, values, revision)
        for record in records:
            if record.key:
                self._shorten(record, values)
        self._hold(key, records)
        return changed

    def revise(self, key: PaperKey, change: Callable[[Paper], Paper], revision: int) -> bool:
        """Change what all records of a paper say; return whether the paper changed."""
        records, _ = self._read(key)
        if not self.has_rows(key):
            paper = change(records[0].paper)
            values = dict(zip(FIELDS, column_values(paper, identity(paper)), strict=True))
            self._write(key, values, revision)
            return paper != records[0].paper
        for record in records:
            changed = replace(record, paper=change(record.paper))
            self._write_whole(changed)
        return self.rewrite(key, revision)

    def _write(self, key: PaperKey, values: Columns, revision: int) -> None:
        self.database.connection.execute(
            f"UPDATE paper SET {ASSIGNMENTS}, revision = ? WHERE key = ?",
            (*values.values(), revision, key),
        )

    def _shorten(self, record: SourceRecord, own: Columns) -> None:
        """Write a record as its differences from the row of its paper."""
        columns = content_columns(record.paper)
        body = {name: value for name, value in columns.items() if value != own[name]}
        keys = identity(record.paper)
        self.database.connection.execute(
            "UPDATE record SET body = ?, id = ?, arxiv_key = ?, doi_key = ?, title_key = ? "
            "WHERE key = ?",
            (
                _dump(body),
                "" if record.paper.id == own["id"] else record.paper.id,
                _differs(keys.arxiv, own["arxiv_key"]),
                _differs(keys.doi, own["doi_key"]),
                _differs(keys.title, own["title_key"]),
                record.key,
            ),
        )

    def _hold(self, key: PaperKey, records: Sequence[SourceRecord]) -> None:
        """Set the sources of a paper to those of its records."""
        refs: dict[str, SourceRef] = {}
        for record in records:
            for ref in record.sources:
                if ref.name not in refs or refs[ref.name].position is None:
                    refs[ref.name] = ref
        self._sources.replace(key, refs.values())


def sole_record(paper: Paper) -> SourceRecord:
    """Return the record of a paper that has no other."""
    return SourceRecord(paper, paper.sources, added=paper.added)


def _says_nothing_new(known: Paper, record: SourceRecord) -> bool:
    """Return whether a record has the content of a paper, and an id that is the paper's or none."""
    new = record.paper
    return new.id in ("", known.id) and not new.known_as and record.content == content(known)


def edited_paper(edit: Edit) -> Paper:
    """Return a paper with nothing but the values of an edit."""
    empty = {**content_columns(Paper("")), **edit.columns, "id": ""}
    return paper_of((*(empty.get(name, "") for name in FIELDS), edit.added, 0), (), [])


def content_columns(paper: Paper, *, whole: bool = False) -> Columns:
    """Return the columns of a paper's content: without its id and the columns derived.

    With `whole`, each can be read without the others.
    """
    values = dict(zip(FIELDS, column_values(paper, identity(paper), whole=whole), strict=True))
    return {name: values[name] for name in CONTENT if name != "id"}


def _differs(value: str, own: object) -> str | None:
    return value if value and value != own else None


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
