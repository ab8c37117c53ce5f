"""`carrel show`: whole papers, printed."""

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
              help="How papers are printed.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
def show(ids: tuple[str, ...], form: str, as_json: bool) -> None:
    """Print whole papers.

    An arXiv id or DOI names a paper as well; - reads ids from standard input.

    \b
    Examples:
      carrel show oreo-plug-in-context
      carrel show 1706.03762 --format bibtex
      carrel search is:bookmarked --format ids | carrel show - --json
    """
    from index.papers.json_record import as_json as paper_object

    with open_library() as library:
        wanted = read_ids(ids)
        if as_json or form == "json":
            print_json([paper_object(paper) for paper in library.papers(wanted)])
        else:
            sys.stdout.writelines(library.export(wanted, form, load_config().style))
