"""How well a corpus ranks, beside a library: `python -m tests.team.ranking`.

Cranfield and CACM are searched as in `tests.bench.ranking`, and so are known items among the first
papers of the benchmarks. With `--read URL`, known items are looked for in a corpus that exists.
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import fmean

from index import Library, Paper
from index.papers.entries import ParsedPaper
from index.papers.json_record import from_json
from tests.bench import known_items
from tests.bench.collections import collection, ndcg
from tests.bench.corpus import shapes
from tests.bench.ranking import BARS, DEPTH, words_of
from tests.team.bench import BATCH, NOWHERE
from tests.team.nodes import Nodes, cache_folder

Libraries = tuple[Library, ...]
Measure = Callable[[Library], float]


@contextmanager
def both(folder: Path, papers: Sequence[Paper], address: str, *, push: bool) -> Iterator[Libraries]:
    """Open a library with papers, and an empty one that reads a corpus, to which they are pushed.

    An existing library in the folder is used as it is.
    """
    with Library.open(folder / "library") as local, Library.open(folder / "reader") as reader:
        if not local.count():
            local.add(papers, "papers")
        reader.connect(address)
        assert reader.corpus
        if push:
            reader.corpus.writer.create(1, 0)
            for first in range(0, len(papers), BATCH):
                some = papers[first : first + BATCH]
                entries = [ParsedPaper(paper, at, at) for at, paper in enumerate(some, 1)]
                reader.corpus.writer.add(entries, NOWHERE)
            reader.corpus.writer.status()
        yield local, reader


def show(name: str, libraries: Libraries, measure: Measure) -> None:
    """Print a figure of each library."""
    print(f"{name:48}" + "".join(f"{measure(one):>10.3f}" for one in libraries), flush=True)


def show_judged(name: str, folder: Path, address: str) -> None:
    """Measure a collection with judgements."""
    judged = collection(name)

    def measure(library: Library) -> float:
        def found(text: str) -> list[str]:
            query = " OR ".join(words_of(text))
            return [hit.id for hit in library.search(query, limit=DEPTH).hits]

        return fmean(ndcg(found(text), gains) for text, gains in judged.queries)

    with both(folder, judged.papers, address, push=True) as libraries:
        show(f"{name}: nDCG at 10", libraries, measure)


def show_known(folder: Path, count: int, address: str, *, push: bool) -> None:
    """Measure known items among the first papers of the benchmarks."""
    papers = [from_json(shape) for shape in islice(shapes(1), count)]
    with both(folder, papers, address, push=push) as libraries:
        for kind, asked in known_items.queries(papers).items():
            for depth in (1, known_items.DEPTH):
                measure = partial(success, asked=asked, depth=depth)
                show(f"{kind}: success at {depth}", libraries, measure)


def success(library: Library, asked: Sequence[tuple[str, str]], depth: int) -> float:
    """Return the share of queries that list their paper among the first ones."""
    found = ([hit.id for hit in library.search(text, limit=depth).hits] for text, _ in asked)
    return fmean(paper in ids for ids, (_, paper) in zip(found, asked, strict=True))


def main() -> None:
    """Print the figures of the library and the corpus."""
    parser = argparse.ArgumentParser(prog="python -m tests.team.ranking", description=__doc__)
    parser.add_argument("--known", type=int, default=20_000, metavar="N", help="papers, 0 for none")
    parser.add_argument("--read", metavar="URL", help="a corpus with these papers")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        folder = Path(place)
        cache_folder()  # that of the jars stays as it is
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        print(f"{'':48}{'library':>10}{'corpus':>10}")
        if options.read:
            return show_known(folder, options.known, options.read, push=False)
        nodes = stack.enter_context(Nodes(folder / "nodes", 1))
        for name in BARS:
            show_judged(name, folder / name, nodes.address(name))
        if options.known:
            show_known(folder / "known", options.known, nodes.address("known"), push=True)
    return None


if __name__ == "__main__":
    main()
