"""Importing of files and folders, with a report of every entry."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from index import formats
from index.errors import CarrelError
from index.formats import Format
from index.importing.archives import name_of, parts
from index.importing.inputs import file_size, find_files, full_path, open_input, source_name
from index.importing.report import FileReport, ImportProgress, ImportReport
from index.importing.target import Add
from index.importing.transcoding import check_encoding, to_utf8
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.store import Source
from index.text.cleaning import clean, shown_path

log = logging.getLogger(__name__)

BATCH_PAPERS = 500
"""Papers added in one transaction; at most these are lost if an import is stopped."""

HEAD_BYTES = 65_536
"""Bytes from which the format of a file is detected."""

ReportProgress = Callable[[int, FileReport], None]
"""Reports progress: the place in a file, and its report so far."""

MAX_LOGGED_ENTRIES = 100
"""Skipped entries of a file that are logged with their reasons."""


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """The files and folders to import; the other values override what is detected.

    `date` is YYYY, YYYY-MM or YYYY-MM-DD. With `removed`, papers that the reader removed are
    imported again.
    """

    paths: tuple[str, ...]
    format: str = ""
    source: str = ""
    date: str = ""
    encoding: str = ""
    removed: bool = False


def run_import(
    request: ImportRequest, add: Add, step: Callable[[ImportProgress], None] | None = None
) -> ImportReport:
    """Import files with `add`, and report progress to `step`.

    An unreadable file is reported as one skipped entry, and the others are still imported. An
    exception raised by `step` stops the import, but previous batches remain.
    """
    if request.format and request.format not in formats.READERS:
        known = ", ".join(formats.READERS)
        raise CarrelError(f"unknown format {request.format!r}; use one of {known}")
    encoding = check_encoding(request.encoding)
    report = ImportReport()
    files = list(find_files(request.paths))
    sizes = [file_size(path) for path in files]
    before = 0
    for path, size in zip(files, sizes, strict=True):
        done, papers = before, report.total("imported")

        def report_progress(
            at: int, file: FileReport, done: int = done, papers: int = papers
        ) -> None:
            if step:
                step(ImportProgress(file.path, done + at, sum(sizes), papers + file.imported))

        for file in _import_file(request, path, encoding, add, report_progress):
            report.files.append(file)
            _log(file)
        before += size
    return report


def _import_file(
    request: ImportRequest, path: str, encoding: str, add: Add, report_progress: ReportProgress
) -> Iterator[FileReport]:
    """Import a file, or those in an archive; yield a report of each."""
    try:
        with open_input(path) as raw:
            for part in parts(path, raw):
                file = FileReport(shown_path(part.path))
                stream, file.encoding = to_utf8(part.stream, encoding)
                with stream:
                    _import(request, part.path, file, stream, add, report_progress)
                if part.problem:
                    file.skipped = [s for s in file.skipped if file.imported or s.line > 1]
                    file.skipped.append(Skipped(0, part.problem))
                yield file
    except OSError as error:
        file = FileReport(shown_path(path))
        reason = error.strerror or str(error)
        reason = f"cannot read the file: {reason}; check its name and permissions"
        file.skipped.append(Skipped(0, reason))
        yield file


def _log(file: FileReport) -> None:
    counts = (file.added, file.merged, file.unchanged, len(file.skipped))
    log.info(
        "imported %s as %s: %d added, %d merged, %d unchanged, %d skipped",
        *(file.path, file.format or "unknown format", *counts),
    )
    for skipped in file.skipped[:MAX_LOGGED_ENTRIES]:
        log.debug("skipped line %d: %s", skipped.line, skipped.reason)


def _import(
    request: ImportRequest,
    path: str,
    file: FileReport,
    stream: BinaryIO,
    add: Add,
    report_progress: ReportProgress,
) -> None:
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    form = _format(request, path, head, file)
    if form is None or form.read is None:
        return
    file.format = form.name
    origin = Origin(name=clean(Path(name_of(path)).name), date=request.date)
    file.source = clean(request.source) or source_name(name_of(path))
    batch: list[ParsedPaper] = []

    def flush() -> None:
        source = Source(file.source, form.name, full_path(path), origin.date, "")
        if batch:
            file.count(batch, add(batch, source))
        batch.clear()
        report_progress(stream.tell(), file)

    for item in _entries(form, stream, origin):
        if isinstance(item, Skipped):
            file.skipped.append(item)
        elif request.source and item.paper.sources:
            batch.append(replace(item, paper=replace(item.paper, sources=())))
        else:
            batch.append(item)
        if len(batch) >= BATCH_PAPERS:
            flush()
    flush()
    if not file.read:
        file.skipped.append(Skipped(1, f"no paper found in this {form.label} file"))


def _entries(form: Format, stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the entries of a file; an error in its reader costs only the rest of this file."""
    assert form.read
    try:
        yield from form.read(stream, origin)
    except (OSError, MemoryError, CarrelError):
        raise
    except Exception as error:
        log.exception("the %s reader failed", form.name)
        reason = f"cannot read the rest: internal error ({type(error).__name__}); please report it"
        yield Skipped(0, reason)


def _format(request: ImportRequest, path: str, head: bytes, file: FileReport) -> Format | None:
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        file.skipped.append(Skipped(1, "the file is empty; nothing to import"))
        return None
    if request.format:
        return formats.READERS[request.format]
    # The name of a file counts only if the user gave it: folders contain files of all kinds.
    form = formats.detect(head, Path(name_of(path)).name if path in request.paths else "")
    if form is None:
        reason = "unknown format; if carrel import --help lists it, use --format"
        file.skipped.append(Skipped(1, reason))
    return form
