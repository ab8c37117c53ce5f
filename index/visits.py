"""Visits: the papers that were present at the end of the last one, and those added since."""

from index.papers.paper import PaperKey
from index.store import Database

LAST_SEEN = "last_seen"
"""The name in the table `meta` of the newest paper at the end of the last visit.

The state `is:new` in `facets/fields.py` compares keys with it: they are never reused, while clocks
run backwards.
"""


class Visits:
    """Remembers the newest paper at the end of each visit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def last_seen(self) -> PaperKey | None:
        """The newest paper at the end of the last visit; None before the first one ends."""
        value = self._database.meta(LAST_SEEN)
        return PaperKey(int(value)) if value.isdecimal() else None

    def end(self) -> None:
        """End a visit: the papers of today are no longer new. Does nothing if read-only."""
        if self._database.read_only:
            return
        query = "SELECT coalesce(max(key), 0) FROM paper"
        newest = int(self._database.connection.execute(query).fetchone()[0])
        if newest > (self.last_seen or 0) or self.last_seen is None:
            self._database.set_meta(LAST_SEEN, str(newest))
