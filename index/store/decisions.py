"""The reader's decisions on pairs of papers: merged, or different.

A dump carries them to other machines, where the papers have other keys: both papers of a pair are
stored by their identifying values. The latest decision on a pair wins, as with marks. A decision on
papers that are not in the library is pending until they are.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from index.marks.changes import Fact
from index.papers.json_record import known_as
from index.papers.paper import PaperKey
from index.store.database import Database, now
from index.store.merges import DIFFERENT, MERGED
from index.store.papers import PaperStore

UNDECIDED = "undecided"
"""The state of a pair whose merge was undone, or that is no longer marked as different."""

STATES = (MERGED, DIFFERENT, UNDECIDED)


class Decision(NamedTuple):
    """A decision on a pair of papers, which are in the format of dumps.

    A merge retains the paper `one`. `at` is the time in UTC, in ISO 8601.
    """

    one: str
    other: str
    at: str
    state: str

    @property
    def stamp(self) -> tuple[str, str, str]:
        """The sort key of decisions on one pair, of which the highest wins: the time, then the
        rest.
        """
        return self.at, self.state, self.one


class DecisionStore:
    """Stores the decisions of a library, one for each pair."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._papers = PaperStore(database)

    def note_before(self, facts: Iterable[Fact]) -> None:
        """Note the decisions of a change whose papers will be one: merges, and pairs undecided."""
        wanted = [f for f in facts if (f.kind, f.added) in ((DIFFERENT, False), (MERGED, True))]
        self._note(sorted(wanted, key=lambda fact: fact.kind == MERGED))

    def note_after(self, facts: Iterable[Fact]) -> None:
        """Note the decisions of a change whose papers are two now: different, or merges undone."""
        wanted = [f for f in facts if (f.kind, f.added) in ((DIFFERENT, True), (MERGED, False))]
        self._note(sorted(wanted, key=lambda fact: fact.kind == DIFFERENT))

    def _note(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            kept = PaperKey(int(fact.value))
            keys = (kept, fact.paper) if fact.kind == MERGED else (fact.paper, kept)
            papers = self._papers.rows(keys)
            if len(papers) == 2:
                one, other = map(known_as, papers)
                state = fact.kind if fact.added else UNDECIDED
                self.put(Decision(one, other, now(), state), pending=False)

    def put(self, decision: Decision, *, pending: bool) -> None:
        """Store a decision in place of an earlier one on its pair."""
        one, other = decision.one, decision.other
        with self.database.transaction() as connection:
            connection.execute(
                "DELETE FROM decision WHERE one = ? AND other = ? OR one = ? AND other = ?",
                (one, other, other, one),
            )
            connection.execute(
                "INSERT INTO decision (one, other, at, state, pending) VALUES (?, ?, ?, ?, ?)",
                (*decision, pending),
            )

    def get(self, one: str, other: str) -> Decision | None:
        """Return the decision on a pair, in either order."""
        row = self.database.connection.execute(
            "SELECT one, other, at, state FROM decision "
            "WHERE one = ?1 AND other = ?2 OR one = ?2 AND other = ?1",
            (one, other),
        ).fetchone()
        return Decision(*row) if row else None

    def all(self) -> Iterator[Decision]:
        """Yield all decisions."""
        query = "SELECT one, other, at, state FROM decision ORDER BY one, other"
        yield from (Decision(*row) for row in self.database.connection.execute(query))

    def pending(self) -> list[Decision]:
        """Return the decisions on papers that were not in the library."""
        query = "SELECT one, other, at, state FROM decision WHERE pending ORDER BY at"
        return [Decision(*row) for row in self.database.connection.execute(query).fetchall()]
