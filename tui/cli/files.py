"""Verbs about files of papers: what comes in from them, and what is written to them."""

import re
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli.base import (
    OneOf,
    Type,
    WordsCommand,
    catch_up,
    found,
    full_ids,
    loaded_config,
    opened,
)
from tui.cli.output import columns, emit, emit_json, import_lines, plan_lines, say
from tui.cli.progress import progress

if TYPE_CHECKING:
    from index.importing.report import ImportReport


def _readers() -> Iterable[str]:
    from index.formats import READERS

    return READERS


def _writers() -> Iterable[str]:
    from index.formats import WRITERS

    return WRITERS


def _write_formats(formatter: click.HelpFormatter) -> None:
    """Write every format, and whether it is read (in) and written (out)."""
    from index.formats import FORMATS

    with formatter.section("Formats"):
        formatter.write_dl(
            [
                (
                    f"{form.name:<16}  {'in' if form.read else '  '} {'out' if form.write else ''}",
                    "  ".join(filter(None, (form.label, " ".join(form.endings)))),
                )
                for form in FORMATS
            ]
        )


class Importing(click.Command):
    """A command that reads files, and lists the formats they may have."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the formats below the options."""
        _write_formats(formatter)


class Exporting(WordsCommand):
    """One that writes them, of papers that a query finds."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the formats below the options."""
        _write_formats(formatter)


class Date(Type):
    """A date to the year, the month or the day, as ISO 8601 writes it."""

    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the date; fails for one that no calendar has."""
        match = re.fullmatch(r"([1-9]\d{3})(?:-(\d\d)(?:-(\d\d))?)?", value, re.ASCII)
        try:
            if match:
                date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
                return value
        except ValueError:
            pass
        self.fail(f"{value!r} is not a date; write 2025, 2025-03 or 2025-03-11", param, ctx)


class KeyPattern(Type):
    """A pattern of citation keys."""

    name = "pattern"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the pattern; fails for one that makes no keys."""
        from index.errors import CarrelError
        from index.formats import Style

        try:
            return Style(keys=value).keys
        except CarrelError as error:
            self.fail(str(error), param, ctx)


# -- bringing papers in ----------------------------------------------------------------------------


@click.command("import", cls=Importing)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "form", type=OneOf(_readers), metavar="F",
              help="The files' format, by its name below; else it is found out.")  # fmt: skip
@click.option("--source", metavar="NAME", default="", help="The source's name; else the file's.")
@click.option("--date", type=Date(), metavar="YYYY[-MM[-DD]]", default=None,
              help="The date of the files' papers.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only tell what would come of it.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_(
    paths: tuple[str, ...], form: str | None, source: str, date: str | None, dry_run: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Bring papers in from files and folders; - is standard input.

    What a file is shows in its content, then in its name. A paper that is known already is merged
    with what the file adds to it, and marks stay as they are.

    \b
    Examples:
      carrel import page.txt references.bib
      carrel import ~/pages --source daily --date 2025-03-11
      pbpaste | carrel import - --dry-run
    """
    from index.importing.service import ImportRequest

    request = ImportRequest(paths, form or "", source, date or "")
    with opened() as library:
        with progress("Importing") as tell:
            report = library.import_files(
                request,
                dry_run=dry_run,
                step=lambda step: tell(step.bytes_done, step.bytes_total, step.papers),
            )
        if as_json:
            emit_json(report.as_json())
        elif dry_run:
            emit(plan_lines(report, columns()))
        tell_report(report, dry_run)
        if not dry_run and report.total("taken"):
            catch_up(library)
    if _at_fault(report, paths):
        click.get_current_context().exit(1)


def tell_report(report: "ImportReport", dry_run: bool) -> None:
    """Tell what became of each file, of each entry skipped, and of all of it in one line."""
    lines = list(import_lines(report))
    fault = "" if report.total("taken") else "carrel: "
    for line in lines:
        say(fault + line)
    if report.total("taken") or len(lines) > 1:
        say(report.in_words() + ("; nothing was changed" if dry_run else ""))


def _at_fault(report: "ImportReport", paths: Iterable[str]) -> bool:
    """Tell whether nothing was taken in, or a file that was named was not understood."""
    named = set(paths)
    return not report.total("taken") or any(
        file.format is None and file.path in named for file in report.files
    )


# -- taking papers away ----------------------------------------------------------------------------


@click.command(cls=Exporting)
@click.argument("query", nargs=-1)
@click.option("-o", "--output", "output", metavar="FILE", default="-",
              help="The file to write; else standard output.")  # fmt: skip
@click.option("--format", "form", type=OneOf(_writers), metavar="F",
              help="The format, by its name below; else as FILE ends, else bibtex.")  # fmt: skip
@click.option("--template", metavar="FILE", type=click.Path(path_type=Path), default=None,
              help="A template of your own that writes them, in place of a format.")  # fmt: skip
@click.option("--no-abstract", is_flag=True, help="Leave abstracts out.")
@click.option("--no-tags", is_flag=True, help="Leave tags out.")
@click.option("--no-note", is_flag=True, help="Leave notes out.")
@click.option("--no-marks", is_flag=True, help="Leave all out that you added.")
@click.option("--keys", type=KeyPattern(), metavar="PATTERN", default=None,
              help="How citation keys are made, such as {Author}{year}{word}.")  # fmt: skip
@click.option("--unicode/--no-unicode", default=None,
              help="Write é and α in BibTeX as they are, or as LaTeX commands.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace FILE where it is there.")
def export(
    query: tuple[str, ...], output: str, form: str | None, template: Path | None,
    keys: str | None, unicode: bool | None, force: bool, **left_out: bool,
) -> None:  # fmt: skip
    """Write papers to a file, for other programs.

    Those of a QUERY; without one, those that are bookmarked. In BibTeX and BibLaTeX a note stands
    where it is never printed, and tags are keywords. Citation keys are made of {author}, {Author},
    {authors}, {year}, {word}, {Word} (the first of the title that says something), {title}, {venue}
    and {id}.

    A template is written in Jinja. It has "papers", each with the keys of --json and its citation
    key as "key", and filters that make any text safe in a format: latex, markdown, org, json, csv.
    What a template that ends in .html or .xml writes is escaped. This one is a list for LaTeX:

    \b
      {% for paper in papers %}
      \\item {{ paper.title|latex }} \\cite{ {{- paper.key -}} }
      {% endfor %}

    \b
    Examples:
      carrel export -o reading.bib
      carrel export tag:thesis year:2020.. -o thesis.md
      carrel export is:unread --format csv > unread.csv
      carrel export tag:team -o team.jsonl --no-marks
      carrel export --format biblatex --keys '{Author}:{year}' -o thesis.bib
      carrel export tag:talk --template slides.tex -o talk.tex
    """
    usual = loaded_config().style
    style = replace(
        usual,
        keys=usual.keys if keys is None else keys,
        unicode=usual.unicode if unicode is None else unicode,
        template=template,
        **{name.removeprefix("no_"): not out for name, out in left_out.items()},
    )
    if template and form:
        raise click.UsageError("--format and --template both say how papers are written; give one")
    form = template.name if template else form or _format_of(output)
    wanted = " ".join(query) or "is:bookmarked"
    with opened() as library:
        papers = full_ids(library, found(library, wanted))
        if not papers:
            say(f"nothing to export: no paper is found by {wanted}")
        elif output == "-":
            sys.stdout.writelines(library.export(papers, form, style))
        else:
            library.export_file(papers, output, form, style, overwrite=force)
            say(f"exported {_papers(len(papers))} to {output} as {form}")


def _papers(count: int) -> str:
    return "1 paper" if count == 1 else f"{count:,} papers"


def _format_of(output: str) -> str:
    """Return the format that a file's ending asks for; raises UsageError for one that none has."""
    from index.formats import writer_for

    if output == "-":
        return "bibtex"
    form = writer_for(output)
    if form is None:
        known = ", ".join(_writers())
        raise click.UsageError(
            f"the ending of {Path(output).name!r} names no format; give one with --format ({known})"
        )
    return form.name
