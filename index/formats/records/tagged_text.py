"""Records of tagged lines: a tag, its text, and indented or untagged lines that continue it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from index.formats.records.decoding import lines
from index.formats.records.entries import number_entries
from index.papers.entries import ParsedPaper, Skipped
from index.papers.paper import Paper

MAX_RECORD_LINES = 50_000
"""Papers with 3,000 authors have about 20,000."""

Fields = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Tagging:
    """How a format marks its records.

    `line` matches a tagged line as tag and text. A record begins at one of `starts`, or, if there
    are none in it, after a blank line, and ends at one of `ends`. The lines that continue a tag of
    `lists` are values of their own.
    """

    line: re.Pattern[str]
    starts: frozenset[str]
    ends: frozenset[str] = field(default_factory=frozenset)
    lists: frozenset[str] = field(default_factory=frozenset)


def read_tagged(
    stream: BinaryIO, tagging: Tagging, build: Callable[[Fields], Paper | None]
) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of a file; `build` returns that of a record, or None if it has none."""
    return number_entries(
        (line, paper)
        for line, fields in tagged_records(stream, tagging)
        if (paper := fields if isinstance(fields, str) else build(fields)) is not None
    )


def tagged_records(stream: BinaryIO, tagging: Tagging) -> Iterator[tuple[int, Fields | str]]:
    """Yield the first line of each record, and its fields by tag or why it is skipped."""
    start, size, fields, last, is_after_blank = 0, 0, dict[str, list[str]](), "", False
    for number, line in lines(stream):
        match = tagging.line.match(line.lstrip("\ufeff"))
        tag = match[1] if match else ""
        begins = tag in tagging.starts or (
            is_after_blank and tag and not tagging.starts & set(fields)
        )
        if fields and (begins or tag in tagging.ends):
            yield start, _whole(fields, size)
            fields, size, last = {}, 0, ""
        if match and tag not in tagging.ends:
            start, last = start if fields else number, tag
            fields.setdefault(tag, []).append((match[2] or "").strip())
        elif line.strip() and last and size <= MAX_RECORD_LINES:
            if last in tagging.lists:
                fields[last].append(line.strip())
            else:
                fields[last].append(f"\n{line.strip()}")
        size += 1
        is_after_blank = not line.strip()
    if fields:
        yield start, _whole(fields, size)


def _whole(fields: dict[str, list[str]], size: int) -> Fields | str:
    """Return the fields with their continuation lines joined."""
    if size > MAX_RECORD_LINES:
        return f"longer than {MAX_RECORD_LINES:,} lines; check where its records end"
    whole: dict[str, list[str]] = {}
    for tag, texts in fields.items():
        values: list[list[str]] = []
        for text in texts:
            if text.startswith("\n") and values:
                values[-1].append(text[1:])
            else:
                values.append([text])
        whole[tag] = [text for value in values if (text := " ".join(value).strip())]
    return whole
