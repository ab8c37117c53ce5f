"""`carrel related`: papers similar to given ones, and the words they share."""

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
@click.option("--query", metavar="Q", help="Papers like all that this query finds.")
@click.option("--limit", type=click.IntRange(min=0), default=20, show_default=True, metavar="N",
              help="The most papers shown.")  # fmt: skip
@format_option
@click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
def related(
    ids: tuple[str, ...], query: str | None, limit: int, form: str, as_json: bool
) -> None:  # fmt: skip
    """Find papers like given ones, and the words they share.

    Papers are named by their ids, or by the first words of the lines of standard input (-); the
    more there are, the more what they have in common counts. Where a query asks for marks, as
    is:bookmarked does, no paper is proposed that was read, bookmarked, tagged or noted.

    \b
    Examples:
      carrel related oreo-plug-in-context
      carrel related 1706.03762 --limit 5 --json
      carrel related --query is:bookmarked --format ids | carrel tag +next -
    """
    with open_library() as library:
        given = select_ids(library, ids, query)
        keys = library.keys(given)
        update_index(library)
        found = library.related(given, limit=limit, unmarked=_asks_for_marks(query or ""))
        _print_related(library, found, "json" if as_json else form)
        sys.stdout.flush()
        _print_summary(len(keys), len(found), query, limit)


def _asks_for_marks(query: str) -> bool:
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
    """Yield two lines for each paper: that of the table of papers, then the words it shares."""
    from index.search.results import Hit

    hits = [Hit(one.id, one.score, "all", one.key) for one in found]
    for line, one in zip(paper_table(papers, hits, columns), found, strict=True):
        yield line
        shares = f"    shares: {', '.join(one.shared_terms)}"
        yield truncated(shares, columns) if columns else shares


def _print_summary(given: int, found: int, query: str | None, limit: int) -> None:
    """Print why nothing was found, or that only a sample of the given papers was used."""
    from index.search.related import MAX_GIVEN_PAPERS
    from index.text.cleaning import format_count

    if not given:
        print_message(f"no paper is found by {query}")
    elif limit and not found:
        print_message("no other paper shares words with this one" if given == 1
            else "no other paper shares words with these")  # fmt: skip
    elif given > MAX_GIVEN_PAPERS:
        count = format_count(given, "paper")
        print_message(f"judged by {MAX_GIVEN_PAPERS} of {count}, evenly chosen")
