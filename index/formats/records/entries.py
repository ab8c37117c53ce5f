"""Numbered papers and skipped entries."""

from collections.abc import Iterable, Iterator

from index.papers.entries import NO_TITLE, ParsedPaper, Skipped
from index.papers.paper import Paper


def number_entries(entries: Iterable[tuple[int, Paper | str]]) -> Iterator[ParsedPaper | Skipped]:
    """Yield entries, each given as its line and its paper or why it is skipped, numbered."""
    position = 0
    for line, entry in entries:
        if isinstance(entry, str):
            yield Skipped(line, entry)
        elif not entry.title:
            yield Skipped(line, NO_TITLE)
        else:
            position += 1
            yield ParsedPaper(entry, position, line)
