"""`carrel enrich`: complete papers from files and services."""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from index.text.cleaning import format_count
from tui.cli.arguments import LazyChoice, LazyChoiceOption, QueryCommand, Type
from tui.cli.context import load_config, open_library, update_index
from tui.cli.enrich_report import report_lines
from tui.cli.json_output import json_option, print_json
from tui.cli.output import print_lines, print_message
from tui.cli.progress import ProgressLine
from tui.cli.selection import full_match_ids, read_ids, search_papers

if TYPE_CHECKING:
    from index import Library
    from index.enrich.report import EnrichReport
    from index.enrich.run import EnrichRequest
    from index.papers.paper import PaperKey

DEFAULT_QUERY = "is:bookmarked is:incomplete"
DEFAULT_PUBLISHED_QUERY = "is:bookmarked has:arxiv"


class ServiceName(LazyChoice):
    """The name of a service, in any spelling: semantic-scholar, semantic_scholar."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name; for an unknown name, fail and list the known ones."""
        names = {_letters(name): name for name in self.names()}
        return super().convert(names.get(_letters(value), value), param, ctx)


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))


def service_names() -> Iterable[str]:
    """Return the names of the services."""
    from index.enrich.services.registry import SERVICE_NAMES

    return SERVICE_NAMES


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
              help="Read records from a file or folder.")  # fmt: skip
@click.option("--service", "services", multiple=True, type=ServiceName(service_names),
              cls=LazyChoiceOption, metavar="NAME", help="Ask this service only.")  # fmt: skip
@click.option("--published", is_flag=True, help="Cite the published versions of preprints.")
@click.option("--choose", type=CandidateChoice(), multiple=True, metavar="ID=N",
              help="Take candidate N for a paper.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Ask services without confirmation.")
@click.option("--dry-run", is_flag=True, help="Report what would change; change nothing.")
@json_option
def enrich(
    query: tuple[str, ...], paths: tuple[str, ...], services: tuple[str, ...], published: bool,
    choose: tuple[str, ...], yes: bool, dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    """Complete authors, dates, venues and identifiers of papers.

    Without QUERY, the bookmarked papers that are incomplete; a QUERY of - reads ids from standard
    input. Records are compared by title and abstract. A record that certainly describes a paper
    fills what the paper lacks and changes nothing else; --choose takes one that is unsure. carrel
    undo reverts everything that one command filled in.

    --from reads any format that carrel import reads; nothing is added to the library, and no
    service is asked unless --service names one. Otherwise the titles, arXiv ids and DOIs of the
    papers are sent to all services, after a confirmation. A service that does not know a paper is
    asked about it again after 30 days.

    \b
    Examples:
      carrel enrich is:incomplete
      carrel enrich --from anthology.bib --dry-run
      carrel enrich tag:thesis --published --yes
      carrel enrich --choose oreo-plug-in-context=1
    """
    from index.enrich.run import EnrichRequest

    with open_library() as library:
        if choose:
            report = _choose(library, choose, published)
        else:
            keys = _keys(library, query, published)
            asked = services or (() if paths else tuple(service_names()))
            report = _run(library, EnrichRequest(keys, paths, asked, published), yes, dry_run)
        _print(report, dry_run, as_json)
        if report.completed and not dry_run:
            update_index(library)
    if report.problems or report.count("failed"):
        click.get_current_context().exit(1)


def _keys(library: "Library", query: Sequence[str], published: bool) -> "tuple[PaperKey, ...]":
    """Return the papers of a query, or those whose ids standard input has."""
    if tuple(query) == ("-",):
        return tuple(library.keys(read_ids(query)))
    usual = DEFAULT_PUBLISHED_QUERY if published else DEFAULT_QUERY
    results = search_papers(library, " ".join(query) or usual)
    return tuple(library.keys(full_match_ids(library, results)))


def _run(library: "Library", request: "EnrichRequest", yes: bool, dry_run: bool) -> "EnrichReport":
    services = load_config().services
    if request.services and request.keys:
        _confirm(library.enrichment.plan(request, services), yes)
    with ProgressLine() as line:
        return library.enrichment.run(
            request, services, lambda at: line.update(at.words, at.completed), dry_run=dry_run
        )


def _confirm(plan: Sequence[tuple[str, int]], yes: bool) -> None:
    """Print how many papers each service is asked about, and ask for confirmation."""
    for label, number in plan:
        print_message(f"{label}: at most {format_count(number, 'paper')}")
    if not plan or yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("the titles would be sent to services; confirm with --yes")
    click.confirm("Send the titles to these services?", abort=True, err=True)


def _choose(library: "Library", choices: Sequence[str], published: bool) -> "EnrichReport":
    from index.enrich.report import EnrichReport

    report = EnrichReport()
    for choice in choices:
        paper, _, number = choice.rpartition("=")
        (key,) = library.keys([paper])
        report.papers.append(library.enrichment.choose(key, int(number), published=published))
    return report


def _print(report: "EnrichReport", dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json(report.as_json())
    else:
        print_lines(report_lines(report))
    for problem in report.problems:
        print_message(f"carrel: {problem}")
    print_message(report.summary() + ("; dry run, nothing changed" if dry_run else ""))
