"""The times of facts about papers, including removed facts and papers not in the library."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby

from index.marks.merging import FactName, Facts, Stamped, fact_name
from index.papers.identity import Identity
from index.papers.paper import PaperKey
from index.store.database import Database


class StampStore:
    """The states of facts about papers; see `index.marks.merging`."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read a consistent snapshot within a block, without blocking writers."""
        connection = self.database.connection
        connection.execute("BEGIN")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")

    def all(self) -> Iterator[tuple[PaperKey, Facts]]:
        """Yield all papers that have facts, with the states of these."""
        rows = self.database.connection.execute(
            "SELECT paper, kind, value, at, 1 FROM mark UNION ALL "
            "SELECT paper, kind, name, at, 0 FROM unmarked ORDER BY 1"
        )
        for key, some in groupby(rows, lambda row: row[0]):
            yield PaperKey(key), dict(_read_fact(*row[1:]) for row in some)

    def of(self, paper: PaperKey) -> Facts:
        """Return the states of the facts about one paper."""
        rows = self.database.connection.execute(
            "SELECT kind, value, at, 1 FROM mark WHERE paper = ?1 UNION ALL "
            "SELECT kind, name, at, 0 FROM unmarked WHERE paper = ?1",
            (paper,),
        )
        return dict(_read_fact(*row) for row in rows)

    def unmarked(self) -> set[PaperKey]:
        """Return the papers from which marks were removed."""
        return {row[0] for row in self.database.connection.execute("SELECT paper FROM unmarked")}

    def write(self, paper: PaperKey, known: Facts, facts: Facts) -> None:
        """Set the states of facts about a paper, given the known states of all its facts."""
        self.database.ensure_intact()
        with self.database.transaction() as connection:
            for (kind, name), stamped in facts.items():
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
                table, value = ("mark", stamped.value) if stamped.present else ("unmarked", name)
                connection.execute(
                    f"INSERT INTO {table} VALUES (?, ?, ?, ?)", (paper, kind, value, stamped.at)
                )
            self.database.tick("marks")

    # -- papers not in the library -----------------------------------------------------------------

    def pending(self, papers: Iterable[str] | None = None) -> dict[str, Facts]:
        """Return the facts stored for papers not in the library: for all, or for some papers."""
        query = "SELECT paper, kind, name, at, there, value FROM aside"
        run = self.database.connection.execute
        rows = (
            run(query)
            if papers is None
            else (row for paper in papers for row in run(f"{query} WHERE paper = ?", (paper,)))
        )
        found: dict[str, Facts] = {}
        for paper, kind, name, at, there, value in rows:
            found.setdefault(paper, {})[kind, name] = Stamped(at, bool(there), value)
        return found

    def add_pending(self, paper: str, keys: Identity, facts: Facts) -> None:
        """Store facts for a paper not in the library, by its text and keys of identity."""
        with self.database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO aside VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (paper, keys.arxiv or None, keys.doi or None, keys.title, *name, *stamped)
                    for name, stamped in facts.items()
                ),
            )

    def remove_pending(self, paper: str) -> None:
        """Delete the facts stored for a paper."""
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM aside WHERE paper = ?", (paper,))

    def pending_matches(self) -> list[str]:
        """Return the papers with stored facts that may be in the library by now."""
        among = " UNION ".join(
            f"SELECT aside.paper FROM aside CROSS JOIN paper USING ({column})"
            for column in ("arxiv_key", "doi_key", "title_key")
        )
        return [row[0] for row in self.database.connection.execute(f"{among} ORDER BY 1")]


def _read_fact(kind: str, value: str, at: str, there: int) -> tuple[FactName, Stamped]:
    if there:
        return fact_name(kind, value), Stamped(at, True, value)
    return (kind, value), Stamped(at, False, "")
