"""`carrel duplicates`: list likely duplicates, merge them, or mark them as different."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from index.text.cleaning import format_count
from tui.cli.changes import print_outcome
from tui.cli.context import open_library
from tui.cli.json_output import json_option, print_json
from tui.cli.output import print_lines, print_message

if TYPE_CHECKING:
    from index import Library, Paper
    from index.duplicates.detection import DuplicatePair


@click.group(invoke_without_command=True)
@click.option("--merge", is_flag=True, help="Merge certain duplicates; list the others.")
@click.option("--different", nargs=2, metavar="ID ID",
              help="Mark two papers as different.")  # fmt: skip
@json_option
@click.pass_context
def duplicates(
    context: click.Context, merge: bool, different: tuple[str, str] | None, as_json: bool
) -> None:
    """List likely duplicates, with what agrees and differs.

    Records of one paper are merged on import, and the report names each; these are less obvious
    pairs.
    A merge retains the paper listed first: the published one, or else the one added first. It
    receives all marks, sources and identifiers of the other, whose id becomes an alias.

    \b
    Examples:
      carrel duplicates
      carrel duplicates --merge
      carrel duplicates --different oreo-plug-in-context oreo-in-context
      carrel duplicates split oreo-plug-in-context 2
    """
    if context.invoked_subcommand:
        if merge or different or as_json:
            raise click.UsageError("split takes no options; give ID and the number of a record")
        return
    if merge and different:
        raise click.UsageError("--merge and --different cannot be combined; give one")
    with open_library() as library:
        if different:
            _mark_different(library, different)
            return
        pairs = library.duplicates.find()
        if merge:
            pairs = _merge_certain(library, pairs)
        _print_pairs(library, pairs, as_json)


@duplicates.command()
@click.argument("paper", metavar="ID")
@click.argument("number", type=int, required=False, metavar="[N]")
def split(paper: str, number: int | None) -> None:
    """Take record N out of a paper, as a paper of its own.

    carrel show --records ID numbers the records; without N, the second of two is taken out. Marks
    remain with ID, and the two papers are remembered as different.

    \b
    Examples:
      carrel show --records oreo-plug-in-context
      carrel duplicates split oreo-plug-in-context 2
    """
    with open_library() as library:
        print_outcome(library.duplicates.split(library.keys([paper])[0], number))


def _merge_certain(library: "Library", pairs: "list[DuplicatePair]") -> "list[DuplicatePair]":
    """Merge the pairs that are certain, print each, and return the remaining pairs."""
    certain = [pair for pair in pairs if pair.rule]
    papers = _papers(library, certain)  # before the merge
    done = library.duplicates.merge(certain)
    if not done.papers:
        print_message("no pair is certain enough to merge without review")
        return pairs
    for pair in certain:
        print_message(f"{papers[pair.other].id} merged into {papers[pair.keep].id}: {pair.rule}")
    print_outcome(done)
    return library.duplicates.find()


def _mark_different(library: "Library", ids: tuple[str, str]) -> None:
    keys = library.keys(ids)
    if len(keys) < 2:
        raise click.UsageError(f"{ids[0]} and {ids[1]} are the same paper; give two")
    done = library.duplicates.different(*keys)
    print_outcome(done, unchanged="already marked as different")


def _papers(library: "Library", pairs: Iterable["DuplicatePair"]) -> dict[int, "Paper"]:
    keys = {key for pair in pairs for key in pair.keys}
    return {paper.key: paper for paper in library.papers(library.ids(sorted(keys)))}


def _print_pairs(library: "Library", pairs: list["DuplicatePair"], as_json: bool) -> None:
    papers = _papers(library, pairs)
    if as_json:
        print_json([_pair_object(pair, papers) for pair in pairs])
        return
    for pair in pairs:
        print_lines(_pair_lines(pair, papers))
    count = format_count(len(pairs), "pair")
    summary = f"{count} of likely duplicates; review them in carrel read"
    print_message(summary if pairs else "no likely duplicates")


def _pair_object(pair: "DuplicatePair", papers: dict[int, "Paper"]) -> dict[str, object]:
    both = [papers[pair.keep], papers[pair.other]]
    return {
        "ids": [paper.id for paper in both],
        "titles": [paper.title for paper in both],
        "agrees": list(pair.agrees),
        "differs": list(pair.differs),
        "certain": bool(pair.rule),
        "rule": pair.rule or None,
    }


def _pair_lines(pair: "DuplicatePair", papers: dict[int, "Paper"]) -> Iterator[str]:
    for key in (pair.keep, pair.other):
        yield f"{papers[key].id}  {papers[key].title}"
    differs = f"; differs: {', '.join(pair.differs)}" if pair.differs else ""
    yield f"  agrees: {', '.join(pair.agrees) or 'nothing else'}{differs}"
    yield f"  certain: {pair.rule}" if pair.rule else "  needs review"
    yield ""
