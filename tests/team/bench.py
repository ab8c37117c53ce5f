"""`make bench-team`: a corpus on one and on two nodes; rates, latencies, facets, marks, memory.

The papers are those of the benchmarks, 98,830 by default. Latencies are the median and the 95th
percentile of the milliseconds until the reader has its rows, in a process that only reads.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from index import Library
from index.marks.changes import Dismissed
from index.papers.entries import ParsedPaper
from index.papers.json_record import from_json
from index.store import Source
from tests.bench.clock import each, median_of, p95
from tests.bench.corpus import ALL, CORPUS, made, shapes
from tests.bench.queries import BOOLEAN, PHRASES, RANGES, TYPED, WORDS, letters
from tests.team.nodes import Nodes, NoNodes, cache_folder, fetch_jars

JAVA = ("-Xmx1g", "-Xms1g")
"""Options of the nodes, which are otherwise Java's own, as those of a cluster that runs long."""
BATCH = 500
DISMISSED = 10_000
COUNTED = 15
"""Queries whose facets are counted, and that are joined with marks."""
EXPORTED = "diffusion"
NOWHERE = Source("", "", "", "", "")


def entries(count: int) -> Iterator[list[ParsedPaper]]:
    """Yield papers of the benchmarks' corpus, or made ones where it is missing, in batches."""
    every = shapes(1) if CORPUS.is_file() else made(count)
    numbered = enumerate(islice(every, count), 1)
    papers = (ParsedPaper(from_json(shape), at, at) for at, shape in numbered)
    while batch := list(islice(papers, BATCH)):
        yield batch


def pushed(library: Library, count: int) -> dict[str, str]:
    """Write papers to the corpus of a library, and return what is measured, by name."""
    assert library.corpus
    writer = library.corpus.writer
    seconds = own = 0.0
    for batch in entries(count):
        started, cpu = time.perf_counter(), time.process_time()
        writer.add(batch, NOWHERE)
        seconds, own = seconds + time.perf_counter() - started, own + time.process_time() - cpu
    status = writer.status()
    return {
        "papers": f"{status.papers:,}",
        "pushed a second": f"{status.papers / seconds:,.0f}",
        "pushed a CPU second of carrel": f"{status.papers / own:,.0f}",
        "bytes a paper, with replicas": f"{status.size / status.papers:,.0f}",
    }


def timed(work: Callable[[str], object], texts: Sequence[str]) -> str:
    """Return the median and the 95th percentile of the milliseconds that work takes."""
    times = each(work, texts)
    return f"{median_of(times):,.0f} / {p95(times):,.0f} ms"


def read(library: Library) -> Iterator[tuple[str, str]]:
    """Yield what is measured of reading, by name."""

    failed: list[str] = []

    def search(text: str, *, typing: bool = False) -> None:
        results = library.search(text, limit=0, typing=typing, wait=False)
        if results.index != "corpus" or not results.exact:
            failed.append(text)

    def facets(text: str) -> None:
        results = library.search(text, limit=0, wait=False)
        counted = library.facets(results, wait=False)
        if any(one.is_partial for one in counted):
            failed.append(text)

    typing = partial(search, typing=True)
    library.search("model")
    whole = (*WORDS, *BOOLEAN, *RANGES)
    yield "words, papers copied first", timed(search, whole)
    yield "words", timed(search, whole)
    yield "phrases", timed(search, PHRASES * 3)
    yield "letter by letter", timed(typing, letters(TYPED))
    yield "facets", timed(facets, whole[:COUNTED])
    near = [hit.id for hit in library.search("graph").hits[:20]]
    yield "related papers", timed(lambda text: library.related([text]), near)
    started = time.perf_counter()
    ids = library.ids(library.search(EXPORTED).paper_keys())
    written = sum(1 for _ in library.export(ids, "jsonl"))
    rate = written / (time.perf_counter() - started)
    yield "exported a second, papers copied first", f"{rate:,.0f}"
    ids = library.ids(library.search("").rows[:DISMISSED])
    library.apply(Dismissed(tuple(ids)))
    yield f"words, {DISMISSED:,} papers dismissed", timed(search, whole[:COUNTED])
    yield "letters of these", timed(typing, letters(TYPED[:1]))
    yield "answers in part, or of the library", f"{len(failed):,}"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield "memory of the process that reads", f"{peak:,.0f} MB"


def table(count: int, nodes: int, folder: Path) -> dict[str, str]:
    """Start nodes with a corpus of papers, and return what is measured, by name."""
    with (
        Nodes(folder / "nodes", nodes, JAVA) as running,
        Library.open(folder / "writer") as library,
    ):
        address = running.address("papers")
        library.connect(address)
        assert library.corpus
        library.corpus.writer.create(2, nodes - 1)
        found = pushed(library, count)
        command = [sys.executable, "-m", "tests.team.bench", "--read", address]
        text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        read_too: dict[str, str] = json.loads(text)
        return found | read_too


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.team.bench", description=__doc__)
    parser.add_argument("--papers", type=int, default=int(os.environ.get("PAPERS", ALL)))
    parser.add_argument("--nodes", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--read", metavar="URL", help="only read a corpus; print JSON")
    options = parser.parse_args(arguments)
    try:
        fetch_jars()
    except NoNodes as reason:
        sys.exit(f"bench-team: {reason}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        cache_folder()  # that of the jars stays as it is
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        if options.read:
            with Library.open(folder / "reader") as library:
                library.connect(options.read)
                print(json.dumps(dict(read(library))))
            return
        tables = [table(options.papers, nodes, folder / f"nodes{nodes}") for nodes in options.nodes]
    print(f"{'nodes':42}" + "".join(f"{nodes:>18}" for nodes in options.nodes))
    for name in tables[0]:
        print(f"{name:42}" + "".join(f"{found[name]:>18}" for found in tables))


if __name__ == "__main__":
    main()
