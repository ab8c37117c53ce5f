"""Verbs about papers: bringing them in, finding them, showing them, taking them away."""

import re
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from tui.commands import SYNTAX
from tui.output import (
    emit,
    emit_json,
    facet_lines,
    facet_shapes,
    import_lines,
    json_line,
    paper_shapes,
    paper_table,
    papers_in_words,
    results_shape,
    say,
)
from tui.progress import progress
from tui.verbs.base import (
    Choice,
    OneOf,
    Type,
    Words,
    catalogue,
    catch_up,
    found,
    full_keys,
    given_ids,
    loaded_config,
    opened,
)

if TYPE_CHECKING:
    from index import Library
    from index.importing import ImportReport
    from index.library import Results

Show = TypeVar("Show", bound=Callable[..., None])

SHAPES = ("table", "json", "jsonl", "ids")


def _readers() -> Iterable[str]:
    from index.formats import READERS

    return READERS


def _writers() -> Iterable[str]:
    from index.formats import WRITERS

    return WRITERS


def _sorts() -> Iterable[str]:
    from index.library import SORTS

    return SORTS


def result_formats() -> Iterable[str]:
    """Return the names of all that results are printed as."""
    return (*SHAPES, *(name for name in _writers() if name not in SHAPES))


def _show_formats() -> Iterable[str]:
    return ("json", *_writers())


class Searching(Words):
    """A command that takes a query, and explains how one is written."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the query syntax below the options."""
        with formatter.section("Query syntax"):
            formatter.write_dl([(syntax.written, syntax.means) for syntax in SYNTAX], col_max=34)


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


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "form", cls=Choice, type=OneOf(_readers), metavar="F",
              help="The files' format; else it is found out.")  # fmt: skip
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
    from index.importing import Request

    request = Request(paths, form or "", source, date or "")
    with opened() as library:
        with progress("Importing") as tell:
            report = library.import_files(
                request,
                dry_run=dry_run,
                step=lambda step: tell(step.bytes_done, step.bytes_total, step.papers),
            )
        if as_json:
            emit_json(report.as_json())
        _tell_report(report, dry_run)
        if not dry_run and report.total("taken"):
            catch_up(library)
    if _at_fault(report, paths):
        click.get_current_context().exit(1)


def _tell_report(report: "ImportReport", dry_run: bool) -> None:
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


# -- finding papers --------------------------------------------------------------------------------


def showing(command: Show) -> Show:
    """Give a command the options that say which results are printed, and how."""
    options = (
        click.option("--limit", type=click.IntRange(min=0), default=20, show_default=True,
                     metavar="N", help="The most papers shown."),
        click.option("--offset", type=click.IntRange(min=0), default=0, metavar="N",
                     help="Papers passed by before the first shown."),
        click.option("--sort", cls=Choice, type=OneOf(_sorts), default="relevance",
                     show_default=True, metavar="KEY", help="The order."),
        click.option("--format", "form", cls=Choice, type=OneOf(result_formats), default="table",
                     show_default=True, metavar="F", help="How papers are printed."),
        click.option("--json", "as_json", is_flag=True,
                     help="Print counts, notes on the query and papers as JSON."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.command(cls=Searching)
@click.argument("query", nargs=-1)
@showing
def search(
    query: tuple[str, ...], limit: int, offset: int, sort: str, form: str, as_json: bool
) -> None:
    """Find papers; without a QUERY show all, newest source first.

    In the table ★ is bookmarked, ○ unread, # tagged, ✎ noted. Papers that hold only some of the
    words follow where few hold all. Words may stand without quotes; a phrase needs its own:
    '"in-context learning"'. --format json prints the papers alone, --json an object around them:
    query, total, full (papers that hold all of it), took (seconds), notes, hits.

    \b
    Examples:
      carrel search watermark -image
      carrel search 'title:diffusion year:2020..' --sort newest
      carrel search tag:nlp --format ids | carrel mark read -
      carrel search tranformer --json | jq -r '.notes[].offers[]'
    """
    with opened() as library:
        results = found(library, " ".join(query), limit=limit, offset=offset, sort=sort)
        print_results(library, results, form, offset, whole=as_json)


def print_results(
    library: "Library", results: "Results", form: str, offset: int, *, whole: bool
) -> None:
    """Print the results asked for in a format, and below a table how many there are.

    `whole` prints all of the answer as one JSON object.
    """
    if whole:
        papers = library.rows([hit.key for hit in results.hits])
        emit_json(results_shape(results, papers))
        return
    hits = {hit.key: hit for hit in results.hits}
    if form not in SHAPES:
        sys.stdout.writelines(library.exported(list(hits), form, loaded_config().style))
        return
    papers = library.rows(list(hits))
    shown = [hits[paper.key] for paper in papers]
    if form == "ids":
        emit(paper.id for paper in papers)
    elif form == "json":
        emit_json(list(paper_shapes(papers, shown)))
    elif form == "jsonl":
        emit(map(json_line, paper_shapes(papers, shown)))
    else:
        columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        emit(paper_table(papers, shown, columns))
        _tell_count(library, results, offset)


def _tell_count(library: "Library", results: "Results", offset: int) -> None:
    sys.stdout.flush()
    count = library.count()
    say(papers_in_words(results, count, offset))
    if not count:
        say("the library is empty; carrel import PATH brings papers in")


@click.command(cls=Searching)
@click.argument("query", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Print all values, not the 200 commonest.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def facets(query: tuple[str, ...], every: bool, as_json: bool) -> None:
    """Count what papers have in common.

    Of the papers of a QUERY, or of all: states, tags, sources, years, venues, authors, categories,
    keywords, topics of titles and abstracts, what is known. In JSON there are the 200 commonest
    values of each, and "more" tells how many others; for reading there are 20.

    \b
    Examples:
      carrel facets
      carrel facets diffusion year:2020.. --json
      carrel facets --all --json
    """
    from index.facets import MOST_VALUES

    with opened() as library:
        results = found(library, " ".join(query))
        catalogue(library)
        counted = library.facets(results, most=None if every else MOST_VALUES)
        if as_json:
            emit_json(facet_shapes(counted))
        else:
            emit(facet_lines(counted, every=every))


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--format", "form", cls=Choice, type=OneOf(_show_formats), default="text",
              show_default=True, metavar="F", help="How papers are printed.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
def show(ids: tuple[str, ...], form: str, as_json: bool) -> None:
    """Print whole papers.

    An arXiv id or DOI names a paper as well; - reads ids from standard input.

    \b
    Examples:
      carrel show oreo-plug-in-context
      carrel show 1706.03762 --format bibtex
      carrel search is:bookmarked --format ids | carrel show - --json
    """
    from index.formats.jsonl import as_json as shape_of

    with opened() as library:
        keys = library.keys(given_ids(ids))
        if as_json or form == "json":
            emit_json([shape_of(paper) for paper in library.rows(keys)])
        else:
            sys.stdout.writelines(library.exported(keys, form, loaded_config().style))


# -- taking papers away ----------------------------------------------------------------------------


@click.command(cls=Words)
@click.argument("query", nargs=-1)
@click.option("-o", "--output", "output", metavar="FILE", default="-",
              help="The file to write; else standard output.")  # fmt: skip
@click.option("--format", "form", cls=Choice, type=OneOf(_writers), metavar="F",
              help="The format; else FILE's ending tells, else it is bibtex.")  # fmt: skip
@click.option("--no-abstract", is_flag=True, help="Leave abstracts out.")
@click.option("--no-tags", is_flag=True, help="Leave tags out.")
@click.option("--no-note", is_flag=True, help="Leave notes out.")
@click.option("--no-marks", is_flag=True, help="Leave all out that you added.")
@click.option("--keys", type=KeyPattern(), metavar="PATTERN", default=None,
              help="Citation keys as of a pattern: {Author}{year}{word}.")  # fmt: skip
@click.option("--unicode/--no-unicode", default=None,
              help="Write é and α in BibTeX as they are, or as LaTeX commands.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace FILE where it is there.")
def export(
    query: tuple[str, ...], output: str, form: str | None, keys: str | None, unicode: bool | None,
    force: bool, **left_out: bool,
) -> None:  # fmt: skip
    """Write papers to a file, for other programs.

    Those of a QUERY; without one, those that are bookmarked. In BibTeX and BibLaTeX a note stands
    where it is never printed, and tags are keywords. Citation keys are made of {author}, {Author},
    {authors}, {year}, {word}, {Word} (the first of the title that says something), {title}, {venue}
    and {id}.

    \b
    Examples:
      carrel export -o reading.bib
      carrel export tag:thesis year:2020.. -o thesis.md
      carrel export is:unread --format csv > unread.csv
      carrel export tag:team -o team.jsonl --no-marks
      carrel export --format biblatex --keys '{Author}:{year}' -o thesis.bib
    """
    usual = loaded_config().style
    style = replace(
        usual,
        keys=usual.keys if keys is None else keys,
        unicode=usual.unicode if unicode is None else unicode,
        **{name.removeprefix("no_"): not out for name, out in left_out.items()},
    )
    form = form or _format_of(output)
    wanted = " ".join(query) or "is:bookmarked"
    with opened() as library:
        papers = full_keys(found(library, wanted))
        if not papers:
            say(f"nothing to export: no paper is found by {wanted}")
        elif output == "-":
            sys.stdout.writelines(library.exported(papers, form, style))
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
