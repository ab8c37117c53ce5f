"""The database: opening, transactions, re-import, ids, removal of sources and concurrency."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index import Library, Paper
from index.engines.base import IndexUpdate
from index.errors import LibraryUnavailable, UnknownSource
from index.marks.changes import Bookmark, Note, Read, Tag
from index.papers.entries import ParsedPaper
from index.papers.paper import SourceRef
from index.progress import Progress
from index.store import Database, FacetReader, PaperStore, PaperWriter, Source
from index.store.database import FILE_NAME
from index.store.schema import MIGRATIONS
from tests.keys import keys

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def database(folder: Path) -> Database:
    return Database(folder)


BY_ADA = {"authors": ("Ada Lovelace",), "year": 1843}


def titled(*titles: str, **known: Any) -> list[Paper]:
    return [replace(Paper(title=title), **known) for title in titles]


class TestOpening:
    def test_open_new_library_is_private_with_latest_schema(self, database: Database) -> None:
        assert database.version() == len(MIGRATIONS)
        assert database.integrity() == "ok"
        assert database.folder.stat().st_mode & 0o777 == 0o700
        assert database.path.stat().st_mode & 0o777 == 0o600

    def test_open_again_changes_nothing(self, database: Database) -> None:
        database.set_meta("x", "kept")
        again = Database(database.folder)
        assert again.meta("x") == "kept"
        assert again.meta("library") == database.meta("library") != ""

    def test_open_newer_schema_raises(self, database: Database) -> None:
        database.connection.execute("PRAGMA user_version = 99")
        with pytest.raises(LibraryUnavailable, match=r"schema 99 of a newer Carrel.*update Carrel"):
            Database(database.folder)

    def test_open_other_file_raises_and_preserves_it(self, folder: Path) -> None:
        folder.mkdir()
        (folder / FILE_NAME).write_bytes(b"This is no database. " * 100)
        with pytest.raises(LibraryUnavailable, match="file is not a database"):
            Database(folder)
        assert (folder / FILE_NAME).read_bytes().startswith(b"This is no database.")

    def test_open_folder_below_file_raises(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(
            LibraryUnavailable, match=r"cannot write the library folder .*--library"
        ):
            Database(tmp_path / "file" / "library")

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_open_read_only_folder_raises(self, folder: Path) -> None:
        folder.mkdir(mode=0o500)
        with pytest.raises(LibraryUnavailable, match="cannot write the library folder"):
            Database(folder)

    def test_open_unfinished_database_is_completed(self, folder: Path) -> None:
        folder.mkdir()
        with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        (folder / f".{FILE_NAME}.new-left").touch()
        assert Database(folder).version() == len(MIGRATIONS)
        assert sorted(path.name for path in folder.glob(".*")) == []

    def test_open_empty_file_raises_and_preserves_it(self, folder: Path) -> None:
        folder.mkdir()
        (folder / FILE_NAME).touch()
        with pytest.raises(
            LibraryUnavailable, match=r"is empty or truncated.*delete it to create a new library"
        ):
            Database(folder)
        assert (folder / FILE_NAME).stat().st_size == 0


class TestTransactions:
    def test_transaction_error_rolls_back(self, database: Database) -> None:
        def stopped() -> None:
            with database.transaction():
                database.set_meta("x", "1")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            stopped()
        assert database.meta("x") == ""

    def test_delete_marked_paper_raises(self, library: Library, folder: Path) -> None:
        library.add(titled("One"), "page")
        library.apply(Bookmark(("one",)))
        database = Database(folder)
        with pytest.raises(sqlite3.IntegrityError), database.transaction() as connection:
            connection.execute("DELETE FROM paper")
        with pytest.raises(sqlite3.IntegrityError), database.transaction() as connection:
            connection.execute("INSERT INTO mark VALUES (999, 'bookmark', '', '')")

    def test_temporary_copy_is_deleted_and_does_not_block(self, database: Database) -> None:
        with database.temporary_copy() as copy:
            copy.set_meta("x", "tried")
            other = threading.Thread(target=database.set_meta, args=("y", "meanwhile"))
            other.start()
            other.join(5)
            assert not other.is_alive()
        assert database.meta("x") == ""
        assert database.meta("y") == "meanwhile"
        assert not copy.folder.exists()

    def test_write_full_disk_raises_and_changes_nothing(self, database: Database) -> None:
        pages = database.connection.execute("PRAGMA page_count").fetchone()[0]
        database.connection.execute(f"PRAGMA max_page_count = {pages}")
        papers = PaperStore(database)
        found = [ParsedPaper(Paper(title=f"T {n}", abstract="x" * 5000), n, n) for n in range(20)]
        with pytest.raises(LibraryUnavailable, match="free some disk space"):
            PaperWriter(database).add(found, Source("page", "", "", "", ""))
        assert papers.count() == 0
        assert papers.sources() == []

    def test_close_while_a_thread_reads_lets_it_finish(self, database: Database) -> None:
        started, closed = threading.Event(), threading.Event()
        found: list[object] = []

        def wait() -> int:
            started.set()
            return int(closed.wait(10))

        def read() -> None:
            connection = database.connection
            connection.create_function("wait", 0, wait)
            query = "SELECT wait() + key FROM (SELECT 1 AS key UNION SELECT 2)"
            found.extend(row[0] for row in connection.execute(query))
            with pytest.raises(LibraryUnavailable, match="it is closed"):
                database.version()
            found.append("refused")

        thread = threading.Thread(target=read)
        thread.start()
        assert started.wait(10)
        database.close()
        closed.set()
        thread.join()
        assert found == [2, 3, "refused"]
        assert len(database._connections) == 0

    def test_connection_of_ended_thread_is_closed(self, database: Database) -> None:
        for _ in range(5):
            thread = threading.Thread(target=database.version)
            thread.start()
            thread.join()
        assert len(database._connections) <= 2


class TestMemory:
    READERS = 12
    MOST = 40 << 20
    """Memory limit in bytes for all threads together."""

    SCRIPT = """
import re, sys, threading
from pathlib import Path
from index.store import Database

def anonymous() -> int:
    return int(re.search(r"RssAnon:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) << 10

def read(reader: Database) -> None:
    for _ in reader.connection.execute("SELECT * FROM paper"):
        pass

database = Database(Path(sys.argv[1]))
read(database)
before = anonymous()
all_read = threading.Barrier(int(sys.argv[2]) + 1)
leave = threading.Event()

def work() -> None:
    read(database)
    all_read.wait()
    leave.wait()

threads = [threading.Thread(target=work) for _ in range(int(sys.argv[2]))]
for thread in threads:
    thread.start()
all_read.wait()
print(anonymous() - before)
leave.set()
"""

    @pytest.mark.skipif(
        not Path("/proc/self/status").exists(), reason="memory is measured through /proc"
    )
    def test_reading_threads_memory_is_bounded(self, database: Database, folder: Path) -> None:
        """RssAnon: private memory of the process, without shared pages of files."""
        long = [Paper(title=f"Title {n}", abstract=f"{n} " + "x" * 8_000) for n in range(1_000)]
        found = [ParsedPaper(paper, at, at) for at, paper in enumerate(long, 1)]
        PaperWriter(database).add(found, Source("page", "", "", "", ""))
        database.close()
        # With a cache as large as the file, each thread would need that much memory.
        assert database.path.stat().st_size > 2 * self.MOST / self.READERS
        done = subprocess.run(
            [sys.executable, "-c", self.SCRIPT, folder, str(self.READERS)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert int(done.stdout) < self.MOST


class TestReimport:
    def test_reimport_same_paper_is_unchanged(self, library: Library) -> None:
        papers = titled("One", "Two")
        assert library.add(papers, "page") == ["added", "added"]
        before = library.papers(["one", "two"])
        assert library.add(papers, "page") == ["unchanged", "unchanged"]
        assert library.papers(["one", "two"]) == before

    def test_reimport_merges_new_values_and_preserves_marks(self, library: Library) -> None:
        library.add(titled("One", **BY_ADA), "page")
        library.apply(Bookmark(("one",)))
        library.apply(Read(("one",)))
        library.apply(Tag(("one",), ("nlp",)))
        library.apply(Note(("one",), "mine"))
        assert library.add(titled("ONE!", abstract="New.", id="other", **BY_ADA), "list") == [
            "merged"
        ]
        (paper,) = library.papers(["one"])
        assert (paper.bookmarked, paper.read, paper.tags, paper.note) == (
            True,
            True,
            ("nlp",),
            "mine",
        )
        assert (paper.title, paper.abstract) == ("One", "New.")
        assert [held.name for held in paper.sources] == ["page", "list"]

    def test_reimport_from_other_source_is_merged(self, library: Library) -> None:
        library.add(titled("One", **BY_ADA), "page")
        assert library.add(titled("One", **BY_ADA), "list") == ["merged"]
        assert library.add(titled("One", **BY_ADA), "list") == ["unchanged"]

    def test_reimport_adds_marks_that_can_be_undone(self, library: Library) -> None:
        marked = titled("One", bookmarked=True, read=True, tags=("a", "b"), note="theirs", **BY_ADA)
        assert library.add([*marked, *marked], "page") == ["added", "merged"]
        (paper,) = library.papers(["one"])
        assert (paper.bookmarked, paper.read, paper.tags, paper.note) == (
            True,
            True,
            ("a", "b"),
            "theirs",
        )
        entry = library.undo()
        assert entry is not None
        assert entry.words == "marks from page: 1 paper"
        assert library.papers(["one"])[0].tags == ()

    def test_reimport_preserves_note_and_tags(self, library: Library) -> None:
        library.add(titled("One"), "page")
        library.apply(Note(("one",), "mine"))
        library.apply(Tag(("one",), ("mine",)))
        library.add(titled("One", note="theirs", tags=("theirs",)), "page")
        (paper,) = library.papers(["one"])
        assert (paper.note, paper.tags) == ("mine", ("mine", "theirs"))


class TestIdentity:
    def same(self, library: Library, one: Paper, two: Paper) -> bool:
        library.add([one], "page")
        library.add([two], "list")
        return library.count() == 1

    def test_add_equal_arxiv_ids_are_one_paper(self, library: Library) -> None:
        one, two = titled("One", "Uno", arxiv_id="1706.03762")
        assert self.same(library, one, two)

    def test_add_equal_dois_in_any_case_are_one_paper(self, library: Library) -> None:
        assert self.same(
            library,
            Paper(title="One", doi="10.1000/A"),
            Paper(title="One: a study", doi="10.1000/a"),
        )

    def test_add_arxiv_doi_and_id_are_one_paper(self, library: Library) -> None:
        one = Paper(title="One", arxiv_id="1706.03762")
        assert self.same(library, one, Paper(title="Uno", doi="10.48550/arXiv.1706.03762"))

    def test_add_equal_titles_are_one_paper(self, library: Library) -> None:
        assert self.same(
            library,
            Paper(title="One of the first", doi="10.1000/a"),
            Paper(title="one of the first.", arxiv_id="1706.03762"),
        )

    def test_add_different_arxiv_ids_are_two_papers(self, library: Library) -> None:
        one, two = titled("One", arxiv_id="1706.03762"), titled("One", arxiv_id="1706.03763")
        assert not self.same(library, one[0], two[0])

    def test_add_different_dois_are_two_papers(self, library: Library) -> None:
        assert not self.same(
            library, Paper(title="One", doi="10.1000/a"), Paper(title="One", doi="10.1000/b")
        )

    def test_add_different_authors_and_years_are_two_papers(self, library: Library) -> None:
        one, two = (
            Paper(title="Editorial", authors=("Ada",), year=1843),
            Paper(title="Editorial", authors=("Alan",), year=1950),
        )
        assert not self.same(library, one, two)

    def test_add_several_with_title_joins_matching_one(self, library: Library) -> None:
        library.add(
            [Paper(title="One", doi="10.1000/a"), Paper(title="One", doi="10.1000/b")], "page"
        )
        library.add([Paper(title="One", doi="10.1000/b", venue="V")], "list")
        assert [paper.venue for paper in library._papers.rows(keys(1, 2))] == ["", "V"]


class TestIds:
    def test_id_taken_gets_number(self, library: Library) -> None:
        library.add([Paper(title="One", doi=f"10.1000/{n}") for n in range(3)], "page")
        assert library.ids(keys(1, 2, 3)) == ["one", "one-2", "one-3"]

    def test_id_hundreds_of_equal_names_are_unique(self, library: Library) -> None:
        library.add([Paper(title="Introduction", doi=f"10.1000/{n}") for n in range(300)], "page")
        ids = library.ids(keys(*range(1, 301)))
        assert len(set(ids)) == 300
        assert ids[0] == "introduction"

    def test_id_given_is_used_and_second_numbered(self, library: Library) -> None:
        library.add(
            [Paper(title="One", id="smith2020"), Paper(title="Two", id="smith2020")], "page"
        )
        assert library.ids(keys(1, 2)) == ["smith2020", "smith2020-2"]

    def test_id_with_number_is_not_used_twice(self, library: Library) -> None:
        given = ["one-2", "one", "one", "one-2", "one-2-2"]
        library.add([Paper(title=f"T{n}", id=name) for n, name in enumerate(given)], "page")
        assert len(set(library.ids(keys(*range(1, 6))))) == 5

    def test_key_is_never_reused(self, library: Library) -> None:
        library.add(titled("One", "Two"), "page")
        library.remove_source("page")
        library.add(titled("Three"), "page")
        assert library.keys(["three"]) == [3]


class TestChanges:
    def test_changed_papers_are_read_without_a_scan_of_the_library(
        self, library: Library, folder: Path
    ) -> None:
        library.add(titled("One", "Two", "Three", "Four", **BY_ADA), "a")
        database = Database(folder)
        since = database.clock("revision")
        library.add(titled("Two", "Five", abstract="New words.", **BY_ADA), "b")
        ran: list[str] = []
        database.connection.set_trace_callback(ran.append)
        texts = [title for _, title, _ in FacetReader(database).texts(since)]
        facts = [facts.key for facts in FacetReader(database).facts(since)]
        papers = [paper.key for paper in PaperStore(database).changed(since)]
        database.connection.set_trace_callback(None)
        plans = [database.connection.execute(f"EXPLAIN QUERY PLAN {one}").fetchall() for one in ran]
        assert texts == ["Two", "Five"]
        assert facts == papers == [2, 5]
        assert len(plans) == 6
        assert not any(step[3].startswith("SCAN paper") for plan in plans for step in plan)

    def test_changed_papers_of_a_whole_library_are_in_the_order_of_keys(
        self, library: Library, folder: Path
    ) -> None:
        library.add(titled(*(f"Paper {number}" for number in range(700)), **BY_ADA), "a")
        library.add(titled("Paper 3", abstract="New words.", **BY_ADA), "b")
        keys = [paper.key for paper in PaperStore(Database(folder)).changed(-1)]
        assert keys == list(range(1, 701))


class TestRemoveSource:
    def test_remove_source_removes_papers_without_other_source(self, library: Library) -> None:
        library.add(titled("One", "Two", "Three", **BY_ADA), "page")
        library.add(titled("Two", **BY_ADA), "list")
        library.apply(Bookmark(("three",)))
        assert library.remove_source("page") == (1, 2)
        assert [paper.id for paper in library._papers.rows(keys(1, 2, 3))] == ["two", "three"]
        assert library.papers(["three"])[0].bookmarked
        assert [source.name for source in library.sources()] == ["list"]

    def test_remove_source_preserves_papers_without_source(self, library: Library) -> None:
        library.add(titled("One"), "page")
        library.apply(Bookmark(("one",)))
        library.remove_source("page")
        library.apply(Bookmark(("one",), on=False))
        library.add(titled("Two"), "list")
        library.remove_source("list")
        assert library.count() == 1

    def test_undo_skips_removed_papers(self, library: Library) -> None:
        library.add(titled("One", "Two", **BY_ADA), "page")
        library.add(titled("Two", **BY_ADA), "list")
        library.apply(Bookmark(("one", "two")))
        library.apply(Bookmark(("one", "two"), on=False))
        library.remove_source("page")
        assert library.undo() is not None
        assert library.papers(["two"])[0].bookmarked

    def test_remove_unknown_source_raises(self, library: Library) -> None:
        with pytest.raises(UnknownSource, match="no source named 'nothing'"):
            library.remove_source("nothing")

    def test_add_without_papers_creates_no_source(self, library: Library) -> None:
        library.add([Paper(title="One", sources=(SourceRef("page", 7),))], "export")
        assert [(source.name, source.papers) for source in library.sources()] == [("page", 1)]
        assert library.papers(["one"])[0].sources == (SourceRef("page", 7),)


class TestConcurrency:
    def test_threads_write_and_read_concurrently(self, library: Library) -> None:
        library.add(titled("Zero"), "page")
        faults: list[BaseException] = []

        def work(name: str) -> None:
            try:
                for n in range(10):
                    library.add([Paper(title=f"Language {name} {n}", id=f"{name}{n}")], name)
                    library.apply(Tag(("zero",), (f"{name}{n}",)))
                    assert library.search("language", limit=500).total >= n
                    library.facets("language")
            except BaseException as fault:
                faults.append(fault)

        threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert faults == []
        assert library.count() == 41
        assert len(library.papers(["zero"])[0].tags) == 40
        assert library.search("language", limit=500).total == 40

    def test_search_waits_for_update_by_other_thread(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        library.add(titled("Language zero"), "page")
        library.search("language")
        library.add(titled("Language one"), "page")
        engine = library.index.engine
        updating, go_on, update = threading.Event(), threading.Event(), engine.update

        def held(step: IndexUpdate, progress: Progress | None = None) -> bool:
            updating.set()
            assert go_on.wait(10)
            return update(step, progress)

        monkeypatch.setattr(engine, "update", held)
        with ThreadPoolExecutor(2) as pool:
            pool.submit(library.search, "language")
            assert updating.wait(10)
            library.add(titled("Language two"), "page")
            found = pool.submit(library.search, "language")
            go_on.set()
            assert found.result(10).total == 3

    def test_processes_write_concurrently(self, library: Library, folder: Path) -> None:
        script = (
            "import sys; from index import Library, Paper\n"
            "from index.marks.changes import Bookmark\n"
            "name = sys.argv[2]\n"
            "with Library.open(sys.argv[1]) as library:\n"
            "    for n in range(20):\n"
            "        library.add([Paper(title=f'{name} {n}', id=f'{name}{n}')], name)\n"
            "        library.apply(Bookmark((f'{name}{n}',)))\n"
        )
        running = [
            subprocess.Popen([sys.executable, "-c", script, folder, name], cwd=ROOT)
            for name in "ab"
        ]
        assert [process.wait(60) for process in running] == [0, 0]
        assert library.search("is:bookmarked").total == library.count() == 40
        assert len(library.marks.log(1000)) == 40

    def test_import_killed_loses_no_marks(self, library: Library, folder: Path) -> None:
        library.add(titled("Mine"), "page")
        library.apply(Bookmark(("mine",)))
        script = (
            "import sys; from index import Library, Paper\n"
            "library = Library.open(sys.argv[1])\n"
            "for n in range(1000000):\n"
            "    papers = [Paper(title=f'{n} {i}', abstract='x' * 999) for i in range(50)]\n"
            "    library.add(papers, 'big')\n"
            "    print(n, flush=True)\n"
        )
        with subprocess.Popen(
            [sys.executable, "-c", script, folder], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout
            for _ in range(5):
                process.stdout.readline()
            process.send_signal(signal.SIGKILL)
        database = Database(folder)
        assert database.integrity() == "ok"
        assert (library.count() - 1) % 50 == 0
        assert library.count() >= 200
        assert library.search("is:bookmarked").total == 1
        assert library.search("x" * 999).total == library.count() - 1
