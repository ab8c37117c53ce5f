"""`carrel corpus`: create a team's corpus, write papers to it, and show its state."""

from typing import TYPE_CHECKING

import click

from index.text.cleaning import format_count
from tui.cli.arguments import LazyChoice, reader_names
from tui.cli.context import open_library
from tui.cli.import_report import print_report
from tui.cli.json_output import json_option, print_json
from tui.cli.output import print_lines, print_message
from tui.cli.progress import progress
from tui.cli.selection import read_ids
from tui.cli.tables import table

if TYPE_CHECKING:
    from index import Library
    from index.corpus.service import Corpus


@click.group()
def corpus() -> None:
    """Share a team's papers on an OpenSearch cluster.

    Its address is that of --corpus, else the setting corpus. User and password are those in
    CARREL_CORPUS_USER and CARREL_CORPUS_PASSWORD; without the latter, that in the keyring.

    \b
    Examples:
      carrel --corpus https://host:9200/papers corpus create
      carrel corpus push ~/papers references.bib
      carrel corpus status
    """


@corpus.command()
@click.option("--shards", type=click.IntRange(1, 1024), default=1, show_default=True, metavar="N",
              help="Parts of the corpus, one for each 5 million papers.")  # fmt: skip
@click.option("--replicas", type=click.IntRange(0, 16), default=1, show_default=True, metavar="N",
              help="Copies of each part on other nodes.")  # fmt: skip
def create(shards: int, replicas: int) -> None:
    """Create the corpus, without papers.

    \b
    Examples:
      carrel corpus create
      carrel corpus create --shards 4 --replicas 1
    """
    with open_library() as library:
        there = _corpus(library)
        there.writer.create(shards, replicas)
    print_message(f"created the corpus {there.name}")


@corpus.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "form", type=LazyChoice(reader_names), metavar="F",
              help="Input format; detected by default.")  # fmt: skip
@click.option("--encoding", metavar="E", default="",
              help="Encoding of the files; detected by default.")  # fmt: skip
@json_option
def push(paths: tuple[str, ...], form: str | None, encoding: str, as_json: bool) -> None:
    """Write the papers of files and folders to the corpus.

    Papers that it has are skipped, so that the same command resumes after it was stopped. One with
    other values is merged: those given replace its own, which remain if none are given. Papers
    are the same if they have the same arXiv id or DOI, or the same title, first author and year.
    Marks are not written.

    \b
    Examples:
      carrel corpus push papers.jsonl
      carrel export --format jsonl | carrel corpus push -
    """
    from index.importing.service import ImportRequest, run_import

    request = ImportRequest(paths, form or "", "", "", encoding)
    with open_library() as library:
        there = _corpus(library)
        there.writer.check()
        with progress("Writing") as update:
            report = run_import(
                request,
                there.writer.add,
                lambda step: update(step.bytes_done, step.bytes_total, step.papers),
            )
    if as_json:
        print_json(report.as_json())
    print_report(report, dry_run=False)
    if not report.total("imported"):
        click.get_current_context().exit(1)


@corpus.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
def remove(ids: tuple[str, ...]) -> None:
    """Delete papers from the corpus, for all its readers.

    Copies in libraries stay. Pushed again, papers are back. An ID of - reads ids from standard
    input: the first word of each line.

    \b
    Examples:
      carrel corpus remove 1706.03762
      carrel search title:erratum --format ids | carrel corpus remove -
    """
    with open_library() as library:
        there = _corpus(library)
        removed = there.remove(read_ids(ids))
    print_message(f"removed {format_count(removed, 'paper')} from {there.name}")


@corpus.command()
@json_option
def status(as_json: bool) -> None:
    """Show the papers, size and health of the corpus.

    \b
    Examples:
      carrel corpus status
      carrel corpus status --json
    """
    with open_library() as library:
        there = _corpus(library)
        found = there.writer.status()
    if as_json:
        print_json({"corpus": there.name, **found._asdict()})
        return
    shards = format_count(found.shards, "shard")
    absent = f", {found.shards_missing} missing" if found.shards_missing else ""
    rows = [
        ("corpus", there.name),
        ("papers", f"{found.papers:,}"),
        ("size", f"{found.size / 1e6:,.1f} MB"),
        ("health", f"{found.health}: {format_count(found.nodes, 'node')}, {shards}{absent}"),
    ]
    print_lines(table(rows))


def _corpus(library: "Library") -> "Corpus":
    if library.corpus is None:
        raise click.UsageError(
            "no corpus is configured; use carrel --corpus URL, or the setting corpus"
        )
    return library.corpus
