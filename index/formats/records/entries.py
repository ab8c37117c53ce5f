"""Papers as they are read: counted off, and those that cannot be taken named with their line."""

from collections.abc import Iterable, Iterator

from index.papers.entries import NO_TITLE, ParsedPaper, Skipped
from index.papers.paper import Paper


def numbered(entries: Iterable[tuple[int, Paper | str]]) -> Iterator[ParsedPaper | Skipped]:
    """Yield each entry, given as the line it begins at and its paper or why it is none."""
    position = 0
    for line, entry in entries:
        if isinstance(entry, str):
            yield Skipped(line, entry)
        elif not entry.title:
            yield Skipped(line, NO_TITLE)
        else:
            position += 1
            yield ParsedPaper(entry, position, line)
