"""The interface of search engines, which index the database and answer questions in pages.

A new engine is a module with a class that implements `Engine`, and one line in `registry.ENGINES`.
All tests in tests/index/test_engine.py that take the fixture `new_engine` or `engine` then run with
it too.

An engine knows the texts of papers. Marks, labels and ranges are resolved by the library, which
gives an `Ask` the function `sets` for it, and the orders in which papers are listed. An engine may
have indexed values of the papers, such as years, and find them itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from index.errors import CarrelError
from index.papers.paper import Paper
from index.progress import Progress, Stop
from index.query import Label, Node, Phrase, Range, State, Word

Keys = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]

NO_KEYS: Keys = np.empty(0, np.int64)

Sets = Callable[[Label | State | Range | Phrase], Keys | None]
"""Returns the papers that match a term, or None if its words must be searched for."""

MIN_FULL_MATCHES = 10
"""If fewer papers match all words, papers that match only some of them are appended."""


@dataclass(frozen=True, slots=True)
class IndexUpdate:
    """The changes between two database revisions: `total` new or changed `papers`, and the keys of
    `removed` papers.
    """

    since: int
    revision: int
    papers: Iterable[Paper]
    total: int
    removed: Iterable[int] = ()


class EngineBroken(CarrelError):
    """The index cannot be read and must be rebuilt from the database."""


class EngineUnwritable(EngineBroken):
    """The index cannot be written at its location; an existing index remains usable."""


# -- questions and answers -------------------------------------------------------------------------


class ListingOrder(NamedTuple):
    """All papers of a library in listing order, and the place of each in it, by key."""

    keys: Keys
    places: Keys


NO_LISTING = ListingOrder(NO_KEYS, NO_KEYS)

NEVER = Stop()


@dataclass(frozen=True, slots=True, eq=False)  # arrays do not compare as one
class Ask:
    """A question: the papers that match a `tree`, in which neighbouring words are joined.

    Papers are sorted by score if `by_score`, then as in `order`, which holds all that can match; by
    default it is the listing. `sort` is the name of the order. The papers `without` are left out
    and counted; if there is `within`, all others are left out. With `relax`, papers that match only
    some of the words follow if few match all. `offset` and `limit` are the rows asked for; `cursor`
    is that of an earlier page, so that rows of the same index are returned.
    """

    tree: Node
    sets: Sets = lambda _: None
    listing: ListingOrder = NO_LISTING
    order: Keys | None = None
    by_score: bool = True
    sort: str = "relevance"
    offset: int = 0
    limit: int = 0
    without: Keys = field(default_factory=lambda: NO_KEYS)
    within: Keys | None = None
    relax: bool = True
    stop: Stop = NEVER
    cursor: object = None


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """Rows of an answer: the `keys` and `scores` of papers from row `start` on, at least those
    asked for.

    `total` papers were found, of which the first `full` match the whole query; `hidden` more do,
    but are left out. If the answer is not `exact`, the numbers are lower bounds, and `missing` says
    what was not searched. `cursor` is passed to `Ask` for further rows. `notes` are sentences for
    the reader.
    """

    start: int
    keys: Keys
    scores: Scores
    total: int
    full: int
    hidden: int = 0
    exact: bool = True
    missing: tuple[str, ...] = ()
    cursor: object = None
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, keys: Keys, *, hidden: int = 0) -> "Page":
        """Return a page with all the rows of an answer without scores."""
        scores = np.zeros(len(keys), np.float32)
        return cls(0, keys, scores, len(keys), len(keys), hidden)


class Answers(Protocol):
    """Finds the papers of queries."""

    def search(self, ask: Ask) -> Page:
        """Return the rows that a question asks for, or more of them."""

    def ids(self, ask: Ask) -> Iterator[Keys]:
        """Yield the keys of all papers found, in order and in parts: for exports, and for counts.

        An engine may be slow at it, so it must not be called to show rows.
        """

    def count(self, ask: Ask) -> int:
        """Return the number of papers that match the whole query."""


class Engine(Answers, Protocol):
    """A full-text index of titles and abstracts that can be rebuilt from the database at any time.

    Any method may raise EngineBroken. Thread-safe, also while another thread clears the index.
    """

    def holds(self, leaf: Word | Phrase) -> bool:
        """Return whether any paper contains a word or phrase; faster than to count them."""

    def near(
        self, weights: Mapping[str, float], order: Keys, most: int | None = None
    ) -> tuple[Keys, Scores]:
        """Return the papers in `order` by the sum of the weighted scores of their stems.

        Those of equal scores keep their order. With `most`, no more than that many are returned,
        all with a positive score.
        """

    def parts(self, weights: Mapping[str, float], keys: Keys) -> list[dict[str, float]]:
        """Return what each stem adds to the score that `near` gives some papers."""

    def frequency(self, stem: str) -> int:
        """Return the number of papers whose title or abstract contains a stem."""

    def complete(self, prefix: str, most: int) -> Sequence[str]:
        """Return up to `most` words of the library with a prefix, the most frequent first."""

    def similar_words(self, word: str, most: int) -> Sequence[str]:
        """Return up to `most` words of the library within a small edit distance, nearest first."""

    def size(self) -> int:
        """Return the number of papers in the index."""

    # -- the index ---------------------------------------------------------------------------------

    def revision(self) -> int:
        """Return the database revision the index was updated to, or -1 if there is no index."""

    def update(self, step: IndexUpdate, progress: Progress | None = None) -> bool:
        """Update the index from one revision to another.

        Returns False, without any change, if another process is writing or the index is not at
        revision `step.since`. An update from -1 builds a new index.
        """

    def check(self) -> None:
        """Verify all files of the index; raises EngineBroken if any is damaged."""

    def clear(self) -> None:
        """Delete the index."""

    def close(self) -> None:
        """Release files and memory."""
