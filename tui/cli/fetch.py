"""`carrel fetch`: papers from Hugging Face and arXiv, and papers by identifier."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar

import click

from index.text.cleaning import clean
from tui.cli.arguments import Type
from tui.cli.context import load_config, open_library, update_index
from tui.cli.import_report import print_report
from tui.cli.json_output import print_json
from tui.cli.output import print_message
from tui.cli.progress import ProgressLine
from tui.cli.results import print_results
from tui.cli.selection import read_ids, search_papers

if TYPE_CHECKING:
    from index.fetch import Wanted
    from index.importing.report import ImportReport

CommandFunction = TypeVar("CommandFunction", bound=Callable[..., None])

MAX_LISTED_PAPERS = 100
"""New papers listed after `carrel fetch new`."""

ALIASES = {"doi": "paper", "id": "paper"}


class FetchGroup(click.Group):
    """A group of services; an arXiv id or DOI in place of a service means `fetch paper`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the services in order of definition."""
        return list(self.commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a service."""
        return super().get_command(ctx, ALIASES.get(cmd_name, cmd_name))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command for the arguments; raises UsageError if there is none."""
        from index.errors import CarrelError
        from index.fetch import ByIdentifier

        word = args[0]
        if word == "-":
            args = ["paper", *args]
        elif self.get_command(ctx, word) is None and not word.startswith("-"):
            try:
                ByIdentifier.parse([word])
            except CarrelError as error:
                known = ", ".join(self.commands)
                raise click.UsageError(f"{error}; or use one of {known}", ctx) from error
            args = ["paper", *args]
        return super().resolve_command(ctx, args)


class Calendar(Type):
    """A day, week or month in ISO 8601 format."""

    def __init__(self, name: str, pattern: str, example: str, first: str) -> None:
        self.name = name
        self._pattern = pattern
        self._example = example
        self._first = first  # suffix that completes the value to the date of its first day

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the value; fail if there is no such date."""
        try:
            if re.fullmatch(self._pattern, value, re.ASCII):
                date.fromisoformat(value + self._first)
                return value
        except ValueError:
            pass
        self.fail(f"{value!r} is not a {self.name}; try {self._example}", param, ctx)


DAY = Calendar("day", r"\d{4}-\d\d-\d\d", "2026-11-20", "")
WEEK = Calendar("week", r"\d{4}-W\d\d", "2026-W47", "-1")
MONTH = Calendar("month", r"\d{4}-\d\d", "2026-11", "-01")


def report_options(command: CommandFunction) -> CommandFunction:
    """Add the options shared by every fetch to a command."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print the report as JSON."),
        click.option("--dry-run", is_flag=True, help="Report what would change; change nothing."),
    ):
        command = option(command)
    return command


@click.group(cls=FetchGroup, no_args_is_help=False, subcommand_metavar="SERVICE|ID... [ARGS]...")
def fetch() -> None:
    """Fetch papers from Hugging Face, from arXiv, or by id.

    A paper that is already in the library is merged with the fetched data; its marks do not change.
    Each fetch is recorded as a source. carrel fetch new repeats all of them; carrel source remove
    stops that.

    \b
    Examples:
      carrel fetch huggingface
      carrel fetch arxiv 'cat:cs.CL AND abs:watermark' --max 200
      carrel fetch 1706.03762 10.1145/3292500.3330701
      carrel fetch new
    """


@fetch.command()
@click.option("--date", "day", type=DAY, metavar="YYYY-MM-DD", help="Papers of one day.")
@click.option("--week", type=WEEK, metavar="YYYY-Www", help="Papers of one week.")
@click.option("--month", type=MONTH, metavar="YYYY-MM", help="Papers of one month.")
@report_options
def huggingface(
    day: str | None, week: str | None, month: str | None, dry_run: bool, as_json: bool
) -> None:
    """Fetch the daily papers of Hugging Face.

    By default, fetches the latest ones.

    \b
    Examples:
      carrel fetch huggingface
      carrel fetch huggingface --date 2026-11-20
      carrel fetch huggingface --week 2026-W47
    """
    from index.fetch import Daily

    if len([value for value in (day, week, month) if value]) > 1:
        raise click.UsageError("--date, --week and --month cannot be combined; give one")
    _fetch(Daily(day or "", week or "", month or ""), dry_run, as_json)


@fetch.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--max", "maximum", type=click.IntRange(1, 30_000), default=100, show_default=True,
              metavar="N", help="Maximum number of papers.")  # fmt: skip
@report_options
def arxiv(query: tuple[str, ...], maximum: int, dry_run: bool, as_json: bool) -> None:
    """Search arXiv and fetch the results, newest first.

    Papers must match all plain words, in any field; cs.CL is a category. QUERY may also use arXiv's
    own syntax: ti: title, au: author, abs: abstract, cat: category, AND, OR, ANDNOT, (…).

    \b
    Examples:
      carrel fetch arxiv speech diffusion
      carrel fetch arxiv cs.CL --max 300
      carrel fetch arxiv 'au:bengio AND ti:"attention"'
    """
    from index.fetch import ArxivSearch

    words = clean(" ".join(query))
    if not words:
        raise click.UsageError("cannot search arXiv: the query is empty; give words to search for")
    _fetch(ArxivSearch(words, maximum), dry_run, as_json)


@fetch.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@report_options
def paper(ids: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Fetch papers by arXiv id, DOI or link.

    An ID of - reads ids from standard input: the first word of each line.

    \b
    Examples:
      carrel fetch 1706.03762
      carrel fetch paper https://arxiv.org/abs/1706.03762 10.1145/3292500.3330701
    """
    from index.fetch import ByIdentifier

    wanted = ByIdentifier.parse(read_ids(ids))
    if wanted != ByIdentifier():
        _fetch(wanted, dry_run, as_json)


@fetch.command()
@report_options
def new(dry_run: bool, as_json: bool) -> None:
    """Fetch papers that are new since the last fetch, and list them.

    Repeats each arXiv search, and fetches the daily papers of the days since the last fetch, up to
    a month back. The fetched papers also get the source "new", until the next fetch that finds new
    papers.

    \b
    Examples:
      carrel fetch new
      carrel search 'source:"new" is:unread'
    """
    from index.fetch import New

    _fetch(New(), dry_run, as_json)


def _fetch(wanted: "Wanted", dry_run: bool, as_json: bool) -> None:
    from index.fetch import New

    services = load_config().services
    with open_library() as library:
        with ProgressLine() as line:
            report = library.fetch(
                wanted, services, dry_run=dry_run, step=lambda at: line.update(at.words, at.papers)
            )
        if as_json:
            print_json(report.as_json())
        _print_summary(report, dry_run, "new papers" if wanted == New() else "papers")
        if not dry_run and report.total("imported"):
            update_index(library)
        if wanted == New() and report.total("added") and not (dry_run or as_json):
            results = search_papers(library, 'source:"new"', limit=MAX_LISTED_PAPERS)
            print_results(library, results, "table", 0, as_json=False)
    if report.total("skipped") and (not report.total("imported") or _has_failures(report)):
        click.get_current_context().exit(1)


def _print_summary(report: "ImportReport", dry_run: bool, papers: str) -> None:
    empty: Sequence[str] = [file.source for file in report.files if not file.read]
    if report.total("read"):
        print_report(report, dry_run)
    elif empty:
        print_message(f"no {papers} for {', '.join(empty)}")


def _has_failures(report: "ImportReport") -> bool:
    """Return whether a request failed; its entry then has no line number in a response."""
    return any(not skipped.line for file in report.files for skipped in file.skipped)
