"""`carrel enrich`: complete papers from files and services."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tui.cli.arguments import QueryCommand, Type
from tui.cli.context import open_library, update_index
from tui.cli.enrich_report import report_lines
from tui.cli.json_output import json_option, print_json
from tui.cli.output import print_lines, print_message
from tui.cli.progress import ProgressLine
from tui.cli.selection import full_match_ids, read_ids, search_papers

if TYPE_CHECKING:
    from index import Library
    from index.enrich.report import EnrichReport
    from index.papers.paper import PaperKey

DEFAULT_QUERY = "is:bookmarked is:incomplete"


class CandidateChoice(Type):
    """A paper and the number of a candidate: ID=N."""

    name = "choice"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text; fail if it has no number."""
        paper, _, number = value.rpartition("=")
        if not paper or not (number.isascii() and number.isdigit()):
            self.fail(f"{value!r} is not ID=N, such as oreo-plug-in-context=1", param, ctx)
        return value


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1)
@click.option("--from", "paths", multiple=True, metavar="PATH",
              help="Look papers up in a file or folder.")  # fmt: skip
@click.option("--choose", type=CandidateChoice(), multiple=True, metavar="ID=N",
              help="Take candidate N for a paper.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Report what would change; change nothing.")
@json_option
def enrich(
    query: tuple[str, ...], paths: tuple[str, ...], choose: tuple[str, ...], dry_run: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Complete authors, dates, venues and identifiers of papers.

    Without QUERY, the bookmarked papers that are incomplete; a QUERY of - reads ids from standard
    input. Records are compared by title and abstract. A record that certainly describes a paper
    fills what the paper lacks and changes nothing else; --choose takes one that is unsure. carrel
    undo takes back all that one command filled in.

    --from reads any format that carrel import reads; nothing is added to the library.

    \b
    Examples:
      carrel enrich is:incomplete --from anthology.bib
      carrel enrich --from arxiv-metadata-oai-snapshot.json --dry-run
      carrel enrich --choose oreo-plug-in-context=1
    """
    with open_library() as library:
        if choose:
            report = _choose(library, choose)
        elif paths:
            report = _run(library, _keys(library, query), paths, dry_run)
        else:
            raise click.UsageError("nowhere to look papers up; try --from FILE")
        _print(report, dry_run, as_json)
        if report.completed and not dry_run:
            update_index(library)
    if report.problems or report.count("failed"):
        click.get_current_context().exit(1)


def _keys(library: "Library", query: Sequence[str]) -> "list[PaperKey]":
    """Return the papers of a query, or those whose ids standard input has."""
    if tuple(query) == ("-",):
        return library.keys(read_ids(query))
    results = search_papers(library, " ".join(query) or DEFAULT_QUERY)
    return library.keys(full_match_ids(library, results))


def _run(
    library: "Library", keys: "Sequence[PaperKey]", paths: Sequence[str], dry_run: bool
) -> "EnrichReport":
    from index.enrich.service import EnrichRequest

    request = EnrichRequest(tuple(keys), tuple(paths))
    with ProgressLine() as line:
        return library.enrichment.run(
            request, step=lambda at: line.update(at.words, at.completed), dry_run=dry_run
        )


def _choose(library: "Library", choices: Sequence[str]) -> "EnrichReport":
    from index.enrich.report import EnrichReport

    report = EnrichReport()
    for choice in choices:
        paper, _, number = choice.rpartition("=")
        (key,) = library.keys([paper])
        report.papers.append(library.enrichment.choose(key, int(number)))
    return report


def _print(report: "EnrichReport", dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json(report.as_json())
    else:
        print_lines(report_lines(report))
    for problem in report.problems:
        print_message(f"carrel: {problem}")
    print_message(report.summary() + ("; dry run, nothing changed" if dry_run else ""))
