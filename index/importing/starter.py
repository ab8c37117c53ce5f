"""The starter shelf: landmark papers bundled with Carrel."""

from importlib import resources
from typing import BinaryIO, cast

from index.papers.entries import STARTER, Origin, ParsedPaper


def starter_papers() -> list[ParsedPaper]:
    """Return the papers of the starter shelf."""
    from index.formats import READERS  # slow: imports every format

    read = READERS["jsonl"].read
    assert read
    with resources.files("index").joinpath("starter.jsonl").open("rb") as stream:
        entries = read(cast("BinaryIO", stream), Origin(STARTER))
        return [entry for entry in entries if isinstance(entry, ParsedPaper)]
