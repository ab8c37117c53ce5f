"""`carrel edit` and `carrel add`: papers changed and added by hand."""

import io
from typing import TYPE_CHECKING

import click

from tui.cli.arguments import WordsCommand
from tui.cli.changes import print_outcome
from tui.cli.context import load_config, open_library, update_index
from tui.cli.output import print_lines, print_message

if TYPE_CHECKING:
    from index import Paper

_TEMPLATE = """\
@article{,
  title = {},
  author = {},
  journal = {},
  year = {},
  doi = {},
  url = {},
  abstract = {},
}
"""


@click.command(cls=WordsCommand)
@click.argument("paper", metavar="ID")
@click.argument("assignments", nargs=-1, metavar="[FIELD=VALUE]...")
def edit(paper: str, assignments: tuple[str, ...]) -> None:
    """Edit a paper by hand.

    Without FIELD=VALUE, opens the paper as BibTeX in $VISUAL or $EDITOR. Fields are those of the
    JSON record (title, authors, year, venue, doi, ...) and CSL variables (volume, page, publisher,
    editor, ...). Semicolons separate several values; an empty value deletes the field. Later
    imports do not overwrite an edited field.

    \b
    Examples:
      carrel edit oreo-plug-in-context
      carrel edit oreo-plug-in-context venue=ACL year=2025 pages=17-29
      carrel edit oreo-plug-in-context authors='Ada Lovelace; Alan Turing'
    """
    from index.papers.edits import changed_fields, edited_fields

    with open_library() as library:
        (known,) = library.papers([paper])
        if assignments:
            fields = edited_fields(known, map(_assignment, assignments))
        else:
            text = "".join(library.export([known.id], "bibtex", load_config().style))
            before = _read(text)
            after = _edited(text)
            fields = changed_fields(before[0], after[0]) if before and after else {}
        done = library.editing.edit(known.key, fields)
        print_outcome(done)
        if done.papers:
            update_index(library)


@click.command(cls=WordsCommand)
@click.argument("assignments", nargs=-1, metavar="[FIELD=VALUE]...")
def add(assignments: tuple[str, ...]) -> None:
    """Add a paper by hand, and print its id.

    Without FIELD=VALUE, opens an empty BibTeX entry in $VISUAL or $EDITOR. The source of the paper
    is `you`. A paper that is in the library already receives the new values.

    \b
    Examples:
      carrel add
      carrel add title='A Desk for Reading' authors='Ada Lovelace' year=1843
    """
    from index.papers.edits import edited_fields
    from index.papers.paper import Paper

    if assignments:
        fields = edited_fields(Paper(""), map(_assignment, assignments))
        if not fields.get("title"):
            raise click.UsageError("a paper needs a title; add title=TITLE")
        papers = [Paper(**fields)]  # type: ignore[arg-type]  # the fields of Paper
    else:
        papers = _edited(_TEMPLATE)
    if not papers:
        print_message("nothing to add")
        return
    with open_library() as library:
        done, placements = library.editing.add(papers)
        print_lines(placement.into for placement in placements)
        for placement in placements:
            if placement.rule and placement.id != placement.into:
                print_message(f"{placement.id} merged into {placement.into}: {placement.rule}")
        print_outcome(done, unchanged="already in the library")
        update_index(library)


def _assignment(word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not equals or not name.strip():
        raise click.UsageError(f"{word!r} is not FIELD=VALUE; try title='New title'")
    return name, value


def _edited(text: str) -> "list[Paper]":
    """Return the papers of a text after the user edited it; none if it was not saved.

    Raises CarrelError if the result cannot be read.
    """
    from index import CarrelError

    edited = click.edit(text, extension=".bib")
    if edited is None or edited.strip() == text.strip():
        return []
    papers = _read(edited)
    if not papers:
        raise CarrelError("cannot read the edited text: no BibTeX entry with a title; try again")
    return papers


def _read(text: str) -> "list[Paper]":
    from index.formats import READERS
    from index.papers.entries import Origin, ParsedPaper

    read = READERS["bibtex"].read
    assert read
    entries = read(io.BytesIO(text.encode()), Origin("edited.bib"))
    return [entry.paper for entry in entries if isinstance(entry, ParsedPaper)]
