"""`carrel show`: papers with all their details."""

import sys
from collections.abc import Iterable

import click

from tui.cli.arguments import LazyChoice, LazyChoiceOption, writer_names
from tui.cli.context import load_config, open_library
from tui.cli.json_output import print_json
from tui.cli.selection import read_ids


def _format_names() -> Iterable[str]:
    return ("json", *(name for name in writer_names() if name != "json"))


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--format", "form", cls=LazyChoiceOption, type=LazyChoice(_format_names),
              default="text", show_default=True, metavar="F",
              help="Output format.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Same as --format json.")
def show(ids: tuple[str, ...], form: str, as_json: bool) -> None:
    """Print papers with all their details.

    An ID may also be an arXiv id or a DOI; an ID of - reads ids from standard input: the first word
    of each line.

    \b
    Examples:
      carrel show oreo-plug-in-context
      carrel show 1706.03762 --format bibtex
      carrel search is:bookmarked --format ids | carrel show - --json
    """
    from index.papers.json_record import as_json as paper_object

    with open_library() as library:
        selected = read_ids(ids)
        if as_json or form == "json":
            print_json([paper_object(paper) for paper in library.papers(selected)])
        else:
            sys.stdout.writelines(library.export(selected, form, load_config().style))
