"""`carrel saved`: saved searches, listed, saved, deleted and run."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from index.text.cleaning import format_count
from tui.cli.arguments import QueryCommand, Type, WordsCommand
from tui.cli.context import open_library, update_index
from tui.cli.json_output import print_json
from tui.cli.output import print_lines, print_message
from tui.cli.results import print_results, result_options
from tui.cli.selection import search_papers
from tui.cli.tables import table, truncated

if TYPE_CHECKING:
    from index.search.saved import SearchCount

MAX_QUERY_COLUMNS = 60
"""Columns of a query in the list."""


class SavedName(Type):
    """The name of a saved search; the shell completes it."""

    name = "name"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the names with this prefix; none if there is no library."""
        from index import CarrelError, Library, paths

        folder = ctx.find_root().params.get("library")
        place = Path(folder).expanduser() if folder else paths.library_folder()
        if not place.is_dir():  # completion never creates a library
            return []
        try:
            with Library.open(place) as library:
                searches = library.saved.all()
        except CarrelError:
            return []
        prefix = incomplete.casefold()
        return [
            CompletionItem(search.name, help=search.query)
            for search in searches
            if search.name.casefold().startswith(prefix)
        ]


_name = click.argument("name", type=SavedName())


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@click.pass_context
def saved(context: click.Context, as_json: bool) -> None:
    """List the saved searches, save one, forget one or run one.

    Each is listed with the number of papers it finds, and how many of them came since it was last
    opened. The key runs it in the reader, and stands for its name here.

    \b
    Examples:
      carrel saved
      carrel saved add "to read" is:unread -survey
      carrel saved run "to read" --sort newest
      carrel search query:"to read" diffusion
    """
    if context.invoked_subcommand is not None:
        return
    with open_library() as library:
        if library.saved.all():
            update_index(library)
        counts = library.saved.counts()
    if as_json:
        print_json(list(_objects(counts)))
    elif counts:
        print_lines(table([("key", "name", "papers", "new", "query"), *_rows(counts)], [2, 3]))
    else:
        print_message("no search is saved; carrel saved add NAME QUERY saves one")


def _numbers(counts: Iterable["SearchCount"]) -> Iterable[tuple[int | None, "SearchCount"]]:
    """Yield saved searches, each with the key that runs it in the reader, if any."""
    from index.query.names import NUMBERED_SEARCHES

    for number, each in enumerate(counts, 1):
        yield (number if number <= NUMBERED_SEARCHES else None), each


def _objects(counts: Iterable["SearchCount"]) -> Iterable[dict[str, object]]:
    for key, each in _numbers(counts):
        name, query = each.search.name, each.search.query
        yield {"name": name, "query": query, "count": each.count, "new": each.new, "key": key}


def _rows(counts: Iterable["SearchCount"]) -> Iterable[tuple[str, ...]]:
    for key, each in _numbers(counts):
        yield (
            str(key or ""),
            each.search.name,
            f"{each.count:,}",
            f"+{each.new:,}" if each.new else "",
            truncated(each.search.query, MAX_QUERY_COLUMNS),
        )


@saved.command(cls=QueryCommand)
@_name
@click.argument("query", nargs=-1, required=True)
def add(name: str, query: tuple[str, ...]) -> None:
    """Save a query by a name; one of the same name is replaced.

    \b
    Examples:
      carrel saved add watermarks watermark -image
      carrel saved add "to read" 'is:unread "in-context learning"'
      carrel saved add fresh 'query:watermarks added:7d'
    """
    from index import CarrelError
    from index.query import format_term

    text = " ".join(query)
    with open_library() as library:
        try:
            before = library.saved.add(name, text)
        except CarrelError as error:
            raise click.UsageError(str(error)) from error
        search = library.saved.get(name)
        papers = format_count(search_papers(library, search.query).full, "paper")
    if before is None:
        used = format_term("query", [search.name])
        print_message(f"saved {search.name}: {papers}; in another query, {used}")
    else:
        print_message(f"replaced {search.name}: {papers}; it was {before.query}")


@saved.command(cls=WordsCommand)
@_name
def rm(name: str) -> None:
    """Forget a saved search; its papers stay.

    \b
    Examples:
      carrel saved rm "to read"
    """
    with open_library() as library:
        search = library.saved.remove(name)
    print_message(f"forgot {search.name}; it was {search.query}")


@saved.command(cls=WordsCommand)
@_name
@result_options
def run(name: str, limit: int, offset: int, sort: str, form: str, as_json: bool) -> None:
    """Print what a saved search finds, as carrel search does.

    This is a visit: what it holds now is new no more afterwards.

    \b
    Examples:
      carrel saved run watermarks
      carrel saved run "to read" --sort newest --limit 5
      carrel saved run 1 --format ids | carrel bookmark -
    """
    with open_library() as library:
        search = library.saved.get(name)
        results = search_papers(library, search.query, limit=limit, offset=offset, sort=sort)
        print_results(library, results, form, offset, whole=as_json)
        new = library.saved.visit(search.name).new
        if new:
            print_message(f"{new:,} new since the last visit")
