"""The objects of a JSON file, one by one, however the file is laid out.

JSON lines, arrays, objects one after another, and an object that holds the records somewhere
(`{"message": {"items": [...]}}`, or each by its id) are all read, in bounded memory.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO

from index.formats.records.json_window import Broken, ReadItem, Window
from index.papers.entries import NO_TITLE, ParsedPaper, Skipped
from index.papers.json_values import Shape, inner
from index.papers.paper import Paper

_DEEPEST = 5
"""Arrays and objects entered in search of records."""

# What tells a record of any source from what only holds records.
_TELLING = frozenset("title display_name paper citingPaper citedPaper _source".split())
_AROUND_ONE = ("content", "info")
_LISTS = frozenset(
    ("papers", "items", "results", "data", "hits", "entries", "records", "works", "articles",
     "publications", "documents", "docs", "recommendedPapers")
)  # fmt: skip


def read_papers(
    stream: BinaryIO, paper_of: Callable[[Shape], Paper]
) -> Iterator[ParsedPaper | Skipped]:
    """Yield the paper of each record; `paper_of` raises ValueError for one that describes none.

    A record whose paper has no title is skipped.
    """
    position = 0
    for line, shape in records(stream):
        try:
            if isinstance(shape, str):
                raise ValueError(shape)
            paper = paper_of(shape)
            if not paper.title:
                raise ValueError(NO_TITLE)
        except ValueError as error:
            yield Skipped(line, str(error))
        else:
            position += 1
            yield ParsedPaper(paper, position, line)


def records(stream: BinaryIO) -> Iterator[tuple[int, dict[str, object] | str]]:
    """Yield the line that each record begins at, and the record, or why it is none."""
    window = Window(stream)
    inside = ""  # the brackets that are open around the next value
    alone = True  # no record stood for itself yet, so that an object may hold them all
    while sign := window.sign():
        if sign in "]}":
            inside = inside[:-1]
            window.go(window.at + 1)
            continue
        member = inside.endswith("{")
        if member and window.passed_key() and not (sign := window.sign()):
            return
        line, free = window.line, len(inside) < _DEEPEST
        if sign == "[" and free and not member:
            inside += sign
            window.go(window.at + 1)
            continue
        found = window.value()
        if free and sign in "[{" and _is_around(found, window, alone and inside[-1:] != "["):
            inside += sign
            window.go(window.at + 1)
        elif isinstance(found, Broken):
            window.pass_by(found.ahead)
            yield line, found.reason
        else:
            window.passed(found.end)
            if isinstance(found.value, dict) and (not member or _is_record(found.value)):
                alone = alone and bool(inside)
                yield line, found.value
            elif not member:
                yield line, "not a JSON object"


def _is_around(found: ReadItem | Broken, window: Window, guess: bool) -> bool:
    """Tell whether a value holds the records; `guess` where too little of it can be read."""
    if isinstance(found, Broken):
        return guess and _begins_around(window)
    if isinstance(found.value, dict):
        return not _is_record(found.value) and _holds(found.value)
    return isinstance(found.value, list) and _holds({"": found.value})


def _is_record(shape: Shape) -> bool:
    if not _tells(shape):
        return False
    return not any(_holds({"": shape[name]}, 0) for name in _LISTS.intersection(shape))


def _tells(shape: Shape) -> bool:
    """Tell whether an object is of one paper: it has a title, or one within what services wrap."""
    return not _TELLING.isdisjoint(shape) or any(
        "title" in inner(shape, name) for name in _AROUND_ONE
    )


def _holds(shape: Shape, depth: int = 3) -> bool:
    """Tell whether there are records in an object, in an array or by themselves."""
    for value in islice(shape.values(), 100):
        for within in value[:20] if isinstance(value, list) else [value]:
            if isinstance(within, dict) and (
                _tells(within) or (depth and _holds(within, depth - 1))
            ):
                return True
    return False


def _begins_around(window: Window) -> bool:
    """Tell whether what can be read of a value, member by member, is around records."""
    titled = False
    for name, sign, found in window.members():
        titled = titled or name in _TELLING
        if sign == "[" and isinstance(found, Broken):
            return not titled and (not name or name in _LISTS)
        if _holds({"": getattr(found, "value", None)}):
            return not titled or name in _LISTS
    return False
