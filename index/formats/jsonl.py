"""JSON lines: Carrel's own interchange, one paper a line in the shape of `as_json`."""

import codecs
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import BinaryIO

from index.changes import tag_name
from index.errors import CarrelError
from index.formats.base import NO_TITLE, USUAL, Format, Found, Origin, Skipped, Style
from index.formats.records.json_shapes import in_own_names
from index.formats.records.json_values import number, text, texts, whole
from index.paper import Held, Paper, made
from index.text import clean, decode

NAMED = 3
"""Authors by which a paper is known: enough to tell two of one title apart."""

LIBRARY = ("sources", "bookmarked", "read", "tags", "note", "added")
"""What a library knows of a paper, and the paper does not."""

LONGEST_LINE = 4_000_000
"""Bytes read of one line; a longer one is skipped, so that no file can fill the memory."""


def as_json(paper: Paper) -> dict[str, object]:
    """Return a paper in the shape of `--json` and of JSON lines: the keys never change."""
    shape: dict[str, object] = {
        "id": paper.id,
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": list(paper.authors),
        "year": paper.year,
        "date": paper.date,
        "venue": paper.venue,
        "url": paper.url,
        "urls": list(paper.urls),
        "arxiv_id": paper.arxiv_id,
        "doi": paper.doi,
        "keywords": list(paper.keywords),
        "categories": list(paper.categories),
        "votes": paper.votes,
        "sources": [{"name": held.name, "position": held.position} for held in paper.sources],
        "bookmarked": paper.bookmarked,
        "read": paper.read,
        "tags": list(paper.tags),
        "note": paper.note,
        "added": paper.added,
    }
    if paper.et_al:
        shape["et_al"] = True
    return shape


def known_as(paper: Paper) -> str:
    """Return what identifies a paper, always in the same JSON, which `from_json` reads."""
    shape = {
        "id": paper.id,
        "title": paper.title,
        "authors": list(paper.authors[:NAMED]),
        "year": paper.year,
        "arxiv_id": paper.arxiv_id,
        "doi": paper.doi,
    }
    return as_line({name: value for name, value in shape.items() if value}).rstrip("\n")


def from_json(shape: Mapping[str, object]) -> Paper:
    """Return the paper a JSON object describes; a value of the wrong type counts as unknown.

    Raises ValueError where the object has no title.
    """
    title = clean(text(shape, "title"))
    if not title:
        raise ValueError(NO_TITLE)
    paper = made(
        id=text(shape, "id"),
        title=title,
        abstract=text(shape, "abstract"),
        authors=texts(shape, "authors"),
        et_al=shape.get("et_al") is True,
        year=number(shape, "year"),
        date=text(shape, "date"),
        venue=text(shape, "venue"),
        url=text(shape, "url"),
        urls=texts(shape, "urls"),
        arxiv_id=text(shape, "arxiv_id"),
        doi=text(shape, "doi"),
        keywords=texts(shape, "keywords"),
        categories=texts(shape, "categories"),
        votes=number(shape, "votes"),
    )
    if not any(map(shape.get, LIBRARY)):
        return paper  # as most are; a copy takes as long as the rest of it
    return replace(
        paper,
        sources=tuple(_held(shape)),
        bookmarked=shape.get("bookmarked") is True,
        read=shape.get("read") is True,
        tags=tuple(dict.fromkeys(_tags(shape))),
        note=clean(text(shape, "note"), lines=True),
        added=moment_of(text(shape, "added")),
    )


def _tags(shape: Mapping[str, object]) -> Iterator[str]:
    for tag in texts(shape, "tags"):
        with suppress(CarrelError):
            yield tag_name(tag)


def _held(shape: Mapping[str, object]) -> Iterator[Held]:
    sources = shape.get("sources")
    for source in sources if isinstance(sources, Sequence) else ():
        if isinstance(source, Mapping) and (name := clean(text(source, "name"))):
            position = number(source, "position") or 0
            yield Held(name, position if 0 < position < 2**31 else None)


def moment_of(text: str) -> str:
    """Return a moment in UTC as the library writes it; "" for one that is none, or of no zone."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC).isoformat() if moment.tzinfo else ""
    except (ValueError, OverflowError):
        return ""


def recognise(head: str) -> bool:
    """Tell whether the first line that is not blank is a JSON object with a title."""
    line = head.lstrip("\ufeff \t\r\n").split("\n", 1)[0]
    return line.startswith("{") and '"title"' in line


def read(stream: BinaryIO, origin: Origin) -> Iterator[Found | Skipped]:
    """Yield the paper of each line; blank lines count for nothing."""
    position = 0
    for line, shape in objects(stream):
        try:
            if isinstance(shape, str):
                raise ValueError(shape)
            paper = from_json(in_own_names(shape))
        except ValueError as error:
            yield Skipped(line, str(error))
        else:
            position += 1
            yield Found(paper, position, line)


def objects(stream: BinaryIO) -> Iterator[tuple[int, dict[str, object] | str]]:
    """Yield the number and the JSON object of each line that is not blank, or why it is none."""
    stream = _in_utf8(stream)
    place = 0
    while line := stream.readline(LONGEST_LINE + 1):
        place += 1
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield place, f"longer than {LONGEST_LINE // 1_000_000} MB; split the entry"
        elif said := decode(line).strip("\ufeff\x00 \t\r\n"):
            yield place, _object(said)


def _object(said: str) -> dict[str, object] | str:
    try:
        shape = json.loads(said, parse_int=whole, strict=False)
    except RecursionError:
        return "nested too deeply"
    except json.JSONDecodeError as error:
        return f"not JSON at column {error.colno}: {error.msg}"
    except ValueError as error:
        return str(error)
    return shape if isinstance(shape, dict) else "not a JSON object"


def _in_utf8(stream: BinaryIO) -> BinaryIO:
    """Return a file in an encoding whose lines end in one byte; UTF-16 and -32 are read whole."""
    start = stream.read(4)
    stream.seek(0)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        return io.BytesIO(decode(stream.read()).encode())
    return stream


def write(papers: Iterable[Paper], style: Style = USUAL) -> Iterator[str]:
    """Yield one line a paper."""
    for paper in papers:
        yield as_line(as_json(paper))


def as_line(shape: Mapping[str, object]) -> str:
    """Return an object as one line; every character that a terminal could act on is escaped."""
    line = json.dumps(shape, ensure_ascii=False)
    if not line.isprintable():
        line = "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)
    return line + "\n"


FORMAT = Format(
    name="jsonl",
    label="JSON lines",
    endings=(".jsonl", ".ndjson", ".jl"),
    recognise=recognise,
    read=read,
    write=write,
)
