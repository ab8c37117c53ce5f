"""Places in the queue of papers to read later, as text that sorts in the queue's order.

A place is ten digits, and further digits are a fraction: between any two places there is another,
so that a paper moves without a change to the others. This is fractional indexing, as in CRDTs for
sequences (Weiss, Urso and Molli: Logoot, ICDCS 2009). The whole queue is numbered again when there
is no room left.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from index.papers.paper import PaperKey

FIRST = 5_000_000_000
"""The place of the first paper of an empty queue, with room before it."""

LAST = 9_999_999_999
"""The last place without a fraction."""

INTEGER_DIGITS = 10
MAX_DIGITS = 40

_FRACTION = rf"\d{{0,{MAX_DIGITS - INTEGER_DIGITS - 1}}}[1-9]"
_PLACE = re.compile(rf"[1-9]\d{{{INTEGER_DIGITS - 1}}}({_FRACTION})?", re.ASCII)

Queue = Mapping[PaperKey, str]
"""The places of the papers in the queue by paper key, in the order of the queue."""


def is_place(text: str) -> bool:
    """Return whether a text is a place in the queue."""
    return _PLACE.fullmatch(text) is not None


def place_after(queue: Queue, at: int) -> str:
    """Return the place that comes `at` papers (from 1) after the end of a queue."""
    last = max(map(_integer, queue.values()), default=FIRST - 1)
    return str(min(last + at, LAST))


def numbered(count: int) -> list[str]:
    """Return the places of a new queue of some papers."""
    return [str(FIRST + at) for at in range(count)]


def places_between(low: str, high: str, count: int) -> list[str]:
    """Return ascending places between two others, "" if there is none; [] if there is no room."""
    if high and low >= high:
        return []
    if not high:
        start = _integer(low) if low else FIRST - 1
        places = [str(start + at) for at in range(1, count + 1)]
    elif not low:
        places = [str(_integer(high) - at) for at in range(count, 0, -1)]
    else:
        places = _fractions(low, high, count)
    ordered = all(map(is_place, places)) and [low, *places] == sorted({low, *places})
    return places if ordered and (not high or not places or places[-1] < high) else []


def _fractions(low: str, high: str, count: int) -> list[str]:
    """Return evenly spaced places between two others, with as few digits as that takes."""
    for digits in range(max(len(low), len(high)), MAX_DIGITS + 1):
        first, last = int(low.ljust(digits, "0")), int(high.ljust(digits, "0"))
        if last - first > count:
            steps = (first + (last - first) * at // (count + 1) for at in range(1, count + 1))
            return [_shortest(str(step)) for step in steps]
    return []


def rearranged(queue: Queue, moved: Sequence[PaperKey], at: int) -> dict[PaperKey, str]:
    """Return the places of all papers whose place changes if some are moved.

    `at` is the number of other papers that remain before the moved ones.
    """
    moving = set(moved)
    others = [paper for paper in queue if paper not in moving]
    at = min(max(at, 0), len(others))
    order = [*others[:at], *moved, *others[at:]]
    if order == list(queue):
        return {}
    low = queue[others[at - 1]] if at else ""
    high = queue[others[at]] if at < len(others) else ""
    if places := places_between(low, high, len(moved)):
        return dict(zip(moved, places, strict=True))
    every = zip(order, numbered(len(order)), strict=True)
    return {paper: place for paper, place in every if queue.get(paper) != place}


def shifted(queue: Queue, papers: Iterable[PaperKey], by: int) -> dict[PaperKey, str]:
    """Return the places that change if papers in the queue move up (negative) or down together."""
    wanted = set(papers)
    moved = [paper for paper in queue if paper in wanted]
    if not moved:
        return {}
    before = list(queue).index(moved[0])
    return rearranged(queue, moved, before + by)


def _integer(place: str) -> int:
    return int(place[:INTEGER_DIGITS])


def _shortest(place: str) -> str:
    """Return a place without trailing zeros in its fraction."""
    return place[:INTEGER_DIGITS] + place[INTEGER_DIGITS:].rstrip("0")
