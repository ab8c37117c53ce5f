"""`carrel doctor`: whether library, configuration, terminal and clipboard work."""

from typing import TYPE_CHECKING

import click

from tui.cli.context import open_library
from tui.cli.output import print_lines, print_message
from tui.cli.progress import progress
from tui.cli.tables import table
from tui.cli.terminal_checks import clipboard_check, terminal_checks

if TYPE_CHECKING:
    from index.doctor import Check


@click.command()
@click.option("--rebuild", is_flag=True, help="Build the search index anew first.")
@click.option("--mend", is_flag=True, help="First mend what can be mended without a risk.")
def doctor(rebuild: bool, mend: bool) -> None:
    """Check that all is well, and say what mends what is not.

    Looks at the library, its database and saved copies, the search index, the configuration, the
    terminal and the clipboard. --mend closes folders and files that others may use, and builds a
    broken index anew; no mark is touched.

    \b
    Examples:
      carrel doctor
      carrel doctor --mend
      carrel doctor --rebuild
    """
    checks = [*_library(rebuild, mend), *_configuration(), *terminal_checks(), clipboard_check()]
    # ok, or !! before an error
    rows = [("ok" if check.passed else "!!", check.name, check.message) for check in checks]
    print_lines(table(rows))
    if not all(check.passed for check in checks):
        click.get_current_context().exit(1)


def _library(rebuild: bool, mend: bool) -> "list[Check]":
    """Rebuild and fix if asked, then check; a library that cannot be opened fails the check."""
    from index.doctor import Check
    from index.errors import LibraryUnavailable

    try:
        with open_library() as library, progress("Indexing") as tell:
            if rebuild:
                library.rebuild(lambda done, total: tell(done, total, done))
            if mend:
                for fixed in library.doctor.fix(lambda done, total: tell(done, total, done)):
                    print_message(f"mended: {fixed}")
            return library.doctor.check()
    except LibraryUnavailable as error:
        return [Check("library", False, str(error))]


def _configuration() -> "list[Check]":
    from index.doctor import Check
    from index.paths import config_file
    from tui.config.toml_file import load

    path = config_file()
    _, problems = load(path)
    if not problems:
        there = str(path) if path.exists() else f"{path} (not there; all is at its default)"
        return [Check("configuration", True, there)]
    return [Check("configuration", False, problem) for problem in problems]
