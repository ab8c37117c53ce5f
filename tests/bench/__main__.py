"""Measures Carrel and prints the figures: `make bench`, or `python -m tests.bench --sizes 1000`."""

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from index.paths import ENGINE_NAMES
from tests.bench import corpus, enriching, measures, reading
from tests.bench.baselines import Baseline, Fts5, TutorialWhoosh
from tests.bench.libraries import choose_engine, configure_engine, open_library
from tests.bench.table import Row, growth, lines

SIZES = (1_000, 10_000, corpus.ALL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 if --strict is given and a figure misses its bar, else 0."""
    options = _options(arguments)
    started = time.perf_counter()
    print(machine(), flush=True)
    short, tables = 0, {}
    with tempfile.TemporaryDirectory(prefix="carrel-bench-") as home:
        _at_home(Path(home))
        choose_engine(options.engine)
        configure_engine()
        for size in options.sizes:
            folder = Path(home) / str(size)
            folder.mkdir()
            papers = corpus.of_size(size, folder)
            rows = list(measured(folder, papers, size, terminal=not options.no_terminal))
            short += sum(row.short for row in rows)
            tables[size] = rows
            title = f"{size:,} {papers.name}"
            print("", *lines(title, rows, ("Whoosh", "FTS5")), sep="\n", flush=True)
    if len(tables) > 1:
        print("", *growth(tables), sep="\n")
    print(f"\n{short} below the bar; measured in {time.perf_counter() - started:.0f} s")
    return 1 if short and options.strict else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--sizes", type=_sizes, default=SIZES, help=f"default {','.join(map(str, SIZES))}"
    )
    parser.add_argument("--engine", choices=ENGINE_NAMES, default=ENGINE_NAMES[0])
    parser.add_argument("--no-terminal", action="store_true", help="leave the reader out")
    parser.add_argument("--strict", action="store_true", help="exit 1 where a figure is short")
    return parser.parse_args(arguments)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(size) for size in text.split(","))


def _at_home(home: Path) -> None:
    """Keep this process, and those it starts, from using the user's own files."""
    os.environ["HOME"] = str(home)
    for name in ("DATA", "CACHE", "CONFIG"):
        os.environ[f"XDG_{name}_HOME"] = str(home / name.lower())
    os.environ["CARREL_CONFIG"] = str(home / "config.toml")
    for name in ("NO_COLOR", "CARREL_LIBRARY", "TMUX"):
        os.environ.pop(name, None)


def machine() -> str:
    """Return a one-line description of the machine."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parts = [
        f"{cores} cores",
        f"{platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}",
        *(f"{name} {version(name)}" for name in ("textual", "whoosh3", "numpy")),
        f"SQLite {sqlite3.sqlite_version}",
    ]
    line = ", ".join(parts)
    if hasattr(os, "getloadavg") and (load := os.getloadavg()[0]) > 0.5:
        line += (
            f"\nother work is going on (load {load:.1f}): the times are longer than they need be"
        )
    return line


def baselines_for(folder: Path, size: int) -> list[Baseline]:
    """Return the baselines of a number of papers: Whoosh would index 500,000 for half an hour."""
    fts5 = Fts5(folder / "fts5")
    return [fts5] if size > measures.MAX_COMPARED else [TutorialWhoosh(folder / "whoosh"), fts5]


def measured(folder: Path, papers: corpus.Corpus, size: int, *, terminal: bool) -> Iterator[Row]:
    """Measure everything on one corpus."""
    baselines = baselines_for(folder, size)
    place = folder / "library"
    try:
        with open_library(place) as library:
            yield from _with_progress(measures.taking_in(library, papers, baselines))
        yield from _with_progress(measures.finding(place, baselines))
        yield from _with_progress(measures.facets(place))
        yield from _with_progress(measures.process(place))
        if terminal:
            yield from _with_progress(reading.reading(place))
        with open_library(place) as library:
            yield from _with_progress(measures.marking(library))
            yield from _with_progress(measures.adding(library))
        yield from _with_progress(enriching.completing(folder, papers))
    finally:
        for baseline in baselines:
            baseline.close()


def _with_progress(rows: Iterator[Row]) -> Iterator[Row]:
    """Yield the rows, and on a terminal print the name of each."""
    for row in rows:
        if sys.stderr.isatty():
            print(f"\r\x1b[K{row.name}", end="\r", file=sys.stderr, flush=True)
        yield row


if __name__ == "__main__":
    sys.exit(main())
