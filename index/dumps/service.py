"""Dumps: all marks and saved searches of a library, written to a file, restored or merged."""

import json
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

from index import files
from index.dumps import lines
from index.dumps.decisions import Decisions
from index.dumps.lines import PairLine, SearchLine
from index.errors import UnreadableFile
from index.files import spool
from index.marks.changes import Fact
from index.marks.merging import Facts, S, Stamped, merge_stamps, restore_stamp
from index.papers.entries import Skipped
from index.papers.identity import identity
from index.papers.json_record import from_json, known_as
from index.papers.paper import PaperKey
from index.store import Database, MarkStore, PaperStore, PaperWriter, SearchStore, StampStore
from index.store.database import now
from index.store.decisions import DecisionStore
from index.text.cleaning import clean, format_count, one_line


class Dump(NamedTuple):
    """The lines of a dump: saved searches, papers, and decisions on pairs of papers."""

    searches: list[str]
    papers: list[str]
    pairs: list[str] = []

    def lines(self) -> Iterator[str]:
        """Yield all lines in order."""
        yield from (lines.header(), *self.searches, *self.pairs, *self.papers)

    def write_file(self, path: Path | str, *, overwrite: bool = False) -> None:
        """Write the lines to a file atomically; raises ExportFailed."""
        files.write_file(Path(path), self.lines(), overwrite=overwrite)


@dataclass(slots=True)
class RestoreReport:
    """The result of restoring or merging a dump, as numbers.

    `set` and `taken` marks were added and removed, on `papers` papers. The marks of `aside` papers,
    which are not in the library, are stored until they are imported. `searches` saved searches
    changed, and `pairs` pairs of papers were merged or split. `skipped` lines are invalid.
    """

    set: int = 0
    taken: int = 0
    papers: int = 0
    aside: int = 0
    searches: int = 0
    pairs: int = 0
    skipped: list[Skipped] = field(default_factory=list)

    def count(self, changed: Iterable[Fact]) -> None:
        """Count the facts that changed."""
        facts = list(changed)
        self.set = sum(fact.added for fact in facts)
        self.taken = len(facts) - self.set
        self.papers = len({fact.paper for fact in facts})

    def as_json(self) -> dict[str, object]:
        """Return the report as printed by `carrel restore --json` and `carrel merge --json`."""
        return {
            "set": self.set,
            "taken": self.taken,
            "papers": self.papers,
            "aside": self.aside,
            "searches": self.searches,
            **({"pairs": self.pairs} if self.pairs else {}),
            "skipped": [{"line": s.line, "reason": s.reason} for s in self.skipped],
        }


@dataclass(frozen=True, slots=True)
class _Rule:
    """How local and dumped states are combined: by restoring, or by the latest time."""

    restoring: bool
    time: str

    def combine(self, known: S | None, given: S) -> S:
        """Return the combined state."""
        if self.restoring:
            return restore_stamp(known, given, self.time)
        return merge_stamps(known, given)


class _Changes:
    """The facts changed so far, for the journal; a fact changed back is not listed."""

    def __init__(self) -> None:
        self.facts: dict[Fact, None] = {}

    def add(self, fact: Fact) -> None:
        """Record a changed fact."""
        if fact.inverse() in self.facts:
            del self.facts[fact.inverse()]
        else:
            self.facts[fact] = None


class Dumps:
    """Writes the marks and saved searches of a library to dumps, and reads them back."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._papers = PaperStore(database)
        self._writer = PaperWriter(database)
        self._marks = MarkStore(database)
        self._searches = SearchStore(database)
        self._standing = StampStore(database)
        self._decisions = DecisionStore(database)
        self._merges = Decisions(database)

    def dump(self) -> Dump:
        """Return the dump of the library; the same library always yields the same lines."""
        with self._standing.snapshot():
            known = self._standing.pending()
            of = dict(self._standing.all())
            for paper in self._papers.each(list(of)):
                _join(known.setdefault(known_as(paper), {}), of.pop(paper.key))
            searches = [lines.search_line(*each) for each in self._searches.stamps().items()]
            pairs = [lines.pair_line(each) for each in self._decisions.all()]
        return Dump(searches, sorted(lines.paper_line(*each) for each in known.items()), pairs)

    def restore(self, path: str) -> RestoreReport:
        """Set all marks and searches of a dump again; nothing else in the library is removed.

        `path` is a file, or - for standard input. Invalid lines are skipped and reported. Raises
        UnreadableFile if the file is not a dump.
        """
        return self._apply(path, _Rule(True, now()), "restored")

    def merge(self, path: str) -> RestoreReport:
        """Merge another library's dump: the latest change of each mark and search wins.

        Merging is commutative, associative and idempotent; see `index.marks.merging`. Input and
        errors are those of `restore`.
        """
        return self._apply(path, _Rule(False, now()), "merged")

    def _apply(self, path: str, rule: _Rule, verb: str) -> RestoreReport:
        report, changes = RestoreReport(), _Changes()
        name = "standard input" if path == "-" else clean(path)
        with _opened(path) as stream, self._database.transaction():
            for line in lines.read(stream, name):
                if isinstance(line, Skipped):
                    report.skipped.append(line)
                elif isinstance(line, SearchLine):
                    report.searches += self._apply_search(line, rule)
                elif isinstance(line, PairLine):
                    report.pairs += self._merges.merge(line.decision)
                elif key := self._writer.key_of(line.paper):
                    self._apply_facts(key, line.facts, rule, changes)
                else:
                    report.aside += 1
                    text = known_as(line.paper)
                    facts = self._standing.pending([text]).get(text, {})
                    _join(facts, line.facts, rule)
                    self._standing.add_pending(text, identity(line.paper), facts)
            report.count(changes.facts)
            self._journal(changes, f"{verb} from {one_line(Path(name).name, 40)}")
        return report

    def place(self) -> None:
        """Apply the marks and decisions on papers that were missing and were imported since."""
        self._merges.place()
        if not (imported := self._standing.pending_matches()):
            return
        changes = _Changes()
        with self._database.transaction():
            placed: dict[PaperKey, Facts] = {}
            for text, facts in self._standing.pending(imported).items():
                if key := self._writer.key_of(from_json(json.loads(text))):
                    _join(placed.setdefault(key, {}), facts)
                    self._standing.remove_pending(text)
            for key, facts in placed.items():
                self._apply_facts(key, facts, _Rule(True, now()), changes)
            self._journal(changes, "applied pending marks")

    def _apply_facts(self, paper: PaperKey, given: Facts, rule: _Rule, changes: _Changes) -> None:
        known = self._standing.of(paper)
        facts = {name: rule.combine(known.get(name), stamped) for name, stamped in given.items()}
        facts = {name: stamped for name, stamped in facts.items() if stamped != known.get(name)}
        self._standing.write(paper, known, facts)
        for (kind, name), stamped in facts.items():
            before = known.get((kind, name), Stamped("", False, ""))
            if stamped.present and before.present and stamped.value != before.value:
                changes.add(Fact(paper, kind, before.value, False))  # another place in the queue
                changes.add(Fact(paper, kind, stamped.value, True))
            elif stamped.present != before.present:
                changes.add(Fact(paper, kind, (stamped.value or before.value), stamped.present))

    def _apply_search(self, line: SearchLine, rule: _Rule) -> bool:
        """Apply a saved search; return whether its presence, name or query changed."""
        known = self._searches.stamps(line.folded).get(line.folded)
        stamped = rule.combine(known, line.stamped)
        if stamped == known:
            return False
        self._searches.write_stamp(line.folded, stamped)
        before = (known.name, known.query) if known and known.present else None
        return before != ((stamped.name, stamped.query) if stamped.present else None)

    def _journal(self, changes: _Changes, words: str) -> None:
        if changes.facts:
            papers = len({fact.paper for fact in changes.facts})
            count = format_count(papers, "paper")
            self._marks.add_to_journal(list(changes.facts), f"{words}: {count}")


_MERGE = _Rule(False, "")


def _join(known: Facts, given: Facts, rule: _Rule = _MERGE) -> None:
    """Combine facts with the known facts of one paper, in place."""
    for name, stamped in given.items():
        known[name] = rule.combine(known.get(name), stamped)


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    """Open a file, or standard input for -; a pipe is read to its end first.

    Raises UnreadableFile.
    """
    try:
        file = _source(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableFile(
            f"cannot read {clean(path)}: {reason}; check its name and permissions"
        ) from error
    with file:
        yield file


def _source(path: str) -> BinaryIO:
    if path == "-":
        return spool(sys.stdin.buffer)
    mode = Path(path).stat().st_mode
    if stat.S_ISFIFO(mode):
        # Read before the library is locked, since the writer may be slow.
        with Path(path).open("rb") as pipe:
            return spool(pipe)
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # a device may never end
        raise OSError(None, "neither a file nor a pipe")
    return Path(path).open("rb")
