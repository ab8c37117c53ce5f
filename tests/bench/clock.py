"""Timing of single and repeated calls, with medians and percentiles."""

import gc
import time
from collections.abc import Callable, Iterable
from statistics import median
from typing import TypeVar

T = TypeVar("T")

ENOUGH = 12.0
"""Seconds after which the queries of a baseline are stopped."""


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Return the seconds that a call takes, and its result."""
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def cpu(work: Callable[[], object]) -> float:
    """Return the seconds of CPU time that a call takes in this process."""
    started = time.process_time()
    work()
    return time.process_time() - started


def each(work: Callable[[str], object], texts: Iterable[str], limit: float = 1e9) -> list[float]:
    """Return the milliseconds for each text, stopping after `limit` seconds."""
    gc.collect()  # what ran before leaves garbage, which some query would have to collect
    times: list[float] = []
    for text in texts:
        times.append(timed(lambda text=text: work(text))[0] * 1000)  # type: ignore[misc]  # bound
        if sum(times) > limit * 1000:
            break
    return times


def median_of(times: list[float]) -> float | None:
    """Return the median, or None without times."""
    return median(times) if times else None


def p95(times: list[float]) -> float | None:
    """Return the 95th percentile by nearest rank, or None without times."""
    if not times:
        return None
    ordered = sorted(times)
    return ordered[max(0, -(-95 * len(ordered) // 100) - 1)]
