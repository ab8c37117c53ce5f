"""Groups of rounds: each function kills one kind of work and checks the result."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index import Library, Paper
from index.importing.service import BATCH_PAPERS
from index.marks.changes import Bookmark, Tag
from index.store import migration
from index.store.database import FILE_NAME, Database
from index.store.schema import MIGRATIONS
from tests.faults import papers
from tests.faults.checking import check_answers, check_intact, check_marks, check_undo, expect
from tests.faults.killing import Bench, Run, Worker, copied, sent
from tests.faults.ledger import Ledger, Op, script

Group = Callable[[Bench, int], None]
"""Runs a number of rounds."""

SMALL, LARGE = 40, 1_100
"""Papers of the imported files: several batches, or less than one."""

KEEP_UP = 6_000
"""Papers at which a library is replaced by a new one."""


def made(folder: Path, first: int, stop: int, marked: int = 0) -> Ledger:
    """Create a library with papers, some of them marked; return its ledger."""
    shutil.rmtree(folder, ignore_errors=True)
    ledger = Ledger()
    with Library.open(folder) as library:
        library.add(papers.papers(first, stop), "stock")
        if marked:
            ids = tuple(f"p{number}" for number in range(first, first + marked))
            library.apply(Bookmark(ids))
            library.apply(Tag(ids[::2], ("kept",)))
            ledger = ledger.after(Op("bookmark", first, first + marked))
            tags = frozenset((paper, "tag", "kept") for paper in ids[::2])
            ledger = Ledger(ledger.marks | tags, (*ledger.done, (tags, frozenset())))
        library.search(papers.WORDS[0])
    return ledger


# -- marks -----------------------------------------------------------------------------------------


def marks_one_by_one(bench: Bench, rounds: int) -> None:
    """Single marks, each acknowledged once it is stored."""
    _marks(bench, rounds, count=400, length=150, most=1)


def marks_of_thousands(bench: Bench, rounds: int) -> None:
    """Changes of thousands of papers, and their undo and redo, are atomic."""
    _marks(bench, rounds, count=2_000, length=8, most=2_000)


def _marks(bench: Bench, rounds: int, *, count: int, length: int, most: int) -> None:
    folder = bench.place / "library"
    ledger = made(folder, 0, count)
    typical = Run([["steps", "2000"]], 0, 1.0)
    for number in range(rounds):
        ops = script(bench.chance, length, count, most)
        bench.largest = (folder / FILE_NAME).stat().st_size + 400_000
        run = bench.killed(("mark", str(folder), sent(ops)), typical)
        if not run.killed:
            typical = run
        acknowledged = sum(line[0] == "did" for line in run.lines)
        for op in ops[:acknowledged]:
            ledger = ledger.after(op)
        may_be = [ledger]
        if ops[acknowledged:]:  # one that was not acknowledged may be stored, but completely
            may_be.append(ledger.after(ops[acknowledged]))
        about = f"round {number} ({run.status}, {acknowledged} acknowledged)"
        ledger = check_marks(bench, folder, may_be, about)
        ledger = check_undo(bench, folder, ledger, about)


# -- papers ----------------------------------------------------------------------------------------


def imports(bench: Bench, rounds: int) -> None:
    """Imports of small and large files: whole batches remain, and no mark changes."""
    folder, file = bench.place / "library", bench.place / "new.jsonl"
    last = KEEP_UP
    typical = {SMALL: Run([["steps", "300"]], 0, 0.2), LARGE: Run([["steps", "9000"]], 0, 1.0)}
    for number in range(rounds):
        if last >= KEEP_UP:
            ledger, last = made(folder, 0, 500, 200), 500
        count = bench.chance.choice((SMALL, SMALL, LARGE))
        papers.write(file, papers.papers(last - count // 4, last + count))  # some are known
        file = file.rename(bench.place / f"new{number}.jsonl")
        bench.largest = 2_000_000 if count == LARGE else 800_000
        job = ("carrel", "--library", str(folder), "import", str(file))
        run = bench.killed(job, typical[count])
        if not run.killed:
            typical[count] = run
        about = f"round {number} ({run.status})"
        expect(bench, folder, ledger.marks, about)
        check_intact(bench, folder, about)
        with Library.open(folder) as library:
            there = library.count()
            read = there - last + count // 4
            if there != last and read % BATCH_PAPERS and there != last + count:
                bench.wrong(f"{about}: {there - last} papers of {count} are half a batch")
            library.import_paths([file])  # resumes it
            if library.count() != last + count:
                bench.wrong(f"{about}: {library.count()} papers, not {last + count}")
        last += count
        file.unlink()


def source_removals(bench: Bench, rounds: int) -> None:
    """A source is removed with its unmarked papers, or not at all."""
    template, folder = bench.place / "template", bench.place / "library"
    ledger = made(template, 0, 1_500, 500)
    job = ("carrel", "--library", str(folder), "source", "remove", "stock")
    copied(template, folder)
    typical = bench.worker.run(job)
    for number in range(rounds):
        copied(template, folder)
        run = bench.killed(job, typical)
        about = f"round {number} ({run.status})"
        expect(bench, folder, ledger.marks, about)
        check_intact(bench, folder, about)
        with Library.open(folder) as library:
            if library.count() not in (1_500, 500):
                bench.wrong(f"{about}: {library.count()} papers are left")
            expect(bench, folder, ledger.marks, about)
        check_undo(bench, folder, ledger, about)


def first_runs(bench: Bench, rounds: int) -> None:
    """The first run: the next one finds a library with the whole starter shelf."""
    folder = bench.place / "library"
    shutil.rmtree(folder, ignore_errors=True)
    typical = bench.worker.run(("begin", str(folder)))
    bench.largest = 1_500_000
    for number in range(rounds):
        shutil.rmtree(folder, ignore_errors=True)
        run = bench.killed(("begin", str(folder)), typical)
        about = f"round {number} ({run.status})"
        with Library.open(folder) as library:
            library.add_starter_shelf()
            if library.count() < 200:
                bench.wrong(f"{about}: {library.count()} papers on the shelf")
        check_intact(bench, folder, about)
        if left := _left(folder, ".carrel*"):
            bench.wrong(f"{about}: left behind {left}")


# -- the index -------------------------------------------------------------------------------------


def rebuilding(bench: Bench, rounds: int) -> None:
    """Rebuilds of the index, on one core and on several."""
    folder = bench.place / "library"
    ledger = made(folder, 0, 500, 100)
    # The number of papers from which several processes are used.
    typical = {enough: bench.worker.run(("rebuild", str(folder), enough)) for enough in (100, 900)}
    bench.largest = 500_000
    for number in range(rounds):
        enough = bench.chance.choice([*typical])
        run = bench.killed(("rebuild", str(folder), enough), typical[enough])
        about = f"round {number} ({run.status})"
        expect(bench, folder, ledger.marks, about)
        check_intact(bench, folder, about)


def growing(bench: Bench, rounds: int) -> None:
    """Updates of the index and of the counts as papers are added and removed."""
    _growing(bench, rounds, "whoosh")


def growing_in_tantivy(bench: Bench, rounds: int) -> None:
    """The same with the other engine."""
    _growing(bench, rounds, "tantivy")


def _growing(bench: Bench, rounds: int, engine: str) -> None:
    folder = bench.place / "library"
    ledger, last = made(folder, 0, 300, 100), 300
    typical = Run([["steps", "2500"]], 0, 0.6)
    for number in range(rounds):
        if last > 1_500:
            ledger, last = made(folder, 0, 300, 100), 300
        bench.largest = 600_000
        run = bench.killed(("grow", str(folder), last, 25, 8, engine), typical)
        if not run.killed:
            typical = run
        about = f"round {number} ({run.status})"
        expect(bench, folder, ledger.marks, about)
        check_intact(bench, folder, about, engine)
        check_answers(bench, folder, about, engine)
        last += 200


def merging(bench: Bench, rounds: int) -> None:
    """Merges of segments in one process while another adds papers, each killed at its own time."""
    folder = bench.place / "library"
    ledger, last = made(folder, 0, 300, 100), 300
    typical = Run([["steps", "2500"]], 0, 0.8)
    bench.largest = 600_000
    other = Worker(bench.worker.home)
    try:
        for number in range(rounds):
            if last > 1_500:
                ledger, last = made(folder, 0, 300, 100), 300
            end = bench.end(typical)
            other.start(("merge", str(folder), 1_000), end)
            run = bench.killed(("grow", str(folder), last, 25, 8, "whoosh", False), typical)
            merged = other.wait()
            bench.count(merged, end)
            about = f"round {number} ({run.status}, {merged.status})"
            expect(bench, folder, ledger.marks, about)
            check_intact(bench, folder, about)
            check_answers(bench, folder, about)
            last += 200
    finally:
        other.close()


# -- files -----------------------------------------------------------------------------------------


def exports(bench: Bench, rounds: int) -> None:
    """An export or dump over an older file leaves the old file or the new one, and nothing else."""
    folder, out = bench.place / "library", bench.place / "out"
    ledger = made(folder, 0, 1_500, 700)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    orders = {
        out / "marks.bib": ("export", "is:bookmarked"),
        out / "all.jsonl": ("export", ""),
        out / "dump.jsonl": ("dump",),
    }
    typical, whole = {}, {}
    for file, words in orders.items():
        verb, *query = words
        job = ("carrel", "--library", str(folder), verb, "-o", str(file), "--force", *query)
        typical[file] = job, bench.worker.run(job)
        whole[file] = file.read_bytes()
    bench.largest = 400_000
    for number in range(rounds):
        file = bench.chance.choice([*orders])
        there = bench.chance.random() < 0.7
        file.unlink() if not there else file.write_bytes(b"old")
        job, once = typical[file]
        run = bench.killed(job, once)
        about = f"round {number} ({run.status}, {file.name})"
        held = file.read_bytes() if file.exists() else None
        if held not in (whole[file], b"old" if there else None):
            bench.wrong(f"{about}: {len(held or b'')} bytes, neither the old nor the new")
        if len(left := _left(out, ".*.part")) > len(orders):
            bench.wrong(f"{about}: {len(left)} unfinished files are left")
        expect(bench, folder, ledger.marks, about)
        file.write_bytes(b"old")
    for file, (job, _) in typical.items():
        bench.worker.run(job)
        expect_same(bench, file, whole[file])
    if left := _left(out, ".*"):
        bench.wrong(f"after all: left behind {left}")
    check_intact(bench, folder, "after all")


def expect_same(bench: Bench, file: Path, content: bytes) -> None:
    if file.read_bytes() != content:
        bench.wrong(f"{file.name} is not what it was")


def _left(folder: Path, pattern: str) -> list[str]:
    return sorted(path.name for path in folder.glob(pattern))


def dump_restores(bench: Bench, rounds: int) -> None:
    """Restoring and merging a dump is atomic, and undone as one change."""
    place = bench.place
    given = made(place / "given", 400, 1_400, 800)
    with Library.open(place / "given") as library:
        library.apply(Tag(("p500",), (), ("kept",)))
        library.dumps.dump().write_file(place / "marks.jsonl", overwrite=True)
    del given
    for verb in ("restore", "merge"):
        before = made(place / "template", 0, 900, 500)
        job = (verb, str(place / "marks.jsonl"))
        _either(bench, rounds // 2, job, before, bench.place / "template")


def duplicates(bench: Bench, rounds: int) -> None:
    """Merging duplicates is atomic, keeps every mark, and is undone as one change."""
    template = bench.place / "template"
    shutil.rmtree(template, ignore_errors=True)
    with Library.open(template) as library:
        for source in ("a", "b"):
            more = "" if source == "a" else " indeed"
            twins = [
                Paper(f"On the {word} of {other}{more}", papers.paper(at).abstract,
                      id=f"{source}{at}-{word}", authors=("Ada Lovelace", "Grace Hopper"))
                for word in papers.WORDS[:8]
                for at, other in enumerate(papers.WORDS[8:20])
            ]  # fmt: skip
            library.add(twins, source)
            library.apply(Bookmark(tuple(paper.id for paper in twins[::3])))
            library.apply(Tag(tuple(paper.id for paper in twins[::5]), (f"from-{source}",)))
        library.search("on")
    before = Ledger(papers.marks(template / FILE_NAME))
    _either(bench, rounds, ("duplicates", "--merge"), before, template)


def _either(
    bench: Bench, rounds: int, order: tuple[str, ...], before: Ledger, template: Path
) -> None:
    """Kill a command that changes marks: it is applied completely or not at all."""
    folder = copied(template, bench.place / "library")
    job = ("carrel", "--library", str(folder), *order)
    typical = bench.worker.run(job)
    after = Ledger(papers.marks(folder / FILE_NAME))
    if after.marks == before.marks:
        bench.wrong(f"{order} does nothing: {typical.output}")
    bench.largest = (folder / FILE_NAME).stat().st_size + 300_000
    for number in range(rounds):
        copied(template, folder)
        run = bench.killed(job, typical)
        about = f"{order[0]}, round {number} ({run.status})"
        there = check_marks(bench, folder, (before, after), about)
        if there is after:
            with Library.open(folder) as library:
                library.undo()
                expect(bench, folder, before.marks, f"{about}, then undo")
                library.redo()
                expect(bench, folder, after.marks, f"{about}, then redo")


# -- the schema ------------------------------------------------------------------------------------


def migrations(bench: Bench, rounds: int) -> None:
    """A library of the first schema is migrated with its marks, and its backup is complete."""
    template, folder = bench.place / "template", bench.place / "library"
    before = Ledger(first_schema(template))
    job = ("carrel", "--library", str(folder), "stats")
    copied(template, folder)
    typical = bench.worker.run(job)
    for number in range(rounds):
        copied(template, folder)
        bench.largest = 3_000_000
        run = bench.killed(job, typical)
        about = f"round {number} ({run.status})"
        Database(folder).close()
        check_marks(bench, folder, (before,), about)
        copy = folder / f"{FILE_NAME}.v1-backup"
        if not copy.exists():
            bench.wrong(f"{about}: no copy was kept")
        elif papers.marks(copy) != before.marks:
            bench.wrong(f"{about}: the copy has other marks")
        if left := _left(folder, ".*"):
            bench.wrong(f"{about}: left behind {left}")


def first_schema(folder: Path, count: int = 2_000) -> frozenset[tuple[str, str, str]]:
    """Create a library of the first schema; return its marks."""
    shutil.rmtree(folder, ignore_errors=True)
    with pytest.MonkeyPatch.context() as first:
        first.setattr(migration, "MIGRATIONS", MIGRATIONS[:1])
        with closing(Database(folder)) as made, made.transaction() as connection:
            columns = "title, abstract, authors, et_al, venue, url, urls, arxiv_id, doi, keywords"
            for number, paper in enumerate(papers.papers(0, count), 1):
                connection.execute(
                    f"INSERT INTO paper (key, id, {columns}, categories, code, added, title_key, "
                    "revision) VALUES (?, ?, ?, ?, '', 0, '', '', '', '', '', '', '', 0, "
                    "'2024-01-01T00:00:00+00:00', ?, 1)",
                    (number, paper.id, paper.title, paper.abstract, paper.title.replace(" ", "")),
                )
            connection.execute("UPDATE meta SET value = '1' WHERE name = 'revision'")
            connection.execute(
                "INSERT INTO mark SELECT key, 'tag', 'old', added FROM paper WHERE key % 2"
            )
    return papers.marks(folder / FILE_NAME)


# -- several at once -------------------------------------------------------------------------------


def together(bench: Bench, rounds: int) -> None:
    """Two writers of marks and an import, each killed at its own time: all marks remain."""
    folder, file = bench.place / "library", bench.place / "new.jsonl"
    ledger = made(folder, 0, 400)
    others = [Worker(bench.worker.home) for _ in range(2)]
    try:
        last = 400
        for number in range(rounds):
            if last > KEEP_UP:
                ledger, last = made(folder, 0, 400), 400
            ledger = _together(bench, folder, file, ledger, number, others, last)
            last += 600
    finally:
        for other in others:
            other.close()


def _together(
    bench: Bench, folder: Path, file: Path, ledger: Ledger, number: int, others: list[Worker],
    last: int,
) -> Ledger:  # fmt: skip
    chance = bench.chance
    halves = [script(chance, 100, 200, first=first, travel=False) for first in (0, 200)]
    papers.write(file, papers.papers(last, last + 600))
    typical = Run([["steps", "2000"]], 0, 1.2)
    ends = [bench.end(typical) for _ in others]
    for worker, ops, end in zip(others, halves, ends, strict=True):
        worker.start(("mark", str(folder), sent(ops)), end)
    runs = [bench.killed(("carrel", "--library", str(folder), "import", str(file)), typical)]
    may_be = [ledger]
    for worker, ops, end in zip(others, halves, ends, strict=True):
        run = worker.wait()
        runs.append(run)
        bench.count(run, end)
        acknowledged = sum(line[0] == "did" for line in run.lines)
        for op in ops[:acknowledged]:
            may_be = [one.after(op) for one in may_be]
        if ops[acknowledged:]:
            may_be += [one.after(ops[acknowledged]) for one in may_be]
    about = f"round {number} ({', '.join(str(run.status) for run in runs)})"
    return check_marks(bench, folder, may_be, about)


GROUPS: dict[Group, float] = {
    marks_one_by_one: 0.2,
    marks_of_thousands: 0.12,
    imports: 0.12,
    source_removals: 0.06,
    first_runs: 0.06,
    rebuilding: 0.08,
    growing: 0.05,
    merging: 0.04,
    growing_in_tantivy: 0.03,
    exports: 0.08,
    dump_restores: 0.06,
    duplicates: 0.05,
    migrations: 0.06,
    together: 0.03,
}
"""The groups, and the share of rounds of each."""


def groups() -> Iterator[tuple[str, Group, float]]:
    """Yield the name of each group, the group and its share."""
    for group, share in GROUPS.items():
        yield group.__name__.replace("_", " "), group, share
