"""The report of an import."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from index.importing.transcoding import Encoding
from index.papers.entries import ParsedPaper, Skipped
from index.store import Outcome, Placement
from index.text.cleaning import format_count
from index.text.encodings import encoding_label


class RecordMerge(NamedTuple):
    """An entry that joined a paper: its line and own id, the paper's id, and the rule.

    `is_known` is whether the paper had it from the same place before.
    """

    line: int
    id: str
    into: str
    rule: str
    is_known: bool


class NearMiss(NamedTuple):
    """A paper that an entry might have joined, and why it is in the paper `into` instead."""

    line: int
    id: str
    into: str
    other: str
    reason: str


MAX_TITLES = 10
"""Titles of each outcome in the report of one file."""


@dataclass(slots=True)
class FileReport:
    """The outcome of one file: each entry is added, merged, unchanged or skipped."""

    path: str
    format: str | None = None
    source: str = ""
    encoding: Encoding = field(default_factory=Encoding)
    added: int = 0
    merged: int = 0
    unchanged: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    merges: list[RecordMerge] = field(default_factory=list)
    near_misses: list[NearMiss] = field(default_factory=list)
    titles: dict[Outcome, list[str]] = field(default_factory=dict)
    """The first few titles of each outcome, for the report of a dry run."""
    without_authors: int = 0
    """The number of papers added that have no authors."""

    @property
    def read(self) -> int:
        """The number of entries in the file."""
        return self.imported + len(self.skipped)

    @property
    def imported(self) -> int:
        """The number of entries that are now in the library."""
        return self.added + self.merged + self.unchanged

    @property
    def new_merges(self) -> list[RecordMerge]:
        """The merges of entries that the library did not have."""
        return [merge for merge in self.merges if not merge.is_known]

    def count(self, found: Iterable[ParsedPaper], placements: Iterable[Placement]) -> None:
        """Count the outcomes of papers, and note which joined others."""
        for item, placement in zip(found, placements, strict=True):
            outcome, own_id, into, rule, near, is_known, reason, _ = placement
            if outcome == "skipped":
                self.skipped.append(Skipped(item.line, reason))
                continue
            if rule:
                self.merges.append(RecordMerge(item.line, own_id, into, rule, is_known))
            if not is_known:
                self.near_misses += [NearMiss(item.line, own_id, into, *other) for other in near]
            setattr(self, outcome, getattr(self, outcome) + 1)
            self.without_authors += outcome == "added" and not item.paper.authors
            titles = self.titles.setdefault(outcome, [])
            if len(titles) < MAX_TITLES:
                titles.append(item.paper.title)


def _encoding(encoding: Encoding) -> dict[str, object]:
    """Return the encoding of a file for JSON, unless it is UTF-8."""
    if encoding.name in ("", "utf-8"):
        return {}
    return {"encoding": encoding_label(encoding.name), "encoding_guessed": encoding.guessed}


@dataclass(slots=True)
class ImportReport:
    """The outcomes of all files of an import."""

    files: list[FileReport] = field(default_factory=list)

    def total(self, name: str) -> int:
        """Return the total of a count: read, imported, added, merged, unchanged or skipped."""
        if name == "skipped":
            return sum(len(file.skipped) for file in self.files)
        return sum(getattr(file, name) for file in self.files)

    @property
    def without_authors(self) -> int:
        """The number of papers added that have no authors."""
        return sum(file.without_authors for file in self.files)

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
                **_joined(file),
                **_encoding(file.encoding),
            }
            for file in self.files
        ]
        shape["merges"] = [_merge_object(merge) for file in self.files for merge in file.merges]
        return shape

    def summary(self) -> str:
        """Return the report in one line, with files of unknown format counted separately."""
        files = sum(1 for file in self.files if file.format is None)
        numbers = {name: self.total(name) for name in ("added", "merged", "unchanged", "skipped")}
        numbers["skipped"] -= files
        parts = [f"{n:,} {name}" for name, n in numbers.items() if n or name == "added"]
        note = f"; {format_count(files, 'file')} skipped" if files else ""
        return f"{format_count(sum(numbers.values()), 'paper')} read: {', '.join(parts)}{note}"


def _joined(file: FileReport) -> dict[str, object]:
    """Return the merges of a file, and those not made, if there are any."""
    merges = [_merge_object(merge) for merge in file.merges]
    near = [near_miss._asdict() for near_miss in file.near_misses]
    return {name: value for name, value in (("merges", merges), ("near", near)) if value}


def _merge_object(merge: RecordMerge) -> dict[str, object]:
    return {"line": merge.line, "id": merge.id, "into": merge.into, "rule": merge.rule}


def merge_lines(file: FileReport) -> Iterator[tuple[int, str]]:
    """Yield the line and a description of each new merge, and of each that was not made."""
    for merge in file.new_merges:
        is_same = merge.id == merge.into
        joined = "is in the library already" if is_same else f"merged into {merge.into}"
        yield merge.line, f"{merge.id} {joined}: {merge.rule}"
    for near in file.near_misses:
        yield near.line, f"{near.into} and {near.other} stay two papers: {near.reason}"


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """The progress of an import: bytes read of all files, and papers so far."""

    path: str
    bytes_done: int
    bytes_total: int
    papers: int
