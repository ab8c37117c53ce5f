"""Columns: the values of a facet and the papers that have them, as arrays."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.facets.fields import Field
from index.facets.pairs import Names, Numbers, Pairs
from index.text.folding import fold

Keys = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Array = npt.NDArray[np.int32 | np.int64 | np.uint64 | np.uint8]
Arrays = Mapping[str, Array]
Key = Callable[[str], str]


NO_PAPERS: Numbers = np.empty(0, np.int32)


def among(papers: npt.NDArray[np.integer], some: npt.ArrayLike) -> Mask:
    """Return a mask of `papers` that is true for those in `some`."""
    wanted = np.asarray(some, np.int64)
    if not len(wanted) or not len(papers):
        return np.zeros(len(papers), np.bool_)
    mask = np.zeros(max(int(papers.max()), int(wanted.max())) + 1, np.bool_)
    mask[wanted] = True
    found: Mask = mask[papers]
    return found


def distinct(papers: npt.NDArray[np.integer]) -> Keys:
    """Return sorted papers without repetitions; np.unique is much slower."""
    first = np.ones(len(papers), np.bool_)
    first[1:] = papers[1:] != papers[:-1]
    return papers[first].astype(np.int64)


def joined(papers: Keys, more: Keys) -> Keys:
    """Return two lists of sorted papers as one."""
    if not len(more):
        return papers
    both = np.concatenate((papers, more))
    both.sort(kind="stable")  # which finds that each list is sorted
    return distinct(both)


def key_of(field: Field) -> Key:
    """Return the function that maps the spellings of one value of a field to one key."""
    return str if field.exact else fold


class FacetColumn(Protocol):
    """The values of a facet, with the papers of each, however they are stored."""

    @property
    def names(self) -> Sequence[str]:
        """The values as displayed."""

    @property
    def key(self) -> Key:
        """The function that maps the spellings of one value to one key."""

    @property
    def highest(self) -> int:
        """The highest key of a paper."""

    def counts(self, mask: Mask) -> Keys:
        """Return the number of papers in a mask (over all keys) that have each value."""

    def order(self, places: Keys) -> Keys:
        """Return numbers by which values with some indices are sorted."""

    def find(self, text: str) -> int:
        """Return the index of a value in any spelling, or -1 if there is none."""

    def papers(self, at: int) -> Keys:
        """Return the sorted papers of the value with an index."""

    def with_prefix(self, text: str) -> Keys:
        """Return the sorted papers of all values with a prefix."""

    def by_frequency(self) -> list[str]:
        """Return all values, sorted by descending number of papers."""


class Column:
    """The values of a facet, and the papers of each.

    `names` are the values as displayed, sorted by `key`; values with equal keys are one value,
    spelled as in the first paper. `value` (indices of names) and `paper` (sorted keys) are parallel
    arrays of distinct pairs.
    """

    def __init__(self, names: Names, value: Numbers, paper: Numbers, key: Key) -> None:
        self.names = names
        self.value = value
        self.paper = paper
        self.key = key

    @classmethod
    def empty(cls, key: Key) -> "Column":
        """Return a column without values."""
        return cls(Names.of([]), np.empty(0, np.int32), np.empty(0, np.int32), key)

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, str]], key: Key) -> "Column":
        """Return the column of pairs of a paper and a value."""
        return cls.empty(key).changed((), Pairs(pairs))

    @classmethod
    def of_groups(cls, groups: Sequence[tuple[str, npt.ArrayLike]], key: Key) -> "Column":
        """Return the column of values with the papers of each."""
        named, places = cls.empty(key)._with_names([name for name, _ in groups])
        papers = [np.asarray(papers, np.int32) for _, papers in groups]
        value = np.repeat(places, [len(some) for some in papers])
        return cls.build(named.names, value, np.concatenate([NO_PAPERS, *papers]), key)

    @classmethod
    def build(cls, names: Names, value: Numbers, paper: Numbers, key: Key) -> "Column":
        """Return the column of sorted names and of pairs in any order, with duplicates."""
        pair = paper.astype(np.int64) << 32 | value
        pair.sort(kind="stable")  # which finds what is sorted; np.unique is much slower
        pair = pair[np.concatenate(([True], pair[1:] != pair[:-1]))] if len(pair) else pair
        low = (pair & 0xFFFFFFFF).astype(np.int32)
        return cls(names, low, (pair >> 32).astype(np.int32), key)

    @classmethod
    def read(cls, arrays: Arrays, key: Key) -> "Column":
        """Return the column stored as arrays; raises KeyError or ValueError if invalid."""
        ends, value, paper = (
            arrays[name].astype(np.int32, copy=False) for name in ("ends", "value", "paper")
        )
        names = Names(arrays["block"].tobytes(), ends)
        if len(value) != len(paper) or (len(value) and value.max() >= len(names)):
            raise ValueError("the arrays of a column do not match")
        return cls(names, value, paper, key)

    @property
    def arrays(self) -> Arrays:
        """The arrays to store."""
        block = np.frombuffer(self.names.block, np.uint8)
        return {"block": block, "ends": self.names.ends, "value": self.value, "paper": self.paper}

    @property
    def pairs(self) -> Pairs:
        """The pairs of papers and values."""
        return Pairs.of(self.names, self.value, self.paper)

    # -- counting ----------------------------------------------------------------------------------

    @cached_property
    def highest(self) -> int:
        """The highest key of a paper."""
        return int(self.paper.max()) if len(self.paper) else 0

    @cached_property
    def totals(self) -> Keys:
        """The number of papers of each value."""
        totals: Keys = np.bincount(self.value, minlength=len(self.names))
        return totals

    @cached_property
    def _starts(self) -> Numbers:
        """The start of each paper's values by key, and the end of the last one's."""
        counts = np.bincount(self.paper + 1, minlength=self.highest + 2)
        return np.cumsum(counts, dtype=np.int32)

    def counts(self, mask: Mask) -> Keys:
        """Return the number of papers in a mask (over all keys) that have each value."""
        mask = mask[: self.highest + 1]
        inside = np.flatnonzero(mask)
        if 2 * len(inside) <= len(mask):
            return self.counts_of(inside)
        return self.totals - self.counts_of(np.flatnonzero(~mask))

    def counts_of(self, keys: npt.NDArray[np.integer]) -> Keys:
        """Return the number of papers, out of some known ones, that have each value."""
        starts = self._starts[keys]
        lengths = self._starts[keys + 1] - starts
        ends = np.cumsum(lengths, dtype=np.int32)
        places = np.repeat(starts - (ends - lengths), lengths)
        places += np.arange(len(places), dtype=np.int32)
        counts: Keys = np.bincount(self.value[places], minlength=len(self.names))
        return counts

    def order(self, places: Keys) -> Keys:
        """Return numbers by which values with some indices are sorted."""
        return places

    # -- finding values ----------------------------------------------------------------------------

    def place(self, text: str) -> int:
        """Return the index of a value in any spelling, or -1 less the index that it would have."""
        wanted = self.key(text)
        at = bisect_left(self.names, wanted, key=self.key)
        return at if at < len(self.names) and self.key(self.names[at]) == wanted else -1 - at

    def find(self, text: str) -> int:
        """Return the index of a value in any spelling, or -1 if there is none."""
        return max(-1, self.place(text))

    def papers(self, at: int) -> Keys:
        """Return the sorted papers of the value with an index."""
        papers: Keys = self.paper[self.value == at].astype(np.int64)
        return papers

    def with_prefix(self, text: str) -> Keys:
        """Return the sorted papers of all values with a prefix."""
        return distinct(self.paper[self.have_prefix(text)[self.value]])

    def by_frequency(self) -> list[str]:
        """Return all values, sorted by descending number of papers."""
        names = self.names.all()
        return [names[at] for at in np.argsort(-self.totals, kind="stable").tolist()]

    def have_prefix(self, text: str) -> Mask:
        """Return the mask of the values with a prefix."""
        wanted = self.key(text)
        mask = np.zeros(len(self.names), np.bool_)
        first = bisect_left(self.names, wanted, key=self.key)
        mask[first : bisect_left(self.names, wanted + "\U0010ffff", key=self.key)] = True
        return mask

    # -- updating ----------------------------------------------------------------------------------

    def changed(self, removed: npt.ArrayLike, pairs: Pairs) -> "Column":
        """Return the column without the papers `removed`, and with new pairs."""
        retained = self._without(removed)
        if not pairs.paper:
            return retained
        extended, places = retained._with_names(list(pairs.written))
        value = np.concatenate((extended.value, places[np.array(pairs.value, np.int32)]))
        paper = np.concatenate((extended.paper, np.array(pairs.paper, np.int32)))
        return self.build(extended.names, value, paper, self.key)

    def _without(self, removed: npt.ArrayLike) -> "Column":
        retained = ~among(self.paper, removed)
        if retained.all():
            return self
        value = self.value[retained]
        used = np.bincount(value, minlength=len(self.names)) > 0
        names = Names.of([name for name, use in zip(self.names.all(), used, strict=True) if use])
        number = (np.cumsum(used) - 1).astype(np.int32)
        return Column(names, number[value], self.paper[retained], self.key)

    def _with_names(self, written: Sequence[str]) -> tuple["Column", Numbers]:
        """Return the column with these texts added to its names, and the index of each."""
        keys = list(map(self.key, written))
        first: dict[str, str] = {}
        for key, text in zip(keys, written, strict=True):
            first.setdefault(key, text)
        wanted = sorted(first)
        at = [bisect_left(self.names, key, key=self.key) for key in wanted]
        known = [
            place < len(self.names) and self.key(self.names[place]) == key
            for key, place in zip(wanted, at, strict=True)
        ]
        new = [place for place, old in zip(at, known, strict=True) if not old]
        names = self.names
        if new:
            texts = [first[key] for key, old in zip(wanted, known, strict=True) if not old]
            names = Names.of(_inserted(self.names.all(), new, texts))
        before = np.searchsorted(np.array(new, np.int64), np.arange(len(self.names)), "right")
        moved = (np.arange(len(self.names)) + before).astype(np.int32)
        number, inserted = {}, 0
        for key, place, old in zip(wanted, at, known, strict=True):
            number[key] = place + inserted
            inserted += not old
        places = np.array([number[key] for key in keys], np.int32)
        return Column(names, moved[self.value], self.paper, self.key), places


def _inserted(texts: list[str], places: Sequence[int], new: Sequence[str]) -> list[str]:
    """Return texts with new ones inserted before the given sorted positions."""
    merged, last = [], 0
    for place, text in zip(places, new, strict=True):
        merged += texts[last:place]
        merged.append(text)
        last = place
    return merged + texts[last:]
