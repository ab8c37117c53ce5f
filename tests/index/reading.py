"""Helpers for tests of readers."""

import io
from pathlib import Path

from index import formats
from index.importing.service import HEAD_BYTES
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.paper import Paper

DATA = Path(__file__).resolve().parent.parent / "data"


def entries(format: str, data: str | bytes) -> list[ParsedPaper | Skipped]:
    """Read a file in a named format."""
    read = formats.READERS[format].read
    assert read
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return list(read(stream, Origin("file")))


def papers(format: str, data: str | bytes) -> list[Paper]:
    """Read a file; fail if anything is skipped."""
    read = entries(format, data)
    assert [entry for entry in read if isinstance(entry, Skipped)] == []
    return [entry.paper for entry in read if isinstance(entry, ParsedPaper)]


def paper(format: str, data: str | bytes) -> Paper:
    """Read a file of one paper."""
    (only,) = papers(format, data)
    return only


def detected(data: str | bytes, name: str = "file") -> str:
    """Return the name of the detected format, or ""."""
    data = data.encode() if isinstance(data, str) else data
    form = formats.detect(data[:HEAD_BYTES], name)
    return form.name if form else ""
