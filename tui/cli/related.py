"""The verb for related papers: papers like given ones, and the words that tie them."""

import shutil
import sys
from typing import TYPE_CHECKING

import click

from tui.cli.base import Choice, OneOf, catch_up, chosen, loaded_config, opened
from tui.cli.output import emit, emit_json, json_line, related_shapes, related_table, say
from tui.cli.papers import SHAPES, result_formats

if TYPE_CHECKING:
    from index import Library
    from index.search.results import RelatedPaper


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID...]")
@click.option("--query", metavar="Q", help="Papers like all that this query finds.")
@click.option("--limit", type=click.IntRange(min=0), default=20, show_default=True, metavar="N",
              help="The most papers shown.")  # fmt: skip
@click.option("--format", "form", cls=Choice, type=OneOf(result_formats), default="table",
              show_default=True, metavar="F", help="How papers are printed.")  # fmt: skip
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
    with opened() as library:
        given = chosen(library, ids, query)
        keys = library.keys(given)
        catch_up(library)
        found = library.related(given, limit=limit, unmarked=_asks_for_marks(query or ""))
        _print(library, found, "json" if as_json else form)
        sys.stdout.flush()
        _tell(library, len(keys), len(found), query, limit)


def _asks_for_marks(query: str) -> bool:
    from index.query import asks_for_marks, every_leaf, parse

    return any(asks_for_marks(leaf) for leaf in every_leaf(parse(query).tree))


def _print(library: "Library", found: "tuple[RelatedPaper, ...]", form: str) -> None:
    ids = [one.id for one in found]
    if form not in SHAPES:
        sys.stdout.writelines(library.export(ids, form, loaded_config().style))
        return
    papers = {paper.key: paper for paper in library.papers(ids)}
    pairs = [(papers[one.key], one) for one in found if one.key in papers]
    if form == "ids":
        emit(one.id for _, one in pairs)
    elif form == "json":
        emit_json(list(related_shapes(pairs)))
    elif form == "jsonl":
        emit(map(json_line, related_shapes(pairs)))
    else:
        columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        emit(related_table(pairs, columns))


def _tell(library: "Library", given: int, found: int, query: str | None, limit: int) -> None:
    """Say why nothing was found, or that a sample stood for all that was given."""
    from index.search.related import MOST_GIVEN
    from index.text.cleaning import counted

    if not given:
        say(f"no paper is found by {query}")
    elif limit and not found:
        say("no other paper shares words with this one" if given == 1
            else "no other paper shares words with these")  # fmt: skip
    elif given > MOST_GIVEN:
        say(f"judged by {MOST_GIVEN} of {counted(given, 'paper')}, evenly chosen")
