"""Importing: files and folders become papers, with a report that leaves nothing out."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from index import formats
from index.errors import CarrelError
from index.formats import Format
from index.importing.inputs import file_size, find_files, full_path, open_input, source_name
from index.importing.report import FileReport, ImportProgress, ImportReport
from index.importing.target import Add
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.store import Source
from index.text.cleaning import clean

log = logging.getLogger(__name__)

BATCH = 500
"""Papers added in one transaction: what is lost at most when an import is stopped."""

HEAD = 65_536
"""Bytes that a format is recognised by."""

MOST_LOGGED = 100
"""Skipped entries of a file that are logged with their reasons."""


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to import and how: `format`, `source` and `date` are the reader's word where given.

    `date` is YYYY, YYYY-MM or YYYY-MM-DD.
    """

    paths: tuple[str, ...]
    format: str = ""
    source: str = ""
    date: str = ""


def run_import(
    request: ImportRequest, add: Add, step: Callable[[ImportProgress], None] | None = None
) -> ImportReport:
    """Import files through `add`, telling `step` now and then how far it is.

    A file that cannot be read is a report with one skipped entry; the others still come in. What
    `step` raises stops the import; all batches before are kept.
    """
    if request.format and request.format not in formats.READERS:
        known = ", ".join(formats.READERS)
        raise CarrelError(f"nothing is imported as {request.format!r}; name one of {known}")
    report = ImportReport()
    files = list(find_files(request.paths))
    sizes = [file_size(path) for path in files]
    before = 0
    for path, size in zip(files, sizes, strict=True):
        file = FileReport(path)
        base, papers = before, report.total("taken")

        def tell(at: int, base: int = base, papers: int = papers, file: FileReport = file) -> None:
            if step:
                step(ImportProgress(file.path, base + at, sum(sizes), papers + file.taken))

        try:
            with open_input(path) as stream:
                _import(request, file, stream, add, tell)
        except OSError as error:
            reason = error.strerror or str(error)
            file.skipped.append(Skipped(0, f"cannot be read ({reason}); check its name and rights"))
        report.files.append(file)
        _log(file)
        before += size
    return report


def _log(file: FileReport) -> None:
    counts = (file.added, file.merged, file.unchanged, len(file.skipped))
    log.info(
        "imported %s as %s: %d added, %d merged, %d unchanged, %d skipped",
        *(file.path, file.format or "no known format", *counts),
    )
    for skipped in file.skipped[:MOST_LOGGED]:
        log.debug("skipped line %d: %s", skipped.line, skipped.reason)


def _import(
    request: ImportRequest,
    file: FileReport,
    stream: BinaryIO,
    add: Add,
    tell: Callable[[int], None],
) -> None:
    head = stream.read(HEAD)
    stream.seek(0)
    form = _format(request, head, file)
    if form is None or form.read is None:
        return
    file.format = form.name
    origin = Origin(name=Path(file.path).name, date=request.date)
    file.source = clean(request.source) or source_name(file.path)
    batch: list[ParsedPaper] = []

    def flush() -> None:
        source = Source(file.source, form.name, full_path(file.path), origin.date, "")
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


def _format(request: ImportRequest, head: bytes, file: FileReport) -> Format | None:
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
