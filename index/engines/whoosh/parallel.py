"""Building a large index on several cores: each process writes a segment, one commit joins them.

A process gets its papers through its standard input, pickled, so that it ends by itself when the
one that started it is gone.
"""

import gc
import pickle
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, cycle, islice
from pathlib import Path
from select import select
from typing import Any, BinaryIO

from whoosh.index import FileIndex, create_in, open_dir

from index.engines.base import EngineBroken, IndexUpdate
from index.engines.whoosh import codec, reader
from index.engines.whoosh.lexicon import Lexicon
from index.engines.whoosh.schema import document, schema
from index.papers.paper import Paper
from index.progress import Progress
from index.workers import NICENESS, Worker, start_worker

PART = "part-"

PARTS = 2
"""Processes that write: a third would wait for this one, which reads the database for them."""

ENOUGH = 3_000
"""Papers from which on a second process pays for its start."""

BATCH = 100

SEGMENT = 50_000
"""Papers of one segment: some 400 MB while it is written; each costs a query a look-up."""


def add(
    index: FileIndex, folder: Path, step: IndexUpdate, progress: Progress | None
) -> Counter[str]:
    """Write a step into an index, on two cores; return how often each word occurs in its papers.

    Raises EngineBroken where a process could not write its part.
    """
    clear(folder)
    places = [folder / f"{PART}{number}" for number in range(PARTS)]
    processes = [
        start_worker(write_part, str(place), stdin=subprocess.PIPE, niceness=NICENESS)
        for place in places
    ]
    known = reader.highest(index, "key")
    old = [*step.removed]

    def noted() -> Iterator[Paper]:
        for paper in step.papers:
            if paper.key <= known:
                old.append(paper.key)
            yield paper

    try:
        total = step.total
        _deal(noted(), processes, total, progress)
        words: Counter[str] = Counter()
        for process in processes:
            while not _answers(process):
                if progress:  # whoever is told may stop the work
                    progress(total, total)
            words.update(_result(process))
        _join(index, folder, places, old)
        return words
    finally:
        for process in processes:
            process.kill()
            process.communicate()
        for place in places:
            shutil.rmtree(place, ignore_errors=True)


def clear(folder: Path) -> None:
    """Remove the parts that a work left which was killed."""
    for place in folder.glob(f"{PART}*"):
        shutil.rmtree(place, ignore_errors=True)


def _deal(
    papers: Iterable[Paper], processes: list[Worker], total: int, progress: Progress | None
) -> None:
    """Send papers to the processes in turn; a pipe that is full holds the next batch back."""
    done = 0
    with suppress(BrokenPipeError):  # its process tells why when asked for its result
        for batch, process in zip(_batches(papers), cycle(processes), strict=False):
            _send(batch, process.stdin)
            done += len(batch)
            if progress:
                progress(done, total)
        for process in processes:
            _send(None, process.stdin)


def _batches(papers: Iterable[Paper]) -> Iterator[list[Paper]]:
    every = iter(papers)
    while batch := list(islice(every, BATCH)):
        yield batch


def _send(what: object, pipe: Any) -> None:
    pickle.dump(what, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def _answers(process: Worker) -> bool:
    """Wait a moment for a process's result; tell whether it is there."""
    assert process.stdout
    return bool(select([process.stdout], [], [], 0.1)[0])


def _result(process: Worker) -> Counter[str]:
    assert process.stdout
    try:
        result = pickle.load(process.stdout)  # from a process of our own
    except EOFError as error:
        raise EngineBroken("a process that writes the search index was ended") from error
    if isinstance(result, OSError):
        raise result
    if isinstance(result, str):
        raise EngineBroken(f"the search index cannot be written ({result})")
    return Counter(result)


def _join(index: FileIndex, folder: Path, places: list[Path], old: list[int]) -> None:
    """Take the parts' segments into the index: their files move, and one commit names them all.

    It takes away the papers of the keys `old` as they were.
    """
    segments: list[Any] = []
    for place in places:
        part = open_dir(str(place))
        segments += reader.segments_of(part)
        part.close()
        for file in place.iterdir():
            if not file.name.endswith((".toc", "_WRITELOCK")):
                file.replace(folder / file.name)
    writer = codec.writer(index, Lexicon())
    for key in old:
        writer.delete_by_term("id", str(key))
    writer.commit(mergetype=lambda _, known: [*known, *segments])


# -- the other process -----------------------------------------------------------------------------


def write_part(place: str) -> None:
    """Write the papers that come through standard input to an index; send their words back.

    What goes wrong is sent back: what the system says as it is, all else as a text.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this decides
    gc.set_threshold(100_000, 50, 1_000_000)  # what lasts is not to be looked through each time
    given, answer = sys.stdin.buffer, sys.stdout.buffer
    try:
        _send(dict(_written(place, given)), answer)
    except (EOFError, BrokenPipeError):
        return  # there is no one left to write for
    except OSError as error:
        _send(error, answer)
    except Exception as error:
        _send(f"{type(error).__name__}: {error}", answer)


def _written(place: str, given: BinaryIO) -> Counter[str]:
    Path(place).mkdir(mode=0o700)
    index: Any = create_in(place, schema())
    lexicon = Lexicon()
    batches = _received(given)
    for first in batches:
        writer = codec.writer(index, lexicon)
        for paper in chain(first, chain.from_iterable(islice(batches, SEGMENT // BATCH - 1))):
            writer.add_document(**document(paper, lexicon))
        writer.commit(merge=False)
    return lexicon.counts()


def _received(given: BinaryIO) -> Iterator[list[Paper]]:
    while (batch := pickle.load(given)) is not None:  # from a process of our own
        yield batch
