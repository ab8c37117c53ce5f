"""The lines of a dump: what a reader added, as JSON that a person reads and git compares.

The first line names the format. Then one line a saved search and one a paper of which anything is
known, told by all that identifies it. `removed` is what was taken away, with its moment, so that a
merge takes it away elsewhere; of a note that is gone only a digest is told.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from index.errors import CarrelError, UnreadableFile
from index.formats.jsonl import objects
from index.marks.merging import Facts, Stamped, StampedSearch, fact_name
from index.papers.entries import Skipped
from index.papers.json_record import as_line, from_json, moment_of
from index.papers.paper import Paper
from index.papers.tags import normalize_tag
from index.query import MAX_QUERY_CHARS, fold_name
from index.query.names import validate_name
from index.text.cleaning import clean

VERSION = 1

_PLURAL = {"tag": "tags", "note": "notes"}
_DIGEST = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class PaperLine:
    """What a dump says of one paper."""

    paper: Paper
    facts: Facts


@dataclass(frozen=True, slots=True)
class SearchLine:
    """What a dump says of one saved search, by its name as names are compared."""

    folded: str
    stand: StampedSearch


Line = PaperLine | SearchLine | Skipped


# -- writing ---------------------------------------------------------------------------------------


def header() -> str:
    """Return the first line of a dump."""
    return as_line({"carrel": "marks", "version": VERSION})


def paper_line(known: str, facts: Facts) -> str:
    """Return the line of a paper."""
    there = {name: stand for name, stand in facts.items() if stand.present}
    gone = {name: stand for name, stand in facts.items() if not stand.present}
    shape = {"paper": json.loads(known), **_moments(there)}
    return as_line({**shape, "removed": _moments(gone)} if gone else shape)


def _moments(facts: Facts) -> dict[str, object]:
    """Return the moments of facts: of states by their kind, of tags and notes by their value."""
    shape: dict[str, object] = {}
    for (kind, name), stand in sorted(facts.items()):
        if kind not in _PLURAL:
            shape[kind] = stand.at
            continue
        each = shape.setdefault(_PLURAL[kind], {})
        assert isinstance(each, dict)
        each[stand.value or name] = stand.at
    return shape


def search_line(folded: str, stand: StampedSearch) -> str:
    """Return the line of a saved search."""
    if not stand.present:
        return as_line({"search": folded, "removed": stand.at})
    return as_line(
        {
            "search": stand.name,
            "query": stand.query,
            "position": stand.position,
            "saved": stand.at,
            "visited": stand.visited,
        }
    )


# -- reading ---------------------------------------------------------------------------------------


def read(stream: BinaryIO, name: str) -> Iterator[Line]:
    """Yield what each line says, or why it says nothing.

    Raises UnreadableFile where the first line is not that of a dump.
    """
    lines = objects(stream)
    number, first = next(lines, (1, ""))
    if isinstance(first, str) or first.get("carrel") != "marks":
        raise UnreadableFile(f"{name}:{number}: this is no dump; carrel dump -o FILE writes one")
    version = first.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise UnreadableFile(
            f"{name}:{number}: a newer Carrel wrote this dump (version {clean(str(version))[:20]}, "
            f"this one knows {VERSION}); update Carrel to read it"
        )
    for number, shape in lines:
        try:
            if isinstance(shape, str):
                raise ValueError(shape)
            yield _search(shape) if "search" in shape else _paper(shape)
        except (ValueError, CarrelError) as error:
            yield Skipped(number, str(error))


def _search(shape: Mapping[str, object]) -> SearchLine:
    name = validate_name(_text(shape, "search"))
    if "removed" in shape:
        return SearchLine(fold_name(name), StampedSearch(_moment(shape["removed"]), False))
    query = clean(_text(shape, "query"))[:MAX_QUERY_CHARS]
    if not query:
        raise ValueError("the saved search has no query")
    position = shape.get("position")
    if not isinstance(position, int) or not 0 < position < 2**31:
        position = 2**31
    visited = moment_of(_text(shape, "visited"))
    stand = StampedSearch(_moment(shape.get("saved")), True, name, query, position, visited)
    return SearchLine(fold_name(name), stand)


def _paper(shape: Mapping[str, object]) -> PaperLine:
    known = shape.get("paper")
    if not isinstance(known, dict):
        raise ValueError("neither a paper nor a saved search")
    paper = from_json(known)
    removed = shape.get("removed", {})
    if not isinstance(removed, dict):
        raise ValueError("what was removed is not a JSON object")
    facts = {fact_name(kind, value): Stamped(at, True, value) for kind, value, at in _told(shape)}
    for kind, value, at in _told(removed):
        if kind == "note" and not _DIGEST.fullmatch(value):
            raise ValueError("a removed note is told by 32 digits and letters a to f")
        gone = Stamped(at, False, "")
        facts[kind, value] = max(facts.get((kind, value), gone), gone)
    if not facts:
        raise ValueError("the paper has no marks")
    return PaperLine(paper, facts)


def _told(shape: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """Yield kind, value and moment of each fact of an object."""
    for kind in ("bookmark", "read"):
        if kind in shape:
            yield kind, "", _moment(shape[kind])
    for kind, plural in _PLURAL.items():
        values = shape.get(plural, {})
        if not isinstance(values, dict):
            raise ValueError(f"{plural} are not a JSON object")
        for value, at in values.items():
            name = normalize_tag(value) if kind == "tag" else clean(value, lines=True)
            if name:
                yield kind, name, _moment(at)


def _text(shape: Mapping[str, object], name: str) -> str:
    value = shape.get(name)
    return value if isinstance(value, str) else ""


def _moment(value: object) -> str:
    """Return a moment in UTC; raises ValueError for none, or one at the end of all time."""
    moment = moment_of(value) if isinstance(value, str) else ""
    if not moment or moment >= "9000":
        raise ValueError(f"{clean(str(value))[:40]!r} is no moment as 2025-01-31T12:00:00+00:00 is")
    return moment
