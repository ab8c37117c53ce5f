"""What the verbs share: words that begin with `-`, names looked up late, the library, its papers.

Nothing here imports `index` before it is used, so that `carrel --help` answers at once.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from tui.cli.output import say
from tui.cli.progress import progress

if TYPE_CHECKING:
    from index import Library
    from index.search.results import Results
    from tui.config.configuration import Config

    Type = click.ParamType[str]
else:
    Type = click.ParamType  # which click 8.1 cannot subscript


class WordsCommand(click.Command):
    """A command whose arguments may begin with a dash: `carrel search watermark -image`.

    Options are known by their whole names; all else is a word, as is everything behind `--`.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Part options from words, then parse them."""
        options, words = self._parted(ctx, args)
        return super().parse_args(ctx, [*options, "--", *words])

    def _parted(self, ctx: click.Context, args: list[str]) -> tuple[list[str], list[str]]:
        takes_value = {
            name: not (option.is_flag or option.count)
            for option in self.get_params(ctx)
            if isinstance(option, click.Option)
            for name in (*option.opts, *option.secondary_opts)
        }
        options: list[str] = []
        words: list[str] = []
        rest = iter(args)
        for arg in rest:
            if arg == "--":
                words.extend(rest)
            elif arg in takes_value:
                options.append(arg)
                if takes_value[arg]:
                    options.extend(value for value in [next(rest, None)] if value is not None)
            else:
                # An unknown long option is a slip; click names the nearest.
                (options if arg.startswith("--") else words).append(arg)
        return options, words


class OneOf(Type):
    """One of some names, which are looked up only when they are needed."""

    name = "name"

    def __init__(self, names: Callable[[], Iterable[str]]) -> None:
        self.names = names

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name; fails, naming all, for any other."""
        if not any(value == name for name in self.names()):  # none is looked up behind it
            self.fail(f"{value!r} is not one of {', '.join(self.names())}", param, ctx)
        return value

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the names that begin so."""
        return [CompletionItem(name) for name in self.names() if name.startswith(incomplete)]


class Choice(click.Option):
    """An option of the type `OneOf`, whose names stand in its help."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return what the help says of the option."""
        record = super().get_help_record(ctx)
        if record is None or not isinstance(self.type, OneOf):
            return record
        return record[0], f"{record[1]}  [{', '.join(self.type.names())}]"


def loaded_config() -> "Config":
    """Return the configuration, with a line of talk for each thing wrong in it."""
    from index.paths import config_file
    from tui.config.configuration import load

    settings, problems = load(config_file())
    for problem in problems:
        say(problem)
    return settings


@contextmanager
def opened() -> Iterator["Library"]:
    """Open the library that the command line names."""
    from index import Library

    folder = click.get_current_context().find_root().params["library"]
    with Library.open(folder) as library:
        yield library


def catch_up(library: "Library") -> None:
    """Bring the index up to date, with progress."""
    with progress("Indexing") as tell:
        library.index.sync(lambda done, total: tell(done, total, done))


def catalogue(library: "Library") -> None:
    """Bring what is counted of papers up to date, with progress."""
    with progress("Reading for topics") as tell:
        library.catalogue.sync(lambda done, total: tell(done, total, done))


def found(
    library: "Library",
    query: str,
    *,
    limit: int = 0,
    offset: int = 0,
    sort: str = "relevance",
    only_shown: bool = False,
) -> "Results":
    """Search, the index brought up to date before; tell what was not understood, what was meant.

    What is `only_shown` is found as well as can be where the index cannot be written.
    """
    from index.errors import CarrelError
    from index.query import asks_for_field, parse

    wait = True

    # Bytes of the command line that are no text come as surrogates, which nothing else takes.
    query = query.encode("utf-8", "replace").decode("utf-8")
    if query.strip():
        try:
            catch_up(library)
        except CarrelError as error:
            if not only_shown:
                raise
            say(f"{error}; words are looked up without it")
            wait = False
        if asks_for_field(parse(query).tree, "topic"):
            catalogue(library)
    results = library.search(query, limit=limit, offset=offset, sort=sort, wait=wait)
    results = replace(results, meant=library.spelling.meant(results))
    for note in results.notes:
        say(f"in the query: {note.message}")
    return results


def full_ids(library: "Library", results: "Results") -> list[str]:
    """Return the ids of the papers that match all of a query, in their order."""
    return library.ids(results.paper_keys(0, results.full))


def standard_input() -> str:
    """Return the text of standard input, whatever its encoding."""
    from index.text.encodings import decode

    return decode(sys.stdin.buffer.read())


def given_ids(words: Sequence[str]) -> list[str]:
    """Return ids as they were given; `-` stands for the first word of each line of stdin."""
    ids: list[str] = []
    for word in words:
        if word == "-":
            ids += [line.split()[0] for line in standard_input().splitlines() if line.strip()]
        else:
            ids.append(word.encode("utf-8", "replace").decode("utf-8"))
    return ids


def chosen(library: "Library", words: Sequence[str], query: str | None) -> tuple[str, ...]:
    """Return the ids that a change is for: those given, then those a query finds in full.

    Raises UsageError where neither is given, or where a query only half written asks for all.
    """
    if not words and query is None:
        raise click.UsageError("no paper is named; give IDs, - for standard input, or --query")
    ids = given_ids(words)
    if query is not None:
        results = found(library, query)
        if results.query.is_everything and query.strip():
            raise click.UsageError(f'{query!r} asks for every paper; say --query "" if you mean it')
        ids += full_ids(library, results)
    return tuple(ids)
