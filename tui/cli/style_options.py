"""The options of the commands that write files: the parts to leave out, and the style."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import click

from tui.cli.arguments import Type

F = TypeVar("F", bound=Callable[..., object])


class KeyPattern(Type):
    """A pattern for citation keys."""

    name = "pattern"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the pattern; fail if it is invalid."""
        from index.errors import CarrelError
        from index.formats import Style

        try:
            return Style(keys=value).keys
        except CarrelError as error:
            self.fail(str(error), param, ctx)


def style_options(command: F) -> F:
    """Add the options to a command, which gets them as keywords; see `chosen_parts`."""
    for option in reversed((
        click.option("--no-abstract", is_flag=True, help="Omit abstracts."),
        click.option("--no-tags", is_flag=True, help="Omit tags."),
        click.option("--no-note", is_flag=True, help="Omit notes."),
        click.option("--no-marks", is_flag=True, help="Omit all marks, tags and notes included."),
        click.option("--keys", type=KeyPattern(), metavar="PATTERN", default=None,
                     help="Citation key pattern, such as {Author}{year}{word}."),
        click.option("--unicode/--no-unicode", default=None,
                     help="Use Unicode or LaTeX commands in BibTeX."),
    )):  # fmt: skip
        command = option(command)
    return command


def chosen_parts(options: Mapping[str, bool | str | None]) -> dict[str, bool | str]:
    """Return the parts of a `Style` that the options of a command line change."""
    chosen = {name: value for name, value in options.items() if name in ("keys", "unicode")} | {
        name.removeprefix("no_"): False
        for name, value in options.items()
        if value is True and name.startswith("no_")
    }
    return {name: value for name, value in chosen.items() if value is not None}
