"""Parts shared by the counters of columns, each of which reads changed papers and updates one file.

Each counter has a base file, with all papers as of one revision, and a small file of the papers
changed since, which names the revision of its base and is ignored with any other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from index.facets.columns import Array, Arrays, FacetColumn
from index.facets.layers import LayeredColumn
from index.facets.topics import Phrases
from index.progress import Progress
from index.store import Database, PaperStore

MAX_RECENT_PAPERS = 2_000
"""Papers changed since the base was written, above which it is written again, in the background."""

MAX_RECENT_FRACTION = 1 / 8
"""Changed papers, as a fraction of all, above which the base is written at once: it costs no more
than what they cost.
"""

INVALID = (KeyError, ValueError, IndexError, OSError, UnicodeDecodeError)
"""Exceptions raised when the arrays of a damaged file are read."""


@dataclass(frozen=True)
class Counted:
    """Columns by field, and the revision of the library at which they were counted.

    `base` is the revision of the base, and `recent` the number of papers changed since. `phrases`
    are those of topics, None until they are needed.
    """

    revision: int
    columns: Mapping[str, FacetColumn]
    base: int = -1
    recent: int = 0
    layers: Mapping[str, LayeredColumn] | None = None
    phrases: Phrases | None = None


NOT_COUNTED = Counted(-1, {})


class Counter(Protocol):
    """Counts the columns of one base file."""

    @property
    def file(self) -> str:
        """The name of the base file."""

    def load(self) -> Counted | None:
        """Return the columns in the files, or None if there is no usable base."""

    def since(self, last: Counted) -> int:
        """Return the revision after which changes must be read, -1 for all papers."""

    def count(self, last: Counted, progress: Progress | None) -> Counted:
        """Update the columns last counted, write what changed, and return them."""

    def renew(self, last: Counted) -> Counted:
        """Write all columns to the base file."""


class Revisions:
    """The papers that changed since a revision of the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._papers = PaperStore(database)

    @property
    def current(self) -> int:
        """The revision of the database."""
        return self._database.clock("revision")

    def valid(self, since: int) -> int:
        """Return the same revision, or -1 if the database was restored from a backup since."""
        return since if since <= self.current else -1

    def changes(self, since: int) -> int:
        """Return the number of papers added, changed or removed."""
        return self._papers.changes(since)

    def are_most(self, changed: int) -> bool:
        """Return whether so many papers changed that the base is written at once."""
        least = max(MAX_RECENT_PAPERS, MAX_RECENT_FRACTION * self._papers.count())
        return changed > least

    def outdated(self, since: int) -> list[int]:
        """Return the papers removed or changed, whose entries are no longer valid."""
        if since < 0:
            return []
        return [*self._papers.removed(since), *self._papers.changed_keys(since)]


def part_of(arrays: Arrays, name: str) -> dict[str, Array]:
    """Return the arrays with a name before a dot, by the rest of their names."""
    start = f"{name}."
    return {
        key.removeprefix(start): array for key, array in arrays.items() if key.startswith(start)
    }


def prefixed(arrays: Arrays, name: str) -> dict[str, Array]:
    """Return arrays with a name and a dot before their names; see `part_of`."""
    return {f"{name}.{key}": array for key, array in arrays.items()}
