"""Entries of a file as a format yields them: a paper, or why it was skipped."""

from dataclasses import dataclass, field

from index.papers.paper import Paper

NO_TITLE = "no title; give the entry one"
"""Why an entry is skipped that says nothing a paper could be known by."""


@dataclass(frozen=True, slots=True)
class ParsedPaper:
    """A paper read from a file: `line` is where its entry begins, `position` its place in the list.

    Both count from 1.
    """

    paper: Paper
    position: int
    line: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that could not be taken: the line it begins at, and why."""

    line: int
    reason: str


@dataclass(slots=True)
class Origin:
    """What is known of a file from outside it, and what reading it brings to light.

    `date` is the page's date, ISO 8601 or, where the page names no year, `--MM-DD` (ISO 8601:2000
    5.2.1.3). A reader sets it while reading; a full date given from outside stays.
    """

    name: str
    date: str = ""
    notes: list[str] = field(default_factory=list)
