"""`carrel edit` and `carrel add`: papers changed and added by hand."""

import click

from tui.cli.arguments import WordsCommand
from tui.cli.changes import print_outcome
from tui.cli.context import open_library, update_index
from tui.cli.output import print_lines, print_message


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
    from index.papers.edits import edited_fields

    with open_library() as library:
        (known,) = library.papers([paper])
        if assignments:
            fields = edited_fields(known, map(_assignment, assignments))
            done = library.editing.edit(known.key, fields)
        else:
            before = library.editing.text(known.key)
            text = _edited(before)
            done = library.editing.edit_text(known.key, text or before)
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
    from index.editing import TEMPLATE
    from index.papers.edits import edited_fields
    from index.papers.paper import Paper

    papers = []
    if assignments:
        fields = edited_fields(Paper(""), map(_assignment, assignments))
        if not fields.get("title"):
            raise click.UsageError("a paper needs a title; add title=TITLE")
        papers = [Paper(**fields)]  # type: ignore[arg-type]  # the fields of Paper
    with open_library() as library:
        if not assignments:
            text = _edited(TEMPLATE)
            if not text:
                print_message("nothing to add")
                return
            papers = library.editing.parse(text)
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


def _edited(text: str) -> str:
    """Return a text after the user edited it; "" if it was not changed."""
    edited = click.edit(text, extension=".bib")
    return "" if edited is None or edited.strip() == text.strip() else edited
