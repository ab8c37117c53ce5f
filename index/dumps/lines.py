"""The lines of a dump: marks and saved searches as JSON that is readable and diffs well.

The first line names the format. It is followed by one line for each saved search, one for each pair
of papers that the reader merged or called different, and one for each paper with marks, which holds
all fields that identify the paper. `removed` holds deletions with their times, so that a merge
applies them too; a deleted note is recorded only as a digest.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from index.errors import CarrelError, UnreadableFile
from index.formats.jsonl import objects
from index.marks.changes import LATER
from index.marks.merging import Facts, Stamped, StampedSearch, fact_name
from index.marks.queue import is_place
from index.papers.entries import Skipped
from index.papers.json_record import as_line, from_json, known_as, moment_of
from index.papers.paper import Paper
from index.papers.tags import normalize_tag
from index.query import MAX_QUERY_CHARS, fold_name
from index.query.names import validate_name
from index.store.decisions import STATES, Decision
from index.text.cleaning import clean

FORMAT_VERSION = 1

_PLURAL = {"tag": "tags", "note": "notes"}
_DIGEST = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class PaperLine:
    """The marks of one paper."""

    paper: Paper
    facts: Facts


@dataclass(frozen=True, slots=True)
class SearchLine:
    """One saved search; `folded` is its name with case and accents removed."""

    folded: str
    stamped: StampedSearch


@dataclass(frozen=True, slots=True)
class PairLine:
    """The reader's decision on two papers."""

    decision: Decision


Line = PaperLine | SearchLine | PairLine | Skipped


# -- writing ---------------------------------------------------------------------------------------


def header() -> str:
    """Return the first line of a dump."""
    return as_line({"carrel": "marks", "version": FORMAT_VERSION})


def paper_line(known: str, facts: Facts) -> str:
    """Return the line of a paper."""
    present = {name: stamped for name, stamped in facts.items() if stamped.present}
    removed = {name: stamped for name, stamped in facts.items() if not stamped.present}
    shape = {"paper": json.loads(known), **_times(present)}
    return as_line({**shape, "removed": _times(removed)} if removed else shape)


def _times(facts: Facts) -> dict[str, object]:
    """Return the times of facts: of states by kind, of tags, notes and places by value."""
    shape: dict[str, object] = {}
    for (kind, name), stamped in sorted(facts.items()):
        if kind not in _PLURAL and not stamped.value:
            shape[kind] = stamped.at
            continue
        each = shape.setdefault(_PLURAL.get(kind, kind), {})
        assert isinstance(each, dict)
        each[stamped.value or name] = stamped.at
    return shape


def search_line(folded: str, stamped: StampedSearch) -> str:
    """Return the line of a saved search."""
    if not stamped.present:
        return as_line({"search": folded, "removed": stamped.at})
    return as_line(
        {
            "search": stamped.name,
            "query": stamped.query,
            "position": stamped.position,
            "saved": stamped.at,
            "visited": stamped.visited,
        }
    )


def pair_line(decision: Decision) -> str:
    """Return the line of a decision on two papers."""
    pair = [json.loads(decision.one), json.loads(decision.other)]
    return as_line({"pair": pair, "state": decision.state, "at": decision.at})


# -- reading ---------------------------------------------------------------------------------------


def read(stream: BinaryIO, name: str) -> Iterator[Line]:
    """Yield the content of each line, or why it is skipped.

    Raises UnreadableFile if the first line is not the header of a dump.
    """
    lines = objects(stream)
    number, first = next(lines, (1, ""))
    if isinstance(first, str) or first.get("carrel") != "marks":
        raise UnreadableFile(f"{name}:{number}: not a dump; carrel dump -o FILE writes one")
    version = first.get("version")
    if not isinstance(version, int) or version > FORMAT_VERSION:
        raise UnreadableFile(
            f"{name}:{number}: unsupported dump version {clean(str(version))[:20]} (this Carrel "
            f"reads up to {FORMAT_VERSION}); upgrade Carrel"
        )
    for number, shape in lines:
        try:
            if isinstance(shape, str):
                raise ValueError(shape)
            yield _line(shape)
        except (ValueError, CarrelError) as error:
            yield Skipped(number, str(error))


def _line(shape: Mapping[str, object]) -> Line:
    if "search" in shape:
        return _search(shape)
    return _pair(shape) if "pair" in shape else _paper(shape)


def _pair(shape: Mapping[str, object]) -> PairLine:
    pair, state = shape["pair"], _text(shape, "state")
    if not isinstance(pair, list) or len(pair) != 2 or state not in STATES:
        raise ValueError("not a decision on two papers")
    for paper in pair:
        if not isinstance(paper, dict):
            raise ValueError("a paper of the pair is not a JSON object")
    one, other = (known_as(from_json(paper)) for paper in pair)
    if one == other:
        raise ValueError("a pair of one paper")
    return PairLine(Decision(one, other, _time(shape.get("at")), state))


def _search(shape: Mapping[str, object]) -> SearchLine:
    name = validate_name(_text(shape, "search"))
    if "removed" in shape:
        return SearchLine(fold_name(name), StampedSearch(_time(shape["removed"]), False))
    query = clean(_text(shape, "query"))[:MAX_QUERY_CHARS]
    if not query:
        raise ValueError("the saved search has no query")
    position = shape.get("position")
    if not isinstance(position, int) or not 0 < position < 2**31:
        position = 2**31
    visited = moment_of(_text(shape, "visited"))
    stamped = StampedSearch(_time(shape.get("saved")), True, name, query, position, visited)
    return SearchLine(fold_name(name), stamped)


def _paper(shape: Mapping[str, object]) -> PaperLine:
    known = shape.get("paper")
    if not isinstance(known, dict):
        raise ValueError("neither a paper nor a saved search")
    paper = from_json(known)
    removed = shape.get("removed", {})
    if not isinstance(removed, dict):
        raise ValueError("removed is not a JSON object")
    facts = {fact_name(kind, value): Stamped(at, True, value) for kind, value, at in _facts(shape)}
    for kind, value, at in _facts(removed):
        if kind == "note" and not _DIGEST.fullmatch(value):
            raise ValueError("the digest of a removed note must be 32 hexadecimal digits")
        deletion = Stamped(at, False, "")
        facts[kind, value] = max(facts.get((kind, value), deletion), deletion)
    if not facts:
        raise ValueError("the paper has no marks")
    return PaperLine(paper, facts)


def _facts(shape: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """Yield the kind, value and time of each fact in an object."""
    for kind in ("bookmark", "read", "dismissed"):
        if kind in shape:
            yield kind, "", _time(shape[kind])
    if LATER in shape:
        yield (LATER, *_queued(shape[LATER]))
    for kind, plural in _PLURAL.items():
        values = shape.get(plural, {})
        if not isinstance(values, dict):
            raise ValueError(f"{plural} is not a JSON object")
        for value, at in values.items():
            name = normalize_tag(value) if kind == "tag" else clean(value, lines=True)
            if name:
                yield kind, name, _time(at)


def _queued(value: object) -> tuple[str, str]:
    """Return the place in the queue and its time; of a paper removed from it, the time alone."""
    if not isinstance(value, dict):
        return "", _time(value)
    places = [place for place in value if is_place(place)]
    if len(places) != 1 or len(value) != 1:
        raise ValueError("later is not one place in the queue with its time")
    return places[0], _time(value[places[0]])


def _text(shape: Mapping[str, object], name: str) -> str:
    value = shape.get(name)
    return value if isinstance(value, str) else ""


def _time(value: object) -> str:
    """Return a time in UTC; raises ValueError for anything else and for the year 9000 or later."""
    time = moment_of(value) if isinstance(value, str) else ""
    if not time or time >= "9000":
        raise ValueError(f"{clean(str(value))[:40]!r} is not a time like 2025-01-31T12:00:00+00:00")
    return time
