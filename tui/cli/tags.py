"""`carrel tags`: list, rename and delete the tags of the library."""

import click

from tui.cli.changes import print_outcome
from tui.cli.context import open_library
from tui.cli.json_output import json_option, print_json
from tui.cli.output import print_lines, print_message
from tui.cli.tables import table


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def tags(context: click.Context, as_json: bool) -> None:
    """List the tags with their counts; rename or delete one.

    \b
    Examples:
      carrel tags
      carrel tags --json
      carrel tags rename nlp lang
    """
    if context.invoked_subcommand is not None:
        return
    with open_library() as library:
        counts = library.marks.tags()
    if as_json:
        print_json([{"name": name, "papers": papers} for name, papers in counts.items()])
    else:
        print_lines(table([(name, f"{papers:,}") for name, papers in counts.items()], [1]))


@tags.command()
@click.argument("old")
@click.argument("new")
def rename(old: str, new: str) -> None:
    """Rename a tag and the tags below it.

    If NEW is an existing tag, the two are merged. Saved searches that use OLD are listed, but not
    changed.

    \b
    Examples:
      carrel tags rename nlp lang
      carrel tags rename to-read todo/read
    """
    with open_library() as library:
        _check_name(new)
        searches = library.marks.searches_with_tag(old)
        done = library.marks.rename_tag(old, new)
    print_outcome(done)
    _report_searches(searches if done.papers else [])


@tags.command()
@click.argument("name")
def delete(name: str) -> None:
    """Delete a tag and the tags below it from all papers.

    \b
    Examples:
      carrel tags delete old/project
    """
    with open_library() as library:
        searches = library.marks.searches_with_tag(name)
        done = library.marks.delete_tag(name)
    print_outcome(done)
    _report_searches(searches)


def _check_name(name: str) -> None:
    from index import CarrelError
    from index.papers.tags import normalize_tag

    try:
        normalize_tag(name)
    except CarrelError as error:
        raise click.UsageError(str(error)) from error


def _report_searches(searches: list[str]) -> None:
    """Print the saved searches that still use a tag."""
    if searches:
        names = ", ".join(searches)
        print_message(f"saved searches still use it: {names}; update them with carrel saved add")
