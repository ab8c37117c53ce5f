"""Dialogs with text: a copied text, the report of an import."""

from collections.abc import Iterator
from itertools import islice

from textual.content import Content

from index.importing.report import FileReport, ImportReport, merge_lines
from index.text.cleaning import clean, format_count, shown_path
from tui.screens.dialogs.base import TextDialog

MAX_SKIPPED = 1_000
"""Skipped entries listed for each file; `carrel import --json` lists all."""

MAX_PATH_CHARACTERS = 60
"""Characters shown from the end of a path, which distinguishes files."""


class TextScreen(TextDialog):
    """Shows a text that can be selected with the mouse."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__(title, Content(text))


class ReportScreen(TextDialog):
    """The outcome of each file of an import, and every skipped entry with its reason."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__("Import report", Content("\n").join(_report_lines(report)))


def _report_lines(report: ImportReport) -> Iterator[Content]:
    yield Content.styled(clean(report.summary()), "bold")
    for file in report.files:
        yield Content("")
        path = shown_path(file.path)
        if len(path) > MAX_PATH_CHARACTERS:
            path = f"…{path[1 - MAX_PATH_CHARACTERS :]}"
        yield Content.styled(path, "$accent")
        yield from _file_lines(file)


def _file_lines(file: FileReport) -> Iterator[Content]:
    if file.format:
        counts = [
            f"{count:,} {name}"
            for name in ("added", "merged", "unchanged")
            if (count := getattr(file, name))
        ]
        if file.skipped:
            counts.append(f"{len(file.skipped):,} skipped")
        read = f"{format_count(file.read, 'paper')} read as {file.format}, source {file.source}"
        yield Content("  " + clean(f"{read}: {', '.join(counts)}"))
    for line, words in islice(merge_lines(file), MAX_SKIPPED):
        place = f"line {line}: " if line else ""
        yield Content.assemble("  ", (place, "$accent"), clean(words))
    for skipped in file.skipped[:MAX_SKIPPED]:
        place = f"line {skipped.line}: " if skipped.line else ""
        yield Content.assemble("  ", (place, "$warning"), clean(skipped.reason))
    if len(file.skipped) > MAX_SKIPPED:
        yield Content(f"  … and {len(file.skipped) - MAX_SKIPPED:,} more")
