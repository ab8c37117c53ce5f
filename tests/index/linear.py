"""Whether a run takes time in proportion to its input, measured at two sizes."""

import time
from collections.abc import Callable

SIZES = (8_000, 32_000)
"""Characters of the text, compared with a quarter of them; the first if it takes long enough."""

MAX_RATIO = 10
"""Four times the input takes about 4 times as long; 16 times if the time is quadratic."""

NEGLIGIBLE_S = 0.1
ATTEMPTS = 3
"""Measurements before a ratio counts, each of twice the text, since other processes disturb them,
and a longer text may be read in another way than a short one."""


def assert_linear(run: Callable[[str], object], build: Callable[[str], str], unit: str) -> None:
    """Fail if the CPU time of a run on repeated text grows faster than the text.

    Args:
        run: What is measured.
        build: Returns the input that contains the repeated text.
        unit: The text that is repeated.
    """
    times: dict[int, float] = {}  # by number of units, each measured once, as it may be cached

    def time_of(count: int) -> float:
        if count not in times:
            times[count] = _seconds(run, build(unit * count))
        return times[count]

    for attempt in range(ATTEMPTS):
        counts = [2**attempt * size // len(unit) for size in SIZES]
        slow = (count for count in counts if time_of(count) > NEGLIGIBLE_S)
        ratios = (time_of(count) / time_of(count // 4) for count in slow)
        first = next(ratios, 0.0)
        if first < MAX_RATIO or any(ratio < MAX_RATIO for ratio in ratios):
            return
    raise AssertionError(f"{unit!r}: seconds by number of units: {times}")


def _seconds(run: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    run(text)
    return time.process_time() - start
