"""`carrel show`: papers with all their details."""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from tui.cli.arguments import LazyChoice, LazyChoiceOption, writer_names
from tui.cli.context import load_config, open_library
from tui.cli.json_output import print_json
from tui.cli.output import print_lines
from tui.cli.records import record_lines, record_objects
from tui.cli.selection import read_ids

if TYPE_CHECKING:
    from index import Library


def _format_names() -> Iterable[str]:
    return ("json", *(name for name in writer_names() if name != "json"))


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--format", "form", cls=LazyChoiceOption, type=LazyChoice(_format_names),
              default="text", show_default=True, metavar="F",
              help="Output format.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Same as --format json.")
@click.option("--records", is_flag=True, help="Print what each source says.")
def show(ids: tuple[str, ...], form: str, as_json: bool, records: bool) -> None:
    """Print papers with all their details.

    An ID may also be an arXiv id or a DOI; an ID of - reads ids from standard input: the first word
    of each line. With --records, the records of a paper are numbered: carrel duplicates split takes
    one out again.

    \b
    Examples:
      carrel show oreo-plug-in-context
      carrel show 1706.03762 --format bibtex
      carrel show 1706.03762 --records
      carrel search is:bookmarked --format ids | carrel show - --json
    """
    from index.papers.json_record import as_json as paper_object

    with open_library() as library:
        selected = read_ids(ids)
        if records:
            _show_records(library, selected, as_json or form == "json")
            return
        if as_json or form == "json":
            print_json([paper_object(paper) for paper in library.papers(selected)])
        else:
            sys.stdout.writelines(library.export(selected, form, load_config().style))


def _show_records(library: "Library", ids: Sequence[str], as_json: bool) -> None:
    papers = library.papers(ids)
    found = [library.duplicates.records(paper.key) for paper in papers]
    if as_json:
        pairs = zip(papers, found, strict=True)
        print_json([{"id": p.id, "records": record_objects(r)} for p, r in pairs])
        return
    for paper, records in zip(papers, found, strict=True):
        print_lines(record_lines(paper, records))
