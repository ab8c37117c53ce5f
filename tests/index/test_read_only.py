"""A library that cannot be written opens for reading, and a damaged one takes no marks."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index import Library, Paper
from index.errors import LibraryUnavailable
from index.marks.changes import Bookmark
from index.store import migration
from index.store.database import FILE_NAME, Database
from index.store.schema import MIGRATIONS

PAPERS = [Paper("Deep nets for cold lakes", id="lakes"), Paper("A desk for reading", id="desk")]


def protect(folder: Path) -> None:
    (folder / FILE_NAME).chmod(0o444)
    folder.chmod(0o555)


@pytest.fixture
def protected(folder: Path) -> Path:
    """The folder of a library that nobody may write."""
    with Library.open(folder) as library:
        library.add(PAPERS, "page")
        library.apply(Bookmark(("desk",)))
        library.saved.add("all", "lakes")
    protect(folder)
    return folder


def test_read_only_library_is_searched_and_exported(protected: Path) -> None:
    before = sorted(path.name for path in protected.iterdir())
    with Library.open(protected) as library:
        assert library.read_only
        assert [hit.id for hit in library.search("lakes").hits] == ["lakes"]
        assert library.papers(["desk"])[0].bookmarked
        assert "@" in "".join(library.export(["lakes"], "bibtex"))
        library.history.add("lakes")
        assert library.saved.visit("all").count == 1
        assert not library.add_starter_shelf()
        assert list(library.dumps.dump().lines())
        assert library.duplicates.find() == []
    assert sorted(path.name for path in protected.iterdir()) == before


def test_change_of_read_only_library_is_refused(protected: Path, tmp_path: Path) -> None:
    with Library.open(protected) as library:
        for change in (
            lambda: library.apply(Bookmark(("lakes",))),
            lambda: library.add(PAPERS, "other"),
            lambda: library.undo(),
            lambda: library.saved.add("new", "x"),
        ):
            with pytest.raises(LibraryUnavailable, match="it is read-only; make it writable"):
                change()


def test_read_only_library_of_older_schema_is_read_from_a_copy(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(migration, "MIGRATIONS", MIGRATIONS[:-1])
        Database(folder).close()
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    protect(folder)
    before = (folder / FILE_NAME).read_bytes()
    with Library.open(folder) as library:
        assert library.read_only
        assert library.count() == 0
        with pytest.raises(LibraryUnavailable, match="read-only"):
            library.add(PAPERS, "page")
    assert (folder / FILE_NAME).read_bytes() == before
    assert [path.name for path in folder.iterdir()] == [FILE_NAME]


def test_read_only_library_with_a_log_is_read_with_its_last_changes(
    folder: Path, tmp_path: Path
) -> None:
    copied = tmp_path / "copied"
    with Library.open(folder) as library:
        library.add(PAPERS, "page")
        shutil.copytree(folder, copied)
    assert (copied / f"{FILE_NAME}-wal").stat().st_size
    protect(copied)
    with Library.open(copied) as library:
        assert library.count() == 2
        assert library.read_only


def test_damaged_database_takes_no_marks(folder: Path) -> None:
    with Library.open(folder) as library:
        library.add([*PAPERS, *(Paper(f"Paper {n} " + "x" * 500) for n in range(200))], "page")
    path = folder / FILE_NAME
    content = bytearray(path.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    content[size * 20 : size * 21] = bytes(size)
    path.write_bytes(content)
    with Library.open(folder) as library:
        (check,) = (check for check in library.doctor.check() if check.name == "database")
        assert not check.passed
        with pytest.raises(LibraryUnavailable, match=r"the database is damaged \(.*run carrel doc"):
            library.apply(Bookmark(("desk",)))
        with pytest.raises(LibraryUnavailable, match="the database is damaged"):
            library.editing.remove(library.keys(["desk"]))


def test_database_whose_index_misses_papers_takes_no_marks(folder: Path) -> None:
    with Library.open(folder) as library:
        library.add(PAPERS, "page")
    known = "FROM sqlite_master WHERE name = 'paper_year'"
    with closing(sqlite3.connect(folder / FILE_NAME)) as database:
        database.execute("PRAGMA writable_schema = ON")
        (row,) = database.execute(f"SELECT * {known}").fetchall()
        database.execute(f"DELETE {known}")
        database.commit()
    with closing(sqlite3.connect(folder / FILE_NAME)) as database:  # which knows no such index
        database.execute("UPDATE paper SET year = 1901")
        database.execute("PRAGMA writable_schema = ON")
        database.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", row)
        database.commit()
    with Library.open(folder) as library:
        (check,) = (check for check in library.doctor.check() if check.name == "database")
        assert not check.passed
        with pytest.raises(LibraryUnavailable, match="the database is damaged"):
            library.apply(Bookmark(("desk",)))


def test_backup_opens_for_reading_by_its_name(folder: Path, tmp_path: Path) -> None:
    with Library.open(folder) as library:
        library.add(PAPERS, "page")
    backup = tmp_path / f"{FILE_NAME}.v1-backup"
    shutil.copyfile(folder / FILE_NAME, backup)
    with Library.open(backup) as library:
        assert (library.count(), library.read_only) == (2, True)
        assert library.search("lakes").total == 1
        assert library.doctor.check()
    (tmp_path / "text.txt").write_text("no database " * 20)
    with pytest.raises(LibraryUnavailable, match=r"cannot (read|use) the library .*text.txt"):
        Library.open(tmp_path / "text.txt")
