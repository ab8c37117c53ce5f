"""Papers as they are read: counted off, and those that cannot be taken named with their line."""

from collections.abc import Iterable, Iterator

from index.formats.base import NO_TITLE, Found, Skipped
from index.paper import Paper


def numbered(entries: Iterable[tuple[int, Paper | str]]) -> Iterator[Found | Skipped]:
    """Yield each entry, given as the line it begins at and its paper or why it is none."""
    position = 0
    for line, entry in entries:
        if isinstance(entry, str):
            yield Skipped(line, entry)
        elif not entry.title:
            yield Skipped(line, NO_TITLE)
        else:
            position += 1
            yield Found(entry, position, line)
