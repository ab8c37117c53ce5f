"""The target of an import or fetch: a library, or a copy of it for a dry run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.papers.entries import ParsedPaper
from index.papers.paper import Paper
from index.store import Placement, Source

Add = Callable[[Sequence[ParsedPaper], Source], list[Placement]]
"""Adds the papers of a source, and returns the outcome of each."""


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """The operations on a library that an import needs.

    `sources` lists the sources, `holds` returns whether a source holds a paper, `add` adds papers,
    and `remove_source` removes a source with the papers that only it holds.
    """

    sources: Callable[[], list[Source]]
    holds: Callable[[Paper, str], bool]
    add: Add
    remove_source: Callable[[str], object]
