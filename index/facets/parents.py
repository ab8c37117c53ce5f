"""Values with parents: papers of `cs.CL.HU` also count under `cs.CL`, if that is a value."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from index.facets.columns import Column, FacetColumn, Keys
from index.facets.layers import LayeredColumn
from index.facets.pairs import Names, Numbers, Pairs


class Parents:
    """The values of a base with their parents; `separator` joins the levels of a value.

    The base is read once; papers changed since then are few, and so are their changes.
    """

    def __init__(self, base: Column, separator: str) -> None:
        self.base = base
        self._separator = separator
        pairs = _parents_in(base, separator)
        self._above = np.array(sorted({parent for _, parent in pairs}), np.int64)
        self._column = _joined(base, pairs)

    def counted(self, column: LayeredColumn) -> FacetColumn:
        """Return a column on this base, with papers also under the parents of their values."""
        outdated = column.outdated[column.outdated <= self.base.highest]
        retained = self.base.totals - self.base.counts_of(outdated)
        if not retained[self._above].all() or self._has_new_parent(column):
            whole = column.whole()
            return _joined(whole, _parents_in(whole, self._separator))
        recent = column.recent.changed((), Pairs(self._inherited(column, retained)))
        places = np.array([self.base.place(name) for name in recent.names.all()], np.int32)
        return LayeredColumn(self._column, recent, places, column.outdated)

    def _has_new_parent(self, column: LayeredColumn) -> bool:
        """Return whether values of the base have parents that it lacks."""
        new = (column.recent.names[at] for at in np.flatnonzero(column.places < 0).tolist())
        return any(self.base.have_prefix(name + self._separator).any() for name in new)

    def _inherited(self, column: LayeredColumn, retained: Keys) -> Iterator[tuple[int, str]]:
        """Yield recent papers with the parents of their values.

        `retained` is the number of papers of each value of the base that are not outdated.
        """
        recent = column.recent
        for at, name in enumerate(recent.names.all()):
            for above in _levels_above(name, self._separator):
                place = self.base.find(above)
                if recent.find(above) >= 0 or (place >= 0 and retained[place]):
                    for paper in recent.papers(at).tolist():
                        yield paper, above


def _levels_above(name: str, separator: str) -> list[str]:
    return [name[:at] for at in range(len(name)) if name[at] == separator]


def _parents_in(column: Column, separator: str) -> list[tuple[int, int]]:
    """Return pairs of the indices of a value and of one of its parents."""
    names = column.names.all()
    above = [
        (at, parent)
        for at, name in enumerate(names)
        if separator in name
        for parent in _levels_above(name, separator)
    ]
    if not above:
        return []
    known = {column.key(name): at for at, name in enumerate(names)}
    places = {parent: known.get(column.key(parent)) for parent in {parent for _, parent in above}}
    return [(at, place) for at, parent in above if (place := places[parent]) is not None]


def _joined(column: Column, pairs: list[tuple[int, int]]) -> Column:
    """Return the column with papers also under the parents of their values."""
    if not pairs:
        return column
    papers = _papers_of(column, [at for at, _ in pairs])
    parents: Numbers = np.repeat([parent for _, parent in pairs], list(map(len, papers)))
    return Column.build(
        _with_usual_spelling(column, pairs),
        np.concatenate((column.value, parents.astype(np.int32))),
        np.concatenate((column.paper, *papers)),
        column.key,
    )


def _papers_of(column: Column, places: list[int]) -> list[Numbers]:
    """Return the papers of each of some values, reading the column once."""
    wanted = np.zeros(len(column.names), np.bool_)
    wanted[places] = True
    rows = np.flatnonzero(wanted[column.value])
    rows = rows[np.argsort(column.value[rows], kind="stable")]
    values, papers = column.value[rows], column.paper[rows]
    starts = np.searchsorted(values, places).tolist()
    ends = np.searchsorted(values, places, side="right").tolist()
    return [papers[start:end] for start, end in zip(starts, ends, strict=True)]


def _with_usual_spelling(column: Column, pairs: list[tuple[int, int]]) -> Names:
    """Return the names, with parents spelled as in the values of most papers: `cs`, not `CS`."""
    names = column.names.all()
    spellings = {
        parent: Counter({names[parent]: int(column.totals[parent])}) for _, parent in pairs
    }
    for at, parent in pairs:
        spelled = names[at][: len(names[parent])]
        if spelled == names[parent] or column.key(spelled) == column.key(names[parent]):
            spellings[parent][spelled] += int(column.totals[at])
    for parent, counted in spellings.items():
        names[parent] = counted.most_common(1)[0][0]
    return Names.of(names)
