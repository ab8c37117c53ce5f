"""The measures of the library: each is a small function that returns rows of the table."""

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from string import ascii_lowercase

from index import Library, Paper
from index.importing.service import ImportRequest
from index.marks.changes import Bookmark, Change, Tag
from index.papers.json_record import from_json
from tests.bench import queries
from tests.bench.baselines import Baseline
from tests.bench.clock import ENOUGH, cpu, each, median_of, p95, timed
from tests.bench.corpus import ALL, Corpus, made
from tests.bench.libraries import is_paged, open_library
from tests.bench.memory import Peak
from tests.bench.table import Row

MANY = 10_000
"""Papers that are marked at once."""

NEW = 50
"""Papers that are added to an existing library."""

ADDED_S = 0.5
"""Maximum CPU time until they are found, twice that in more papers than the corpus has."""

LETTERS_MS, GROWN_LETTERS_MS = 10, 50
"""Maximum 95th percentile letter by letter, and that in more papers than the corpus has."""

SLOWEST_MS, GROWN_SLOWEST_MS = 50, 60
"""Maximum of any query, and of a single letter in more papers than the corpus has."""

PAGED_WORDS_MS, PAGED_LETTERS_MS, PAGED_FACETS_MS = 10, 60, 100
"""The same for an engine that answers in pages: words, letter by letter, facets."""

FACETS_MS = 20

JOINED_MS = 50
"""Maximum 95th percentile of words joined with many bookmarks."""

MAX_COMPARED = ALL
"""Papers above which Whoosh is not compared: it would take half an hour."""

TITLES = 6
"""Titles that are typed letter by letter."""

PROCESSES = 10
"""Processes that are timed, after a first one."""


def command() -> list[str]:
    """Return the command line that starts `carrel`."""
    script = Path(sys.executable).with_name("carrel")
    return [str(script)] if script.exists() else [sys.executable, "-m", "tui.cli"]


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a process that uses the library in a folder."""
    root = str(Path(__file__).resolve().parents[2])
    return {
        **os.environ,
        "CARREL_LIBRARY": str(folder),
        "PYTHONPATH": root,
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
    }


# -- importing -------------------------------------------------------------------------------------


def taking_in(library: Library, corpus: Corpus, baselines: Sequence[Baseline]) -> Iterator[Row]:
    """Import and index a corpus; the baselines index the same papers."""
    paths = tuple(str(file) for file in corpus.files)
    with Peak() as peak:
        stored, _ = timed(lambda: library.import_files(ImportRequest(paths)))
        indexed, _ = timed(library.index.sync)
    count = library.count()
    papers = everything(library)
    yield Row("import into the database", "/s", count / stored)
    row = Row("index", "/s", count / indexed)
    for baseline in baselines:
        seconds, _ = timed(lambda one=baseline: one.build(papers))  # type: ignore[misc]  # bound
        row.others[baseline.name] = count / seconds
    if count > MAX_COMPARED:
        row.note = f"only FTS5 is compared for more than {MAX_COMPARED:,} papers"
    yield row
    bar = row.others["FTS5"] / 4 if "FTS5" in row.others else None
    yield Row("import and index", "/s", count / (stored + indexed), bar=bar)
    yield Row("memory that import and index take", "MB", peak.megabytes, bar=1_000)


def everything(library: Library) -> list[Paper]:
    """Return all papers of a library."""
    return library.page(library.search("", limit=0))


def adding(library: Library) -> Iterator[Row]:
    """Add a few papers to a library in use, find one of them, and count the facets of all.

    Measured is CPU time, since other processes do not add to it.
    """
    papers = [from_json(shape) for shape in made(NEW, seed=7)]
    library.facets()

    def add() -> None:
        library.add(papers, "bench")
        if not library.search(papers[-1].title).hits:
            raise LookupError("a paper that was added is not found")
        sources = next(facet for facet in library.facets() if facet.field == "source")
        if "bench" not in {count.value for count in sources.counts}:
            raise LookupError("papers that were added are not counted")

    bar = ADDED_S if library.count() <= ALL else 2 * ADDED_S
    yield Row(f"{NEW} papers added until search and facets have them", "s", cpu(add), bar=bar)


# -- searching -------------------------------------------------------------------------------------


def typed(library: Library) -> tuple[str, ...]:
    """Return every state of the search bar while titles and other queries are typed."""
    results = library.search("", limit=0)
    step = max(1, results.total // TITLES)
    papers = [
        paper for at in range(0, TITLES * step, step) for paper in library.page(results, at, at + 1)
    ]
    titles = [paper.title[:40].replace('"', "") for paper in papers]
    return (*queries.PREFIXES, *queries.letters([*queries.TYPED, *titles]))


def finding(folder: Path, baselines: Sequence[Baseline]) -> Iterator[Row]:
    """Search in a library just opened, then again; the baselines search plain words.

    Facets have been counted before, and the library is warmed up, as the reader does it while its
    first screen is shown.
    """
    with open_library(folder) as library:
        states = typed(library)
        library.facets()
        grown = library.count() > ALL
    with open_library(folder) as library:
        first = timed(library.warm_up)[0] * 1000
        yield Row("first search of all, in the background", "ms", first)
        words = each(_whole(library), queries.WHOLE)
        again = each(_whole(library), queries.WHOLE)
    yield Row("whole words, first time: median", "ms", median_of(words), bar=3)
    yield Row("whole words, first time: p95", "ms", p95(words), bar=10)
    yield Row("whole words, again: median", "ms", median_of(again))
    with open_library(folder) as library:
        library.warm_up()
        letters = each(_typing(library), states)
        again = each(_typing(library), states)
        one = each(_typing(library), ascii_lowercase)
    yield Row("letter by letter, first time: median", "ms", median_of(letters), bar=3)
    bar = (PAGED_LETTERS_MS if is_paged() else GROWN_LETTERS_MS) if grown else LETTERS_MS
    yield Row("letter by letter, first time: p95", "ms", p95(letters), bar=bar)
    yield Row("letter by letter, again: median", "ms", median_of(again))
    bar = GROWN_SLOWEST_MS if grown else SLOWEST_MS
    yield Row("one letter: slowest", "ms", max(one), bar=bar)
    yield Row("slowest query of all", "ms", max(*words, *letters), bar=SLOWEST_MS)
    with open_library(folder) as library:
        library.warm_up()
        rows = _bare(_whole(library), _typing(library), baselines, states)
    if grown and is_paged():
        rows[1].bar = PAGED_WORDS_MS
    yield from rows


def _whole(library: Library) -> Callable[[str], object]:
    return lambda text: library.search(text, limit=50)


def _typing(library: Library) -> Callable[[str], object]:
    return lambda text: library.search(text, limit=50, typing=True)


def _bare(
    whole: Callable[[str], object],
    typing: Callable[[str], object],
    baselines: Sequence[Baseline],
    states: Sequence[str],
) -> tuple[Row, ...]:
    """Search for plain words, which every engine treats alike."""
    sample = [text for text in states if ":" not in text and '"' not in text]
    words = each(whole, queries.BARE)
    letters = each(typing, sample)
    rows = (
        Row("one to four words: median", "ms", median_of(words)),
        Row("one to four words: p95", "ms", p95(words)),
        Row("words by letter: median", "ms", median_of(letters)),
        Row("words by letter: p95", "ms", p95(letters)),
    )
    for baseline in baselines:
        words = each(baseline.search, queries.BARE, ENOUGH)
        letters = each(baseline.typing, _spread(sample), ENOUGH)
        if len(letters) < len(sample):
            done = f"{baseline.name} did {len(letters)} of {len(sample)} in {ENOUGH:.0f} s"
            rows[2].note = f"{rows[2].note}, {done}".removeprefix(", ")
        for row, figure in zip(
            rows, (median_of(words), p95(words), median_of(letters), p95(letters)), strict=True
        ):
            row.others[baseline.name] = figure or 0.0
    rows[1].bar = rows[1].others.get("FTS5")
    if "FTS5" in rows[3].others:
        rows[3].bar = rows[3].others["FTS5"] / 10
    return rows


def _spread(texts: Sequence[str]) -> list[str]:
    """Return texts in a fixed random order, so that any prefix of it is a sample."""
    order = list(texts)
    random.Random(3).shuffle(order)
    return order


def facets(folder: Path) -> Iterator[Row]:
    """Count the facets of the results of whole-word queries."""
    with open_library(folder) as library:
        every = library.search("", limit=0)
        yield Row("facets, first time", "ms", timed(lambda: library.facets(every))[0] * 1000)
        results = {text: library.search(text, limit=0) for text in ("", *queries.WHOLE)}
        times = each(lambda text: library.facets(results[text]), results)
        bar = PAGED_FACETS_MS if is_paged() and library.count() > ALL else FACETS_MS
    yield Row("facets: median", "ms", median_of(times))
    yield Row("facets: p95", "ms", p95(times), bar=bar)
    yield Row("facets: slowest", "ms", max(times), bar=bar)


# -- marking ---------------------------------------------------------------------------------------


def marking(library: Library) -> Iterator[Row]:
    """Mark many papers at once and undo it."""
    keys = library.search("", limit=0).paper_keys(0, MANY)
    ids = tuple(library.ids(keys))
    changes: tuple[tuple[str, Change], ...] = (
        ("bookmark", Bookmark(ids)),
        ("tag", Tag(ids, add=("bench",))),
    )
    for name, change in changes:
        done, _ = timed(lambda change=change: library.apply(change))  # type: ignore[misc]  # bound
        undone, _ = timed(library.undo)
        yield Row(f"{name} {len(ids):,} papers", "s", done, bar=1.0)
        yield Row(f"undo: {name} {len(ids):,} papers", "s", undone, bar=1.0)
    yield _joined(library)


def _joined(library: Library) -> Row:
    """Search for words among many bookmarks that are spread over the library."""
    every = library.search("", limit=0).paper_keys()
    keys = random.Random(2).sample(every, min(MANY, len(every)))
    library.apply(Bookmark(tuple(library.ids(sorted(keys)))))
    texts = [f"{text} is:bookmarked" for text in queries.WORDS]
    times = each(lambda text: library.search(text, limit=50), texts)
    library.undo()
    return Row(f"words among {len(keys):,} bookmarks: p95", "ms", p95(times), bar=JOINED_MS)


# -- processes -------------------------------------------------------------------------------------


def process(folder: Path) -> Iterator[Row]:
    """Run `carrel search` in a separate process."""
    line = [*command(), "search", "language model"]

    def run() -> None:
        subprocess.run(line, env=environment(folder), check=True, capture_output=True, timeout=60)

    run()
    taken = [timed(run)[0] for _ in range(PROCESSES)]
    yield Row("carrel search, a whole process", "s", median_of(taken), bar=0.35)
