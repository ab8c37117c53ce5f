"""`carrel restore` and `carrel merge`: the marks and saved searches of a dump."""

from typing import TYPE_CHECKING

import click

from index.text.cleaning import clean, format_count
from tui.cli.context import open_library
from tui.cli.import_report import MAX_SKIPPED
from tui.cli.json_output import print_json
from tui.cli.output import print_message

if TYPE_CHECKING:
    from index.dumps.service import RestoreReport

_file = click.argument("file", metavar="FILE")
_as_json = click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")


@click.command()
@_file
@_as_json
def restore(file: str, as_json: bool) -> None:
    """Restore the marks and saved searches of a dump.

    Sets everything in FILE, even marks removed here since; removes nothing. (To synchronise two
    machines, deletions included, use carrel merge.) Papers are matched by arXiv id, DOI or title.
    Marks of papers that are not in the library are stored, and set once the papers are imported. A
    FILE of - is standard input.

    \b
    Examples:
      carrel restore marks.jsonl
      carrel --library ~/new restore marks.jsonl
    """
    with open_library() as library:
        report = library.dumps.restore(file)
    _print_report(report, file, "restored", as_json)


@click.command()
@_file
@_as_json
def merge(file: str, as_json: bool) -> None:
    """Merge the dump of another machine.

    For each mark and each saved search, the most recent change on either machine wins, deletions
    included. Two different notes are joined. Once each machine has merged the dump of the other, in
    any order and any number of times, both have the same marks. (To restore a dump without removing
    anything, use carrel restore.) Papers are matched by arXiv id, DOI or title. Marks of papers
    that are not in the library are stored, and set once the papers are imported. FILE may be a
    pipe, or - for standard input.

    \b
    Examples:
      carrel merge laptop.jsonl
      ssh desk carrel dump | carrel merge -
    """
    with open_library() as library:
        report = library.dumps.merge(file)
    _print_report(report, file, "merged", as_json)


def _print_report(report: "RestoreReport", file: str, verb: str, as_json: bool) -> None:
    """Print the report of a dump; exit with code 1 if lines of it were skipped."""
    for skipped in report.skipped[:MAX_SKIPPED]:
        print_message(f"{clean(file)}:{skipped.line}: {skipped.reason}")
    if len(report.skipped) > MAX_SKIPPED:
        print_message(f"{clean(file)}: … and {len(report.skipped) - MAX_SKIPPED:,} more")
    if as_json:
        print_json(report.as_json())
    else:
        print_message(_summary(report, verb))
    if report.skipped:
        click.get_current_context().exit(1)


def _summary(report: "RestoreReport", verb: str) -> str:
    parts = [f"{format_count(report.set, 'mark')} set"] * bool(report.set)
    parts += [f"{format_count(report.taken, 'mark')} removed"] * bool(report.taken)
    text = f"{' and '.join(parts)} on {format_count(report.papers, 'paper')}" if parts else ""
    searches = format_count(report.searches, "saved search", "es") if report.searches else ""
    pairs = format_count(report.pairs, "decision") + " on duplicates" if report.pairs else ""
    text = ", ".join(filter(None, (text, searches, pairs))) or "nothing new"
    if parts or pairs:
        text += " (undo: carrel undo)"
    if report.aside:
        text += f"; marks of {format_count(report.aside, 'missing paper')} stored until imported"
    if report.skipped:
        text += f"; {format_count(len(report.skipped), 'line')} skipped"
    return f"{verb}: {text}"
