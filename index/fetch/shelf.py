"""What a fetch needs of a library, and what it tells of itself on the way."""

from collections.abc import Callable
from dataclasses import dataclass

from index.importing.service import Add
from index.papers.paper import Paper
from index.store import Source


@dataclass(frozen=True, slots=True)
class Fetched:
    """How far a fetch is: what is under way, and papers so far."""

    words: str
    papers: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where papers are put: the sources there, whether one holds a paper, to add, to forget one."""

    sources: Callable[[], list[Source]]
    holds: Callable[[Paper, str], bool]
    add: Add
    forget: Callable[[str], object]
