"""Timing: once, many times, and what is said of the times."""

import time
from collections.abc import Callable, Iterable
from statistics import median
from typing import TypeVar

T = TypeVar("T")

ENOUGH = 12.0
"""Seconds after which a baseline's queries are cut short."""


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Return the seconds that work takes, and what it returns."""
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def each(work: Callable[[str], object], texts: Iterable[str], limit: float = 1e9) -> list[float]:
    """Return the milliseconds each text takes, until `limit` seconds are over."""
    times: list[float] = []
    for text in texts:
        times.append(timed(lambda text=text: work(text))[0] * 1000)  # type: ignore[misc]  # bound
        if sum(times) > limit * 1000:
            break
    return times


def middle(times: list[float]) -> float | None:
    """Return the median; None of no times."""
    return median(times) if times else None


def p95(times: list[float]) -> float | None:
    """Return the time that 95 of 100 stay under (the nearest rank); None of no times."""
    if not times:
        return None
    ordered = sorted(times)
    return ordered[max(0, -(-95 * len(ordered) // 100) - 1)]
