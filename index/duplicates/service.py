"""The duplicates of a library: finding, merging and rejecting them, with journal entries."""

from collections.abc import Iterable, Sequence

from index.duplicates.detection import DuplicatePair, find_duplicates
from index.errors import CarrelError
from index.marks.changes import ChangeResult, Fact
from index.papers.entries import YOU
from index.papers.identity import identity
from index.papers.paper import PaperKey, SourceRef
from index.papers.records import SourceRecord
from index.store import Database, MarkStore, PaperStore
from index.store.merges import DIFFERENT, MergeStore
from index.store.pairs import merge_facts, split_facts
from index.store.records import RecordStore, edited_paper
from index.text.cleaning import format_count, one_line


class Duplicates:
    """Finds and merges the duplicate papers of a library; thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._papers = PaperStore(database)
        self._marks = MarkStore(database)
        self._merging = MergeStore(database)
        self._records = RecordStore(database)

    def find(self) -> list[DuplicatePair]:
        """Return the likely duplicates, the likeliest first; takes seconds for 100,000 papers."""
        return find_duplicates(
            self._merging.records(), self._merging.abstracts, self._merging.different()
        )

    def merge(self, pairs: Iterable[DuplicatePair]) -> ChangeResult:
        """Merge the papers of each pair, as one change that can be undone.

        All marks, sources and identifiers move to the retained paper, and the other's ids refer to
        it. Overlapping pairs are merged into one paper unless identifiers conflict.
        """
        with self._database.transaction():
            into = self._groups(pairs)
            kept = {
                keep: [merged for merged in into if into[merged] == keep] for keep in into.values()
            }
            facts = [
                fact
                for keep, merged in kept.items()
                for fact in merge_facts(self._database, keep, merged)
            ]
            words = self._words(kept)
            if facts:
                self._marks.record(facts, words)
        return ChangeResult(words, len(into))

    def different(self, one: PaperKey, other: PaperKey) -> ChangeResult:
        """Record that two papers are not duplicates, as a change that can be undone."""
        with self._database.transaction():
            papers = self._papers.rows([one, other])
            if len({paper.key for paper in papers}) < 2:
                raise CarrelError("cannot mark a paper as different from itself; name two papers")
            first, second = (f"“{one_line(paper.title, 48)}”" for paper in papers)
            words = f"marked as different: {first} and {second}"
            low, high = sorted((one, other))
            if (low, high) in self._merging.different():
                return ChangeResult(words, 0)
            self._marks.record([Fact(low, DIFFERENT, str(high), True)], words)
        return ChangeResult(words, 2)

    def records(self, key: PaperKey) -> list[SourceRecord]:
        """Return what each source says of a paper, in the order in which the records came.

        The reader's edits follow; they have only the values that the reader changed.
        """
        edits = (
            SourceRecord(
                edited_paper(edit), (SourceRef(YOU),), "edited by hand", edit.added, edit.key
            )
            for edit in self._records.edits(key)
        )
        return [*self._records.of(key), *edits]

    def split(self, key: PaperKey, number: int | None = None) -> ChangeResult:
        """Take a record out of a paper as a paper of its own, as a change that can be undone.

        `number` counts the records of the paper from 1; None is the second of two. Marks remain
        with the paper, and the two are remembered as different. Raises CarrelError if there is no
        such record, or only one.
        """
        with self._database.transaction():
            (paper,) = self._papers.rows([key])
            record = _chosen(self._records.of(key), number, paper.id)
            facts = split_facts(self._database, key, record)
            words = f"split “{one_line(record.paper.title, 48)}” from {one_line(paper.id, 48)}"
            self._marks.record(facts, words)
        return ChangeResult(words, 2)

    def root(self, key: PaperKey) -> PaperKey:
        """Return the key of the paper that `key` was merged into, or `key` if it was not merged."""
        return self._merging.root(key)

    def surviving(self, keys: Iterable[PaperKey]) -> set[PaperKey]:
        """Return the keys of the papers that still exist, each merged paper as its target."""
        return set(self._papers.ids_of({self.root(key) for key in keys}))

    def _groups(self, pairs: Iterable[DuplicatePair]) -> dict[PaperKey, PaperKey]:
        """Return the target of each merged paper; papers that conflict are not merged."""
        group: dict[PaperKey, list[PaperKey]] = {}
        different = self._merging.different()
        for pair in pairs:
            keep, merged = group.get(pair.keep, [pair.keep]), group.get(pair.other, [pair.other])
            if keep is not merged and self._agree(keep + merged, different):
                keep += merged
                group.update(dict.fromkeys(keep, keep))
        return {key: members[0] for key, members in group.items() if key != members[0]}

    def _agree(self, keys: Sequence[PaperKey], different: set[tuple[PaperKey, PaperKey]]) -> bool:
        """Return whether papers exist and, if more than two, no two of them conflict.

        Whether to merge two papers is the user's decision.
        """
        known = {paper.key: identity(paper) for paper in self._papers.rows(keys)}
        if len(keys) == 2 or len(known) < len(keys):
            return len(known) == len(keys)
        return not any(
            one.conflicts(other) or (min(key, last), max(key, last)) in different
            for last, one in known.items()
            for key, other in known.items()
        )

    def _words(self, kept: dict[PaperKey, list[PaperKey]]) -> str:
        count = sum(map(len, kept.values()))
        if len(kept) != 1:
            return f"merged {format_count(count, 'paper')} into {len(kept):,} others"
        title = one_line(self._papers.rows([*kept])[0].title, 48)
        return f"merged {format_count(count, 'paper')} into “{title}”"


def _chosen(records: Sequence[SourceRecord], number: int | None, name: str) -> SourceRecord:
    """Return the record of a number; without one, the second of two."""
    if len(records) < 2:
        raise CarrelError(f"cannot split {name}: it has one record; nothing can be taken out")
    if number is None and len(records) == 2:
        number = 2
    if number is None or not 1 <= number <= len(records):
        reason = "name a record" if number is None else f"it has no record {number}"
        raise CarrelError(
            f"cannot split {name}: {reason}; try carrel show --records {name}, which numbers "
            f"its {len(records)} records"
        )
    return records[number - 1]
