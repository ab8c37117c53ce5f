"""Results of searches, as values."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, cast, overload

from index.papers.paper import PaperKey
from index.progress import Stop
from index.query import Query, QueryNote

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from index.engines.base import Answers, Ask, Keys, Page
    from index.search.index_sync import IndexState

PAGE_ROWS = 200
"""Rows that are asked for at once, after the first page."""

MAX_PAGES = 50
"""Pages that are kept in memory."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One paper in a result; `match` is whether it matches all of the query or some words."""

    id: str
    score: float
    match: Literal["all", "some"]
    key: PaperKey


class Rows(Sequence[PaperKey]):
    """The keys of the papers of a result, in order, asked for in pages as they are needed.

    An engine that finds all papers at once returns them in the `first` page. For rows beyond it,
    the `source` is asked again: what answered, and the question, whose deadline is that of the
    first page alone. All rows are of the index that the first page came from.
    """

    def __init__(self, first: "Page", source: "tuple[Answers, Ask] | None" = None) -> None:
        self.first = first
        self._source = source and (source[0], replace(source[1], stop=Stop()))
        self._pages: OrderedDict[int, Keys] = OrderedDict()

    @classmethod
    def of(cls, keys: "Keys", full: int | None = None) -> "Rows":
        """Return given papers as rows, of which the first `full` match the whole query."""
        from index.engines.base import Page

        page = Page.of(keys)
        return cls(page if full is None else replace(page, full=full))

    def __len__(self) -> int:
        return self.first.total

    @overload
    def __getitem__(self, at: int) -> PaperKey: ...
    @overload
    def __getitem__(self, at: slice) -> list[PaperKey]: ...
    def __getitem__(self, at: int | slice) -> PaperKey | list[PaperKey]:
        if isinstance(at, slice):
            start, stop, step = at.indices(len(self))
            if (start, stop) == (0, len(self)):
                return cast("list[PaperKey]", self.all().tolist())[::step]
            return cast("list[PaperKey]", self._between(start, stop).tolist())[::step]
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        at %= len(self)
        return PaperKey(int(self._between(at, at + 1)[0]))

    @property
    def ask(self) -> "Ask | None":
        """The question that further rows are asked for with, if there is one."""
        return self._source[1] if self._source else None

    def all(self) -> "Keys":
        """Return the keys of all papers as an array, which can take long: never for a key press."""
        return self._every(by_score=True)

    def unordered(self) -> "Keys":
        """Return the keys of all papers in any order, which takes half as long."""
        return self._every(by_score=False)

    def _every(self, *, by_score: bool) -> "Keys":
        first = self.first
        if len(first.keys) == first.total or self._source is None:
            return first.keys
        import numpy as np

        answers, ask = self._source
        ask = replace(ask, by_score=ask.by_score and by_score)
        return np.concatenate([first.keys[:0], *answers.ids(replace(ask, cursor=first.cursor))])

    def known(self) -> "Keys":
        """Return the keys of all papers, 0 for those on pages not asked for so far."""
        import numpy as np

        found = np.zeros(len(self), np.int64)
        for start, keys in ((self.first.start, self.first.keys), *list(self._pages.items())):
            found[start : start + len(keys)] = keys[: len(self) - start]
        return found

    def find(self, key: int, near: int | None = None) -> int | None:
        """Return the row of a paper; None if it is missing, or not on a page asked for so far.

        The pages around the row `near`, if it is given, are asked for first.
        """
        if near is not None:
            self._between(max(0, near - PAGE_ROWS // 2), min(near + PAGE_ROWS // 2, len(self)))
        for start, keys in ((self.first.start, self.first.keys), *list(self._pages.items())):
            found = (keys == key).nonzero()[0]
            if len(found):
                return start + int(found[0])
        return None

    def missing(self, start: int, stop: int) -> list[int]:
        """Return the numbers of the pages to ask for before rows `start` to `stop` are known."""
        first, stop = self.first, min(stop, len(self))
        if start >= stop or (first.start <= start and stop <= first.start + len(first.keys)):
            return []
        return [at for at in _pages_of(start, stop) if at * PAGE_ROWS not in self._pages]

    def load(self, number: int) -> None:
        """Ask for a page of rows; if a corpus does not answer, it stays missing."""
        self._page(number)

    def _between(self, start: int, stop: int) -> "Keys":
        import numpy as np

        first = self.first
        if first.start <= start and stop <= first.start + len(first.keys):
            return first.keys[start - first.start : stop - first.start]
        numbers = _pages_of(start, stop)
        keys = np.concatenate([first.keys[:0], *map(self._page, numbers)])
        before = numbers.start * PAGE_ROWS
        return keys[start - before : stop - before]

    def _page(self, number: int) -> "Keys":
        """Return the keys of one page."""
        start = number * PAGE_ROWS
        known = self._pages.get(start)  # no other change of it, as another thread may load a page
        if known is not None:
            return known
        assert self._source is not None
        answers, ask = self._source
        cursor = self.first.cursor
        page = answers.search(replace(ask, offset=start, limit=PAGE_ROWS, cursor=cursor))
        keys = page.keys[start - page.start :][:PAGE_ROWS]
        if page.total:  # otherwise a corpus does not answer now
            self._pages[start] = keys
        if len(self._pages) > MAX_PAGES:
            self._pages.popitem(last=False)
        return keys


def _pages_of(start: int, stop: int) -> range:
    """Return the numbers of the pages with some rows."""
    return range(start // PAGE_ROWS, -(-stop // PAGE_ROWS))


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """The result of a query: the papers in order as `rows`, and the requested ones as `hits`.

    The first `full` papers match the whole query, the others some of its words. `took` is in
    seconds. `index` is the state of the search index. `suggestions` are corrections of words that
    occur in no paper, if they were requested. `dismissed` papers match but are left out;
    `hidden` is the version of the set of dismissed papers.
    """

    query: Query
    sort: str
    rows: Rows
    hits: tuple[Hit, ...]
    took: float
    index: "IndexState" = "current"
    suggestions: tuple[QueryNote, ...] = ()
    dismissed: int = 0
    hidden: int = 0

    @property
    def total(self) -> int:
        """The number of papers found."""
        return len(self.rows)

    @property
    def full(self) -> int:
        """The number of papers, from the first, that match the whole query."""
        return self.rows.first.full

    @property
    def exact(self) -> bool:
        """Whether everything was searched; otherwise the numbers of papers are lower bounds."""
        return self.rows.first.exact

    def all_keys(self) -> "npt.NDArray[np.int64]":
        """Return the keys of all papers, in order; see `Rows.all`."""
        return self.rows.all()

    def unordered_keys(self) -> "npt.NDArray[np.int64]":
        """Return the keys of all papers in any order, to count them; see `Rows.unordered`."""
        return self.rows.unordered()

    def known_keys(self) -> "npt.NDArray[np.int64]":
        """Return the keys of all papers; of a corpus, 0 for those on pages not asked for so far."""
        return self.rows.known() if self.index == "corpus" else self.rows.all()

    def paper_keys(self, start: int = 0, stop: int | None = None) -> list[PaperKey]:
        """Return the keys of rows `start` to `stop`, by default of all."""
        return self.rows[start:stop]

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
