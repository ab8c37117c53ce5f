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
    for attempt in range(ATTEMPTS):
        for size in SIZES:
            count = 2**attempt * size // len(unit)
            large = _seconds(run, build(unit * count))
            if large > NEGLIGIBLE_S:
                break
        else:
            return
        small = _seconds(run, build(unit * (count // 4)))
        if large / small < MAX_RATIO:
            return
    raise AssertionError(f"{unit!r}: {small:.3f} s, then {large:.3f} s")


def _seconds(run: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    run(text)
    return time.process_time() - start
