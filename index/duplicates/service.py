"""Duplicates of a library: found, merged, or called different; all of it journalled."""

from collections.abc import Iterable, Sequence

from index.duplicates.detection import Pair, found
from index.errors import CarrelError
from index.marks.changes import ChangeResult, Fact
from index.papers.identity import identity
from index.papers.paper import PaperKey
from index.store import Database, MarkStore, PaperStore
from index.store.merges import DIFFERENT, MERGED, MergeStore
from index.text.cleaning import format_count, one_line


class Duplicates:
    """The papers of a library that may be one; any thread may call."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._papers = PaperStore(database)
        self._marks = MarkStore(database)
        self._merging = MergeStore(database)

    def found(self) -> list[Pair]:
        """Return the pairs that are likely one paper each, the likeliest first.

        At 100,000 papers this takes some seconds.
        """
        return found(self._merging.records(), self._merging.abstracts, self._merging.different())

    def merge(self, pairs: Iterable[Pair]) -> ChangeResult:
        """Merge the papers of pairs, as one change that undo takes back.

        Every mark, source and identifier of a pair goes to the paper that stays, and every id of
        the other leads to it. Papers of several pairs become one where no identifiers conflict.
        """
        with self._database.transaction():
            into = self._groups(pairs)
            kept = {keep: [gone for gone in into if into[gone] == keep] for keep in into.values()}
            facts = [fact for keep, gone in kept.items() for fact in self._facts(keep, gone)]
            words = self._words(kept)
            if facts:
                self._marks.record(facts, words)
        return ChangeResult(words, len(into))

    def different(self, one: PaperKey, other: PaperKey) -> ChangeResult:
        """Remember that two papers are not one, however alike: a change that undo takes back."""
        with self._database.transaction():
            papers = self._papers.rows([one, other])
            if len({paper.key for paper in papers}) < 2:
                raise CarrelError("name two papers: what is one already cannot be called different")
            first, second = (f"“{one_line(paper.title, 48)}”" for paper in papers)
            words = f"called different: {first} and {second}"
            low, high = sorted((one, other))
            if (low, high) in self._merging.different():
                return ChangeResult(words, 0)
            self._marks.record([Fact(low, DIFFERENT, str(high), True)], words)
        return ChangeResult(words, 2)

    def root(self, key: PaperKey) -> PaperKey:
        """Return the key of the paper that one is now: its own, where it was not merged."""
        return self._merging.root(key)

    def surviving(self, keys: Iterable[PaperKey]) -> set[PaperKey]:
        """Return the keys of papers that still exist; a merged paper counts as the one it is in."""
        return set(self._papers.ids_of({self.root(key) for key in keys}))

    def _groups(self, pairs: Iterable[Pair]) -> dict[PaperKey, PaperKey]:
        """Return the paper that each one goes into; conflicting papers go nowhere together."""
        group: dict[PaperKey, list[PaperKey]] = {}
        told = self._merging.different()
        for pair in pairs:
            keep, gone = group.get(pair.keep, [pair.keep]), group.get(pair.other, [pair.other])
            if keep is not gone and self._agree(keep + gone, told):
                keep += gone
                group.update(dict.fromkeys(keep, keep))
        return {key: members[0] for key, members in group.items() if key != members[0]}

    def _agree(self, keys: Sequence[PaperKey], told: set[tuple[PaperKey, PaperKey]]) -> bool:
        """Tell whether papers are there, and of several no two are of different identifiers.

        Two alone are their reader's to judge.
        """
        known = {paper.key: identity(paper) for paper in self._papers.rows(keys)}
        if len(keys) == 2 or len(known) < len(keys):
            return len(known) == len(keys)
        return not any(
            one.conflicts(other) or (min(key, last), max(key, last)) in told
            for last, one in known.items()
            for key, other in known.items()
        )

    def _facts(self, keep: PaperKey, gone: Sequence[PaperKey]) -> list[Fact]:
        """Return the facts of a merge: marks go over, then the papers."""
        held, *others = self._marks.of([keep, *gone])
        facts = {
            Fact(keep, *mark, True): None
            for other in others
            for mark in sorted(other.facts - held.facts)
        }
        facts |= {Fact(other.paper, *mark, False): None for other in others for mark in other.facts}
        return [*facts, *(Fact(key, MERGED, str(keep), True) for key in gone)]

    def _words(self, kept: dict[PaperKey, list[PaperKey]]) -> str:
        count = sum(map(len, kept.values()))
        if len(kept) != 1:
            return f"merged {format_count(count, 'paper')} into {len(kept):,} others"
        title = one_line(self._papers.rows([*kept])[0].title, 48)
        return f"merged {format_count(count, 'paper')} into “{title}”"
