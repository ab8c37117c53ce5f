"""Migrations: older schemas are migrated after a backup."""

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from index import Library, Paper
from index.errors import LibraryUnavailable
from index.formats import USUAL
from index.marks.changes import Bookmark
from index.store import backups, migration
from index.store.database import FILE_NAME, Database
from index.store.schema import MIGRATIONS

BROKEN = "CREATE TABLE half (made TEXT);\nINSERT INTO nowhere VALUES (1);\n"


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def old(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database of schema 1 with a bookmarked paper."""
    with monkeypatch.context() as first:
        first.setattr(migration, "MIGRATIONS", MIGRATIONS[:1])
        with closing(Database(folder)) as connected, connected.transaction() as connection:
            columns = "title, abstract, authors, et_al, venue, url, urls, arxiv_id, doi, keywords"
            connection.execute(
                f"INSERT INTO paper (id, {columns}, categories, code, added, title_key, revision) "
                "VALUES ('one', 'One', '', '', 0, '', '', '', '', '', '', '', 0, "
                "'2024-01-01T00:00:00+00:00', 'one', 1)"
            )
            connection.execute(
                "INSERT INTO mark VALUES (1, 'bookmark', '', '2024-01-02T00:00:00+00:00')"
            )
    return folder / FILE_NAME


@pytest.fixture
def copy(old: Path) -> Path:
    return old.with_name(f"{FILE_NAME}.v1-backup")


def test_open_old_library_preserves_marks(old: Path) -> None:
    with Library.open(old.parent) as library:
        assert library.papers(["one"])[0].bookmarked
        library.add([Paper("Two")], "page")
        assert library.apply(Bookmark(("two",))).papers == 1
        library.saved.add("all", "one")
        assert [each.count for each in library.saved.counts()] == [1]
    assert rows(old, "PRAGMA user_version") == [(len(MIGRATIONS),)]


def test_open_old_library_keeps_files(old: Path, tmp_path: Path) -> None:
    with Library.open(old.parent) as library:
        assert library.kept.all() == []
        assert library.kept.add(tmp_path / "a.bib", "bibtex", USUAL).papers == 1
    with Library.open(old.parent) as library:
        assert [file.query for file in library.kept.all()] == ["is:bookmarked"]


def test_migrate_saved_search_visited_is_time_saved(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as second:
        second.setattr(migration, "MIGRATIONS", MIGRATIONS[:2])
        with closing(Database(old.parent)) as connected, connected.transaction() as connection:
            connection.execute(
                "INSERT INTO saved (name, folded, query, made, position, seen) "
                "VALUES ('all', 'all', 'one', '2024-01-03T00:00:00+00:00', 1, 1)"
            )
    with Library.open(old.parent) as library:
        (line,) = library.dumps.dump().searches
        assert json.loads(line)["visited"] == "2024-01-03T00:00:00+00:00"
        assert [each.new for each in library.saved.counts()] == [0]


def test_migrate_creates_private_backup(old: Path, copy: Path) -> None:
    Database(old.parent).close()
    assert rows(copy, "PRAGMA user_version") == [(1,)]
    assert rows(copy, "PRAGMA integrity_check") == [("ok",)]
    assert rows(copy, "SELECT paper, kind FROM mark") == [(1, "bookmark")]
    assert copy.stat().st_mode & 0o777 == 0o600


def test_open_current_schema_creates_no_backup(folder: Path) -> None:
    for _ in range(2):
        Database(folder).close()
    assert list(folder.glob("*backup*")) == []


def test_backup_includes_write_ahead_log(old: Path, copy: Path) -> None:
    with closing(sqlite3.connect(old)) as reader:
        reader.execute("INSERT INTO mark VALUES (1, 'read', '', '')")
        reader.commit()
        assert old.with_name(f"{FILE_NAME}-wal").stat().st_size > 0
        Database(old.parent).close()
    assert rows(copy, "SELECT kind FROM mark ORDER BY kind") == [("bookmark",), ("read",)]


def test_migrate_error_changes_nothing_and_names_backup(
    old: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration, "MIGRATIONS", (*MIGRATIONS, BROKEN))
    with pytest.raises(LibraryUnavailable) as raised:
        Database(old.parent)
    assert f"schema {len(MIGRATIONS) + 1}: no such table: nowhere" in str(raised.value)
    assert "it is unchanged, and the previous version of Carrel can open it" in str(raised.value)
    assert str(copy) in str(raised.value)
    assert rows(old, "PRAGMA user_version") == [(1,)]
    assert rows(old, "SELECT name FROM sqlite_master WHERE name IN ('saved', 'half')") == []
    assert rows(old, "SELECT paper, kind FROM mark") == [(1, "bookmark")]
    monkeypatch.undo()
    with Library.open(old.parent) as library:
        assert library.papers(["one"])[0].bookmarked


def test_migrate_without_backup_changes_nothing(old: Path, copy: Path) -> None:
    copy.mkdir()  # prevents the backup
    with pytest.raises(LibraryUnavailable, match="it is unchanged"):
        Database(old.parent)
    assert rows(old, "PRAGMA user_version") == [(1,)]
    assert list(old.parent.glob(f".{copy.name}.*")) == []


def test_create_backup_deletes_old_and_partial_backups(old: Path) -> None:
    left = old.with_name(f".{FILE_NAME}.v2-backup.x.part")
    left.touch()
    created = [backups.create_backup(old, version) for version in range(4, 10)]
    assert backups.list_backups(old) == created[: -backups.MAX_BACKUPS - 1 : -1]
    assert not left.exists()


def test_open_concurrently_migrates_once(old: Path, copy: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        for opened in pool.map(Database, [old.parent] * 2):
            assert opened.version() == len(MIGRATIONS)
            opened.close()
    assert rows(copy, "PRAGMA user_version") == [(1,)]
