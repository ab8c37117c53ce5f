"""JSON lines: one paper per line in the shape of `as_json`."""

import codecs
import io
import json
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from index.formats.base import USUAL, Format, Style
from index.formats.records.json_shapes import normalize_keys
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.json_record import as_json, as_line, from_json
from index.papers.json_values import whole
from index.papers.paper import Paper
from index.text.encodings import decode

MAX_LINE_BYTES = 4_000_000
"""A longer line is skipped, so that no file can fill the memory."""

_DECODER = json.JSONDecoder(parse_int=whole, strict=False)


def recognise(head: str) -> bool:
    """Return whether the first line that is not blank is a JSON object with a title."""
    line = head.lstrip("\ufeff \t\r\n").split("\n", 1)[0]
    return line.startswith("{") and '"title"' in line


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the paper of each line that is not blank."""
    position = 0
    for line, shape in objects(stream):
        try:
            if isinstance(shape, str):
                raise ValueError(shape)
            paper = from_json(normalize_keys(shape))
        except ValueError as error:
            yield Skipped(line, str(error))
        else:
            position += 1
            yield ParsedPaper(paper, position, line)


def objects(stream: BinaryIO) -> Iterator[tuple[int, dict[str, object] | str]]:
    """Yield the number of each line that is not blank, and its object or why it has none."""
    stream = _in_utf8(stream)
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            while (rest := stream.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield number, f"longer than {MAX_LINE_BYTES // 1_000_000} MB; split the entry"
        elif text := decode(line).strip("\ufeff\x00 \t\r\n"):
            yield number, _parse_object(text)


def _parse_object(text: str) -> dict[str, object] | str:
    try:
        shape = _DECODER.decode(text)
    except RecursionError:
        return "nested too deeply"
    except json.JSONDecodeError as error:
        return f"not JSON at column {error.colno}: {error.msg}"
    except ValueError as error:
        return str(error)
    return shape if isinstance(shape, dict) else 'not a JSON object; write papers as {"title": …}'


def _in_utf8(stream: BinaryIO) -> BinaryIO:
    """Return a stream whose line ends are one byte; UTF-16 and UTF-32 are converted in memory."""
    start = stream.read(4)
    stream.seek(0)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        return io.BytesIO(decode(stream.read()).encode())
    return stream


def write(papers: Iterable[Paper], style: Style = USUAL) -> Iterator[str]:
    """Yield one line per paper."""
    for paper in papers:
        yield as_line(as_json(paper))


FORMAT = Format(
    name="jsonl",
    label="JSON lines",
    endings=(".jsonl", ".ndjson", ".jl"),
    recognise=recognise,
    read=read,
    write=write,
)
