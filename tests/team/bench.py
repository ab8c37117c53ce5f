"""`make bench-team`: a corpus on one and on two nodes; rates, latencies, facets, marks.

The sizes are those of `PAPERS`, 98,830 by default, cut to what the corpus of the benchmarks has.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from statistics import median, quantiles

from index import Library
from index.marks.changes import Dismissed
from index.papers.entries import ParsedPaper
from index.papers.json_record import from_json
from index.store import Source
from tests.bench.corpus import made, shapes
from tests.bench.queries import TYPED, WHOLE, letters
from tests.team.nodes import Nodes, cache_folder, missing_tools

COUNT = int(os.environ.get("PAPERS", "98830"))
BATCH = 500
DISMISSED = 10_000
NOWHERE = Source("", "", "", "", "")


def entries(count: int) -> list[ParsedPaper]:
    """Return papers of the benchmarks' corpus, or made ones where it is missing."""
    try:
        found = list(islice(shapes(1), count))
    except OSError:
        found = list(made(count))
    return [ParsedPaper(from_json(shape), at, at) for at, shape in enumerate(found, 1)]


def timed(work: Callable[[str], object], texts: Sequence[str]) -> str:
    """Return the median and the 95th percentile of the milliseconds that work takes."""
    times = []
    for text in texts:
        started = time.perf_counter()
        work(text)
        times.append(1000 * (time.perf_counter() - started))
    return f"{median(times):,.0f} / {quantiles(times, n=20)[-1]:,.0f} ms"


def rows(library: Library, papers: Sequence[ParsedPaper]) -> dict[str, str]:
    """Return what is measured, by name."""
    corpus = library.corpus
    assert corpus
    started, cpu = time.perf_counter(), time.process_time()
    for first in range(0, len(papers), BATCH):
        corpus.writer.add(papers[first : first + BATCH], NOWHERE)
    seconds, own = time.perf_counter() - started, time.process_time() - cpu
    status = corpus.writer.status()
    found = {
        "papers": f"{status.papers:,}",
        "pushed a second": f"{len(papers) / seconds:,.0f}",
        "pushed a CPU second of Carrel": f"{len(papers) / own:,.0f}",
        "bytes a paper, with copies": f"{status.size / status.papers:,.0f}",
    }
    library.search("model")

    def search(text: str) -> object:
        return library.search(text, limit=0)

    def typing(text: str) -> object:
        return library.search(text, limit=0, typing=True)

    whole = [text for text in WHOLE if "is:bookmarked" not in text]
    found["words, first time (papers copied)"] = timed(search, whole)
    found["words"] = timed(search, whole)
    found["letter by letter"] = timed(typing, letters(TYPED))
    found["facets"] = timed(library.facets, whole[:20])
    found["related papers"] = timed(
        lambda text: library.related([text]), [hit.id for hit in library.search("graph").hits[:20]]
    )
    ids = library.ids(library.search("").rows[:DISMISSED])
    library.apply(Dismissed(tuple(ids)))
    found[f"words, {len(ids):,} papers dismissed"] = timed(search, whole[:20])
    return found


def main() -> None:
    """Print the table."""
    if reason := missing_tools():
        sys.exit(f"bench-team: {reason}")
    papers = entries(COUNT)
    tables: list[dict[str, str]] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        cache_folder()  # that of the jars stays as it is
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        for count in (1, 2):
            with (
                Nodes(folder / f"nodes{count}", count) as nodes,
                Library.open(folder / f"library{count}") as library,
            ):
                library.connect(nodes.address("papers"))
                assert library.corpus
                library.corpus.writer.create(2, count - 1)
                tables.append(rows(library, papers))
    print(f"{'':38}{'one node':>18}{'two nodes':>18}")
    for name, value in tables[0].items():
        print(f"{name:38}{value:>18}{tables[1][name]:>18}")


if __name__ == "__main__":
    main()
