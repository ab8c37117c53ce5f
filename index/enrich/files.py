"""Records for papers, found in files of any size and any format that Carrel reads."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from index import formats
from index.enrich.targets import Targets
from index.enrich.wanted_lines import WantedLines, is_json_lines
from index.importing.inputs import file_size, find_files, full_path, open_input, source_name
from index.importing.service import HEAD_BYTES
from index.importing.transcoding import to_utf8
from index.papers.entries import Origin, ParsedPaper
from index.papers.paper import Paper, PaperKey
from index.store import Source

PROGRESS_RECORDS = 500
"""Records between two reports of progress."""


class FileProgress(NamedTuple):
    """The progress of reading files: bytes of all files, and records of the current one."""

    path: str
    bytes_done: int
    bytes_total: int
    records: int


class FileRecord(NamedTuple):
    """A record of a file, the papers that it may describe, and its file as a source."""

    keys: list[PaperKey]
    record: Paper
    source: Source


class FileProblem(NamedTuple):
    """A file that cannot be read, and why."""

    path: str
    reason: str


def find_records(
    paths: Iterable[str], targets: Targets, step: Callable[[FileProgress], None]
) -> Iterator[FileRecord | FileProblem]:
    """Yield the records of files and folders that may describe papers, one at a time.

    An exception raised by `step` stops the search. Raises CarrelError for a folder without files.
    """
    files = list(find_files(paths))
    sizes = [file_size(path) for path in files]
    for number, path in enumerate(files):
        before = sum(sizes[:number])

        def report_progress(at: int, records: int, path: str = path, before: int = before) -> None:
            step(FileProgress(path, before + at, sum(sizes), records))

        try:
            with open_input(path) as raw:
                stream, _ = to_utf8(raw)
                with stream:
                    yield from _records(path, stream, targets, report_progress)
        except OSError as error:
            reason = error.strerror or str(error)
            yield FileProblem(path, f"cannot read the file: {reason}")


def _records(
    path: str, stream: BinaryIO, targets: Targets, report_progress: Callable[[int, int], None]
) -> Iterator[FileRecord | FileProblem]:
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    form = formats.detect(head, Path(path).name)
    if form is None or form.read is None:
        yield FileProblem(path, "unknown format; carrel import --help lists the formats")
        return
    source = Source(source_name(path), form.name, full_path(path), "", "")
    if has_filter := is_json_lines(head):
        stream = cast("BinaryIO", WantedLines(stream, targets, report_progress))
    for count, item in enumerate(form.read(stream, Origin(Path(path).name)), 1):
        if count % PROGRESS_RECORDS == 0 and not has_filter:
            report_progress(stream.tell(), count)
        if isinstance(item, ParsedPaper) and (keys := targets.of(item.paper)):
            yield FileRecord(keys, item.paper, source)
