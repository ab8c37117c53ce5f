"""Texts to be read: the help, a copy as it was taken, what became of an import."""

from collections.abc import Iterator, Mapping, Sequence

from textual.binding import Binding
from textual.content import Content

from index.importing.report import FileReport, ImportReport
from index.text.cleaning import clean, format_count
from tui.screens.dialogs.base import TextDialog

MOST_SHOWN = 1_000
"""Skipped entries of one file that are listed; `carrel import --json` tells all."""

LONGEST_PATH = 60
"""Characters of a path that are shown: its end, which tells one file from another."""


Sections = Mapping[str, Sequence[tuple[str, str]]]
"""Keys and what they do, by the heading they are under."""


class TextScreen(TextDialog):
    """Shows a text as it is, to be taken with the mouse."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__(title, Content(text))


class HelpScreen(TextDialog):
    """Every key and the query syntax."""

    BINDINGS = [Binding("question_mark", "leave", "leave", show=False, priority=True)]

    def __init__(self, commands: Sections, syntax: Sequence[tuple[str, str]]) -> None:
        """Show keys and help of commands by their group, then examples of queries."""
        super().__init__("Keys and query syntax", Content("\n").join(_help(commands, syntax)))


class ReportScreen(TextDialog):
    """What became of each file of an import, and every entry that was skipped, with its reason."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__("Import", Content("\n").join(_told(report)))


def _help(commands: Sections, syntax: Sequence[tuple[str, str]]) -> Iterator[Content]:
    for group, rows in commands.items():
        yield Content.styled(group, "bold $accent")
        for keys, does in rows:
            yield Content.assemble((f"  {keys:<16}", "bold"), does)
        yield Content("")
    yield Content.styled("What to search for", "bold $accent")
    for written, means in syntax:
        yield Content.styled(f"  {written}", "bold")
        yield Content.styled(f"      {means}", "$foreground 58%")


def _told(report: ImportReport) -> Iterator[Content]:
    yield Content.styled(clean(report.summary()), "bold")
    for file in report.files:
        yield Content("")
        path = clean(file.path)
        shown = path if len(path) <= LONGEST_PATH else f"…{path[1 - LONGEST_PATH :]}"
        yield Content.styled(shown, "$accent")
        yield from _file(file)


def _file(file: FileReport) -> Iterator[Content]:
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
    for skipped in file.skipped[:MOST_SHOWN]:
        place = f"line {skipped.line}: " if skipped.line else ""
        yield Content.assemble("  ", (place, "$warning"), clean(skipped.reason))
    if len(file.skipped) > MOST_SHOWN:
        yield Content(f"  … and {len(file.skipped) - MOST_SHOWN:,} more")
