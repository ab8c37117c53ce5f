"""A service's list of papers: the source to add them to, and how its pages are requested."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import BinaryIO

from index import formats
from index.fetch.client import Client
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.identity import identity

MAX_ENTRIES = 10_000
"""Entries of one response that are read; no service returns more than 2,000."""

Items = Sequence[ParsedPaper | Skipped]


@dataclass(frozen=True, slots=True)
class Listing:
    """One list; `source` is its name in the library, `url` its address.

    `pages` requests it page by page, and raises FetchFailed if a page fails. With `until_known`,
    only the entries before the first paper that the source already holds are wanted.
    """

    source: str
    format: str
    url: str
    pages: Callable[[Client], Iterator[Items]]
    date: str = ""
    until_known: bool = False


def read(format: str, body: BinaryIO, date: str = "") -> Items:
    """Return the entries of a response, read like a file of the format."""
    reader = formats.READERS[format].read
    assert reader
    with body:
        items = list(islice(reader(body, Origin(format, date)), MAX_ENTRIES + 1))
    if len(items) > MAX_ENTRIES:
        reason = f"the response has more than {MAX_ENTRIES:,} entries; the rest were skipped"
        items[MAX_ENTRIES:] = [Skipped(0, reason)]
    return items


def unseen(items: Items, seen: set[str]) -> Items:
    """Return the entries of a page without papers of earlier pages, numbered consecutively.

    Pages may overlap, since new papers are added to the start of a list while it is read, and a
    server without pagination repeats the first page. A page without new papers is returned empty.
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
