"""The papers that a record may join: those with its arXiv id, DOI or title."""

from dataclasses import replace
from typing import NamedTuple

from index.papers.entries import STARTER
from index.papers.identity import Identity
from index.papers.matching.choice import Choice, choose
from index.papers.matching.rules import Record, compare
from index.papers.matching.titles import names_kind
from index.papers.paper import NO_KEY, Paper, PaperKey, SourceRef
from index.store.database import Database
from index.store.merges import MergeStore
from index.store.papers import PaperStore

MAX_CANDIDATES = 25
"""Papers with the title of a record that are compared with it, those of its year first."""

_BY_IDENTIFIER = """
    SELECT key FROM paper WHERE arxiv_key = ?1
    UNION SELECT key FROM paper WHERE doi_key = ?2
    UNION SELECT key FROM merged WHERE arxiv_key = ?1
    UNION SELECT key FROM merged WHERE doi_key = ?2
    LIMIT ?3
"""
_BY_TITLE = """
    SELECT key, year IS ?2 AS near FROM paper WHERE title_key = ?1
    UNION ALL SELECT key, 0 FROM merged WHERE title_key = ?1
    ORDER BY near DESC, key LIMIT ?3
"""


class Candidate(NamedTuple):
    """A paper that a record may join, and the records it consists of."""

    paper: Paper
    records: list[Record]


class CandidateStore:
    """Finds the paper that a record joins; see `index.papers.matching`."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._papers = PaperStore(database)
        self._merging = MergeStore(database)

    def choose(
        self, paper: Paper, keys: Identity, sources: tuple[SourceRef, ...]
    ) -> tuple[Choice[PaperKey], dict[PaperKey, Paper]]:
        """Return the paper that a record from some sources joins, and all that it may join."""
        candidates = self.of(paper, keys)
        if not candidates:
            return Choice(), {}
        papers = {key: candidate.paper for key, candidate in candidates.items()}
        for known, described in candidates.values():
            if any(_is_known(paper, each.paper, known.sources, sources) for each in described):
                return Choice(known.key, SAME_RECORD, is_known=True), papers
        record = Record(paper, is_summary=is_summary(sources))
        records = {key: candidate.records for key, candidate in candidates.items()}
        return choose(record, records), papers

    def of(self, paper: Paper, keys: Identity) -> dict[PaperKey, Candidate]:
        """Return the papers with an identifier or the title of a record, by key."""
        run = self.database.connection.execute
        found: dict[int, None] = {}
        if keys.arxiv or keys.doi:
            values = (keys.arxiv or None, keys.doi or None, MAX_CANDIDATES)
            found.update((row[0], None) for row in run(_BY_IDENTIFIER, values))
        rows = run(_BY_TITLE, (keys.title, paper.year, MAX_CANDIDATES))
        found.update((row[0], None) for row in rows)
        if not found:
            return {}
        roots = dict.fromkeys(self._merging.root(PaperKey(key)) for key in found)
        papers = self._papers.rows(list(roots))
        return {known.key: Candidate(known, self._records(known)) for known in papers}

    def _records(self, paper: Paper) -> list[Record]:
        own = Record(paper, is_summary=is_summary(paper.sources))
        return [own, *(Record(merged) for merged in self._merging.merged_records(paper.key))]

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
            for known, records in candidates.values()
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


def is_summary(sources: tuple[SourceRef, ...]) -> bool:
    """Return whether a record comes from the starter shelf alone, whose abstracts are summaries."""
    return bool(sources) and all(source.name == STARTER for source in sources)


def content(paper: Paper) -> Paper:
    """Return the content of a record, without its id, key and what the library adds."""
    return replace(
        paper, id="", known_as=(), key=NO_KEY, sources=(), bookmarked=False, read=False, tags=(),
        note="", added="",
    )  # fmt: skip


def _is_known(
    paper: Paper, known: Paper, held: tuple[SourceRef, ...], sources: tuple[SourceRef, ...]
) -> bool:
    """Return whether a record equals a known one in content, and in source and position or id."""
    names = {source.name for source in held}
    if not any(source.name in names for source in sources):
        return False
    same_place = any(source in held for source in sources)
    same_id = bool(paper.id) and paper.id in (known.id, *known.known_as)
    return (same_place or same_id) and content(paper) == content(known)
