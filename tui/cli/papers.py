"""Verbs that find papers and show them."""

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

import click

from tui.cli.base import (
    Choice,
    OneOf,
    WordsCommand,
    catalogue,
    found,
    given_ids,
    loaded_config,
    opened,
)
from tui.cli.output import (
    columns,
    emit,
    emit_json,
    facet_lines,
    facet_shapes,
    json_line,
    paper_shapes,
    paper_table,
    papers_in_words,
    results_shape,
    say,
)
from tui.commands import SYNTAX

if TYPE_CHECKING:
    from index import Library
    from index.search.results import Results

Show = TypeVar("Show", bound=Callable[..., None])

SHAPES = ("table", "json", "jsonl", "ids")


def _writers() -> Iterable[str]:
    from index.formats import WRITERS

    return WRITERS


def _sorts() -> Iterable[str]:
    from index.search.orders import SORTS

    return SORTS


def result_formats() -> Iterable[str]:
    """Yield the names of all that results are printed as; no format is loaded before its turn."""
    yield from SHAPES
    yield from (name for name in _writers() if name not in SHAPES)


def _show_formats() -> Iterable[str]:
    return ("json", *(name for name in _writers() if name != "json"))


class Searching(WordsCommand):
    """A command that takes a query, and explains how one is written."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the query syntax below the options."""
        with formatter.section("Query syntax"):
            formatter.write_dl([(syntax.written, syntax.means) for syntax in SYNTAX], col_max=34)


# -- finding papers --------------------------------------------------------------------------------


def showing(command: Show) -> Show:
    """Give a command the options that say which results are printed, and how."""
    options = (
        click.option("--limit", type=click.IntRange(min=0), default=20, show_default=True,
                     metavar="N", help="The most papers shown."),
        click.option("--offset", type=click.IntRange(min=0), default=0, metavar="N",
                     help="Papers passed by before the first shown."),
        click.option("--sort", cls=Choice, type=OneOf(_sorts), default="relevance",
                     show_default=True, metavar="KEY", help="The order."),
        click.option("--format", "form", cls=Choice, type=OneOf(result_formats), default="table",
                     show_default=True, metavar="F", help="How papers are printed."),
        click.option("--json", "as_json", is_flag=True,
                     help="Print counts, notes on the query and papers as JSON."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.command(cls=Searching)
@click.argument("query", nargs=-1)
@showing
def search(
    query: tuple[str, ...], limit: int, offset: int, sort: str, form: str, as_json: bool
) -> None:
    """Find papers; without a QUERY show all, newest source first.

    In the table ★ is bookmarked, ○ unread, # tagged, ✎ noted. Papers that hold only some of the
    words follow where few hold all. Words may stand without quotes; a phrase needs its own:
    '"in-context learning"'. --format json prints the papers alone, --json an object around them:
    query, total, full (papers that hold all of it), took (seconds), notes, hits.

    \b
    Examples:
      carrel search watermark -image
      carrel search 'title:diffusion year:2020..' --sort newest
      carrel search tag:nlp --format ids | carrel mark read -
      carrel search tranformer --json | jq -r '.notes[].offers[]'
    """
    with opened() as library:
        results = found(
            library, " ".join(query), limit=limit, offset=offset, sort=sort, only_shown=True
        )
        print_results(library, results, form, offset, whole=as_json)


def print_results(
    library: "Library", results: "Results", form: str, offset: int, *, whole: bool
) -> None:
    """Print the results asked for in a format, and below a table how many there are.

    `whole` prints all of the answer as one JSON object.
    """
    if whole:
        papers = library.papers([hit.id for hit in results.hits])
        emit_json(results_shape(results, papers))
        return
    hits = {hit.id: hit for hit in results.hits}
    if form not in SHAPES:
        sys.stdout.writelines(library.export(list(hits), form, loaded_config().style))
        return
    papers = library.papers(list(hits))
    shown = [hits[paper.id] for paper in papers]
    if form == "ids":
        emit(paper.id for paper in papers)
    elif form == "json":
        emit_json(list(paper_shapes(papers, shown)))
    elif form == "jsonl":
        emit(map(json_line, paper_shapes(papers, shown)))
    else:
        emit(paper_table(papers, shown, columns()))
        _tell_count(library, results, offset)


def _tell_count(library: "Library", results: "Results", offset: int) -> None:
    sys.stdout.flush()
    count = library.count()
    say(papers_in_words(results, count, offset))
    if not count:
        say("the library is empty; carrel import PATH brings papers in")


@click.command(cls=Searching)
@click.argument("query", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Print all values, not the 200 commonest.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def facets(query: tuple[str, ...], every: bool, as_json: bool) -> None:
    """Count what papers have in common.

    Of the papers of a QUERY, or of all: states, tags, sources, years, venues, authors, categories,
    keywords, topics of titles and abstracts, what is known. In JSON there are the 200 commonest
    values of each, and "more" tells how many others; for reading there are 20.

    \b
    Examples:
      carrel facets
      carrel facets diffusion year:2020.. --json
      carrel facets --all --json
    """
    from index.facets.counting import MOST_VALUES

    with opened() as library:
        results = found(library, " ".join(query), only_shown=True)
        catalogue(library)
        counted = library.facets(results, most=None if every else MOST_VALUES)
        if as_json:
            emit_json(facet_shapes(counted))
        else:
            emit(facet_lines(counted, every=every))


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--format", "form", cls=Choice, type=OneOf(_show_formats), default="text",
              show_default=True, metavar="F", help="How papers are printed.")  # fmt: skip
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
    from index.papers.json_record import as_json as shape_of

    with opened() as library:
        wanted = given_ids(ids)
        if as_json or form == "json":
            emit_json([shape_of(paper) for paper in library.papers(wanted)])
        else:
            sys.stdout.writelines(library.export(wanted, form, loaded_config().style))
