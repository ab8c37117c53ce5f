"""Which papers are in a state: the terms of a query that SQLite answers, orders and facets."""

from collections.abc import Iterable

from index.paper import parsed_arxiv, parsed_doi
from index.query import Label, Range, State
from index.store.database import Database
from index.store.merging import Merging
from index.text import fold

# A year is cast, since SQLite sorts every number before every text.
_DATE = "coalesce(date, CAST(year AS TEXT))"

ORDERS = {
    "newest": f"{_DATE} DESC, key DESC",
    "oldest": f"{_DATE} IS NULL, {_DATE} ASC, key ASC",
    "title": "title_key ASC, key ASC",
    "votes": "coalesce(votes, -1) DESC, key ASC",
    "added": "added DESC, key DESC",
}
"""Each sort but relevance, as SQL."""

# Newest source first, in the order of its list; a paper stands where its newest source has it.
_LISTING = """
    SELECT paper.key FROM paper LEFT JOIN (
        SELECT paper, max(source) AS source, position FROM holding GROUP BY paper
    ) AS newest ON newest.paper = paper.key
    ORDER BY newest.source DESC, newest.position IS NULL, newest.position, paper.key
"""

_HAS = {
    "abstract": "abstract != ''",
    "authors": "authors != ''",
    "code": "code",
    "doi": "doi != ''",
    "arxiv": "arxiv_id != ''",
    "url": "url != '' OR urls != '' OR arxiv_id != '' OR doi != ''",
    "year": "year IS NOT NULL",
    "venue": "venue != ''",
    "keywords": "keywords != ''",
    "note": "key IN (SELECT paper FROM mark WHERE kind = 'note')",
}
_STATES = {
    "bookmarked": "SELECT paper FROM mark WHERE kind = 'bookmark'",
    "read": "SELECT paper FROM mark WHERE kind = 'read'",
    "unread": "SELECT key FROM paper WHERE key NOT IN (SELECT paper FROM mark WHERE kind = 'read')",
    "tagged": "SELECT DISTINCT paper FROM mark WHERE kind = 'tag'",
    "untagged": "SELECT key FROM paper WHERE key NOT IN "
    "(SELECT paper FROM mark WHERE kind = 'tag')",
    "noted": "SELECT DISTINCT paper FROM mark WHERE kind = 'note'",
}
_FACETS = {
    "tag": "SELECT value, paper FROM mark WHERE kind = 'tag'",
    "source": "SELECT name, paper FROM source JOIN holding ON source = source.key "
    "ORDER BY source.key DESC",
    "year": "SELECT year, key FROM paper WHERE year IS NOT NULL",
    "venue": "SELECT venue, key FROM paper WHERE venue != ''",
}

Keys = frozenset[int]


class Sets:
    """Sets of paper keys, by state, label, range and facet."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._merging = Merging(database)

    def everything(self) -> Keys:
        """Return the keys of all papers."""
        return self._keys("SELECT key FROM paper")

    def order(self, sort: str) -> list[int]:
        """Return all keys in the order of a sort of `ORDERS`, or in listing order for any other."""
        by = ORDERS.get(sort)
        query = f"SELECT key FROM paper ORDER BY {by}" if by else _LISTING
        return [row[0] for row in self.database.connection.execute(query)]

    def of(self, term: Label | State | Range) -> Keys:
        """Return the papers that a state term asks for; `is:selected` is the reader's to answer."""
        if isinstance(term, State):
            return self.state(term.field, term.value)
        if isinstance(term, Range):
            return self._in_range(term)
        return getattr(self, f"_by_{term.field}")(term)  # type: ignore[no-any-return]  # by name

    def state(self, field: str, value: str) -> Keys:
        """Return the papers in one state: of `is` or of `has`."""
        if field == "has":
            return self._keys(f"SELECT key FROM paper WHERE {_HAS[value]}")
        return self._keys(_STATES[value]) if value in _STATES else frozenset()

    def holding(self, field: str, letters: str) -> Keys:
        """Return the papers whose text field holds letters; `%` stands for any between them."""
        column = {"author": "authors", "keyword": "keywords"}.get(field, field)
        wanted = letters.replace("\\", "\\\\").replace("_", "\\_")
        query = f"SELECT key FROM paper WHERE {column} LIKE ? ESCAPE '\\'"
        return self._keys(query, [f"%{wanted}%"])

    def facet(self, field: str) -> dict[str, list[int]]:
        """Return the papers of every value of a facet, by the field it filters by.

        A tag holds the papers of the tags below it too.
        """
        if field == "is":
            return {value: list(self._keys(query)) for value, query in _STATES.items()}
        if field == "has":
            return self._known()
        values: dict[str, list[int]] = {}
        for value, key in self.database.connection.execute(_FACETS[field]):
            values.setdefault(str(value), []).append(key)
        if field == "tag":
            below = list(values.items())
            for tag, keys in below:
                for above in _above(tag):
                    values[above] = list({*values.get(above, ()), *keys})
        return values

    def _known(self) -> dict[str, list[int]]:
        """Return the papers of which each thing is known, in one pass; notes are a status."""
        names = [name for name in _HAS if name != "note"]
        flags = ", ".join(_HAS[name] for name in names)
        rows = self.database.connection.execute(f"SELECT key, {flags} FROM paper").fetchall()
        return {name: [row[0] for row in rows if row[at]] for at, name in enumerate(names, 1)}

    def _keys(self, query: str, values: Iterable[object] = ()) -> Keys:
        rows = self.database.connection.execute(query, tuple(values))
        return frozenset(row[0] for row in rows)

    def _in_range(self, term: Range) -> Keys:
        column = _DATE if term.field == "date" else term.field
        conditions, values = [f"{column} IS NOT NULL"], []
        for sign, bound in ((">=", term.low), ("<=", term.high)):
            if bound is not None:
                conditions.append(f"{column} {sign} ?")
                values.append(bound)
        return self._keys(f"SELECT key FROM paper WHERE {' AND '.join(conditions)}", values)

    def _by_tag(self, term: Label) -> Keys:
        wanted = fold(term.value).strip("/#")
        names = [
            name
            for (name,) in self.database.connection.execute(
                "SELECT DISTINCT value FROM mark WHERE kind = 'tag'"
            )
            if _matches(fold(name), wanted, "/", term.prefix)
        ]
        return self._union("SELECT paper FROM mark WHERE kind = 'tag' AND value = ?", names)

    def _by_source(self, term: Label) -> Keys:
        wanted = fold(term.value)
        names = [row[0] for row in self.database.connection.execute("SELECT name FROM source")]
        exact = [name for name in names if fold(name) == wanted]
        if term.prefix or not exact:
            exact = [name for name in names if fold(name).startswith(wanted)]
        query = "SELECT paper FROM holding JOIN source ON source = source.key WHERE name = ?"
        return self._union(query, exact)

    def _by_category(self, term: Label) -> Keys:
        wanted = fold(term.value)
        rows = self.database.connection.execute(
            "SELECT paper.key, each.value FROM paper, json_each(paper.categories) AS each "
            "WHERE paper.categories != ''"
        )
        return frozenset(
            key for key, name in rows if _matches(fold(name), wanted, ".", term.prefix)
        )

    def _by_note(self, term: Label) -> Keys:
        wanted = fold(term.value)
        rows = self.database.connection.execute("SELECT paper, value FROM mark WHERE kind = 'note'")
        return frozenset(paper for paper, text in rows if wanted in fold(text))

    def _by_id(self, term: Label) -> Keys:
        if term.prefix:
            return self._beginning("id COLLATE NOCASE", term.value)
        return self._named("id COLLATE NOCASE", "id", term.value)

    def _by_doi(self, term: Label) -> Keys:
        return self._identified("lower(doi)", term, parsed_doi(term.value).lower())

    def _by_arxiv(self, term: Label) -> Keys:
        return self._identified("lower(arxiv_id)", term, parsed_arxiv(term.value).lower())

    def _identified(self, column: str, term: Label, whole: str) -> Keys:
        """Return the papers with an identifier, or with any that begins as written."""
        if whole and not term.prefix:
            behind = "doi_key" if term.field == "doi" else "arxiv_key"
            return self._named(column, behind, whole)
        return self._beginning(column, term.value.lower())

    def _named(self, column: str, behind: str, value: str) -> Keys:
        """Return the papers of an id, and those that a paper of that id was merged into."""
        found = self._keys(f"SELECT key FROM paper WHERE {column} = ?", [value])
        return found | self._merging.roots(behind, value)

    def _beginning(self, column: str, value: str) -> Keys:
        return self._keys(
            f"SELECT key FROM paper WHERE {column} >= ? AND {column} < ?",
            [value, value + "\U0010ffff"],
        )

    def _union(self, query: str, values: Iterable[str]) -> Keys:
        keys: set[int] = set()
        for value in values:
            keys |= self._keys(query, [value])
        return frozenset(keys)


def _above(tag: str) -> list[str]:
    parts = tag.split("/")
    return ["/".join(parts[:n]) for n in range(1, len(parts))]


def _matches(name: str, wanted: str, joint: str, prefix: bool) -> bool:
    return name == wanted or name.startswith(wanted if prefix else wanted + joint)
