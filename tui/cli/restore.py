"""`carrel restore` and `carrel merge`: the marks of a dump, set here."""

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
_as_json = click.option("--json", "as_json", is_flag=True, help="Print what came of it as JSON.")


@click.command()
@_file
@_as_json
def restore(file: str, as_json: bool) -> None:
    """Bring back the marks and saved searches of a dump.

    All that FILE has is set again, also what was taken away here since; nothing that is here and
    not in FILE is taken away. (To make two machines agree, deletions included, use carrel merge.)
    Papers are found by arXiv id, DOI or title. What belongs to papers that are not here is kept,
    and set when they are imported. FILE may be - for standard input.

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
    """Merge in the dump of another machine.

    Of each mark and each saved search the later word of the two machines stands: what was marked
    there is marked here, and what was taken away there later than it was set here goes. Of two
    different notes both are kept. Merge each machine's dump on the other, in any order and as often
    as you like, and both have the same. (To bring back what a dump has and take nothing away, use
    carrel restore.) Papers are found by arXiv id, DOI or title. What belongs to papers that are not
    here is kept, and set when they are imported. FILE may be a pipe, or - for standard input.

    \b
    Examples:
      carrel merge laptop.jsonl
      ssh desk carrel dump | carrel merge -
    """
    with open_library() as library:
        report = library.dumps.merge(file)
    _print_report(report, file, "merged", as_json)


def _print_report(report: "RestoreReport", file: str, verb: str, as_json: bool) -> None:
    """Print what became of a dump; exit with code 1 if lines of it are damaged."""
    for skipped in report.skipped[:MAX_SKIPPED]:
        print_message(f"{clean(file)}:{skipped.line}: {skipped.reason}")
    if len(report.skipped) > MAX_SKIPPED:
        print_message(f"{clean(file)}: … and {len(report.skipped) - MAX_SKIPPED:,} more")
    if as_json:
        print_json(report.as_json())
    else:
        print_message(_in_words(report, verb))
    if report.skipped:
        click.get_current_context().exit(1)


def _in_words(report: "RestoreReport", verb: str) -> str:
    parts = [f"{format_count(report.set, 'mark')} set"] * bool(report.set)
    parts += [f"{format_count(report.taken, 'mark')} taken away"] * bool(report.taken)
    words = f"{' and '.join(parts)} on {format_count(report.papers, 'paper')}" if parts else ""
    searches = format_count(report.searches, "saved search", "es") if report.searches else ""
    words = ", ".join(filter(None, (words, searches))) or "nothing is new in it"
    if parts:
        words += " (carrel undo takes the marks back)"
    if report.aside:
        words += f"; {format_count(report.aside, 'paper')} not here: kept until imported"
    if report.skipped:
        words += f"; {format_count(len(report.skipped), 'line')} left out"
    return f"{verb}: {words}"
