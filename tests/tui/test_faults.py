"""Failures around `carrel` and the reader: each prints one clear line, and no mark is lost."""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from index import Library
from index.marks.changes import Bookmark
from index.store import database
from index.store.connections import Connections
from index.store.database import FILE_NAME
from tests.faults import papers
from tests.faults.causing import FileSizeLimit, drop_privileges, fill, needs_permissions, small_disk
from tests.tui.command import ROOT, Carrel, Run
from tests.tui.conftest import Open
from tests.tui.terminal import Start, Terminal

pytestmark = pytest.mark.usefixtures("heeded_signals")

COUNT = 120
TIMEOUT_S = 20.0
"""Seconds to wait for an expected event."""


@pytest.fixture
def stocked(carrel: Carrel, monkeypatch: pytest.MonkeyPatch) -> Carrel:
    """The command over a library with papers and marks."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(carrel.home / "cache"))
    stock(carrel)
    return carrel


def stock(carrel: Carrel) -> None:
    with Library.open(carrel.library) as library:
        library.add(papers.papers(0, COUNT), "stock")
        library.apply(Bookmark(("p1", "p2", "p3")))
        library.search(papers.WORDS[0])


def run(
    carrel: Carrel, *arguments: object, before: Callable[[], None] | None = None,
    **environment: str,
) -> Run:  # fmt: skip
    """Run `carrel` after a function in its process."""
    done = subprocess.run(
        [sys.executable, "-m", "tui.cli", *map(str, arguments)], capture_output=True, cwd=ROOT,
        env={**carrel.environment, **environment}, preexec_fn=before, check=False, timeout=120,
        text=True,
    )  # fmt: skip
    return Run(done.returncode, done.stdout, done.stderr)


def bookmarked(carrel: Carrel) -> set[str]:
    marks = papers.marks(carrel.library / FILE_NAME)
    return {paper for paper, kind, _ in marks if kind == "bookmark"}


def check_library(carrel: Carrel, marked: set[str]) -> None:
    """Check that a library is intact, has the expected marks, and finds its papers."""
    assert bookmarked(carrel) == marked
    with Library.open(carrel.library) as library:
        library.doctor.fix()
        assert [check.message for check in library.doctor.check() if not check.passed] == []
        results = library.search(papers.WORDS[1], limit=10**6)
        found = {hit.id for hit in results.hits[: results.full]}
    assert found == papers.holding(carrel.library / FILE_NAME, papers.WORDS[1])


WRITING = [
    ("bookmark", "--query", "is:unread"),
    ("tag", "+new", "--query", "is:unread"),
    ("undo",),
    ("import", "more.jsonl"),
    ("source", "remove", "stock"),
    ("export", "", "-o", "out.jsonl"),
    ("dump", "-o", "dump.jsonl"),
]
"""Commands that write, with their arguments."""


# -- no disk space ---------------------------------------------------------------------------------


def test_full_disk_prints_one_line_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "disk", 3_000_000) as disk:
        here = Carrel(disk)
        monkeypatch.setenv("XDG_CACHE_HOME", str(disk / "cache"))
        stock(here)
        with Library.open(here.library):  # another process, so that log and index exist
            more = papers.write(tmp_path / "more.jsonl", papers.papers(COUNT, COUNT + 3_000))
            filling = fill(disk)
            for command in WRITING:
                words = [str(more) if word == "more.jsonl" else word for word in command]
                words = [str(disk / word) if word.endswith(".jsonl") and "-o" in command else word
                         for word in words]  # fmt: skip
                result = here(*words)
                assert result.code == 1, command
                assert result.error.startswith("carrel: ")
                assert "full" in result.error or "No space left" in result.error
                assert "free some disk space" in result.error or "try another file" in result.error
            assert here("stats").code == 0
            assert here.ids(papers.WORDS[0])  # by letters, where there is no room for an index
        filling.unlink()
        check_library(here, {"p1", "p2", "p3"})
        assert not list(disk.glob(".*.part"))


@pytest.mark.parametrize("command", WRITING, ids=lambda command: command[0])
def test_file_size_limit_is_reported_and_marks_are_safe(
    stocked: Carrel, command: tuple[str, ...]
) -> None:
    papers.write(stocked.home / "more.jsonl", papers.papers(COUNT, COUNT + 3_000))
    words = [str(stocked.home / word) if word.endswith(".jsonl") else word for word in command]
    result = run(stocked, *words, before=FileSizeLimit(9_000))
    assert result.code == 1
    assert result.err.count("\n") == 1
    assert "Traceback" not in result.err
    assert bookmarked(stocked) >= {"p1", "p2", "p3"}
    check_library(stocked, {"p1", "p2", "p3"})
    assert not list(stocked.home.glob(".*.part"))


def test_index_without_disk_space_reports_and_searches(stocked: Carrel, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 100_000) as disk:
        fill(disk)
        result = stocked("search", "--format", "ids", "--limit", "1000", papers.WORDS[1],
                       XDG_CACHE_HOME=str(disk))  # fmt: skip
        there = papers.holding(stocked.library / FILE_NAME, papers.WORDS[1])
        assert set(result.out.split()) == there
        assert "No space left on device; free some disk space" in result.err
        assert result.code == 0
        assert stocked("bookmark", "p4", XDG_CACHE_HOME=str(disk)).code == 0
    check_library(stocked, {"p1", "p2", "p3", "p4"})


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_full_output_device_prints_one_line(stocked: Carrel) -> None:
    with Path("/dev/full").open("w") as full:
        for command in (["search"], ["export", ""], ["dump"], ["facets", "--json"]):
            done = subprocess.run(
                [sys.executable, "-m", "tui.cli", *command], stdout=full, cwd=ROOT, check=False,
                stderr=subprocess.PIPE, env=stocked.environment, text=True,
            )  # fmt: skip
            result = [line for line in done.stderr.splitlines() if "papers" not in line]
            assert done.returncode == 1
            assert result == ["carrel: input or output: No space left on device"]
        marked = subprocess.run(
            [sys.executable, "-m", "tui.cli", "bookmark", "p4"], stderr=full, cwd=ROOT,
            env=stocked.environment, check=False,
        )  # fmt: skip
    assert marked.returncode == 1
    assert bookmarked(stocked) == {"p1", "p2", "p3", "p4"}


def test_temporary_folder_missing_uses_another(stocked: Carrel) -> None:
    line = '{"title": "One more", "id": "one"}'
    for words in (["import", "-", "--dry-run"], ["import", "-"]):
        assert stocked(*words, stdin=line, TMPDIR="/nowhere/at/all").code == 0
    assert stocked.ids("one more")[0] == "one"


# -- no permission ---------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["library", "library/carrel.db"])
def test_unwritable_library_reports_fix(stocked: Carrel, what: str) -> None:
    needs_permissions()
    place = stocked.home / what
    before = place.stat().st_mode
    place.chmod(before & 0o555)
    more = papers.write(stocked.home / "more.jsonl", papers.papers(COUNT, COUNT + 9))
    for command in (["bookmark", "p9"], ["import", str(more)]):
        result = run(stocked, *command, before=drop_privileges)
        assert result.code == 1
        assert f"cannot use the library {stocked.library / FILE_NAME}: " in result.error
        assert "make it writable, or choose another" in result.error
    if what.endswith(".db"):  # read it may be
        assert run(stocked, "show", "p1", before=drop_privileges).code == 0
    place.chmod(before)
    check_library(stocked, {"p1", "p2", "p3"})


def test_search_unwritable_cache_reports_and_continues(stocked: Carrel) -> None:
    needs_permissions()
    cache = stocked.home / "closed"
    cache.mkdir(mode=0o500)
    closed = {"XDG_CACHE_HOME": str(cache)}
    result = run(stocked, "search", papers.WORDS[1], before=drop_privileges, **closed)
    assert result.code == 0
    assert "cannot write the search index" in result.err
    assert "XDG_CACHE_HOME to a writable folder" in result.err
    assert run(stocked, "bookmark", "p4", before=drop_privileges, **closed).code == 0
    check_library(stocked, {"p1", "p2", "p3", "p4"})


# -- signals ---------------------------------------------------------------------------------------


def wait_until(is_so: Callable[[], object], what: str) -> None:
    """Wait until a condition is true."""
    deadline = time.monotonic() + TIMEOUT_S
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.005)  # the condition depends on another process


STOPS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.mark.parametrize("number", STOPS, ids=lambda number: number.name)
def test_import_interrupted_reports_and_retains_papers(
    stocked: Carrel, number: signal.Signals
) -> None:
    big = papers.write(stocked.home / "big.jsonl", papers.papers(COUNT, COUNT + 12_000))

    def count() -> int:
        with closing(sqlite3.connect(stocked.library / FILE_NAME)) as connection:
            return int(connection.execute("SELECT count(*) FROM paper").fetchone()[0])

    with subprocess.Popen(
        [sys.executable, "-m", "tui.cli", "import", str(big)], cwd=ROOT, text=True,
        env=stocked.environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        wait_until(lambda: count() > COUNT, "papers are imported")
        process.send_signal(number)
        out, err = process.communicate(timeout=TIMEOUT_S)
    assert (process.returncode, out) == (128 + number, "")
    assert err == "carrel: interrupted; completed work is saved\n"
    assert (count() - COUNT) % 500 == 0
    assert bookmarked(stocked) == {"p1", "p2", "p3"}


def test_rebuild_stopped_reports_and_resumes(stocked: Carrel) -> None:
    with Library.open(stocked.library) as library:
        library.add(papers.papers(COUNT, COUNT + 2_500), "more")
    cache = stocked.home / "cache" / "carrel"
    (record,) = cache.glob("index-*/followed.json")
    with subprocess.Popen(
        [sys.executable, "-m", "tui.cli", "doctor", "--rebuild"], cwd=ROOT, text=True,
        env=stocked.environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        wait_until(lambda: not record.exists(), "the index is thrown away")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=TIMEOUT_S)
    assert (process.returncode, out) == (130, "")
    assert err == "carrel: interrupted; completed work is saved\n"
    check_library(stocked, {"p1", "p2", "p3"})


# -- the reader ------------------------------------------------------------------------------------


def opened(start: Start) -> Terminal:
    carrel = start(120, 40)
    carrel.until("A Mathematical Theory of Communication")
    carrel.until("starter")
    carrel.type("b")
    carrel.until("bookmarked “A Mathematical Theory")
    return carrel


def marks_in(home: Path) -> set[str]:
    return {kind for _, kind, _ in papers.marks(home / "library" / FILE_NAME)}


def ends(process: int) -> int:
    """Wait until a process has ended; return its exit code."""
    ended: list[int] = []

    def has_ended() -> bool:
        pid, status = os.waitpid(process, os.WNOHANG)
        ended.append(os.waitstatus_to_exitcode(status))
        return bool(pid)

    wait_until(has_ended, "the reader ends")
    return ended[-1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_reader_signal_restores_terminal_and_saves_marks(
    start: Start, tmp_path: Path, number: signal.Signals
) -> None:
    carrel = opened(start)
    assert not termios.tcgetattr(carrel._file)[3] & termios.ECHO
    os.kill(carrel.process, number)
    assert carrel.ended() == 128 + number
    assert termios.tcgetattr(carrel._file)[3] & termios.ECHO
    assert marks_in(tmp_path) == {"bookmark"}


@pytest.mark.parametrize("heard", [True, False])
def test_reader_lost_terminal_exits(start: Start, tmp_path: Path, heard: bool) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL if heard else signal.SIG_IGN)
    try:
        carrel = opened(start)
        os.dup2(os.open(os.devnull, os.O_RDWR), carrel._file)  # closes it
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert ends(carrel.process) != 0
    finally:
        signal.signal(signal.SIGHUP, before)
    more = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert more.ru_utime - used.ru_utime < TIMEOUT_S / 2
    assert marks_in(tmp_path) == {"bookmark"}


def is_stopped(carrel: Terminal) -> bool:
    """Return whether a reader has stopped, reading its output first."""
    carrel._read(time.monotonic() + 0.01)
    pid, status = os.waitpid(carrel.process, os.WNOHANG | os.WUNTRACED)
    return bool(pid) and os.WIFSTOPPED(status)


def test_reader_stopped_resumes_on_sigcont(start: Start) -> None:
    carrel = opened(start)
    for number in (signal.SIGSTOP, signal.SIGTSTP):
        os.kill(carrel.process, number)
        wait_until(lambda: is_stopped(carrel), "the reader stops")
        os.kill(carrel.process, signal.SIGCONT)
        carrel.type("j")
        carrel.type("b")
        carrel.until(lambda: "bookmarked “" in carrel.last and "Mathematical" not in carrel.last)
    carrel.type("q")
    assert carrel.ended() == 0


def test_two_readers_and_import_run_concurrently(start: Start, tmp_path: Path) -> None:
    first = opened(start)
    second = start(120, 40)
    second.until("A Mathematical Theory of Communication")
    shell = Carrel(tmp_path)
    assert shell("import", papers.write(tmp_path / "new.jsonl", papers.papers(0, 50))).code == 0
    first.type("jr")
    first.until("marked read")
    second.type("jjt")
    second.until("Tag this paper")
    second.type("theirs\r")
    second.until("tagged +theirs")
    for reader in (first, second):
        reader.type("/tag:theirs OR is:read OR is:bookmarked\r")
        reader.until("3 of 319")
        reader.type("0")
        reader.until("319 of 319")
        reader.type("/" + papers.paper(7).title.split()[0] + "\r")
        reader.until("1 of 319")
        reader.type("q")
        assert reader.ended() == 0
    assert marks_in(tmp_path) == {"bookmark", "read", "tag"}


def _connect_again(library: Library) -> None:
    """Close the connections to the database; others are opened when they are needed."""
    library._database.close()
    library._database._connections = Connections(library._database._connect)


async def test_mark_locked_library_shows_error_and_continues(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_TIMEOUT_S", 0.05)
    _connect_again(library)  # with that patience
    async with reading(library) as reader:
        with closing(sqlite3.connect(library.folder / FILE_NAME, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            await reader.press("b")
            assert "is locked" in reader.said
            assert "it is in use by another program; try again later" in reader.said
            assert not reader.current.bookmarked
            await reader.press("j", "k")
            other.execute("ROLLBACK")
        await reader.press("b")
        assert reader.said.startswith("bookmarked ")
        assert reader.current.bookmarked


async def test_reader_broken_database_shows_error_and_continues(
    reading: Open, library: Library
) -> None:
    async with reading(library) as reader:
        path = library.folder / FILE_NAME
        with closing(sqlite3.connect(path)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        whole = path.read_bytes()
        _connect_again(library)
        path.write_bytes(whole[: len(whole) // 2])
        await reader.press("b")
        assert ": database disk image is malformed; " in reader.said
        with suppress(AssertionError):
            await reader.press("j")
        path.write_bytes(whole)
        _connect_again(library)
        await reader.press("b")
        assert reader.said.startswith("bookmarked ")
