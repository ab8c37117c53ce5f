"""`FoundRecord`, a record found for a paper."""

from typing import NamedTuple

from index.papers.paper import Paper


class FoundRecord(NamedTuple):
    """A record that may describe a paper, where it was found, and its similarity from 0 to 1."""

    record: Paper
    source: str
    score: float
