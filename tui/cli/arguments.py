"""Argument types, options and command classes that several commands share.

`index` is imported only when it is needed, so that `carrel --help` stays fast.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from tui.cli.help_sections import write_query_syntax

if TYPE_CHECKING:
    Type = click.ParamType[str]
else:
    Type = click.ParamType  # click 8.1 cannot subscript it


# -- commands --------------------------------------------------------------------------------------


class WordsCommand(click.Command):
    """A command whose arguments may begin with a dash: `carrel search watermark -image`.

    Only the full name of an option is parsed as an option. Any other argument is a word, and so is
    everything after `--`.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Separate options from words, then parse both."""
        options, words = self._separate(ctx, args)
        return super().parse_args(ctx, [*options, "--", *words])

    def _separate(self, ctx: click.Context, args: list[str]) -> tuple[list[str], list[str]]:
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
                # An unknown long option is a typo; click suggests the nearest name.
                (options if arg.startswith("--") else words).append(arg)
        return options, words


class QueryCommand(WordsCommand):
    """A command that takes a query; its help explains the query syntax."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the query syntax below the options."""
        write_query_syntax(formatter)


# -- lazy choices ----------------------------------------------------------------------------------


class LazyChoice(Type):
    """A choice of names that are looked up only when they are needed."""

    name = "name"

    def __init__(self, names: Callable[[], Iterable[str]]) -> None:
        self.names = names

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name; for an unknown name, fail and list the known ones."""
        # any() stops at the name, so that names after it are not loaded.
        if not any(value == name for name in self.names()):
            self.fail(f"{value!r} is not one of {', '.join(self.names())}", param, ctx)
        return value

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the names that start with a prefix."""
        return [CompletionItem(name) for name in self.names() if name.startswith(incomplete)]


class LazyChoiceOption(click.Option):
    """An option of type `LazyChoice` whose help lists the names."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option's line of help."""
        record = super().get_help_record(ctx)
        if record is None or not isinstance(self.type, LazyChoice):
            return record
        return record[0], f"{record[1]}  [{', '.join(self.type.names())}]"


def reader_names() -> Iterable[str]:
    """Return the names of the formats that can be read."""
    from index.formats import READERS

    return READERS


def writer_names() -> Iterable[str]:
    """Return the names of the formats that can be written."""
    from index.formats import WRITERS

    return WRITERS


def sort_names() -> Iterable[str]:
    """Return the names of the sort orders."""
    from index.search.orders import SORTS

    return SORTS


# -- shared arguments and options ------------------------------------------------------------------

ids_argument = click.argument("ids", nargs=-1, metavar="[ID...]")
query_option = click.option("--query", metavar="Q", help="All papers that match Q.")
