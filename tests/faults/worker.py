"""The process that is killed: it changes a library and acknowledges each stored mark.

`python -m tests.faults.worker` reads a job a line from standard input. Each is run in a
process of its own, forked once all is imported, so that hundreds of kills take a minute. That
process writes what it does and has done; when it has ended, whoever started it writes how.

A process is killed after a time, at a step (a statement of SQLite, a file opened, renamed or
removed), or in the middle of a write that would make a file larger than so many bytes.
"""

import json
import os
import resource
import select
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import index.engines.whoosh.engine
import tui.cli.main
from index import Library, paths
from index.engines import upkeep, vocabulary
from index.engines.base import EngineBroken
from index.engines.whoosh import merging, parallel
from index.facets import catalogue, counters
from index.marks.changes import Bookmark, Change, Note, Read, Tag
from tests.faults import papers
from tests.faults.ledger import Op
from tests.workers import run_here

__all__ = ["main"]

STEPS = frozenset(
    ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link",
     "shutil.rmtree", "subprocess.Popen")
)  # fmt: skip
"""Audit events of calls that may change the disk."""

TIMEOUT_S = 60.0
"""Time limit in seconds of work that is not killed."""

CONNECT: Callable[..., sqlite3.Connection] = sqlite3.connect

LOADED = (index.engines.whoosh.engine, *tui.cli.main.cli.commands.values())


def report(*words: object) -> None:
    """Write a whole line to the parent process, even if this process is killed next."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


# -- the work --------------------------------------------------------------------------------------


def change(op: Op) -> Change:
    ids = tuple(op.ids)
    if op.verb == "bookmark":
        return Bookmark(ids, op.on)
    if op.verb == "read":
        return Read(ids, op.on)
    if op.verb == "note":
        return Note(ids, op.value)
    return Tag(ids, (op.value,))


def mark(folder: str, ops: Iterable[list[object]]) -> None:
    """Make changes one after another; each is acknowledged once it is stored."""
    with Library.open(folder) as library:
        for number, fields in enumerate(ops):
            op = Op(*fields)  # type: ignore[arg-type]  # as they were sent
            report("do", number)
            if op.verb == "undo":
                library.undo()
            elif op.verb == "redo":
                library.redo()
            else:
                library.apply(change(op))
            report("did", number)


def grow(
    folder: str, first: int, count: int, times: int, engine: str, upkeep_here: bool = True
) -> None:
    """Import, index and count papers repeatedly; merges and new bases are frequent.

    Without `upkeep_here`, another process merges segments.
    """
    renew_often()
    if not upkeep_here:
        vars(upkeep)["start_worker"] = lambda *_, **__: None
    with Library.open(folder, engine=engine) as library:
        for time_ in range(times):
            start = first + time_ * count
            library.add(papers.papers(start, start + count), f"grown {start}")
            library.search(papers.WORDS[time_ % len(papers.WORDS)])
            library.facets()
            if time_ % 3 == 2:
                library.remove_source(f"grown {start}")


def merge(folder: str, times: int) -> None:
    """Merge segments and renew words repeatedly, as the process does that an update starts."""
    renew_often()
    with Library.open(folder) as library:
        place = str(paths.index_folder(library.folder)), library.identity
    for _ in range(times):
        with suppress(EngineBroken):  # the index is being built
            merging.keep_up(*place)
        time.sleep(0.005)  # there is nothing to wait for


def renew_often() -> None:
    """Merge segments and write new bases after a few papers, in this process."""
    merging.MAX_SMALL_SEGMENTS = 3
    merging.MAX_SMALL_SEGMENT_PAPERS = 60
    merging.MAX_LARGE_SEGMENTS = 2
    vocabulary.MIN_RECENT_WORDS = 40
    for module in (catalogue, counters):
        vars(module)["MAX_RECENT_PAPERS"] = 60
    for module in (catalogue, upkeep):
        vars(module)["start_worker"] = run_here


def rebuild(folder: str, enough: int) -> None:
    """Rebuild the index and the counts; with `enough` papers, in several processes."""
    parallel.MIN_PARALLEL_PAPERS = enough
    with Library.open(folder) as library:
        library.rebuild()
        library.catalogue.sync()


def begin(folder: str) -> None:
    """Open a new library, as the first `carrel` does."""
    with Library.open(folder) as library:
        library.add_starter_shelf()


def carrel(*arguments: str) -> None:
    """Run `carrel`, with its output in a file."""
    sys.argv = ["carrel", *arguments]
    with Path(os.environ["CARREL_OUTPUT"]).open("w+", encoding="utf-8") as output:
        sys.stdout = sys.stderr = output
        code = tui.cli.main._run(list(arguments))
        output.seek(0)
        report("code", code, json.dumps(output.read()))


JOBS: dict[str, Callable[..., None]] = {
    job.__name__: job for job in (mark, grow, merge, rebuild, begin, carrel)
}


# -- how it ends -----------------------------------------------------------------------------------


class Steps:
    """Counts the steps of this process, and kills it before one of them."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.count = 0
        sys.addaudithook(self.audit)
        vars(sqlite3)["connect"] = self.connect

    def audit(self, event: str, _: tuple[object, ...]) -> None:
        if event in STEPS:
            self.step(event)

    def connect(self, *arguments: object, **more: object) -> sqlite3.Connection:
        connection = CONNECT(*arguments, **more)
        connection.set_trace_callback(self.step)
        return connection

    def step(self, _: str) -> None:
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def work(order: dict[str, list[object]]) -> NoReturn:
    """Run a job in this process, which ends as the job says or when it is done."""
    how, amount = order["end"]
    assert isinstance(amount, int | float)
    steps = Steps(int(amount) if how == "step" else 0)
    if how == "write":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(amount), resource.RLIM_INFINITY))
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    job, *arguments = order["job"]
    try:
        JOBS[str(job)](*arguments)
        report("steps", steps.count)
    except BaseException as error:
        report("fault", f"{type(error).__name__}: {error}".replace("\n", " "))
    os._exit(0)


def main() -> None:
    """Run the jobs of standard input, each in a separate process."""
    for line in sys.stdin:
        order = json.loads(line)
        alive, end = os.pipe()
        started = time.perf_counter()
        process = os.fork()
        if process == 0:
            os.close(alive)
            os.set_inheritable(end, False)
            work(order)
        os.close(end)
        how, amount = order["end"]
        ended, _, _ = select.select([alive], [], [], amount if how == "time" else TIMEOUT_S)
        if not ended and how != "time":
            report("late")
        # Until it is waited for, its process id is not reused.
        os.kill(process, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        os.close(alive)
        report("end", status, round(time.perf_counter() - started, 4))


if __name__ == "__main__":
    main()
