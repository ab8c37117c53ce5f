"""`carrel source`: list and remove the sources of papers."""

import click

from index.text.cleaning import format_count, shown_path
from tui.cli.context import open_library
from tui.cli.json_output import json_option, print_json
from tui.cli.output import local_time, print_lines, print_message
from tui.cli.tables import table


@click.group(invoke_without_command=True)
@click.pass_context
def source(context: click.Context) -> None:
    """List the sources of papers, or remove one.

    \b
    Examples:
      carrel source
      carrel source remove starter
    """
    if context.invoked_subcommand is None:
        _list_sources(as_json=False)


@source.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List the sources, newest first.

    \b
    Examples:
      carrel source list
      carrel source list --json
    """
    _list_sources(as_json)


def _list_sources(as_json: bool) -> None:
    with open_library() as library:
        sources = library.sources()
    if as_json:
        print_json([source._asdict() for source in sources])
    elif sources:
        header = ("name", "papers", "format", "date", "added", "from")
        rows = [
            (
                s.name,
                f"{s.papers:,}",
                s.format,
                s.date,
                local_time(s.added)[:10],
                shown_path(s.path),
            )
            for s in sources
        ]
        print_lines(table([header, *rows], [1]))


@source.command()
@click.argument("name")
def remove(name: str) -> None:
    """Remove a source and its papers.

    Papers that have marks or another source are not deleted.

    \b
    Examples:
      carrel source remove starter
    """
    with open_library() as library:
        deleted, retained = library.remove_source(name)
    papers = format_count(deleted, "paper")
    print_message(f"removed the source {name}: {papers} deleted, {retained:,} retained")
