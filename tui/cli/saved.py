"""`carrel saved`: list, save, delete and run saved searches."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from index.text.cleaning import format_count
from tui.cli.arguments import QueryCommand, Type, WordsCommand
from tui.cli.context import open_library, update_index
from tui.cli.json_output import json_option, print_json
from tui.cli.output import print_lines, print_message
from tui.cli.results import print_results, result_options
from tui.cli.selection import search_papers
from tui.cli.tables import table, truncated

if TYPE_CHECKING:
    from index.search.saved import SearchCount

MAX_QUERY_COLUMNS = 60
"""Width of a query in the list, in terminal columns."""


class SavedName(Type):
    """The name of a saved search, with shell completion."""

    name = "name"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the names that start with a prefix; none if there is no library."""
        from index import CarrelError, Library, paths

        folder = ctx.find_root().params.get("library")
        path = Path(folder).expanduser() if folder else paths.library_folder()
        if not path.is_dir():  # completion never creates a library
            return []
        try:
            with Library.open(path) as library:
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
@json_option
@click.pass_context
def saved(context: click.Context, as_json: bool) -> None:
    """List saved searches; save, delete or run one.

    Each is listed with the number of papers that match, and the number added since it was last run.
    Its key runs it in the reader, and can be used instead of its name here.

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
        print_message("no saved searches; try carrel saved add NAME QUERY")


def _with_keys(counts: Iterable["SearchCount"]) -> Iterable[tuple[int | None, "SearchCount"]]:
    """Yield saved searches, each with the key that runs it in the reader, if any."""
    from index.query.names import NUMBERED_SEARCHES

    for number, each in enumerate(counts, 1):
        yield (number if number <= NUMBERED_SEARCHES else None), each


def _objects(counts: Iterable["SearchCount"]) -> Iterable[dict[str, object]]:
    for key, each in _with_keys(counts):
        name, query = each.search.name, each.search.query
        yield {"name": name, "query": query, "count": each.count, "new": each.new, "key": key}


def _rows(counts: Iterable["SearchCount"]) -> Iterable[tuple[str, ...]]:
    for key, each in _with_keys(counts):
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
    """Save a query under a name, overwriting any of that name.

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
        term = format_term("query", [search.name])
        print_message(f"saved {search.name}: {papers} (use in a query: {term})")
    else:
        print_message(f"replaced {search.name}: {papers} (was: {before.query})")


@saved.command(cls=WordsCommand)
@_name
def rm(name: str) -> None:
    """Delete a saved search, but none of its papers.

    \b
    Examples:
      carrel saved rm "to read"
    """
    with open_library() as library:
        search = library.saved.remove(name)
    print_message(f"deleted {search.name} (was: {search.query})")


@saved.command(cls=WordsCommand)
@_name
@result_options
def run(name: str, limit: int, offset: int, sort: str, form: str, as_json: bool) -> None:
    """Run a saved search, with the output of carrel search.

    Afterwards its papers no longer count as new.

    \b
    Examples:
      carrel saved run watermarks
      carrel saved run "to read" --sort newest --limit 5
      carrel saved run 1 --format ids | carrel bookmark -
    """
    with open_library() as library:
        search = library.saved.get(name)
        results = search_papers(library, search.query, limit=limit, offset=offset, sort=sort)
        print_results(library, results, form, offset, as_json=as_json)
        new = library.saved.visit(search.name).new
        if new:
            print_message(f"{new:,} new since the last visit")
