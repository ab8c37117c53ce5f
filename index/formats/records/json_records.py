"""Records of JSON files in any layout, read one at a time in bounded memory.

The records may be JSON lines, an array, objects in sequence, or nested in an object
(`{"message": {"items": [...]}}`, or each under its id).
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO

from index.formats.records.json_window import Broken, ReadItem, Window
from index.papers.entries import NO_TITLE, ParsedPaper, Skipped
from index.papers.json_values import Shape, inner
from index.papers.paper import Paper

_MAX_DEPTH = 5
"""Nested arrays and objects searched for records."""

# Keys that distinguish a record of any source from an object around records.
_RECORD_KEYS = frozenset(
    "title Title paper_title display_name paper citingPaper citedPaper _source".split()
)
_WRAPPER_KEYS = ("content", "info")
_LIST_KEYS = frozenset(
    ("papers", "items", "results", "data", "hits", "entries", "records", "works", "articles",
     "publications", "documents", "docs", "recommendedPapers")
)  # fmt: skip
_MEMBER = re.compile(
    r'[\s,]*"(?P<name>(?:[^"\\]|\\.){0,1000}+)"\s*:\s*(?P<value>\[?)\s*', re.DOTALL
)


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
    """Yield each record with the line it begins at, or the reason why it cannot be read."""
    window = Window(stream)
    open_brackets = ""
    may_contain_all = True  # an object may contain all records as long as none was at the top
    while sign := window.next_sign():
        if sign in "]}":
            open_brackets = open_brackets[:-1]
            window.go(window.at + 1)
            continue
        is_member = open_brackets.endswith("{")
        if is_member and window.skip_key() and not (sign := window.next_sign()):
            return
        line, is_shallow = window.line, len(open_brackets) < _MAX_DEPTH
        if sign == "[" and is_shallow and not is_member:
            open_brackets += sign
            window.go(window.at + 1)
            continue
        found = window.read_value()
        may_contain = may_contain_all and not open_brackets.endswith("[")
        if is_shallow and sign in "[{" and _contains_records(found, window, may_contain):
            open_brackets += sign
            window.go(window.at + 1)
        elif isinstance(found, Broken):
            yield line, found.reason
            window.skip_broken(found, _has_record_key)
        else:
            window.skip_value(found)
            if isinstance(found.value, dict) and (not is_member or _is_record(found.value)):
                may_contain_all = may_contain_all and bool(open_brackets)
                yield line, found.value
            elif not is_member:
                yield line, 'not a JSON object; write papers as {"title": …}'


def _contains_records(found: ReadItem | Broken, window: Window, may_contain: bool) -> bool:
    """Return whether a value contains the records; `may_contain` permits it of a broken one."""
    if isinstance(found, Broken):
        return may_contain and _broken_contains_records(window)
    if isinstance(found.value, dict):
        return not _is_record(found.value) and _has_records(found.value)
    return isinstance(found.value, list) and _has_records({"": found.value})


def _is_record(shape: Shape) -> bool:
    if not _has_record_key(shape):
        return False
    return not any(_has_records({"": shape[name]}, 0) for name in _LIST_KEYS.intersection(shape))


def _has_record_key(shape: Shape) -> bool:
    """Return whether an object or the wrapper that a service puts it in has a key of records."""
    return not _RECORD_KEYS.isdisjoint(shape) or any(
        "title" in inner(shape, name) for name in _WRAPPER_KEYS
    )


def _has_records(shape: Shape, depth: int = 3) -> bool:
    """Return whether an object has records as members, in arrays or in nested objects."""
    for value in islice(shape.values(), 100):
        for item in value[:20] if isinstance(value, list) else [value]:
            if isinstance(item, dict) and (
                _has_record_key(item) or (depth and _has_records(item, depth - 1))
            ):
                return True
    return False


def _broken_contains_records(window: Window) -> bool:
    """Return whether a broken value contains records, by the first members that can be read."""
    if window.text[window.at] == "[":
        return True
    distance, depth, has_title = 1, 0, False
    while depth < _MAX_DEPTH and (member := _MEMBER.match(window.text, window.at + distance)):
        start, first = member.start("value") - window.at, member.end() - window.at
        has_title = has_title or member["name"] in _RECORD_KEYS
        is_allowed = not has_title or member["name"] in _LIST_KEYS
        found = window.read_value(start)
        if isinstance(found, ReadItem):
            if _has_records({"": found.value}):
                return is_allowed
            distance = found.end - window.at
        elif member["value"] == "[":
            item = window.read_value(first)
            if isinstance(item, Broken):
                return not has_title and member["name"] in _LIST_KEYS
            return is_allowed and _has_records({"": item.value})
        elif window.text[window.at + start : window.at + start + 1] == "{":
            distance, depth = start + 1, depth + 1
        else:
            return False
    return False
