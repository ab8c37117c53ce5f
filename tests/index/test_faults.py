"""Injected failures: no mark is lost, errors are one line, and work can continue.

`make bench-faults` runs many more of these rounds.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Self

import pytest

from index import CarrelError, Library, Paper
from index.errors import LibraryUnavailable
from index.marks.changes import Bookmark, Note, Tag
from index.store import database
from index.store.database import FILE_NAME, Database
from tests.faults import papers
from tests.faults.killing import Worker, bench
from tests.faults.rounds import Group, first_schema, groups
from tests.keys import keys

KILLS = 12
"""Rounds of all groups together."""


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """A process that works for all groups: to start one takes as long as a round."""
    worker = Worker(tmp_path_factory.mktemp("faults"))
    yield worker
    worker.close()


@pytest.mark.parametrize(
    ("group", "share"), [pytest.param(group, share, id=name) for name, group, share in groups()]
)
def test_kill_at_any_time_loses_no_marks(
    tmp_path: Path, worker: Worker, group: Group, share: float
) -> None:
    with bench(tmp_path, seed=11, worker=worker) as place:
        group(place, max(2, round(KILLS * share)))
    assert place.tally.wrong == []
    assert place.tally.lost == 0


# -- the database ----------------------------------------------------------------------------------


@pytest.fixture
def marked(library: Library) -> Library:
    """A library of papers with marks of each kind."""
    library.add(papers.papers(0, 60), "page")
    library.apply(Bookmark(tuple(f"p{number}" for number in range(0, 60, 2))))
    library.apply(Tag(("p1", "p2"), ("nlp/rag",)))
    library.apply(Note(("p3",), "read again"))
    return library


def everything(folder: Path) -> None:
    """Use the library as a reader would."""
    with Library.open(folder) as library:
        for work in (
            lambda: library.search(papers.WORDS[0]),
            lambda: library.apply(Tag(("p5",), ("new",))),
            library.undo,
            lambda: list(library.export(["p1", "p2"], "jsonl")),
            lambda: list(library.dumps.dump().lines()),
            lambda: library.add(papers.papers(100, 104), "more"),
            library.duplicates.find,
            library.stats,
            library.facets,
            library.doctor.check,
        ):
            with suppress(CarrelError, sqlite3.Error):
                work()


class TestDatabase:
    @pytest.mark.parametrize("filling", [b"\xff", b"\0", b"x"])
    def test_damaged_database_page_raises_library_unavailable(
        self, marked: Library, filling: bytes
    ) -> None:
        marked.close()
        path = marked.folder / FILE_NAME
        whole = path.read_bytes()
        for start in range(0, len(whole), 4096 * 3):
            for beside in marked.folder.glob(f"{FILE_NAME}-*"):
                beside.unlink()
            path.write_bytes(whole[:start] + filling * 4096 + whole[start + 4096 :])
            with suppress(LibraryUnavailable, sqlite3.Error):
                everything(marked.folder)

    def test_truncated_database_raises_and_is_unchanged(self, marked: Library) -> None:
        marked.close()
        path = marked.folder / FILE_NAME
        whole = path.read_bytes()
        for length in (1, 15, 99, 100, 512, 4095, 4096, 4097, len(whole) // 2, len(whole) - 4096):
            path.write_bytes(whole[:length])
            with (
                pytest.raises((LibraryUnavailable, sqlite3.Error)) as raised,
                closing(Database(marked.folder)) as opened,
            ):
                opened.set_meta("x", "y")
            assert str(path) in str(raised.value), length
            assert path.read_bytes() == whole[:length]

    def test_locked_database_raises_until_released(
        self, marked: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(database, "LOCK_TIMEOUT_S", 0.05)
        with (
            Library.open(marked.folder) as library,
            closing(sqlite3.connect(marked.folder / FILE_NAME, isolation_level=None)) as other,
        ):
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(
                LibraryUnavailable, match=r"is locked.*it is in use by another program"
            ):
                library.apply(Bookmark(("p1",)))
            assert not library.papers(["p1"])[0].bookmarked  # reading still works
            assert library.search("is:bookmarked").total == 30
            other.execute("ROLLBACK")
            assert library.apply(Bookmark(("p1",))).papers == 1


# -- the clock -------------------------------------------------------------------------------------


class Clock(datetime):
    """A clock whose time is set by the test."""

    moment = datetime(2024, 1, 1, tzinfo=UTC)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls.fromtimestamp(cls.moment.timestamp(), tz)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    monkeypatch.setattr(database, "datetime", Clock)
    return Clock


MOMENTS = [(1970, 1, 1), (2024, 5, 1), (2038, 1, 20), (2106, 2, 8), (9999, 12, 31)]


class TestClock:
    def test_undo_with_clock_set_back_undoes_last_change(
        self, library: Library, clock: type[Clock]
    ) -> None:
        library.add([Paper("One")], "page")
        for year in (2030, 2024, 1970, 2031):
            clock.moment = datetime(year, 1, 1, tzinfo=UTC)
            library.apply(Tag(("one",), (f"y{year}",)))
        clock.moment = datetime(2000, 1, 1, tzinfo=UTC)
        for year in (2031, 1970, 2024, 2030):
            entry = library.undo()
            assert entry is not None
            assert f"+y{year}" in entry.words
        assert library.papers(["one"])[0].tags == ()

    def test_merge_mark_removed_with_clock_set_back_remains_removed(
        self, library: Library, clock: type[Clock], tmp_path: Path
    ) -> None:
        library.add([Paper("One")], "page")
        clock.moment = datetime(2031, 1, 1, tzinfo=UTC)
        library.apply(Bookmark(("one",)))
        dump = tmp_path / "before.jsonl"
        library.dumps.dump().write_file(dump)
        clock.moment = datetime(2024, 1, 1, tzinfo=UTC)
        library.apply(Bookmark(("one",), on=False))
        library.dumps.merge(str(dump))
        assert not library.papers(["one"])[0].bookmarked
        library.dumps.restore(str(dump))
        assert library.papers(["one"])[0].bookmarked

    @pytest.mark.parametrize("day", MOMENTS)
    def test_marks_in_any_year_are_stored_dumped_and_searched(
        self, library: Library, clock: type[Clock], day: tuple[int, int, int], tmp_path: Path
    ) -> None:
        clock.moment = datetime(*day, 23, 59, 59, tzinfo=UTC)
        library.add([Paper("One"), Paper("Two", date="2024-01-01")], "page")
        for on in (True, False, True):
            library.apply(Bookmark(("one",), on=on))
        for words in ("added:7d", "added:1y", "date:99999y", "added:today", f"added:>={day[0]:04}",
                      "date:9999-12-31", "date:0001-01-01.."):  # fmt: skip
            library.search(words)
        assert library.search(f"added:{min(day[0], 8999):04}").total == 2
        dump = tmp_path / "dump.jsonl"
        library.dumps.dump().write_file(dump)
        with Library.open(tmp_path / "other") as other:
            other.add([Paper("One")], "page")
            report = other.dumps.merge(str(dump))
            assert [skipped.reason for skipped in report.skipped] == []
            assert other.papers(["one"])[0].bookmarked
        library.undo()
        assert not library.papers(["one"])[0].bookmarked


# -- privacy ---------------------------------------------------------------------------------------


def open_to_others(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077)


class TestPrivacy:
    def test_library_files_are_private(self, tmp_path: Path, folder: Path) -> None:
        first_schema(folder, 60)
        out = tmp_path / "out"
        out.mkdir()
        with Library.open(folder) as library:  # which migrates it to the newest schema
            for _ in range(2):
                library.apply(Bookmark(("p1", "p2")))
                library.search(papers.WORDS[0])
                library.catalogue.sync()
                library.export_file(
                    library.ids(keys(1, 2)), out / "out.bib", "bibtex", overwrite=True
                )
                library.dumps.dump().write_file(out / "dump.jsonl", overwrite=True)
                every = {path.name for path in folder.iterdir()}
                assert every == {FILE_NAME + end for end in ("", "-wal", "-shm", ".v1-backup")}
                assert not any(map(open_to_others, (folder, *folder.iterdir(), *out.iterdir())))
                library.rebuild()

    def test_cache_folders_are_private(self, marked: Library, tmp_path: Path) -> None:
        marked.search(papers.WORDS[0])
        marked.catalogue.sync()
        cache = tmp_path / "cache" / "carrel"
        files = [path for path in cache.rglob("*") if path.is_file()]
        assert {path.suffix for path in files} >= {".npz", ".pst", ".json", ".txt", ".npy"}
        assert not open_to_others(cache)
        holding = {path.parent for path in files if path.stat().st_size}
        assert not any(map(open_to_others, holding))

    def test_dry_run_library_is_private(self, marked: Library) -> None:
        with marked._database.temporary_copy() as copy:
            assert not open_to_others(copy.folder)
            assert not any(map(open_to_others, copy.folder.iterdir()))
