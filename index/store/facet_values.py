"""What papers have, read in one pass: the values of facets, the texts of topics."""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from index.store.database import Database, chunks, placeholders
from index.store.sets import HAS


class FacetValues(NamedTuple):
    """What one paper has that facets count: months are YYYY-MM, `has` are names of `has:`."""

    key: int
    author: tuple[str, ...]
    category: tuple[str, ...]
    keyword: tuple[str, ...]
    venue: tuple[str, ...]
    year: tuple[str, ...]
    month: tuple[str, ...]
    has: tuple[str, ...]


class FacetReader:
    """Reads what changed since a revision (-1 is the beginning), and marks as they are."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def facts(self, since: int) -> Iterator[FacetValues]:
        """Yield what each paper has, in the order of keys."""
        known = [name for name in HAS if name != "note"]  # a note is a status
        flags = ", ".join(HAS[name] for name in known)
        rows = self.database.connection.execute(
            f"SELECT key, authors, categories, keywords, venue, year, date, {flags} FROM paper "
            "WHERE revision > ? ORDER BY key",
            (since,),
        )
        for key, authors, categories, keywords, venue, year, date, *has in rows:
            yield FacetValues(
                key,
                _values(authors),
                _values(categories),
                _values(keywords),
                (venue,) if venue else (),
                (str(year),) if year is not None else (),
                (date[:7],) if date and len(date) > 6 else (),
                tuple(name for name, held in zip(known, has, strict=True) if held),
            )

    def texts(self, since: int) -> Iterator[tuple[int, str, str]]:
        """Yield key, title and abstract of each paper, in the order of keys."""
        return self.database.connection.execute(
            "SELECT key, title, abstract FROM paper WHERE revision > ? ORDER BY key", (since,)
        )

    def texts_of(self, keys: Iterable[int]) -> Iterator[tuple[int, str, str]]:
        """Yield key, title and abstract of these papers, in any order."""
        for some in chunks(sorted(keys)):
            yield from self.database.connection.execute(
                f"SELECT key, title, abstract FROM paper WHERE key IN ({placeholders(some)})", some
            )

    def sources(self) -> list[tuple[int, str]]:
        """Return papers with the name of each source that holds them."""
        return self.database.connection.execute(
            "SELECT paper, name FROM holding JOIN source ON source.key = source"
        ).fetchall()

    def tags(self) -> list[tuple[int, str]]:
        """Return papers with each of their tags."""
        return self.database.connection.execute(
            "SELECT paper, value FROM mark WHERE kind = 'tag'"
        ).fetchall()

    def states(self) -> list[tuple[int, str]]:
        """Return papers with each state that a mark gives them, as `is:` has it."""
        return self.database.connection.execute(
            "SELECT DISTINCT paper, CASE kind WHEN 'bookmark' THEN 'bookmarked' "
            "WHEN 'tag' THEN 'tagged' WHEN 'note' THEN 'noted' ELSE kind END FROM mark"
        ).fetchall()


def _values(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text else ()
