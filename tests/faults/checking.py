"""Checks of a library after a kill."""

import sqlite3
from collections.abc import Collection
from pathlib import Path

from index import Library
from index.engines.registry import DEFAULT
from index.errors import CarrelError
from index.store.database import FILE_NAME
from tests.faults import papers
from tests.faults.killing import Bench
from tests.faults.ledger import Ledger, Mark, Op

ASKED = 3
"""Words to search for after each kill."""


def check_marks(bench: Bench, folder: Path, may_be: Collection[Ledger], about: str) -> Ledger:
    """Check a library, and that its marks equal one of the ledgers; return that one."""
    database = folder / FILE_NAME
    found = papers.marks(database)
    first = next(iter(may_be))
    bench.tally.checked += len(first.marks)
    is_ = next((ledger for ledger in may_be if ledger.marks == found), None)
    if is_ is None:
        lost = set(first.marks) - found
        bench.tally.lost += len(lost)
        bench.wrong(f"{about}: {len(lost)} marks lost, {len(found - first.marks)} that were not")
        is_ = Ledger(found)
    check_intact(bench, folder, about)
    return is_


def check_answers(bench: Bench, folder: Path, about: str, engine: str = DEFAULT) -> None:
    """Check that a library answers as if its index and its counts had been made at once."""
    with Library.open(folder, engine=engine) as library:
        seen = _answers(library)
        library.rebuild()
        for asked, answer in _answers(library).items():
            if seen[asked] != answer:
                bench.wrong(f"{about}: {asked} is not as if counted at once")


def _answers(library: Library) -> dict[str, object]:
    counts = {
        f"facet {facet.field}": sorted((count.value, count.count) for count in facet.counts)
        for facet in library.facets(most=None)
    }
    found = {
        word: sorted(library.search(word, limit=0).all_keys().tolist()) for word in papers.WORDS
    }
    return {**counts, **found, "listing": library.search("", limit=0).all_keys().tolist()}


def check_intact(bench: Bench, folder: Path, about: str, engine: str = DEFAULT) -> None:
    """Check that a library opens, is intact, and finds its papers."""
    try:
        with Library.open(folder, engine=engine) as library:
            for word in bench.chance.sample(papers.WORDS, ASKED):
                results = library.search(word, limit=10**6)
                found = {hit.id for hit in results.hits[: results.full]}
                if found != (there := papers.holding(folder / FILE_NAME, word)):
                    bench.wrong(f"{about}: {word} found {len(found)} of {len(there)}")
            checks = [check for check in library.doctor.check() if not check.passed]
            bench.tally.wrong += [f"{about}: {check.name}: {check.message}" for check in checks]
    except (CarrelError, sqlite3.Error) as error:
        bench.wrong(f"{about}: {error}")


def check_undo(bench: Bench, folder: Path, ledger: Ledger, about: str) -> Ledger:
    """Check that the last change can be undone and redone."""
    if not ledger.done:
        return ledger
    with Library.open(folder) as library:
        for verb, turn in (("undo", library.undo), ("redo", library.redo)):
            turn()
            ledger = ledger.after(Op(verb))
            expect(bench, folder, ledger.marks, f"{about}, then {verb}")
    return ledger


def expect(bench: Bench, folder: Path, marks: frozenset[Mark], about: str) -> None:
    """Check the marks of a library."""
    found = papers.marks(folder / FILE_NAME)
    bench.tally.checked += len(marks)
    if found != marks:
        bench.tally.lost += len(marks - found)
        bench.wrong(f"{about}: {len(marks - found)} marks lost, {len(found - marks)} too many")
