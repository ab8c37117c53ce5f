"""The records of a paper: what each source says, as text and as JSON."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from index.text.cleaning import clean, one_line
from tui.cli.output import local_time

if TYPE_CHECKING:
    from index import Paper
    from index.papers.records import SourceRecord

MAX_ABSTRACT_CHARS = 300
"""Characters of an abstract in the text of a record."""

_LIBRARY = ("sources", "bookmarked", "read", "tags", "note", "added", "dismissed", "later", "cited")
"""Keys of the JSON record that no source provides."""


def record_objects(records: "Iterable[SourceRecord]") -> list[dict[str, object]]:
    """Return records as JSON objects, numbered from 1; `record` has the values that are known."""
    return [
        {
            "number": number,
            "sources": [{"name": s.name, "position": s.position} for s in record.sources],
            "rule": record.rule or None,
            "added": record.added or None,
            "record": _said(record.paper),
        }
        for number, record in enumerate(records, 1)
    ]


def record_lines(paper: "Paper", records: "Sequence[SourceRecord]") -> Iterator[str]:
    """Yield the records of a paper as text: a heading for each, and a line for each value."""
    yield f"{paper.id}  {paper.title}"
    for number, record in enumerate(records, 1):
        sources = ", ".join(
            f"{source.name} #{source.position}" if source.position else source.name
            for source in record.sources
        )
        parts = [sources or "no source", record.rule, _day(record.added)]
        yield f"{number}  {clean(' · '.join(filter(None, parts)))}"
        for name, value in _said(record.paper).items():
            yield f"     {name:<10} {one_line(clean(_text(value)), MAX_ABSTRACT_CHARS)}"
    yield ""


def _said(paper: "Paper") -> dict[str, object]:
    from index.papers.json_record import as_json

    shape = as_json(paper)
    return {name: value for name, value in shape.items() if name not in _LIBRARY and value}


def _text(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(_text, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_text(each)}" for name, each in value.items())
    return str(value)


def _day(added: str) -> str:
    return local_time(added)[:10] if added else ""
