"""Entries of a file, as yielded by formats: a paper, or the reason for skipping it."""

from dataclasses import dataclass, field

from index.papers.paper import Paper

STARTER = "starter"
"""The source of the starter shelf, whose abstracts are summaries written for Carrel."""

YOU = "you"
"""The source of what the reader adds by hand."""

NO_TITLE = "no title; give the entry one"
"""The reason for skipping an entry without a title."""


@dataclass(frozen=True, slots=True)
class ParsedPaper:
    """A paper read from a file.

    `line` is the first line of its entry, `position` its position in the file; both start at 1.
    """

    paper: Paper
    position: int
    line: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that was skipped: its first line, and the reason."""

    line: int
    reason: str


@dataclass(slots=True)
class Origin:
    """The file that papers are read from, with facts found while reading it.

    `date` is the date of the page in ISO 8601, or `--MM-DD` (ISO 8601:2000 5.2.1.3) if the page
    names no year. Formats set it while reading, unless a full date was given.
    """

    name: str
    date: str = ""
    notes: list[str] = field(default_factory=list)
