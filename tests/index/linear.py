"""Whether a run takes time in proportion to its input, measured at two sizes."""

import time
from collections.abc import Callable

SMALL_CHARS, LARGE_CHARS = 8_000, 32_000
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
    for attempt in range(ATTEMPTS):
        times = 2**attempt
        large = _seconds(run, build(unit * (times * LARGE_CHARS // len(unit))))
        if large <= NEGLIGIBLE_S:
            return
        small = _seconds(run, build(unit * (times * SMALL_CHARS // len(unit))))
        if large / small < MAX_RATIO:
            return
    raise AssertionError(f"{unit!r}: {small:.3f} s, then {large:.3f} s")


def _seconds(run: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    run(text)
    return time.process_time() - start
