"""Building a large index on several cores: each worker writes segments, one commit joins them.

A worker reads pickled papers from its standard input, so that it exits when its parent does.
"""

import gc
import os
import pickle
import shutil
import signal
import subprocess
import sys
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
from index.engines.whoosh.outdated import Outdated
from index.engines.whoosh.schema import document, schema
from index.engines.word_list import NUMBERS_SUFFIX, TEXT_SUFFIX, SortedWords
from index.papers.paper import Paper
from index.progress import Progress
from index.workers import NICENESS, Worker, start_worker

PART_PREFIX = "part-"

WORKER_COUNT = 2
"""Number of workers: a third would wait for this process, which reads the database for them."""

MIN_PARALLEL_PAPERS = 3_000
"""Number of papers above which workers are worth their startup time."""

BATCH_PAPERS = 100

MAX_SEGMENT_PAPERS = 50_000
"""Papers in a segment: writing it takes about 400 MB, and each segment slows down queries."""

MAX_TERMS = 500_000
"""Terms that a worker knows, above which the next segment has a new lexicon: they take 150 MB."""

WORDS = "words"
"""The name of a worker's list of words."""


def add(
    index: FileIndex, folder: Path, step: IndexUpdate, progress: Progress | None
) -> SortedWords:
    """Write changes to an index with several workers; return how often each word occurs in them.

    Raises EngineBroken if a worker fails.
    """
    if progress:  # workers take a second to start
        progress(0, step.total)
    clear(folder)
    # A worker of a process that was killed may still create its folder: names are not used again.
    names = [f"{PART_PREFIX}{os.getpid()}-{number}" for number in range(WORKER_COUNT)]
    places = [folder / name for name in names]
    processes = [
        start_worker(write_part, str(place), stdin=subprocess.PIPE, niceness=NICENESS)
        for place in places
    ]
    outdated = Outdated(index, step.removed)
    try:
        total = step.total
        _distribute(outdated.seen(step.papers), processes, total, progress)
        for process in processes:
            while not _has_result(process):
                if progress:  # it may raise, which stops the work
                    progress(total, total)
            _check_result(process)
        words = SortedWords.of({})
        for place in places:
            words = words.with_counts(SortedWords.load(place, WORDS))
        _join(index, folder, places, outdated)
        return words
    finally:
        for process in processes:
            process.kill()
            process.communicate()
        for place in places:
            shutil.rmtree(place, ignore_errors=True)


def clear(folder: Path) -> None:
    """Delete the parts left by a process that was killed."""
    for place in folder.glob(f"{PART_PREFIX}*"):
        shutil.rmtree(place, ignore_errors=True)


def _distribute(
    papers: Iterable[Paper], processes: list[Worker], total: int, progress: Progress | None
) -> None:
    """Send batches of papers to the workers in turn; a full pipe delays the next batch."""
    done = 0
    with suppress(BrokenPipeError):  # the worker's result says why it failed
        for batch, process in zip(_batches(papers), cycle(processes), strict=False):
            _send(batch, process.stdin)
            done += len(batch)
            if progress:
                progress(done, total)
        for process in processes:
            _send(None, process.stdin)


def _batches(papers: Iterable[Paper]) -> Iterator[list[Paper]]:
    iterator = iter(papers)
    while batch := list(islice(iterator, BATCH_PAPERS)):
        yield batch


def _send(value: object, pipe: Any) -> None:
    pickle.dump(value, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def _has_result(process: Worker) -> bool:
    """Wait briefly for a worker's result, and return whether it is available."""
    assert process.stdout
    return bool(select([process.stdout], [], [], 0.1)[0])


def _check_result(process: Worker) -> None:
    """Raise the error of a worker, if it has failed."""
    assert process.stdout
    try:
        result = pickle.load(process.stdout)  # trusted: written by our own process
    except EOFError as error:
        raise EngineBroken("cannot write the search index: a worker was killed") from error
    if isinstance(result, OSError):
        raise result
    if isinstance(result, str):
        raise EngineBroken(f"cannot write the search index: {result}")


def _join(index: FileIndex, folder: Path, places: list[Path], outdated: Outdated) -> None:
    """Move the segments of all parts into the index, and commit them at once.

    The commit also deletes outdated documents.
    """
    segments: list[Any] = []
    for place in places:
        part = open_dir(str(place))
        segments += reader.segments_of(part)
        part.close()
        for file in place.iterdir():
            if not file.name.endswith((".toc", "_WRITELOCK", TEXT_SUFFIX, NUMBERS_SUFFIX)):
                file.replace(folder / file.name)
    writer = codec.writer(index, Lexicon())
    outdated.delete(writer)
    writer.commit(mergetype=lambda _, known: [*known, *segments])


# -- worker process --------------------------------------------------------------------------------


def write_part(place: str) -> None:
    """Write the papers read from standard input to an index, and a list of their words.

    The result is printed, pickled: None, or an error, an OSError as it is and others as text.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # left to the parent process
    gc.set_threshold(100_000, 50, 1_000_000)  # avoid scans of long-lived objects
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    try:
        _write_segments(place, stdin)
        _send(None, stdout)
    except (EOFError, BrokenPipeError):
        return  # the parent process has exited
    except OSError as error:
        _send(error, stdout)
    except Exception as error:
        _send(f"{type(error).__name__}: {error}", stdout)


def _write_segments(place: str, stdin: BinaryIO) -> None:
    Path(place).mkdir(mode=0o700)
    index: Any = create_in(place, schema())
    words, lexicon = SortedWords.of({}), Lexicon()
    batches = _receive(stdin)
    for first in batches:
        writer = codec.writer(index, lexicon)
        rest = islice(batches, MAX_SEGMENT_PAPERS // BATCH_PAPERS - 1)
        for paper in chain(first, chain.from_iterable(rest)):
            writer.add_document(**document(paper, lexicon))
        writer.commit(merge=False)
        if len(lexicon.terms) > MAX_TERMS:
            words = words.with_counts(SortedWords.of(lexicon.counts()))
            lexicon = Lexicon()
    words.with_counts(SortedWords.of(lexicon.counts())).save(Path(place), WORDS)


def _receive(stdin: BinaryIO) -> Iterator[list[Paper]]:
    while (batch := pickle.load(stdin)) is not None:  # trusted: written by our own process
        yield batch
