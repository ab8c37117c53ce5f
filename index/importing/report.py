"""The report of an import."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from index.papers.entries import ParsedPaper, Skipped
from index.store import Outcome
from index.text.cleaning import format_count

MAX_TITLES = 10
"""Titles of each outcome in the report of one file."""


@dataclass(slots=True)
class FileReport:
    """The outcome of one file: each entry is added, merged, unchanged or skipped."""

    path: str
    format: str | None = None
    source: str = ""
    added: int = 0
    merged: int = 0
    unchanged: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    titles: dict[Outcome, list[str]] = field(default_factory=dict)
    """The first few titles of each outcome, for the report of a dry run."""

    @property
    def read(self) -> int:
        """The number of entries in the file."""
        return self.imported + len(self.skipped)

    @property
    def imported(self) -> int:
        """The number of entries that are now in the library."""
        return self.added + self.merged + self.unchanged

    def count(self, found: Iterable[ParsedPaper], outcomes: Iterable[Outcome]) -> None:
        """Count the outcomes of papers."""
        for item, outcome in zip(found, outcomes, strict=True):
            setattr(self, outcome, getattr(self, outcome) + 1)
            titles = self.titles.setdefault(outcome, [])
            if len(titles) < MAX_TITLES:
                titles.append(item.paper.title)


@dataclass(slots=True)
class ImportReport:
    """The outcomes of all files of an import."""

    files: list[FileReport] = field(default_factory=list)

    def total(self, name: str) -> int:
        """Return the total of a count: read, imported, added, merged, unchanged or skipped."""
        if name == "skipped":
            return sum(len(file.skipped) for file in self.files)
        return sum(getattr(file, name) for file in self.files)

    def as_json(self) -> dict[str, object]:
        """Return the report as printed by `carrel import --json`."""
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

    def summary(self) -> str:
        """Return the report in one line, with files of unknown format counted separately."""
        files = sum(1 for file in self.files if file.format is None)
        numbers = {name: self.total(name) for name in ("added", "merged", "unchanged", "skipped")}
        numbers["skipped"] -= files
        parts = [f"{n:,} {name}" for name, n in numbers.items() if n or name == "added"]
        note = f"; {format_count(files, 'file')} skipped" if files else ""
        return f"{format_count(sum(numbers.values()), 'paper')} read: {', '.join(parts)}{note}"


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """The progress of an import: bytes read of all files, and papers so far."""

    path: str
    bytes_done: int
    bytes_total: int
    papers: int
