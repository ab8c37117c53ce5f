"""Results of searches, as values."""

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
    """One paper in a result; `match` is whether it matches all of the query or some words."""

    id: str
    score: float
    match: Literal["all", "some"]
    key: PaperKey


@dataclass(frozen=True, slots=True, eq=False)  # arrays do not compare as one
class Results:
    """The result of a query: the sorted `keys` of all papers, and the requested rows as `hits`.

    The first `full` papers match the whole query, the others some of its words. `took` is in
    seconds. `index` is the state of the search index. `suggestions` are corrections of words that
    occur in no paper, if they were requested. `dismissed` papers match but are left out;
    `hidden` is the version of the set of dismissed papers.
    """

    query: Query
    sort: str
    keys: "npt.NDArray[np.int64]"
    full: int
    hits: tuple[Hit, ...]
    took: float
    index: "IndexState" = "current"
    suggestions: tuple[QueryNote, ...] = ()
    dismissed: int = 0
    hidden: int = 0

    @property
    def total(self) -> int:
        """The number of papers found."""
        return len(self.keys)

    def paper_keys(self, start: int = 0, stop: int | None = None) -> list[PaperKey]:
        """Return the keys of rows `start` to `stop`, by default of all."""
        return cast("list[PaperKey]", self.keys[start:stop].tolist())

    @property
    def notes(self) -> tuple[QueryNote, ...]:
        """Errors in the query and suggestions, in the order of its text."""
        return tuple(sorted((*self.query.notes, *self.suggestions), key=lambda note: note.start))


@dataclass(frozen=True, slots=True)
class RelatedPaper:
    """One paper related to others, with the terms that they share, by descending weight."""

    id: str
    key: PaperKey
    title: str
    score: float
    shared_terms: tuple[str, ...]


SharedTerms = Mapping[PaperKey, Sequence[str]]
"""The terms that each paper in a list shares with the papers it is related to."""
