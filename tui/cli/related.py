"""`carrel related`: papers related to given ones, with the terms in common."""

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from tui.cli.arguments import ids_argument
from tui.cli.context import open_library, update_index
from tui.cli.json_output import related_object
from tui.cli.output import print_message, terminal_width
from tui.cli.paper_table import paper_table
from tui.cli.results import format_option, print_papers
from tui.cli.selection import select_ids
from tui.cli.tables import truncated

if TYPE_CHECKING:
    from index import Library, Paper
    from index.search.results import RelatedPaper


@click.command()
@ids_argument
@click.option("--query", metavar="Q", help="Papers related to all that match Q.")
@click.option("--limit", type=click.IntRange(min=0), default=20, show_default=True, metavar="N",
              help="Maximum number of papers.")  # fmt: skip
@format_option
@click.option("--json", "as_json", is_flag=True, help="Same as --format json.")
def related(
    ids: tuple[str, ...], query: str | None, limit: int, form: str, as_json: bool
) -> None:  # fmt: skip
    """Find papers related to others, with the terms in common.

    An ID of - reads ids from standard input: the first word of each line. Given several papers,
    terms that they share weigh more. If the query is about marks, as is:bookmarked is, papers that
    are read, bookmarked, tagged or have a note are left out.

    \b
    Examples:
      carrel related oreo-plug-in-context
      carrel related 1706.03762 --limit 5 --json
      carrel related --query is:bookmarked --format ids | carrel tag +next -
    """
    with open_library() as library:
        selected = select_ids(library, ids, query)
        keys = library.keys(selected)
        update_index(library)
        found = library.related(selected, limit=limit, unmarked=_is_about_marks(query or ""))
        _print_related(library, found, "json" if as_json else form)
        sys.stdout.flush()
        _print_summary(len(keys), len(found), query, limit)


def _is_about_marks(query: str) -> bool:
    from index.query import asks_for_marks, every_leaf, parse

    return any(asks_for_marks(leaf) for leaf in every_leaf(parse(query).tree))


def _print_related(library: "Library", found: "tuple[RelatedPaper, ...]", form: str) -> None:
    by_id = {one.id: one for one in found}
    print_papers(
        library,
        list(by_id),
        form,
        lambda paper: related_object(paper, by_id[paper.id]),
        lambda papers: _table(papers, [by_id[paper.id] for paper in papers], terminal_width()),
    )


def _table(
    papers: "Sequence[Paper]", found: "Sequence[RelatedPaper]", columns: int | None
) -> Iterator[str]:
    """Yield two lines for each paper: its row in the table of papers, and the terms in common."""
    from index.search.results import Hit

    hits = [Hit(one.id, one.score, "all", one.key) for one in found]
    for line, one in zip(paper_table(papers, hits, columns), found, strict=True):
        yield line
        shared = f"    in common: {', '.join(one.shared_terms)}"
        yield truncated(shared, columns) if columns else shared


def _print_summary(selected: int, found: int, query: str | None, limit: int) -> None:
    """Print why nothing was found, or that only a sample of the selected papers was used."""
    from index.search.related import MAX_GIVEN_PAPERS
    from index.text.cleaning import format_count

    if not selected:
        print_message(f"no papers match {query}")
    elif limit and not found:
        print_message("no related papers: no terms in common")
    elif selected > MAX_GIVEN_PAPERS:
        papers = format_count(selected, "paper")
        print_message(f"compared with a sample of {MAX_GIVEN_PAPERS} of {papers}")
