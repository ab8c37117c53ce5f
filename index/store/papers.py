"""Reading papers and their sources."""

from collections.abc import Iterable, Iterator, Sequence

from index.errors import UnknownPaper
from index.marks.changes import LATER
from index.papers.identifiers import parse_arxiv, parse_doi
from index.papers.paper import Paper, PaperKey, SourceRef
from index.store.changed_rows import changed_keys, changed_rows
from index.store.database import CHUNK_KEYS, Database, chunks, placeholders
from index.store.merges import MergeStore, merged_ids
from index.store.queue import read_queue
from index.store.rows import COLUMNS, TEXT_COLUMNS, paper_of, text_of
from index.store.sources import Source
from index.text.cleaning import one_line


class PaperStore:
    """The papers of a database, found by key, id or identifier."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._merging = MergeStore(database)

    def rows(self, keys: Sequence[PaperKey]) -> list[Paper]:
        """Return the papers with some keys, in their order; missing papers are left out."""
        found: dict[PaperKey, Paper] = {}
        for some in chunks(keys):
            found.update((paper.key, paper) for paper in self._rows(some))
        return [found[key] for key in keys if key in found]

    def _rows(self, keys: list[PaperKey]) -> Iterator[Paper]:
        connection = self.database.connection
        among = placeholders(keys)
        sources: dict[int, list[SourceRef]] = {}
        for key, name, position in connection.execute(
            "SELECT paper, name, position FROM holding JOIN source ON source.key = source "
            f"WHERE paper IN ({among}) ORDER BY source.key",
            keys,
        ):
            sources.setdefault(key, []).append(SourceRef(name, position))
        marks: dict[int, list[tuple[str, str]]] = {}
        for key, kind, value in connection.execute(
            f"SELECT paper, kind, value FROM mark WHERE paper IN ({among})",
            keys,
        ):
            marks.setdefault(key, []).append((kind, value))
        queued = any(kind == LATER for some in marks.values() for kind, _ in some)
        places = self._places() if queued else {}
        for row in connection.execute(
            f"SELECT {COLUMNS}, added, key FROM paper WHERE key IN ({among})",
            keys,
        ):
            key = row[-1]
            own = tuple(sources.get(key, ())), marks.get(key, [])
            yield paper_of(row, *own, places.get(key))

    def _places(self) -> dict[int, int]:
        """Return the places of all papers in the queue, from 1."""
        queue = read_queue(self.database)
        return {key: place for place, key in enumerate(queue, 1)}

    def keys(self, ids: Iterable[str]) -> list[PaperKey]:
        """Return the keys of papers, each once; raises UnknownPaper with the unknown ids."""
        wanted = list(ids)
        found = self.keys_of(wanted)
        missing = [name for name in wanted if name not in found]
        if missing:
            near = self.near_ids(missing[0])
            hint = (
                f"; did you mean {', '.join(near)}?" if near else "; use carrel search to find ids"
            )
            shown = ", ".join(one_line(name, 60) for name in missing[:3])
            more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
            raise UnknownPaper(f"no paper has the id {shown}{more}{hint}")
        return list(dict.fromkeys(found[name] for name in wanted))

    def keys_of(self, ids: Iterable[str]) -> dict[str, PaperKey]:
        """Return the keys of papers by id, arXiv id or DOI, leaving out unknown ids.

        The ids of a merged paper refer to the paper it was merged into.
        """
        connection = self.database.connection
        found: dict[str, PaperKey] = {}
        wanted = list(dict.fromkeys(ids))
        for start in range(0, len(wanted), CHUNK_KEYS):
            some = wanted[start : start + CHUNK_KEYS]
            query = f"SELECT id, key FROM paper WHERE id IN ({placeholders(some)})"
            found.update(connection.execute(query, some))
        merged = merged_ids(connection, [name for name in wanted if name not in found])
        roots = {name: self._merging.root(key) for name, key in merged.items()}
        existing = self.ids_of(set(roots.values()))
        found.update((name, key) for name, key in roots.items() if key in existing)
        for name in wanted:
            if name not in found:
                row = connection.execute(
                    "SELECT key FROM paper WHERE arxiv_key = ? OR doi_key = ? OR id = ? "
                    "COLLATE NOCASE ORDER BY key",
                    (parse_arxiv(name).lower(), parse_doi(name).lower(), name),
                ).fetchone()
                if row:
                    found[name] = row[0]
                elif key := self._merged_key(name):
                    found[name] = key
        return found

    def _merged_key(self, name: str) -> PaperKey | None:
        """Return the paper into which one with an id, arXiv id or DOI was merged."""
        keys = (parse_arxiv(name), parse_doi(name), name)
        for column, value in zip(("arxiv_key", "doi_key", "id"), keys, strict=True):
            if value and (roots := self.ids_of(self._merging.roots(column, value))):
                return min(roots)
        return None

    def with_identifiers(self, arxiv: str, doi: str) -> set[PaperKey]:
        """Return the papers with an arXiv id or a DOI, both in the form of `Identity`."""
        query = (
            "SELECT key FROM paper WHERE arxiv_key = ? "
            "UNION SELECT key FROM paper WHERE doi_key = ?"
        )
        rows = self.database.connection.execute(query, (arxiv or None, doi or None))
        return {row[0] for row in rows}

    def each(self, keys: Sequence[PaperKey]) -> Iterator[Paper]:
        """Yield the papers with some keys, in their order, reading a few at a time."""
        for some in chunks(keys):
            yield from self.rows(some)

    def ids_of(self, keys: Iterable[PaperKey]) -> dict[PaperKey, str]:
        """Return the ids of papers that exist, by key."""
        found: dict[PaperKey, str] = {}
        for some in chunks(keys):
            query = f"SELECT key, id FROM paper WHERE key IN ({placeholders(some)})"
            found.update(self.database.connection.execute(query, some))
        return found

    def near_ids(self, wanted: str) -> list[str]:
        """Return ids similar to an unknown one."""
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
        """Return all sources, newest first, with the number of papers in each."""
        rows = self.database.connection.execute(
            "SELECT name, format, path, date, added, "
            "(SELECT count(*) FROM holding WHERE source = source.key) "
            "FROM source ORDER BY key DESC"
        )
        return [Source(*row) for row in rows]

    def changed(self, since: int) -> Iterator[Paper]:
        """Yield the papers that changed after a revision, in the order of their keys.

        They have only the values that search engines index.
        """
        rows = changed_rows(self.database, f"{TEXT_COLUMNS}, key", since)
        return map(text_of, rows)

    def changes(self, since: int) -> int:
        """Return the number of papers that changed after a revision."""
        query = "SELECT count(*) FROM paper WHERE revision > ?"
        return int(self.database.connection.execute(query, (since,)).fetchone()[0])

    def changed_keys(self, since: int) -> list[int]:
        """Return the sorted keys of papers that changed after a revision."""
        return changed_keys(self.database, since)

    def removed(self, since: int) -> list[int]:
        """Return the keys of papers removed after a revision."""
        query = "SELECT key FROM removed WHERE revision > ?"
        return [row[0] for row in self.database.connection.execute(query, (since,))]
