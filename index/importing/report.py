"""What became of the files of an import."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from index.papers.entries import ParsedPaper, Skipped
from index.store import Outcome
from index.text.cleaning import format_count

MOST_TITLES = 10
"""Titles of each outcome that a report of one file holds."""


@dataclass(slots=True)
class FileReport:
    """What became of one file: every entry read is added, merged, unchanged or skipped."""

    path: str
    format: str | None = None
    source: str = ""
    added: int = 0
    merged: int = 0
    unchanged: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    titles: dict[Outcome, list[str]] = field(default_factory=dict)
    """The first few titles of each outcome, for a look at what would come."""

    @property
    def read(self) -> int:
        """The entries found in the file."""
        return self.taken + len(self.skipped)

    @property
    def taken(self) -> int:
        """The entries that are in the library now."""
        return self.added + self.merged + self.unchanged

    def count(self, found: Iterable[ParsedPaper], outcomes: Iterable[Outcome]) -> None:
        """Count what became of papers."""
        for item, outcome in zip(found, outcomes, strict=True):
            setattr(self, outcome, getattr(self, outcome) + 1)
            titles = self.titles.setdefault(outcome, [])
            if len(titles) < MOST_TITLES:
                titles.append(item.paper.title)


@dataclass(slots=True)
class ImportReport:
    """What became of all files of an import."""

    files: list[FileReport] = field(default_factory=list)

    def total(self, name: str) -> int:
        """Return a count over all files: read, added, merged, unchanged or skipped."""
        if name == "skipped":
            return sum(len(file.skipped) for file in self.files)
        return sum(getattr(file, name) for file in self.files)

    def as_json(self) -> dict[str, object]:
        """Return the report in the shape of `carrel import --json`."""
        names = ("read", "added", "merged", "unchanged")
        shape: dict[str, object] = {name: self.total(name) for name in (*names, "skipped")}
        shape["files"] = [
            {
                "path": file.path,
                "format": file.format,
                "source": file.source,
                **{name: getattr(file, name) for name in names},
                "skipped": [{"line": s.line, "reason": s.reason} for s in file.skipped],
            }
            for file in self.files
        ]
        return shape

    def in_words(self) -> str:
        """Return the report in one line; a file that is of no known format counts as a file."""
        files = sum(1 for file in self.files if file.format is None)
        numbers = {name: self.total(name) for name in ("added", "merged", "unchanged", "skipped")}
        numbers["skipped"] -= files
        parts = [f"{n:,} {name}" for name, n in numbers.items() if n or name == "added"]
        left = f"; {format_count(files, 'file')} left out" if files else ""
        return f"{format_count(sum(numbers.values()), 'paper')} read: {', '.join(parts)}{left}"


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is: bytes of all files, and papers so far."""

    path: str
    bytes_done: int
    bytes_total: int
    papers: int
