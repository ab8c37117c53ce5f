"""Papers and the sources that hold them, as rows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from index.marks.changes import Fact
from index.papers.entries import ParsedPaper
from index.papers.identifiers import parsed_arxiv, parsed_doi
from index.papers.identity import Identity, are_strangers, identity, slug
from index.papers.json_record import known_as
from index.papers.merging import merge_papers
from index.papers.paper import Paper, SourceRef
from index.store.database import CHUNK, Database, chunks, now, placeholders
from index.store.marks import MarkStore
from index.store.merges import MergeStore, other_names
from index.store.rows import COLUMNS, HOLES, SETTING, new_marks, paper_of, values
from index.store.stamps import StampStore
from index.text.cleaning import counted, one_line

Outcome = Literal["added", "merged", "unchanged"]


class Source(NamedTuple):
    """Where papers came from, and how many it holds; `date` may lack its year (`--03-11`)."""

    name: str
    format: str
    path: str
    date: str
    added: str
    papers: int = 0


class PaperStore:
    """The papers of a database, found by key, by id and by identity."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._merging = MergeStore(database)

    # -- writing -----------------------------------------------------------------------------------

    def add(self, found: Sequence[ParsedPaper], source: Source) -> list[Outcome]:
        """Add papers that a source holds, or merge them into those they are; one transaction.

        Marks that come with a paper are added to its own, and journalled; none is taken away.
        """
        with self.database.transaction():
            revision = self.database.tick("revision") if found else 0
            brought: dict[Fact, None] = {}
            outcomes = [self._add(item, source, revision, brought) for item in found]
            if brought:
                count = len({fact.paper for fact in brought})
                words = f"marks from {one_line(source.name)}: {counted(count, 'paper')}"
                MarkStore(self.database).record(list(brought), words)
            return outcomes

    def _add(
        self, item: ParsedPaper, source: Source, revision: int, brought: dict[Fact, None]
    ) -> Outcome:
        keys = identity(item.paper)
        known = self._same(item.paper, keys)
        outcome: Outcome = "unchanged"
        if known is None:
            key = self._insert(item.paper, keys, revision)
            outcome = "added"
        else:
            key = known.key
            more = merge_papers(known, item.paper)
            if more != known:
                self._update(more, revision)
                outcome = "merged"
        facts = [Fact(key, *mark, True) for mark in new_marks(item.paper, known)]
        brought |= dict.fromkeys(facts)
        if (self._hold(key, item, source) or facts) and outcome == "unchanged":
            outcome = "merged"
        return outcome

    def _hold(self, key: int, item: ParsedPaper, source: Source) -> bool:
        """Write down which sources hold a paper: the one it comes from, unless it names its own."""
        new = False
        for held in item.paper.sources or (SourceRef(source.name, item.position),):
            named = source if held.name == source.name else Source(held.name, "", "", "", "")
            cursor = self.database.connection.execute(
                "INSERT OR IGNORE INTO holding VALUES (?, ?, ?)",
                (key, self._source_key(named), held.position),
            )
            new = new or cursor.rowcount > 0
        return new

    def _source_key(self, source: Source) -> int:
        connection = self.database.connection
        row = connection.execute(
            "SELECT key, date FROM source WHERE name = ?", (source.name,)
        ).fetchone()
        if row:
            if source.date and source.date != row[1]:
                connection.execute(
                    "UPDATE source SET date = ? WHERE key = ?", (source.date, row[0])
                )
            return int(row[0])
        values = (source.name, source.format, source.path, source.date, source.added or now())
        cursor = connection.execute(
            "INSERT INTO source (name, format, path, date, added) VALUES (?, ?, ?, ?, ?)", values
        )
        return int(cursor.lastrowid or 0)

    def _same(self, paper: Paper, keys: Identity) -> Paper | None:
        """Return the known paper that a record is: by arXiv id, by DOI, then by title.

        Of several the one with its id.
        """
        connection = self.database.connection
        for column, value in (("arxiv_key", keys.arxiv), ("doi_key", keys.doi)):
            for table in ("paper", "merged") if value else ():
                row = connection.execute(
                    f"SELECT key FROM {table} WHERE {column} = ? ORDER BY id != ?, key LIMIT 1",
                    (value, paper.id),
                ).fetchone()
                if row:
                    return self.rows([self._merging.root(row[0])])[0]
        for table in ("paper", "merged"):
            found = connection.execute(
                f"SELECT key, arxiv_key, doi_key FROM {table} WHERE title_key = ? "
                "ORDER BY id != ?, key",
                (keys.title, paper.id),
            )
            for key, arxiv, doi in found.fetchall():
                if not keys.conflicts(Identity(arxiv or "", doi or "", keys.title)):
                    standing = self.rows([self._merging.root(key)])[0]
                    known = standing if table == "paper" else self._merging.record(key)
                    if not are_strangers(known, paper):
                        return standing
        return None

    def _insert(self, paper: Paper, keys: Identity, revision: int) -> int:
        free = self._free_id(paper.id or slug(paper))
        cursor = self.database.connection.execute(
            f"INSERT INTO paper ({COLUMNS}, added, revision) VALUES ({HOLES})",
            (*values(paper, keys, free), paper.added or now(), revision),
        )
        return int(cursor.lastrowid or 0)

    def _update(self, paper: Paper, revision: int) -> None:
        self.database.connection.execute(
            f"UPDATE paper SET {SETTING}, revision = ? WHERE key = ?",
            (*values(paper, identity(paper)), revision, paper.key),
        )

    def _free_id(self, wanted: str) -> str:
        """Return an id that no paper has: the wanted one, else with the first free number."""

        def taken(name: str) -> bool:
            query = "SELECT 1 FROM paper WHERE id = ?1 UNION ALL SELECT 1 FROM merged WHERE id = ?1"
            return self.database.connection.execute(query, (name,)).fetchone() is not None

        if not taken(wanted):
            return wanted
        # Doubling, then halving: thousands of papers called "introduction" stay cheap.
        low, high = 1, 2
        while taken(f"{wanted}-{high}"):
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if taken(f"{wanted}-{middle}") else (low, middle)
        return f"{wanted}-{high}"

    def remove_source(self, name: str) -> tuple[int, int]:
        """Forget a source; return how many papers went with it and how many stay.

        A paper goes that no other source holds and that has no mark.
        """
        with self.database.transaction() as connection:
            key = connection.execute("SELECT key FROM source WHERE name = ?", (name,)).fetchone()[0]
            held = {
                row[0]
                for row in connection.execute("SELECT paper FROM holding WHERE source = ?", (key,))
            }
            connection.execute("DELETE FROM source WHERE key = ?", (key,))
            lone = [
                row[0]
                for row in connection.execute(
                    "SELECT key FROM paper WHERE NOT EXISTS "
                    "(SELECT 1 FROM holding WHERE paper = key) AND NOT EXISTS "
                    "(SELECT 1 FROM mark WHERE paper = key)"
                )
                if row[0] in held
            ]
            standing = StampStore(self.database)
            for paper in self.each(sorted(standing.unmarked() & set(lone))):
                # What was taken from it stays so when it comes again, and where a dump is merged.
                standing.put_aside(known_as(paper), identity(paper), standing.of(paper.key))
            revision = self.database.tick("revision")
            connection.executemany("DELETE FROM paper WHERE key = ?", ((k,) for k in lone))
            connection.executemany(
                "INSERT INTO removed VALUES (?, ?)", ((k, revision) for k in lone)
            )
            self._merging.forget_lone()
            return len(lone), len(held) - len(lone)

    # -- reading -----------------------------------------------------------------------------------

    def rows(self, keys: Sequence[int]) -> list[Paper]:
        """Return the papers with these keys, in their order; one that is gone is left out."""
        found: dict[int, Paper] = {}
        for some in chunks(keys):
            found.update((paper.key, paper) for paper in self._rows(some))
        return [found[key] for key in keys if key in found]

    def _rows(self, keys: list[int]) -> Iterator[Paper]:
        connection = self.database.connection
        among = placeholders(keys)
        held: dict[int, list[SourceRef]] = {}
        for key, name, position in connection.execute(
            "SELECT paper, name, position FROM holding JOIN source ON source.key = source "
            f"WHERE paper IN ({among}) ORDER BY source.key",
            keys,
        ):
            held.setdefault(key, []).append(SourceRef(name, position))
        marks: dict[int, list[tuple[str, str]]] = {}
        for key, kind, value in connection.execute(
            f"SELECT paper, kind, value FROM mark WHERE paper IN ({among})",
            keys,
        ):
            marks.setdefault(key, []).append((kind, value))
        for row in connection.execute(
            f"SELECT {COLUMNS}, added, key FROM paper WHERE key IN ({among})",
            keys,
        ):
            key = row[-1]
            yield paper_of(row, tuple(held.get(key, ())), marks.get(key, []))

    def keys_of(self, ids: Iterable[str]) -> dict[str, int]:
        """Return the key of each id that a paper has; an arXiv id or DOI names its paper too.

        So does every id that a paper merged into it had.
        """
        connection = self.database.connection
        found: dict[str, int] = {}
        wanted = list(dict.fromkeys(ids))
        for start in range(0, len(wanted), CHUNK):
            some = wanted[start : start + CHUNK]
            query = f"SELECT id, key FROM paper WHERE id IN ({placeholders(some)})"
            found.update(connection.execute(query, some))
        merge_papers = other_names(connection, [name for name in wanted if name not in found])
        found.update((name, self._merging.root(key)) for name, key in merge_papers.items())
        for name in wanted:
            if name not in found:
                row = connection.execute(
                    "SELECT key FROM paper WHERE arxiv_key = ? OR doi_key = ? OR id = ? "
                    "COLLATE NOCASE ORDER BY key",
                    (parsed_arxiv(name).lower(), parsed_doi(name).lower(), name),
                ).fetchone()
                if row:
                    found[name] = row[0]
                elif behind := self._behind(name):
                    found[name] = behind
        return found

    def _behind(self, name: str) -> int | None:
        """Return the paper behind which one is named so: by id in any case, by arXiv id or DOI."""
        keys = (parsed_arxiv(name), parsed_doi(name), name)
        for column, value in zip(("arxiv_key", "doi_key", "id"), keys, strict=True):
            if value and (roots := self._merging.roots(column, value)):
                return min(roots)
        return None

    def key_of(self, paper: Paper) -> int | None:
        """Return the key of the paper that a record is, by its identity."""
        known = self._same(paper, identity(paper))
        return known.key if known else None

    def holds(self, paper: Paper, source: str) -> bool:
        """Tell whether a source holds the paper that a record is."""
        known = self._same(paper, identity(paper))
        return known is not None and source in {held.name for held in known.sources}

    def each(self, keys: Sequence[int]) -> Iterator[Paper]:
        """Yield the papers with these keys, in their order, a few in memory at a time."""
        for some in chunks(keys):
            yield from self.rows(some)

    def ids_of(self, keys: Iterable[int]) -> dict[int, str]:
        """Return the id of each paper that is there."""
        found: dict[int, str] = {}
        for some in chunks(keys):
            query = f"SELECT key, id FROM paper WHERE key IN ({placeholders(some)})"
            found.update(self.database.connection.execute(query, some))
        return found

    def near_ids(self, wanted: str) -> list[str]:
        """Return ids that could be meant by one that no paper has."""
        escaped = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        rows = self.database.connection.execute(
            "SELECT id FROM paper WHERE id LIKE ? ESCAPE '\\' ORDER BY id LIMIT 3",
            (f"{escaped[:12]}%",),
        )
        return [row[0] for row in rows]

    def count(self) -> int:
        """Return the number of papers."""
        return int(self.database.connection.execute("SELECT count(*) FROM paper").fetchone()[0])

    def sources(self) -> list[Source]:
        """Return all sources, newest first, with the number of papers each holds."""
        rows = self.database.connection.execute(
            "SELECT name, format, path, date, added, "
            "(SELECT count(*) FROM holding WHERE source = source.key) "
            "FROM source ORDER BY key DESC"
        )
        return [Source(*row) for row in rows]

    def changed(self, since: int) -> Iterator[Paper]:
        """Yield the papers whose text changed after a revision, in the order of their keys."""
        connection = self.database.connection
        last = 0
        while True:
            rows = connection.execute(
                f"SELECT {COLUMNS}, added, key FROM paper WHERE revision > ? AND key > ? "
                "ORDER BY key LIMIT 1000",
                (since, last),
            ).fetchall()
            if not rows:
                return
            last = rows[-1][-1]
            for row in rows:
                yield paper_of(row, (), [])

    def changes(self, since: int) -> int:
        """Return how many papers' texts changed after a revision."""
        query = "SELECT count(*) FROM paper WHERE revision > ?"
        return int(self.database.connection.execute(query, (since,)).fetchone()[0])

    def changed_keys(self, since: int) -> list[int]:
        """Return the keys of papers whose texts changed after a revision."""
        query = "SELECT key FROM paper WHERE revision > ?"
        return [row[0] for row in self.database.connection.execute(query, (since,))]

    def removed(self, since: int) -> list[int]:
        """Return the keys of papers removed after a revision."""
        query = "SELECT key FROM removed WHERE revision > ?"
        return [row[0] for row in self.database.connection.execute(query, (since,))]
