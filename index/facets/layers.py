"""Columns in two layers: a large base that is rarely written, and papers changed since."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import overload

import numpy as np
import numpy.typing as npt

from index.facets.columns import Array, Column, Keys, Mask, among, distinct, joined
from index.facets.pairs import Numbers, Pairs

NONE: Numbers = np.empty(0, np.int32)


class JoinedNames(Sequence[str]):
    """The names of a base, followed by new ones."""

    def __init__(self, base: Sequence[str], new: Sequence[str]) -> None:
        self._base = base
        self._new = new

    def __len__(self) -> int:
        return len(self._base) + len(self._new)

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> list[str]: ...

    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        known = len(self._base)
        return self._base[at] if 0 <= at < known else self._new[at - known]


class LayeredColumn:
    """A column as its `base`, and the pairs of `recent` papers.

    In the base, the papers `outdated` and the values `dropped` no longer count. For each name of
    `recent`, `places` has its index in the base, or -1 less the index that it would have there.
    The values of the base keep their indices; new ones follow, in their order.
    """

    def __init__(
        self,
        base: Column,
        recent: Column,
        places: Numbers,
        outdated: Numbers = NONE,
        dropped: Numbers = NONE,
    ) -> None:
        self.base = base
        self.recent = recent
        self.places = places
        self.outdated = outdated
        self.dropped = dropped
        self.key = base.key
        new = np.flatnonzero(places < 0)
        self.names = JoinedNames(base.names, [recent.names[at] for at in new.tolist()])
        self._new = new
        self._number = places.astype(np.int64)
        self._number[new] = len(base.names) + np.arange(len(new))

    @classmethod
    def of(cls, base: Column) -> "LayeredColumn":
        """Return a column without recent papers."""
        return cls(base, Column.empty(base.key), NONE)

    @classmethod
    def read(cls, base: Column, arrays: "dict[str, Array]") -> "LayeredColumn":
        """Return the column stored as a base and arrays; raises KeyError or ValueError."""
        recent = Column.read(arrays, base.key)
        places = arrays["places"].astype(np.int32)
        if len(places) != len(recent.names) or (len(places) and places.max() >= len(base.names)):
            raise ValueError("the layers of a column do not match")
        layers = arrays["outdated"].astype(np.int32), arrays["dropped"].astype(np.int32)
        return cls(base, recent, places, *layers)

    @property
    def arrays(self) -> "dict[str, Array]":
        """The arrays to store, without the base."""
        layers = {"places": self.places, "outdated": self.outdated, "dropped": self.dropped}
        return {**self.recent.arrays, **layers}

    # -- updating ----------------------------------------------------------------------------------

    def changed(self, removed: npt.ArrayLike, pairs: Pairs) -> "LayeredColumn":
        """Return the column without the papers `removed`, and with new pairs."""
        recent = self.recent.changed(removed, pairs)
        known = dict(zip(self.recent.names.all(), self.places.tolist(), strict=True))
        places = [
            known[name] if name in known else self.base.place(name) for name in recent.names.all()
        ]
        old = [key for key in np.asarray(removed).tolist() if key <= self.base.highest]
        outdated = np.union1d(self.outdated, old).astype(np.int32)
        return LayeredColumn(self.base, recent, np.array(places, np.int32), outdated)

    def whole(self) -> Column:
        """Return the column as one layer; values must not have been dropped."""
        return self.base.changed(self.outdated, self.recent.pairs)

    # -- counting ----------------------------------------------------------------------------------

    @cached_property
    def highest(self) -> int:
        """The highest key of a paper."""
        return max(self.base.highest, self.recent.highest)

    @cached_property
    def totals(self) -> Keys:
        """The number of papers of each value."""
        return self.counts(np.ones(self.highest + 1, np.bool_))

    def counts(self, mask: Mask) -> Keys:
        """Return the number of papers in a mask (over all keys) that have each value."""
        old = self.base.counts(self._in_base(mask))
        if len(self.dropped):
            old[self.dropped] = 0
        if not len(self.recent.names):
            return old
        counts = np.concatenate((old, np.zeros(len(self._new), old.dtype)))
        counts[self._number] += self.recent.counts(mask)
        return counts

    def _in_base(self, mask: Mask) -> Mask:
        """Return a mask without the papers that are outdated in the base."""
        outdated = self.outdated[self.outdated < len(mask)]
        if not len(outdated):
            return mask
        mask = mask.copy()
        mask[outdated] = False
        return mask

    def order(self, places: Keys) -> Keys:
        """Return numbers by which values with some indices are sorted."""
        known, new = len(self.base.names), len(self._new)
        order = places * (new + 1) + new
        added = places >= known
        before = -1 - self.places[self._new].astype(np.int64)  # the index that each would have
        at = places[added] - known
        order[added] = before[at] * (new + 1) + at
        return order

    def by_frequency(self) -> list[str]:
        """Return all values, sorted by descending number of papers."""
        order = self.order(np.arange(len(self.names)))
        ranked = np.lexsort((order, -self.totals))
        return [self.names[at] for at in ranked[self.totals[ranked] > 0].tolist()]

    # -- finding values ----------------------------------------------------------------------------

    def find(self, text: str) -> int:
        """Return the index of a value in any spelling, or -1 if no paper has it."""
        at = self.recent.find(text)
        if at >= 0:
            return int(self._number[at])
        at = self.base.find(text)
        return at if at >= 0 and len(self._old_papers(self.base.value == at, [at])) else -1

    def papers(self, at: int) -> Keys:
        """Return the sorted papers of the value with an index."""
        old = self._old_papers(self.base.value == at, [at])
        new = self.recent.papers(int(recent[0])) if len(recent := self._recent(at)) else old[:0]
        return joined(old, new)

    def with_prefix(self, text: str) -> Keys:
        """Return the sorted papers of all values with a prefix."""
        chosen = self.base.have_prefix(text)
        chosen[self.dropped] = False
        old = self._old_papers(chosen[self.base.value], ())
        return joined(old, self.recent.with_prefix(text))

    def _recent(self, at: int) -> Keys:
        """Return the index of a value in the recent layer, if it has it."""
        return np.flatnonzero(self._number == at)

    def _old_papers(self, pairs: Mask, values: Iterable[int]) -> Keys:
        """Return the papers of some pairs of the base, unless their values are dropped."""
        if len(self.dropped) and np.isin(self.dropped, list(values)).any():
            return np.empty(0, np.int64)
        papers = distinct(self.base.paper[pairs])
        return papers[~among(papers, self.outdated)] if len(self.outdated) else papers
