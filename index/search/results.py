"""What the library answers, as values: results, related papers, what a change did, findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from index.papers.paper import PaperKey
from index.query import Query, QueryNote

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from index.search.index_sync import IndexState


@dataclass(frozen=True, slots=True)
class Hit:
    """One paper of a result: its id, its score, whether it holds all of the query or some."""

    id: str
    score: float
    match: Literal["all", "some"]
    key: PaperKey


@dataclass(frozen=True, slots=True, eq=False)  # arrays do not compare as one
class Results:
    """What a query found: `keys` of all papers in order, of which `hits` are those asked for.

    The first `full` papers hold all of the query, the others some of its words. `took` is in
    seconds. `index` tells whether the search index had followed the library, or was missing.
    `meant` are offers for words that no paper has, where they were asked for.
    """

    query: Query
    sort: str
    keys: "npt.NDArray[np.int64]"
    full: int
    hits: tuple[Hit, ...]
    took: float
    index: "IndexState" = "there"
    meant: tuple[QueryNote, ...] = ()

    @property
    def total(self) -> int:
        """The number of papers found."""
        return len(self.keys)

    def paper_keys(self, start: int = 0, stop: int | None = None) -> list[PaperKey]:
        """Return the keys of some rows, or of all, as a list."""
        return cast("list[PaperKey]", self.keys[start:stop].tolist())

    @property
    def notes(self) -> tuple[QueryNote, ...]:
        """What of the query was not understood or may have been meant, in the order of its text."""
        return tuple(sorted((*self.query.notes, *self.meant), key=lambda note: note.start))


@dataclass(frozen=True, slots=True)
class RelatedPaper:
    """One paper like others: its score, and the words that tie it to them, the strongest first."""

    id: str
    key: PaperKey
    title: str
    score: float
    shares: tuple[str, ...]


SharedTerms = Mapping[PaperKey, Sequence[str]]
"""The terms that each paper of a list shares with the papers it is related to."""
