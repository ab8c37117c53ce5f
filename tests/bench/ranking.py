"""Measures how well Carrel ranks, on collections with judgements: `python -m tests.bench.ranking`.

Cranfield and CACM are searched with all words of a query joined by OR, except stop words and single
letters. On CSFCube, Carrel finds related papers, and the others search for the words of the paper.
Known items are searched for in the corpus of papers, by words of the title, names and years.
`--replay` measures only how soon hidden topics are found with the likeliest papers first.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from statistics import fmean
from typing import Protocol

from index import Library, Paper
from index.importing.service import ImportRequest
from index.paths import ENGINE_NAMES
from index.text.analysis import is_stop_word, split_words
from tests.bench import corpus, known_items, replay
from tests.bench.baselines import ALL_COLUMNS, BlendedWhoosh, Fts5, TutorialWhoosh
from tests.bench.clock import each, median_of
from tests.bench.collections import FOLDER, Collection, Gains, collection, ndcg, recall
from tests.bench.libraries import choose_engine, open_library
from tests.bench.measures import everything
from tests.bench.table import Row, lines

BARS = {"cranfield": 0.52, "cacm": 0.51}
"""nDCG at 10."""

RELATED_BAR = 0.4595
"""nDCG at 10 on CSFCube of the full text as one BM25 query in Whoosh, unless it is measured."""

DEPTH = 100
RELATED = 60
"""Maximum milliseconds for related papers."""

Rank = Callable[[str], list[str]]


class Ranker(Protocol):
    """A full-text index that ranks."""

    name: str

    def build(self, papers: Sequence[Paper]) -> None:
        """Index papers."""

    def ranked(self, words: Sequence[str], most: int) -> list[str]:
        """Return the ids of the best papers with any of some words."""

    def close(self) -> None:
        """Close the index."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 if --strict is given and a figure is below its bar, else 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.ranking", description=__doc__)
    parser.add_argument("--strict", action="store_true", help="exit 1 if a figure is below its bar")
    parser.add_argument(
        "--known", type=int, default=corpus.ALL, metavar="N", help="papers to find known items in"
    )
    parser.add_argument("--engine", choices=ENGINE_NAMES, default=ENGINE_NAMES[0])
    parser.add_argument("--only", nargs="*", metavar="NAME", help="measure these collections alone")
    parser.add_argument("--replay", action="store_true", help="measure the likeliest first alone")
    options = parser.parse_args(arguments)
    if not FOLDER.is_dir():
        print(f"no collections in {FOLDER}", file=sys.stderr)
        return 1 if options.strict else 0
    choose_engine(options.engine)
    short = 0
    with tempfile.TemporaryDirectory(prefix="carrel-ranking-") as home:
        for shelf in () if options.only else replay.shelves():
            rows = list(replay.measured(shelf, Path(home) / f"replay-{shelf.name}"))
            short += sum(row.short for row in rows)
            print(*lines(f"hidden topics, {shelf.name}", rows, [replay.OLD, "listing"]), "",
                  sep="\n", flush=True)  # fmt: skip
        for name in () if options.replay else options.only or (*BARS, "csfcube"):
            folder = Path(home) / name
            titles = 1 if name == "csfcube" else 2
            rankers = (
                TutorialWhoosh(folder / "two"),
                BlendedWhoosh(folder / "one", titles),
                Fts5(folder / "fts5"),
            )
            rows = list(measured(name, folder, rankers))
            short += sum(row.short for row in rows)
            others = [ranker.name for ranker in rankers]
            print(*lines(name, rows, others), "", sep="\n", flush=True)
        if not options.replay and not options.only:
            rows = list(known(Path(home) / "known", options.known))
            short += sum(row.short for row in rows)
            print(*lines(f"known items, {options.known:,} papers", rows, [Fts5.name]), "", sep="\n")
    print(f"{short} below the bar")
    return 1 if short and options.strict else 0


def known(folder: Path, count: int) -> Iterator[Row]:
    """Measure known items in the first papers of the corpus, if available."""
    folder.mkdir()
    if not corpus.CORPUS.is_file():
        return
    fts5 = Fts5(folder / "fts5", ALL_COLUMNS)
    try:
        with open_library(folder / "library") as library:
            files = corpus.of_size(count, folder).files
            library.import_files(ImportRequest(tuple(map(str, files))))
            papers = everything(library)
            fts5.build(papers)
            yield from known_items.measured(library, papers, fts5)
    finally:
        fts5.close()


def measured(name: str, folder: Path, rankers: Sequence[Ranker]) -> Iterator[Row]:
    """Measure one collection with Carrel and the others."""
    judged = collection(name)
    try:
        for ranker in rankers:
            ranker.build(judged.papers)
        with open_library(folder / "library") as library:
            library.add(judged.papers, name)
            yield from (searched if name in BARS else related)(name, library, judged, rankers)
    finally:
        for ranker in rankers:
            ranker.close()


def searched(
    name: str, library: Library, judged: Collection, rankers: Iterable[Ranker]
) -> Iterator[Row]:
    """Measure searches for any of a query's words."""

    def carrel(text: str) -> list[str]:
        results = library.search(" OR ".join(words_of(text)), limit=DEPTH)
        return [hit.id for hit in results.hits]

    ways = [carrel, *(_by_words(ranker) for ranker in rankers)]
    found = [[(way(text), gains) for text, gains in judged.queries] for way in ways]
    names = [ranker.name for ranker in rankers]
    yield _row("nDCG at 10", names, found, ndcg, BARS[name])
    yield _row("recall at 100", names, found, recall)


def related(
    name: str, library: Library, judged: Collection, rankers: Iterable[Ranker]
) -> Iterator[Row]:
    """Measure the papers related to a given one, which is excluded."""
    texts = {paper.id: f"{paper.title} {paper.abstract}" for paper in judged.papers}
    given = [paper for paper, _ in judged.queries]

    def carrel(paper: str) -> list[str]:
        return [one.id for one in library.related([paper], limit=DEPTH)]

    def whole(rank: Rank) -> Rank:
        return lambda paper: [found for found in rank(texts[paper]) if found != paper]

    ways = [carrel, *(whole(_by_words(ranker)) for ranker in rankers)]
    found = [[(way(paper), gains) for paper, gains in judged.queries] for way in ways]
    names = [ranker.name for ranker in rankers]
    row = _row("related: nDCG at 10", names, found, ndcg)
    row.bar = row.others.get(BlendedWhoosh.name, RELATED_BAR)
    yield row
    yield _row("related: recall at 100", names, found, recall)
    times = each(lambda paper: library.related([paper], limit=20), given)
    yield Row("related: median", "ms", median_of(times), bar=RELATED)


def words_of(text: str) -> list[str]:
    """Return the words of a text that a reader would search for; repeated words count again."""
    return [word for word in split_words(text) if len(word) > 1 and not is_stop_word(word)]


def _by_words(ranker: Ranker) -> Rank:
    return lambda text: ranker.ranked(words_of(text), DEPTH + 1)


def _row(
    name: str,
    others: Iterable[str],
    found: Sequence[Sequence[tuple[list[str], Gains]]],
    measure: Callable[[Sequence[str], Gains], float],
    bar: float | None = None,
) -> Row:
    """Return a row of means over the queries: Carrel's first, then the others'."""
    figure, *rest = (fmean(measure(*one) for one in way) for way in found)
    return Row(name, "of 1", figure, dict(zip(others, rest, strict=True)), bar)


if __name__ == "__main__":
    sys.exit(main())
