"""Sorting of papers by their scores."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.engines.arrays.evaluation import descending

scores = st.lists(st.one_of(st.sampled_from([0.0, 1.0, 1e-6, 2.5]), st.floats(0, 1e9, width=32)))


@given(scores)
def test_scores_are_sorted_from_the_highest_and_equal_ones_stay_in_order(
    found: list[float],
) -> None:
    array = np.array(found, np.float32)
    expected = sorted(range(len(found)), key=lambda at: (-array[at], at))
    assert descending(array).tolist() == expected
