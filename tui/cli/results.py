"""Output of search results: as a table, JSON, ids, or in a file format."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

import click

from tui.cli.arguments import LazyChoice, LazyChoiceOption, sort_names, writer_names
from tui.cli.context import load_config
from tui.cli.json_output import hit_object, json_line, print_json, results_object
from tui.cli.output import print_lines, print_message, terminal_width
from tui.cli.paper_table import paper_table
from tui.wording import format_dismissed, format_match_counts

if TYPE_CHECKING:
    from index import Library, Paper
    from index.search.likely_model import LikelyWords
    from index.search.results import Results

CommandFunction = TypeVar("CommandFunction", bound=Callable[..., None])

PRINTED_FORMATS = ("table", "json", "jsonl", "ids")
"""Output formats in addition to the file formats."""


def result_format_names() -> Iterable[str]:
    """Yield the names that --format accepts; file formats are loaded only if reached."""
    yield from PRINTED_FORMATS
    yield from (name for name in writer_names() if name not in PRINTED_FORMATS)


def format_option(command: CommandFunction) -> CommandFunction:
    """Add --format to a command that prints papers."""
    option = click.option(
        "--format", "form", cls=LazyChoiceOption, type=LazyChoice(result_format_names),
        default="table", show_default=True, metavar="F", help="Output format.",
    )  # fmt: skip
    return option(command)


def result_options(command: CommandFunction) -> CommandFunction:
    """Add the options that select the results to print and their format."""
    options = (
        click.option("--limit", type=click.IntRange(min=0), default=20, show_default=True,
                     metavar="N", help="Maximum number of papers."),
        click.option("--offset", type=click.IntRange(min=0), default=0, metavar="N",
                     help="Number of papers to skip."),
        click.option("--sort", cls=LazyChoiceOption, type=LazyChoice(sort_names),
                     default="relevance", show_default=True, metavar="KEY", help="Sort order."),
        format_option,
        click.option("--json", "as_json", is_flag=True,
                     help="Print counts, notes and papers as JSON."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def print_results(
    library: "Library", results: "Results", form: str, offset: int, *, as_json: bool
) -> None:
    """Print results in a format; below a table, print their number.

    `offset` is that of the first result. With `as_json`, print one JSON object instead.
    """
    hits = {hit.id: hit for hit in results.hits}
    words = library.likely.words if results.sort == "likely" else None
    if as_json:
        print_json(results_object(results, library.papers(list(hits)), words))
        return
    partial_heading = f"— {format_match_counts(results.full, results.total)} —"
    print_papers(
        library,
        list(hits),
        form,
        lambda paper: hit_object(paper, hits[paper.id], words(paper) if words else None),
        lambda papers: paper_table(
            papers,
            [hits[p.id] for p in papers],
            terminal_width(),
            partial_heading,
            (lambda paper: _likely_line(words(paper))) if words else None,
        ),
    )
    if form == "table":
        _print_count(library, results, offset)


def _likely_line(words: "LikelyWords") -> str:
    """Return the words for and against a paper; nothing if there are none."""
    named = (("for", words.likely), ("against", words.unlikely))
    return " · ".join(f"{name} {', '.join(terms)}" for name, terms in named if terms)


def print_papers(
    library: "Library",
    ids: list[str],
    form: str,
    as_object: "Callable[[Paper], dict[str, object]]",
    as_table: "Callable[[Sequence[Paper]], Iterator[str]]",
) -> None:
    """Print papers in one of `PRINTED_FORMATS` or in a file format.

    `as_object` returns the JSON object of a paper, `as_table` the lines of a table.
    """
    if form not in PRINTED_FORMATS:
        sys.stdout.writelines(library.export(ids, form, load_config().style))
        return
    papers = library.papers(ids)
    if form == "ids":
        print_lines(paper.id for paper in papers)
    elif form == "json":
        print_json([as_object(paper) for paper in papers])
    elif form == "jsonl":
        print_lines(json_line(as_object(paper)) for paper in papers)
    else:
        print_lines(as_table(papers))


def _print_count(library: "Library", results: "Results", offset: int) -> None:
    sys.stdout.flush()
    count = library.searched(results)
    print_message(_count_text(results, count, offset))
    if not count:
        print_message("the library is empty; try carrel import PATH")


def _count_text(results: "Results", count: int, offset: int) -> str:
    """Return the number of results among `count` papers, the time taken and the range shown."""
    dismissed = format_dismissed(results.dismissed)
    milliseconds = max(1, round(results.took * 1000))
    text = f"{results.total:,} of {count:,} papers, {milliseconds:,} ms"
    text += f"; {dismissed} left out (is:dismissed)" if dismissed else ""
    if len(results.hits) < results.total:
        first, last = offset + 1, offset + len(results.hits)
        part = f"{first:,} to {last:,} shown" if results.hits else "none shown"
        text += f"; {part} (more: --limit, --offset)"
    return text
