"""How every fact about papers stands, those that are gone and those of papers elsewhere too."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby

from index.marks.merging import FactName, Facts, Stamped, fact_name
from index.papers.identity import Identity
from index.papers.paper import PaperKey
from index.store.database import Database


class StampStore:
    """The facts of each paper with since when they stand; see `index.marks.merging`."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read in a block as if nothing were written meanwhile; no writer waits for it."""
        connection = self.database.connection
        connection.execute("BEGIN")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")

    def all(self) -> Iterator[tuple[PaperKey, Facts]]:
        """Yield the keys of papers of which any fact is known, with their facts."""
        rows = self.database.connection.execute(
            "SELECT paper, kind, value, at, 1 FROM mark UNION ALL "
            "SELECT paper, kind, name, at, 0 FROM unmarked ORDER BY 1"
        )
        for key, some in groupby(rows, lambda row: row[0]):
            yield PaperKey(key), dict(_read_fact(*row[1:]) for row in some)

    def of(self, paper: PaperKey) -> Facts:
        """Return the facts of one paper."""
        rows = self.database.connection.execute(
            "SELECT kind, value, at, 1 FROM mark WHERE paper = ?1 UNION ALL "
            "SELECT kind, name, at, 0 FROM unmarked WHERE paper = ?1",
            (paper,),
        )
        return dict(_read_fact(*row) for row in rows)

    def unmarked(self) -> set[PaperKey]:
        """Return the papers from which marks were taken."""
        return {row[0] for row in self.database.connection.execute("SELECT paper FROM unmarked")}

    def write(self, paper: PaperKey, known: Facts, facts: Facts) -> None:
        """Let facts of a paper stand so, of which it is known how all of them stood."""
        with self.database.transaction() as connection:
            for (kind, name), stand in facts.items():
                before = known.get((kind, name))
                if before and before.present:
                    connection.execute(
                        "DELETE FROM mark WHERE paper = ? AND kind = ? AND value = ?",
                        (paper, kind, before.value),
                    )
                elif before:
                    connection.execute(
                        "DELETE FROM unmarked WHERE paper = ? AND kind = ? AND name = ?",
                        (paper, kind, name),
                    )
                table, value = ("mark", stand.value) if stand.present else ("unmarked", name)
                connection.execute(
                    f"INSERT INTO {table} VALUES (?, ?, ?, ?)", (paper, kind, value, stand.at)
                )
            self.database.tick("marks")

    # -- papers that are not here ------------------------------------------------------------------

    def pending(self, papers: Iterable[str] | None = None) -> dict[str, Facts]:
        """Return the facts kept for papers that are not here, of all or of some."""
        query = "SELECT paper, kind, name, at, there, value FROM aside"
        run = self.database.connection.execute
        rows = (
            run(query)
            if papers is None
            else (row for paper in papers for row in run(f"{query} WHERE paper = ?", (paper,)))
        )
        kept: dict[str, Facts] = {}
        for paper, kind, name, at, there, value in rows:
            kept.setdefault(paper, {})[kind, name] = Stamped(at, bool(there), value)
        return kept

    def add_pending(self, paper: str, keys: Identity, facts: Facts) -> None:
        """Keep facts for a paper that is not here, as text and by its keys of identity."""
        with self.database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO aside VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (paper, keys.arxiv or None, keys.doi or None, keys.title, *name, *stand)
                    for name, stand in facts.items()
                ),
            )

    def remove_pending(self, paper: str) -> None:
        """Keep nothing more for a paper that has come."""
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM aside WHERE paper = ?", (paper,))

    def pending_matches(self) -> list[str]:
        """Return which papers with facts aside could be here now."""
        among = " UNION ".join(
            f"SELECT aside.paper FROM aside CROSS JOIN paper USING ({column})"
            for column in ("arxiv_key", "doi_key", "title_key")
        )
        return [row[0] for row in self.database.connection.execute(f"{among} ORDER BY 1")]


def _read_fact(kind: str, value: str, at: str, there: int) -> tuple[FactName, Stamped]:
    if there:
        return fact_name(kind, value), Stamped(at, True, value)
    return (kind, value), Stamped(at, False, "")
