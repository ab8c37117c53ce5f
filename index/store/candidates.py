"""The papers that a record may join: those with its arXiv id, DOI or title."""

from typing import NamedTuple

from index.papers.identity import Identity
from index.papers.matching.choice import Choice, choose
from index.papers.matching.rules import Record, compare
from index.papers.matching.titles import names_kind
from index.papers.paper import Paper, PaperKey, SourceRef
from index.papers.records import SourceRecord, content, is_summary
from index.store.database import Database
from index.store.merges import MergeStore
from index.store.papers import PaperStore
from index.store.records import RecordStore, sole_record

MAX_CANDIDATES = 25
"""Papers with the title of a record, at most, that are all compared with it."""

MAX_NEAREST = 8
"""Papers with the title and year of a record that are compared if there are more: Introduction."""

_PAPERS = """
    SELECT key FROM paper WHERE arxiv_key = ?1
    UNION ALL SELECT key FROM paper WHERE doi_key = ?2
    UNION ALL SELECT key FROM paper WHERE title_key = ?3
    LIMIT ?4
"""
_ALIASES = """
    SELECT key FROM merged WHERE arxiv_key = ?1
    UNION ALL SELECT key FROM merged WHERE doi_key = ?2
    UNION ALL SELECT key FROM merged WHERE title_key = ?3
    UNION ALL SELECT paper FROM record WHERE arxiv_key = ?1 AND active
    UNION ALL SELECT paper FROM record WHERE doi_key = ?2 AND active
    UNION ALL SELECT paper FROM record WHERE title_key = ?3 AND active
    LIMIT ?4
"""
_NEAREST = """
    SELECT key FROM paper WHERE id = ?2 AND title_key = ?1
    UNION SELECT paper FROM holding JOIN source ON source.key = source
        WHERE name = ?4 AND position = ?5
    UNION SELECT key FROM (SELECT key FROM paper WHERE title_key = ?1 AND year IS ?3 LIMIT ?6)
"""
_REMOVED = """
    SELECT DISTINCT gone.key FROM record JOIN gone ON gone.key = record.paper
    WHERE removed AND NOT active AND (arxiv_key = ?1 OR doi_key = ?2 OR title_key = ?3)
    LIMIT ?4
"""


_NO_CHOICE: Choice[PaperKey] = Choice()


class Candidate(NamedTuple):
    """A paper that a record may join: its records, as read and prepared for comparison."""

    paper: Paper
    described: list[SourceRecord]
    records: list[Record]


class CandidateStore:
    """Finds the paper that a record joins; see `index.papers.matching`."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._papers = PaperStore(database)
        self._merging = MergeStore(database)
        self._records = RecordStore(database)
        self.has_aliases = True  # until `refresh`, which saves most look-ups in a new library
        self.has_removed = True

    def choose(
        self, paper: Paper, keys: Identity, sources: tuple[SourceRef, ...]
    ) -> tuple[Choice[PaperKey], dict[PaperKey, Paper]]:
        """Return the paper that a record from some sources joins, and all that it may join."""
        candidates = self.of(paper, keys, sources)
        if not candidates:
            return _NO_CHOICE, {}
        papers = {key: candidate.paper for key, candidate in candidates.items()}
        for known, described, _ in candidates.values():
            if any(_is_known(paper, each, sources) for each in described):
                return Choice(known.key, SAME_RECORD, is_known=True), papers
        record = Record(paper, is_summary=is_summary(sources))
        records = {key: candidate.records for key, candidate in candidates.items()}
        return choose(record, records), papers

    def of(
        self, paper: Paper, keys: Identity, sources: tuple[SourceRef, ...] = ()
    ) -> dict[PaperKey, Candidate]:
        """Return the papers with an identifier or the title of a record, by key.

        If many papers have the title, these are the ones with its id, its place or its year.
        """
        run = self.database.connection.execute
        values = (keys.arxiv or None, keys.doi or None, keys.title, MAX_CANDIDATES)
        rows = run(_PAPERS, values).fetchall()
        if len(rows) == MAX_CANDIDATES:
            place = sources[0] if sources else SourceRef("")
            nearest = (keys.title, paper.id, paper.year, place.name, place.position, MAX_NEAREST)
            rows = run(_NEAREST, nearest).fetchall()
            rows += run(_PAPERS, (*values[:2], None, MAX_CANDIDATES)).fetchall()
        if self.has_aliases:
            rows += run(_ALIASES, values).fetchall()
        if not rows:
            return {}
        found = dict.fromkeys(row[0] for row in rows)
        roots = [*found]
        if self.has_aliases:
            roots = [*dict.fromkeys(self._merging.root(PaperKey(key)) for key in found)]
        papers = self._papers.rows(roots)
        return {known.key: self._candidate(known) for known in papers}

    def _candidate(self, paper: Paper) -> Candidate:
        if not self.has_aliases:
            sole = sole_record(paper)
            return Candidate(paper, [sole], [Record(paper, is_summary=sole.is_summary)])
        described = self._records.of_paper(paper)
        records = [Record(each.paper, is_summary=each.is_summary) for each in described]
        if described[0].key and self._records.edits(paper.key):
            records.append(Record(paper))
        records += (Record(merged) for merged in self._merging.merged_records(paper.key))
        return Candidate(paper, described, records)

    def refresh(self) -> None:
        """Check whether there are records besides papers, and removed papers."""
        run = self.database.connection.execute
        tables = "SELECT EXISTS (SELECT 1 FROM merged) OR EXISTS (SELECT 1 FROM record)"
        self.has_aliases = bool(run(tables).fetchone()[0])
        removed = "SELECT EXISTS (SELECT 1 FROM gone WHERE removed)"
        self.has_removed = bool(run(removed).fetchone()[0])

    def removed(
        self, paper: Paper, keys: Identity, sources: tuple[SourceRef, ...]
    ) -> PaperKey | None:
        """Return the paper that the reader removed and a record of its sources would bring back."""
        values = (keys.arxiv or None, keys.doi or None, keys.title, MAX_CANDIDATES)
        rows = self.database.connection.execute(_REMOVED, values).fetchall()
        described = {PaperKey(key): self._records.inactive(PaperKey(key)) for (key,) in rows}
        record = Record(paper, is_summary=is_summary(sources))
        choice = choose(
            record,
            {
                key: [Record(each.paper, is_summary=each.is_summary) for each in records]
                for key, records in described.items()
            },
        )
        names = {source.name for source in sources}
        for key, records in described.items():
            known = any(_is_known(paper, each, sources) for each in records)
            held = {source.name for each in records for source in each.sources}
            if known or (key == choice.key and held & names):
                return key
        return None

    def key_of(self, paper: Paper, keys: Identity) -> PaperKey | None:
        """Return the paper that another library knows by its identifying values, or None.

        Such values lack abstract and venue, so that a paper of the same id and title is the same,
        and so is the only one of that title which nothing contradicts.
        """
        candidates = self.of(paper, keys)
        record = Record(paper)
        choice = choose(record, {key: candidate.records for key, candidate in candidates.items()})
        if choice.key is not None:
            return choice.key
        compatible = [
            known
            for known, _, records in candidates.values()
            if all(each.identity.title == keys.title for each in records)
            and not any(compare(record, each).contradiction for each in records)
        ]
        named = [known for known in compatible if paper.id in (known.id, *known.known_as)]
        if not named and names_kind(paper.title):
            return None
        found = named or compatible
        return found[0].key if len(found) == 1 else None


SAME_RECORD = "same record"
"""The rule by which a record joins the paper that it came from when it was last imported."""


def _is_known(paper: Paper, known: SourceRecord, sources: tuple[SourceRef, ...]) -> bool:
    """Return whether a record equals a known one in content, and in source and position or id."""
    names = {source.name for source in known.sources}
    if not any(source.name in names for source in sources):
        return False
    same_place = any(source in known.sources for source in sources)
    same_id = bool(paper.id) and paper.id in (known.paper.id, *known.paper.known_as)
    return (same_place or same_id) and content(paper) == known.content
