"""Dumps: all that a reader added to papers, as a file; brought back, or merged with another's."""

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
from index.dumps.lines import SearchLine
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
from index.text.cleaning import clean, format_count, one_line


class Dump(NamedTuple):
    """The lines of a dump: those of saved searches, and those of papers."""

    searches: list[str]
    papers: list[str]

    def lines(self) -> Iterator[str]:
        """Yield all lines in their order."""
        yield from (lines.header(), *self.searches, *self.papers)

    def write_file(self, path: Path | str, *, overwrite: bool = False) -> None:
        """Write them to a file, whole or not at all; raises ExportFailed."""
        files.write_file(Path(path), self.lines(), overwrite=overwrite)


@dataclass(slots=True)
class RestoreReport:
    """What came of a dump: how many marks were set and taken away, on how many papers.

    The `aside` papers are not in the library: what the dump says of them is kept until they come.
    `searches` are the saved searches that changed. The `skipped` lines were not understood.
    """

    set: int = 0
    taken: int = 0
    papers: int = 0
    aside: int = 0
    searches: int = 0
    skipped: list[Skipped] = field(default_factory=list)

    def count(self, turned: Iterable[Fact]) -> None:
        """Count the facts that are others now."""
        facts = list(turned)
        self.set = sum(fact.added for fact in facts)
        self.taken = len(facts) - self.set
        self.papers = len({fact.paper for fact in facts})

    def as_json(self) -> dict[str, object]:
        """Return it in the shape of `carrel restore --json` and `carrel merge --json`."""
        return {
            "set": self.set,
            "taken": self.taken,
            "papers": self.papers,
            "aside": self.aside,
            "searches": self.searches,
            "skipped": [{"line": s.line, "reason": s.reason} for s in self.skipped],
        }


@dataclass(frozen=True, slots=True)
class _Rule:
    """How what is known and what is given are joined: by the later word, or so that all stays."""

    restoring: bool
    moment: str

    def joined(self, known: S | None, given: S) -> S:
        """Return how something stands afterwards."""
        return (
            restore_stamp(known, given, self.moment)
            if self.restoring
            else merge_stamps(known, given)
        )


class _Turned:
    """The facts that bringing something in turns, for the journal; twice turned is not turned."""

    def __init__(self) -> None:
        self.facts: dict[Fact, None] = {}

    def add(self, fact: Fact) -> None:
        """Take in one that is turned."""
        if fact.inverse() in self.facts:
            del self.facts[fact.inverse()]
        else:
            self.facts[fact] = None


class Dumps:
    """Marks and saved searches of a library, written to dumps and brought in from them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._papers = PaperStore(database)
        self._writer = PaperWriter(database)
        self._marks = MarkStore(database)
        self._searches = SearchStore(database)
        self._standing = StampStore(database)

    def dump(self) -> Dump:
        """Return the lines of all that is known; the same library gives the same lines."""
        with self._standing.snapshot():
            known = self._standing.pending()
            of = dict(self._standing.all())
            for paper in self._papers.each(list(of)):
                _join(known.setdefault(known_as(paper), {}), of.pop(paper.key))
            searches = [lines.search_line(*each) for each in self._searches.stamps().items()]
        return Dump(searches, sorted(lines.paper_line(*each) for each in known.items()))

    def restore(self, path: str) -> RestoreReport:
        """Bring back all marks and searches that a dump has; nothing that is there goes.

        `path` is a file, or - for standard input. Lines that are damaged are told and passed by.
        Raises UnreadableFile where it is no dump.
        """
        return self._bring(path, _Rule(True, now()), "restored")

    def merge(self, path: str) -> RestoreReport:
        """Bring in another library's dump: of each mark and search the later word stands.

        Merging is commutative, associative and idempotent: see `index.marks.merging`. Else it is as
        `restore` does it.
        """
        return self._bring(path, _Rule(False, now()), "merged")

    def _bring(self, path: str, rule: _Rule, verb: str) -> RestoreReport:
        brought, turned = RestoreReport(), _Turned()
        name = "standard input" if path == "-" else clean(path)
        with _opened(path) as stream, self._database.transaction():
            for line in lines.read(stream, name):
                if isinstance(line, Skipped):
                    brought.skipped.append(line)
                elif isinstance(line, SearchLine):
                    brought.searches += self._search(line, rule)
                elif key := self._writer.key_of(line.paper):
                    self._settle(key, line.facts, rule, turned)
                else:
                    brought.aside += 1
                    text = known_as(line.paper)
                    facts = self._standing.pending([text]).get(text, {})
                    _join(facts, line.facts, rule)
                    self._standing.add_pending(text, identity(line.paper), facts)
            brought.count(turned.facts)
            self._write_down(turned, f"{verb} from {one_line(Path(name).name, 40)}")
        return brought

    def place(self) -> None:
        """Set the marks kept for papers that were not there and are now, as a restore does."""
        if not (come := self._standing.pending_matches()):
            return
        turned = _Turned()
        with self._database.transaction():
            placed: dict[PaperKey, Facts] = {}
            for text, facts in self._standing.pending(come).items():
                if key := self._writer.key_of(from_json(json.loads(text))):
                    _join(placed.setdefault(key, {}), facts)
                    self._standing.remove_pending(text)
            for key, facts in placed.items():
                self._settle(key, facts, _Rule(True, now()), turned)
            self._write_down(turned, "marks kept aside, set")

    def _settle(self, paper: PaperKey, given: Facts, rule: _Rule, turned: _Turned) -> None:
        known = self._standing.of(paper)
        facts = {name: rule.joined(known.get(name), stand) for name, stand in given.items()}
        facts = {name: stand for name, stand in facts.items() if stand != known.get(name)}
        self._standing.write(paper, known, facts)
        for (kind, name), stand in facts.items():
            before = known.get((kind, name), Stamped("", False, ""))
            if stand.present != before.present:
                turned.add(Fact(paper, kind, (stand.value or before.value), stand.present))

    def _search(self, line: SearchLine, rule: _Rule) -> bool:
        """Bring in a saved search; tell whether it is there now and was not, or otherwise."""
        known = self._searches.stamps(line.folded).get(line.folded)
        stand = rule.joined(known, line.stand)
        if stand == known:
            return False
        self._searches.write_stamp(line.folded, stand)
        was = (known.name, known.query) if known and known.present else None
        return was != ((stand.name, stand.query) if stand.present else None)

    def _write_down(self, turned: _Turned, words: str) -> None:
        if turned.facts:
            papers = len({fact.paper for fact in turned.facts})
            self._marks.add_to_journal(
                list(turned.facts), f"{words}: {format_count(papers, 'paper')}"
            )


_MERGE = _Rule(False, "")


def _join(known: Facts, given: Facts, rule: _Rule = _MERGE) -> None:
    """Bring facts into those that are known of one paper."""
    for name, stand in given.items():
        known[name] = rule.joined(known.get(name), stand)


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    """Open a file, or - for standard input; a pipe is read to its end before.

    Raises UnreadableFile.
    """
    try:
        file = _source(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableFile(
            f"{clean(path)} cannot be read ({reason}); check its name and rights"
        ) from error
    with file:
        yield file


def _source(path: str) -> BinaryIO:
    if path == "-":
        return spool(sys.stdin.buffer)
    mode = Path(path).stat().st_mode
    if stat.S_ISFIFO(mode):
        # The library is not to wait, locked, for whoever writes into it.
        with Path(path).open("rb") as pipe:
            return spool(pipe)
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # it may never end
        raise OSError(None, "it is neither a file nor a pipe")
    return Path(path).open("rb")
