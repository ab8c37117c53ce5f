"""JSON: an array of papers in the shape of `carrel show --json`."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from index.formats.base import USUAL, Format, Style
from index.formats.records.json_records import read_papers
from index.formats.records.json_shapes import normalize_keys
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.json_record import as_json, as_line, from_json
from index.papers.paper import Paper


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of an array, or of an object that contains one."""
    return read_papers(stream, lambda shape: from_json(normalize_keys(shape)))


def array(shapes: Iterable[dict[str, object]]) -> Iterator[str]:
    """Yield the text of a JSON array with one object per line; each is complete when yielded."""
    before = "["
    for shape in shapes:
        yield f"{before}\n{as_line(shape).rstrip()}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def write(papers: Iterable[Paper], style: Style = USUAL) -> Iterator[str]:
    """Yield one array with one object per paper."""
    return array(as_json(paper) for paper in papers)


_ARRAY = re.compile(r'[\[{][^\0]*?"title"\s*:')


def recognise(head: str) -> bool:
    """Return whether a text is JSON with a title, but not JSON lines."""
    head = head.lstrip("\ufeff \t\r\n")
    if not _ARRAY.match(head):
        return False
    return head[0] == "[" or not _is_line(head.partition("\n")[0])


def _is_line(line: str) -> bool:
    """Return whether a line is a JSON object with a title."""
    try:
        shape = json.loads(line, strict=False)
    except RecursionError:
        return False
    except ValueError:
        # A long line may be cut off; then it is a paper unless it contains an array of objects.
        return len(line) > 60_000 and not re.match(r"\{[^\[\]]{0,500}\[\s*\{", line)
    return isinstance(shape, dict) and "title" in shape


FORMAT = Format(
    name="json",
    label="JSON",
    endings=(".json",),
    recognise=recognise,
    read=read,
    write=write,
)
