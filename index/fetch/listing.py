"""A list of papers that a service has: the source it becomes, and how its pages are asked for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import BinaryIO

from index import formats
from index.fetch.client import Client
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.identity import identity

MOST_ENTRIES = 10_000
"""Entries of one answer that are taken; no service gives more than 2,000."""

Items = Sequence[ParsedPaper | Skipped]


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: `source` is the name it has in the library, `url` where it begins.

    `pages` asks for it page by page, and raises FetchFailed where that ends early. With
    `until_known` only what stands before the papers that the source has is wanted.
    """

    source: str
    format: str
    url: str
    pages: Callable[[Client], Iterator[Items]]
    date: str = ""
    until_known: bool = False


def read(format: str, body: BinaryIO, date: str = "") -> Items:
    """Return the entries of an answer, read as a file of its format is."""
    reader = formats.READERS[format].read
    assert reader
    with body:
        items = list(islice(reader(body, Origin(format, date)), MOST_ENTRIES + 1))
    if len(items) > MOST_ENTRIES:
        told = f"an answer of more than {MOST_ENTRIES:,} entries; the rest of it is left out"
        items[MOST_ENTRIES:] = [Skipped(0, told)]
    return items


def unseen(items: Items, seen: set[str]) -> Items:
    """Return the entries of a page but for papers of earlier pages, numbered on from there.

    Lists grow at their head while they are read, so that pages overlap; and what does not know of
    pages answers every time with the first: where no paper is new nothing of a page is returned.
    """
    fresh: list[ParsedPaper | Skipped] = []
    before = len(seen)
    for item in items:
        if isinstance(item, ParsedPaper):
            keys = identity(item.paper)
            key = keys.arxiv or keys.doi or keys.title
            if key in seen:
                continue
            seen.add(key)
            item = replace(item, position=len(seen))
        fresh.append(item)
    return fresh if len(seen) > before or not before else []
