"""`carrel keep`: files that are kept current with a query."""

from typing import TYPE_CHECKING

import click

from index.text.cleaning import format_count, shown_path
from tui.cli.arguments import LazyChoice, QueryCommand, writer_names
from tui.cli.context import load_config, open_library
from tui.cli.export import detect_format
from tui.cli.json_output import json_option, print_json
from tui.cli.output import local_time, print_lines, print_message
from tui.cli.style_options import chosen_parts, style_options
from tui.cli.tables import table, truncated

if TYPE_CHECKING:
    from index import Library
    from index.store import KeptFile

MAX_QUERY_COLUMNS = 40
"""Width of a query in the list, in terminal columns."""

STATES = {
    "current": "current",
    "changed": "changed by others",
    "missing": "missing",
    "failed": "cannot be written",
}


@click.group(invoke_without_command=True)
@click.pass_context
def keep(context: click.Context) -> None:
    """Keep files, such as a .bib, current with a query.

    A kept file is written again whenever papers or marks change: by the commands, before they end,
    and by the reader in the background. It is written only if its content differs, and never if it
    was changed by others since Carrel wrote it. Citation keys stay as they were first written.

    \b
    Examples:
      carrel keep add reading.bib
      carrel keep add ~/thesis/thesis.bib tag:thesis
      carrel keep list
      carrel keep rm reading.bib
    """
    if context.invoked_subcommand is None:
        _list_files(as_json=False)


@keep.command(cls=QueryCommand)
@click.argument("file")
@click.argument("query", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Write the whole library.")
@click.option("--format", "form", type=LazyChoice(writer_names), metavar="F",
              help="Output format; default: FILE's extension.")  # fmt: skip
@style_options
@click.option("--overwrite", is_flag=True, help="Overwrite an existing FILE.")
def add(
    file: str, query: tuple[str, ...], everything: bool, form: str | None, overwrite: bool,
    **options: bool | str | None,
) -> None:  # fmt: skip
    """Write a file now, and again after every change.

    The file contains the papers that match QUERY, by default the bookmarked ones, or all papers
    with --all. If the file is already kept, QUERY and options replace the earlier ones.

    \b
    Examples:
      carrel keep add reading.bib
      carrel keep add thesis.bib tag:thesis --no-note --keys '{Author}{year}'
      carrel keep add team.csl.json tag:team year:2020..
      carrel keep add thesis.bib --overwrite
    """

    if everything and query:
        raise click.UsageError("--all and QUERY cannot be combined; give one")
    with open_library() as library:
        kept = library.kept.add(
            file,
            form or _known_format(library, file) or detect_format(file),
            load_config().style,
            query="" if everything else " ".join(query) if query else None,
            options=chosen_parts(options) or None,
            overwrite=overwrite,
        )
    print_message(f"keeping {_name(kept)}: {format_count(kept.papers, 'paper')} ({_query(kept)})")


def _known_format(library: "Library", file: str) -> str:
    """Return the format of a file that is kept already, else ""."""
    known = library.kept.get(file)
    return known.format if known else ""


@keep.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List the kept files, and whether each is current.

    \b
    Examples:
      carrel keep list
      carrel keep list --json
    """
    _list_files(as_json)


def _list_files(as_json: bool) -> None:
    style = load_config().style
    with open_library() as library:
        library.kept.sync(style)  # its problems are those of the files
        files = library.kept.all()
        states = [library.kept.state(file) for file in files]
    if as_json:
        print_json([_object(*each) for each in zip(files, states, strict=True)])
        return
    if not files:
        print_message("no kept files; try carrel keep add FILE [QUERY]")
        return
    header = ("file", "query", "format", "papers", "written", "state")
    rows = [_row(*each) for each in zip(files, states, strict=True)]
    print_lines(table([header, *rows], [3]))
    for file in files:
        if file.problem:
            print_message(file.problem)


def _name(file: "KeptFile") -> str:
    return shown_path(str(file.path))


def _query(file: "KeptFile") -> str:
    return file.query or "all papers"


def _row(file: "KeptFile", state: str) -> tuple[str, ...]:
    written = local_time(file.written) if file.written else ""
    query = truncated(_query(file), MAX_QUERY_COLUMNS)
    return _name(file), query, file.format, f"{file.papers:,}", written, STATES[state]


def _object(file: "KeptFile", state: str) -> dict[str, object]:
    return {
        "path": _name(file),
        "query": file.query,
        "format": file.format,
        "options": dict(file.options),
        "papers": file.papers,
        "written": file.written or None,
        "state": state,
        "problem": file.problem or None,
    }


@keep.command()
@click.argument("file")
def rm(file: str) -> None:
    """Stop updating a file; the file itself stays.

    \b
    Examples:
      carrel keep rm thesis.bib
    """
    with open_library() as library:
        kept = library.kept.remove(file)
    print_message(f"no longer keeping {_name(kept)} (was: {_query(kept)}); the file remains")
