"""`carrel import`: papers from files and folders."""

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import click

from index.text.cleaning import shown_path
from tui.cli.arguments import LazyChoice, Type, reader_names
from tui.cli.context import open_library, update_index
from tui.cli.help_sections import write_formats
from tui.cli.import_report import plan_lines, print_report
from tui.cli.json_output import print_json
from tui.cli.output import print_lines, terminal_width
from tui.cli.progress import progress

if TYPE_CHECKING:
    from index.importing.report import ImportReport


class ImportCommand(click.Command):
    """A command whose help lists the file formats."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the formats below the options."""
        write_formats(formatter)


class Date(Type):
    """A year, month or day in ISO 8601 format."""

    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the date; fail if there is no such date."""
        match = re.fullmatch(r"([1-9]\d{3})(?:-(\d\d)(?:-(\d\d))?)?", value, re.ASCII)
        try:
            if match:
                date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
                return value
        except ValueError:
            pass
        self.fail(f"{value!r} is not a date; try 2025, 2025-03 or 2025-03-11", param, ctx)


@click.command("import", cls=ImportCommand)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "form", type=LazyChoice(reader_names), metavar="F",
              help="Input format; detected by default.")  # fmt: skip
@click.option("--encoding", metavar="E", default="",
              help="Encoding of the files; detected by default.")  # fmt: skip
@click.option("--source", metavar="NAME", default="",
              help="Source name; the file name by default.")  # fmt: skip
@click.option("--date", type=Date(), metavar="YYYY[-MM[-DD]]", default=None,
              help="Date of the imported papers.")  # fmt: skip
@click.option("--removed", is_flag=True, help="Import papers that you removed, too.")
@click.option("--dry-run", is_flag=True, help="Report what would change; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_(
    paths: tuple[str, ...], form: str | None, encoding: str, source: str, date: str | None,
    removed: bool, dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    """Import papers from files and folders.

    The format of a file is detected from its content, then from its name. A paper that is already
    in the library is merged with the new data; its marks do not change, and the report names it.
    A paper that you removed is skipped, unless with --removed. A PATH of - is standard input.

    The encoding of a file is the one that it declares (`% Encoding:`, `-*- coding: -*-`,
    `<meta charset>`), else UTF-8, else a guess, which the report names.

    \b
    Examples:
      carrel import page.txt references.bib
      carrel import ~/pages --source daily --date 2025-03-11
      carrel import old.bib --encoding windows-1251
      pbpaste | carrel import - --dry-run
    """
    from index.importing.service import ImportRequest

    request = ImportRequest(paths, form or "", source, date or "", encoding, removed)
    with open_library() as library:
        with progress("Importing") as update:
            report = library.import_files(
                request,
                dry_run=dry_run,
                step=lambda step: update(step.bytes_done, step.bytes_total, step.papers),
            )
        if as_json:
            print_json(report.as_json())
        elif dry_run:
            print_lines(plan_lines(report, terminal_width()))
        print_report(report, dry_run)
        if not dry_run and report.total("imported"):
            update_index(library)
    if _failed(report, paths):
        click.get_current_context().exit(1)


def _failed(report: "ImportReport", paths: Iterable[str]) -> bool:
    """Return whether nothing was imported, or a file on the command line has no known format."""
    arguments = set(map(shown_path, paths))
    return not report.total("imported") or any(
        file.format is None and file.path in arguments for file in report.files
    )
