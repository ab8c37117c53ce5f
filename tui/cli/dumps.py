"""Verbs about dumps: all marks as a file, brought back, and merged with another machine's."""

import sys
from typing import TYPE_CHECKING

import click

from index.text.cleaning import clean, counted
from tui.cli.base import opened
from tui.cli.output import MOST_SKIPPED, emit_json, say

if TYPE_CHECKING:
    from index.dumps.service import RestoreReport

_file = click.argument("file", metavar="FILE")
_as_json = click.option("--json", "as_json", is_flag=True, help="Print what came of it as JSON.")


@click.command()
@click.option("-o", "--output", "output", metavar="FILE", default="-",
              help="The file to write; else standard output.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace FILE where it is there.")
def dump(output: str, force: bool) -> None:
    """Write all marks and saved searches to a file of JSON lines.

    One line a paper that has marks, or had some, and one a saved search, sorted, so that versions
    of the file compare well under git. Papers themselves are not in it: carrel export '' writes
    them. The file is for you alone, and is written whole or not at all.

    \b
    Examples:
      carrel dump -o marks.jsonl
      carrel dump > marks.jsonl && git commit -m "Marks" marks.jsonl
    """
    with opened() as library:
        lines = library.dumps.dump()
        if output == "-":
            sys.stdout.writelines(lines.lines())
            return
        lines.write_file(output, overwrite=force)
    papers, searches = len(lines.papers), len(lines.searches)
    said = f"{counted(papers, 'paper')} and {counted(searches, 'saved search', 'es')}"
    say(f"dumped the marks of {said} to {output}")


@click.command()
@_file
@_as_json
def restore(file: str, as_json: bool) -> None:
    """Bring back the marks and saved searches of a dump.

    All that FILE has is set again, also what was taken away here since; nothing that is here and
    not in FILE is taken away. (To make two machines agree, deletions included, use carrel merge.)
    Papers are found by arXiv id, DOI or title. What belongs to papers that are not here is kept,
    and set when they are imported. FILE may be - for standard input.

    \b
    Examples:
      carrel restore marks.jsonl
      carrel --library ~/new restore marks.jsonl
    """
    with opened() as library:
        brought = library.dumps.restore(file)
    _tell(brought, file, "restored", as_json)


@click.command()
@_file
@_as_json
def merge(file: str, as_json: bool) -> None:
    """Merge in the dump of another machine.

    Of each mark and each saved search the later word of the two machines stands: what was marked
    there is marked here, and what was taken away there later than it was set here goes. Of two
    different notes both are kept. Merge each machine's dump on the other, in any order and as often
    as you like, and both have the same. (To bring back what a dump has and take nothing away, use
    carrel restore.) Papers are found by arXiv id, DOI or title. What belongs to papers that are not
    here is kept, and set when they are imported. FILE may be a pipe, or - for standard input.

    \b
    Examples:
      carrel merge laptop.jsonl
      ssh desk carrel dump | carrel merge -
    """
    with opened() as library:
        brought = library.dumps.merge(file)
    _tell(brought, file, "merged", as_json)


def _tell(brought: "RestoreReport", file: str, verb: str, as_json: bool) -> None:
    """Say what came of a dump; lines that were damaged are the data's fault."""
    for skipped in brought.skipped[:MOST_SKIPPED]:
        say(f"{clean(file)}:{skipped.line}: {skipped.reason}")
    if len(brought.skipped) > MOST_SKIPPED:
        say(f"{clean(file)}: … and {len(brought.skipped) - MOST_SKIPPED:,} more")
    if as_json:
        emit_json(brought.as_json())
    else:
        say(_in_words(brought, verb))
    if brought.skipped:
        click.get_current_context().exit(1)


def _in_words(brought: "RestoreReport", verb: str) -> str:
    parts = [f"{counted(brought.set, 'mark')} set"] * bool(brought.set)
    parts += [f"{counted(brought.taken, 'mark')} taken away"] * bool(brought.taken)
    words = f"{' and '.join(parts)} on {counted(brought.papers, 'paper')}" if parts else ""
    searches = counted(brought.searches, "saved search", "es") if brought.searches else ""
    words = ", ".join(filter(None, (words, searches))) or "nothing is new in it"
    if parts:
        words += " (carrel undo takes the marks back)"
    if brought.aside:
        words += f"; {counted(brought.aside, 'paper')} not here: kept until imported"
    if brought.skipped:
        words += f"; {counted(len(brought.skipped), 'line')} left out"
    return f"{verb}: {words}"
