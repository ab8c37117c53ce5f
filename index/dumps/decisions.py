"""Decisions of another machine on pairs of papers, applied to a library."""

import json
from collections.abc import Sequence

from index.marks.changes import Fact
from index.papers.identity import Identity, identity, title_key
from index.papers.json_record import from_json
from index.papers.paper import Paper, PaperKey
from index.papers.records import SourceRecord
from index.store import Database, MarkStore, PaperWriter
from index.store.decisions import UNDECIDED, Decision, DecisionStore
from index.store.merges import DIFFERENT, MERGED, MergeStore
from index.store.pairs import merge_facts, split_facts
from index.store.records import RecordStore

WORDS = {
    MERGED: "merged two papers as on another machine",
    DIFFERENT: "split two papers as on another machine",
    UNDECIDED: "undid a decision on two papers as on another machine",
}


class Decisions:
    """Merges and splits papers as decided on another machine."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._store = DecisionStore(database)
        self._writer = PaperWriter(database)
        self._marks = MarkStore(database)
        self._records = RecordStore(database)
        self._merging = MergeStore(database)

    def merge(self, decision: Decision) -> bool:
        """Apply a decision that is later than the known one; return whether papers changed."""
        known = self._store.get(decision.one, decision.other)
        if known and known.stamp >= decision.stamp:
            return False
        return self._apply(decision)

    def place(self) -> None:
        """Apply the decisions on papers that were missing and have been imported since."""
        for decision in self._store.pending():
            self._apply(decision)

    def _apply(self, decision: Decision) -> bool:
        one, other = (from_json(json.loads(text)) for text in decision[:2])
        keys = self._writer.key_of(one), self._writer.key_of(other)
        facts: list[Fact] = []
        done = decision.state == UNDECIDED
        if keys[0] is not None and keys[1] is not None:
            facts, done = self._facts(decision.state, (keys[0], keys[1]), other)
        if facts:
            self._marks.record(facts, WORDS[decision.state], decided=False)
        self._store.put(decision, pending=not done)
        return bool(facts)

    def _facts(
        self, state: str, keys: tuple[PaperKey, PaperKey], other: Paper
    ) -> tuple[list[Fact], bool]:
        """Return the facts of a decision, and whether it holds with them."""
        one, two = keys
        pair = min(keys), max(keys)
        is_different = pair in self._merging.different()
        difference = Fact(pair[0], DIFFERENT, str(pair[1]), state == DIFFERENT)
        if state == MERGED:
            undone = [difference] if is_different else []
            facts = [] if one == two else [*undone, *merge_facts(self._database, one, [two])]
            return facts, True
        if one != two:
            return [difference] if is_different != (state == DIFFERENT) else [], True
        if state == UNDECIDED:
            return [], True
        record = _described(self._records.of(one), other)
        return (split_facts(self._database, one, record), True) if record else ([], False)


def _described(records: Sequence[SourceRecord], paper: Paper) -> SourceRecord | None:
    """Return the record of several that another machine describes as a paper of its own."""
    if len(records) < 2:
        return None
    wanted = identity(paper)
    titled = [r for r in records if title_key(r.paper.title) == wanted.title]
    for found in (
        [r for r in titled if paper.id and r.paper.id == paper.id],
        [r for r in records if _shares_identifier(identity(r.paper), wanted)],
        [r for r in titled if r.paper.authors[:1] == paper.authors[:1]
         and r.paper.year == paper.year],
    ):  # fmt: skip
        if len(found) == 1:
            return found[0]
    return None


def _shares_identifier(one: Identity, other: Identity) -> bool:
    return bool((one.arxiv and one.arxiv == other.arxiv) or (one.doi and one.doi == other.doi))
