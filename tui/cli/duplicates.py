"""The verb about duplicates: listed for review, merged where they are certain, called different."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from index.text.cleaning import counted
from tui.cli.base import opened
from tui.cli.output import emit, emit_json, say

if TYPE_CHECKING:
    from index import Library, Paper
    from index.duplicates.detection import Pair


@click.command()
@click.option("--merge", is_flag=True, help="Merge those that are certain; list the others.")
@click.option("--different", nargs=2, metavar="ID ID",
              help="Remember that two papers are not one.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def duplicates(merge: bool, different: tuple[str, str] | None, as_json: bool) -> None:
    """List papers that are likely one, and what agrees and differs.

    Papers of one arXiv id, DOI or title were merged when they came in; these are near ones. The
    paper listed first stays when they are merged: the published one, else the one known first. It
    gets every mark, source and identifier of the other, whose id leads to it from then on.

    \b
    Examples:
      carrel duplicates
      carrel duplicates --merge
      carrel duplicates --different oreo-plug-in-context oreo-in-context
    """
    if merge and different:
        raise click.UsageError("--merge and --different are two things; give one of them")
    with opened() as library:
        if different:
            _part(library, different)
            return
        pairs = library.duplicates.found()
        if merge:
            certain = [pair for pair in pairs if pair.rule]
            papers = _papers(library, pairs)  # as they were
            done = library.duplicates.merge(certain)
            for pair in certain if done.papers else ():
                keep, other = (papers[key].id for key in (pair.keep, pair.other))
                say(f"{other} is {keep}: {pair.rule}")
            told = f"{done.words} (carrel undo takes it back)"
            say(told if done.papers else "none is certain enough to be merged unseen")
            pairs = library.duplicates.found() if done.papers else pairs
        _print(library, pairs, as_json)


def _part(library: "Library", ids: tuple[str, str]) -> None:
    keys = library.keys(ids)
    if len(keys) < 2:
        raise click.UsageError(f"{ids[0]} and {ids[1]} are one paper; name two")
    done = library.duplicates.different(*keys)
    say(f"{done.words} (carrel undo takes it back)" if done.papers else "that is known already")


def _papers(library: "Library", pairs: Iterable["Pair"]) -> dict[int, "Paper"]:
    keys = {key for pair in pairs for key in pair.keys}
    return {paper.key: paper for paper in library.papers(library.ids(sorted(keys)))}


def _print(library: "Library", pairs: list["Pair"], as_json: bool) -> None:
    papers = _papers(library, pairs)
    if as_json:
        emit_json([_shape(pair, papers) for pair in pairs])
        return
    for pair in pairs:
        emit(_lines(pair, papers))
    said = f"{counted(len(pairs), 'pair')} of likely duplicates"
    say(f"{said}; carrel read shows them side by side" if pairs else "no likely duplicates")


def _shape(pair: "Pair", papers: dict[int, "Paper"]) -> dict[str, object]:
    two = [papers[pair.keep], papers[pair.other]]
    return {
        "ids": [paper.id for paper in two],
        "titles": [paper.title for paper in two],
        "agrees": list(pair.agrees),
        "differs": list(pair.differs),
        "certain": bool(pair.rule),
        "rule": pair.rule or None,
    }


def _lines(pair: "Pair", papers: dict[int, "Paper"]) -> Iterator[str]:
    for key in (pair.keep, pair.other):
        yield f"{papers[key].id}  {papers[key].title}"
    differs = f"; differs: {', '.join(pair.differs)}" if pair.differs else ""
    yield f"  agrees: {', '.join(pair.agrees) or 'nothing else'}{differs}"
    yield f"  certain: {pair.rule}" if pair.rule else "  for review"
    yield ""
