"""`carrel doctor`: checks of the library, the configuration, the terminal and the clipboard."""

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
@click.option("--fix", is_flag=True, help="Apply safe fixes first.")
@click.option("--mend", is_flag=True, hidden=True, help="The former name of --fix.")
@click.option("--rebuild", is_flag=True, help="Rebuild the search index first.")
def doctor(fix: bool, mend: bool, rebuild: bool) -> None:
    """Check the installation and suggest fixes.

    Checks the library, its database and backups, the search index, kept files, the configuration,
    the terminal and the clipboard. --fix removes other users' access to the library, decodes LaTeX
    in venues, names and keywords that an older Carrel stored, and rebuilds a broken index; it never
    changes marks.

    \b
    Examples:
      carrel doctor
      carrel doctor --fix
      carrel doctor --rebuild
    """
    checks = [
        *_check_library(rebuild, fix or mend),
        *_check_configuration(),
        _check_services(),
        *terminal_checks(),
        clipboard_check(),
    ]
    rows = [("ok" if check.passed else "!!", check.name, check.message) for check in checks]
    print_lines(table(rows))
    if not all(check.passed for check in checks):
        click.get_current_context().exit(1)


def _check_library(rebuild: bool, fix: bool) -> "list[Check]":
    """Rebuild and fix if requested, then check; a library that cannot be opened fails the check."""
    from index.doctor import Check
    from index.errors import LibraryUnavailable

    try:
        with open_library() as library, progress("Indexing") as update:
            if rebuild:
                library.rebuild(lambda done, total: update(done, total, done))
            if fix:
                for fixed in library.doctor.fix(lambda done, total: update(done, total, done)):
                    print_message(f"fixed: {fixed}")
            return library.doctor.check()
    except LibraryUnavailable as error:
        return [Check("library", False, str(error))]


def _check_configuration() -> "list[Check]":
    from index.doctor import Check
    from index.paths import config_file
    from tui.config.toml_file import load

    path = config_file()
    _, problems = load(path)
    if not problems:
        message = str(path) if path.exists() else f"{path} (missing; defaults are used)"
        return [Check("configuration", True, message)]
    return [Check("configuration", False, problem) for problem in problems]


def _check_services() -> "Check":
    """Return which services have a key, and how they are used; nothing is requested."""
    from index.doctor import Check
    from index.paths import config_file
    from tui.config.toml_file import load

    config, _ = load(config_file())
    states = [
        f"Semantic Scholar: {'your key' if config.semantic_scholar_key else 'no key'}",
        f"OpenAlex: {'your key' if config.openalex_key else 'no key, so not asked'}",
        f"Crossref: {'your mail address' if config.mailto else 'no mail address'}",
    ]
    message = f"{'; '.join(states)}; Hugging Face and arXiv need none"
    return Check("services", True, message)
