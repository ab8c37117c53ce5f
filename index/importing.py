"""Importing: files and folders become papers, with a report that leaves nothing out."""

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, cast

from index import formats
from index.errors import CarrelError
from index.formats import Format, Found, Origin, Skipped
from index.store import Outcome, Source
from index.text import clean, counted

BATCH = 500
"""Papers added in one transaction: what is lost at most when an import is stopped."""

HEAD = 65_536
"""Bytes that a format is recognised by."""

MOST_TITLES = 10
"""Titles of each outcome that a report of one file holds."""

Add = Callable[[Sequence[Found], Source], list[Outcome]]


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

    def count(self, found: Iterable[Found], outcomes: Iterable[Outcome]) -> None:
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
        left = f"; {counted(files, 'file')} left out" if files else ""
        return f"{counted(sum(numbers.values()), 'paper')} read: {', '.join(parts)}{left}"


@dataclass(frozen=True, slots=True)
class Step:
    """How far an import is: bytes of all files, and papers so far."""

    path: str
    bytes_done: int
    bytes_total: int
    papers: int


@dataclass(frozen=True, slots=True)
class Request:
    """What to import and how: `format`, `source` and `date` are the reader's word where given.

    `date` is YYYY, YYYY-MM or YYYY-MM-DD.
    """

    paths: tuple[str, ...]
    format: str = ""
    source: str = ""
    date: str = ""


def run(request: Request, add: Add, step: Callable[[Step], None] | None = None) -> ImportReport:
    """Import files through `add`, telling `step` now and then how far it is.

    A file that cannot be read is a report with one skipped entry; the others still come in. What
    `step` raises stops the import; all batches before are kept.
    """
    if request.format and request.format not in formats.READERS:
        known = ", ".join(formats.READERS)
        raise CarrelError(f"nothing is imported as {request.format!r}; name one of {known}")
    report = ImportReport()
    files = list(_files(request.paths))
    sizes = [_size(path) for path in files]
    before = 0
    for path, size in zip(files, sizes, strict=True):
        file = FileReport(path)
        base, papers = before, report.total("taken")

        def tell(at: int, base: int = base, papers: int = papers, file: FileReport = file) -> None:
            if step:
                step(Step(file.path, base + at, sum(sizes), papers + file.taken))

        try:
            with _opened(path) as stream:
                _import(request, file, stream, add, tell)
        except OSError as error:
            reason = error.strerror or str(error)
            file.skipped.append(Skipped(0, f"cannot be read ({reason}); check its name and rights"))
        report.files.append(file)
        before += size
    return report


def _import(
    request: Request, file: FileReport, stream: BinaryIO, add: Add, tell: Callable[[int], None]
) -> None:
    head = stream.read(HEAD)
    stream.seek(0)
    form = _format(request, head, file)
    if form is None or form.read is None:
        return
    file.format = form.name
    origin = Origin(name=Path(file.path).name, date=request.date)
    file.source = clean(request.source) or source_name(file.path)
    batch: list[Found] = []

    def flush() -> None:
        source = Source(file.source, form.name, _full(file.path), origin.date, "")
        if batch:
            file.count(batch, add(batch, source))
        batch.clear()
        tell(stream.tell())

    for item in form.read(stream, origin):
        if isinstance(item, Skipped):
            file.skipped.append(item)
        elif request.source and item.paper.sources:
            batch.append(replace(item, paper=replace(item.paper, sources=())))
        else:
            batch.append(item)
        if len(batch) >= BATCH:
            flush()
    flush()
    if not file.read:
        file.skipped.append(Skipped(1, f"no paper found in this {form.label} file"))


def _format(request: Request, head: bytes, file: FileReport) -> Format | None:
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        file.skipped.append(Skipped(1, "the file is empty; nothing to import"))
        return None
    if request.format:
        return formats.READERS[request.format]
    # A folder holds files of all kinds; of one that is named the reader knows what it is.
    form = formats.detect(head, Path(file.path).name if file.path in request.paths else "")
    if form is None:
        reason = "no known format; if it is one that carrel import --help lists, say --format"
        file.skipped.append(Skipped(1, reason))
    return form


def source_name(path: str) -> str:
    """Return the name of the source that a file is: its own without its ending."""
    return "stdin" if path == "-" else clean(Path(path).stem) or "file"


def _full(path: str) -> str:
    return "" if path == "-" else str(Path(path).absolute())


def _files(paths: Iterable[str]) -> Iterator[str]:
    """Yield each file to import: those named, and those in the folders named."""
    for path in paths:
        if path != "-" and Path(path).is_dir():
            found = list(_inside(Path(path)))
            if not found:
                raise CarrelError(f"{path}: the folder holds no files to import")
            yield from found
        else:
            yield path


def _inside(folder: Path) -> Iterator[str]:
    """Yield the files of a folder and the folders in it by name; no link is followed out of it."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if not name.startswith(".") and not path.is_symlink():
                yield str(path)


def _size(path: str) -> int:
    try:
        return 0 if path == "-" else Path(path).stat().st_size
    except OSError:
        return 0


def _opened(path: str) -> BinaryIO:
    if path == "-":
        return spooled(sys.stdin.buffer)
    # A pipe or a device would be waited for, or never end.
    if not stat.S_ISREG(Path(path).stat().st_mode):
        raise OSError(None, "it is not a regular file")
    return Path(path).open("rb")


def spooled(stream: BinaryIO) -> BinaryIO:
    """Return what is in a stream as a file that can be read from its beginning again."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the caller closes it
    shutil.copyfileobj(stream, file)
    file.seek(0)
    return cast("BinaryIO", file)
