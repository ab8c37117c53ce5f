"""Values with parents, in a base and in papers changed since."""

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.facets import parents
from index.facets.columns import Column, FacetColumn
from index.facets.layers import LayeredColumn
from index.facets.pairs import Pairs
from index.facets.parents import Parents
from index.text.folding import fold

VALUES = ("cs", "cs.CL", "CS.cl", "cs.CL.HU", "csx", "cs.", "math", "math.CO", "q.bio.X")

values = st.lists(st.tuples(st.integers(1, 9), st.sampled_from(VALUES)), max_size=9)


def papers(column: FacetColumn) -> dict[str, list[int]]:
    found = {fold(name): column.papers(at).tolist() for at, name in enumerate(column.names)}
    return {name: some for name, some in found.items() if some}


def expected(pairs: list[tuple[int, str]]) -> dict[str, list[int]]:
    names = {fold(value) for _, value in pairs}
    found: dict[str, set[int]] = {name: set() for name in names}
    for paper, value in pairs:
        levels = fold(value).split(".")
        for length in range(1, len(levels) + 1):
            if (above := ".".join(levels[:length])) in names:
                found[above].add(paper)
    return {name: sorted(some) for name, some in found.items()}


@given(values, st.sets(st.integers(1, 9)), values)
@example([(1, "cs.CL")], {1}, [(1, "cs.CL.HU")])
@example([(1, "cs"), (2, "cs.CL")], {1}, [])
@example([(1, "cs.CL")], set(), [(12, "cs")])
def test_changed_papers_count_under_parents_as_if_counted_at_once(
    base: list[tuple[int, str]], removed: set[int], recent: list[tuple[int, str]]
) -> None:
    recent = [(paper if paper in removed else paper + 10, value) for paper, value in recent]
    layered = LayeredColumn.of(Column.of(base, fold)).changed(sorted(removed), Pairs(recent))
    counted = Parents(layered.base, ".").counted(layered)
    every = [pair for pair in base if pair[0] not in removed] + recent
    assert papers(counted) == expected(every)
    totals = counted.counts(np.ones(30, np.bool_))
    assert totals.tolist() == [len(counted.papers(at)) for at in range(len(counted.names))]


def test_papers_of_known_values_are_counted_without_reading_the_base_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    base = Column.of([(1, "cs.CL"), (2, "cs.CL.HU"), (3, "math")], fold)
    known = Parents(base, ".")

    def fail(*_: Any) -> None:
        raise AssertionError("the whole column was read")

    monkeypatch.setattr(parents, "_parents_in", fail)
    layered = LayeredColumn.of(base).changed((), Pairs([(4, "cs.CL.HU"), (5, "cs.CL.New")]))
    counted = known.counted(layered)
    assert counted.papers(counted.find("cs.cl")).tolist() == [1, 2, 4, 5]
