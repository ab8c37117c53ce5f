"""Verbs of upkeep: what the library holds, whether it is well, and how Carrel is set up."""

import os
import shutil
import sys
from typing import TYPE_CHECKING

import click

from index.text import counted
from tui.output import check_lines, emit, emit_json, moment, say, table
from tui.progress import progress
from tui.verbs.base import opened

if TYPE_CHECKING:
    from index.library import Check
    from tui.config import Config

_as_json = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")


@click.command()
@_as_json
def stats(as_json: bool) -> None:
    """Tell what the library holds, in numbers.

    \b
    Examples:
      carrel stats
      carrel stats --json
    """
    with opened() as library:
        held = library.stats()
    if as_json:
        emit_json(held)
        return
    rows = [
        (name.replace("_", " "), f"{value:,}" if isinstance(value, int) else value)
        for name, value in held.items()
    ]
    emit(table(rows))


# -- sources ---------------------------------------------------------------------------------------


@click.group(invoke_without_command=True)
@click.pass_context
def source(context: click.Context) -> None:
    """List the sources that papers came from, or remove one.

    \b
    Examples:
      carrel source
      carrel source remove starter
    """
    if context.invoked_subcommand is None:
        _list_sources(as_json=False)


@source.command("list")
@_as_json
def list_(as_json: bool) -> None:
    """List the sources, newest first.

    \b
    Examples:
      carrel source list
      carrel source list --json
    """
    _list_sources(as_json)


def _list_sources(as_json: bool) -> None:
    with opened() as library:
        sources = library.sources()
    if as_json:
        emit_json([source._asdict() for source in sources])
        return
    rows = [
        (s.name, f"{s.papers:,}", s.format, s.date, moment(s.added)[:10], s.path) for s in sources
    ]
    emit(table([("name", "papers", "format", "date", "added", "from"), *rows], [1]) if rows else [])


@source.command()
@click.argument("name")
def remove(name: str) -> None:
    """Forget a source.

    Its papers go, but for those that have a mark or that another source holds.

    \b
    Examples:
      carrel source remove starter
    """
    with opened() as library:
        gone, kept = library.remove_source(name)
    say(f"removed the source {name}: {counted(gone, 'paper')} went, {kept:,} stay")


# -- health ----------------------------------------------------------------------------------------


@click.command()
@click.option("--rebuild", is_flag=True, help="Build the search index anew first.")
def doctor(rebuild: bool) -> None:
    """Check that all is well, and say what mends what is not.

    Looks at library, search index, configuration, terminal and clipboard.

    \b
    Examples:
      carrel doctor
      carrel doctor --rebuild
    """
    with opened() as library:
        if rebuild:
            with progress("Indexing") as tell:
                library.rebuild(lambda done, total: tell(done, total, done))
        checks = [*library.check(), *_configuration(), _terminal(), _clipboard()]
    emit(check_lines(checks))
    if not all(check.fine for check in checks):
        click.get_current_context().exit(1)


def _configuration() -> "list[Check]":
    from index.library import Check
    from index.paths import config_file
    from tui.config import load

    path = config_file()
    _, problems = load(path)
    if not problems:
        there = str(path) if path.exists() else f"{path} (not there; all is at its default)"
        return [Check("configuration", True, there)]
    return [Check("configuration", False, problem) for problem in problems]


def _terminal() -> "Check":
    from index.library import Check

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return Check("terminal", True, "none here; the reader needs one, the other commands do not")
    term = os.environ.get("TERM", "")
    if term in ("", "dumb"):
        return Check("terminal", False, f"TERM is {term!r}; set it to what the terminal is")
    size = shutil.get_terminal_size()
    return Check("terminal", True, f"{term}, {_colours(term)}, {size.columns}x{size.lines}")


def _colours(term: str) -> str:
    if os.environ.get("NO_COLOR"):
        return "no colours (NO_COLOR)"
    if os.environ.get("COLORTERM") in ("truecolor", "24bit"):
        return "16 million colours"
    return "256 colours" if "256color" in term else "16 colours"


def _clipboard() -> "Check":
    import pyperclip

    from index.library import Check

    copy, _ = pyperclip.determine_clipboard()
    through = "OSC 52 carries copies through the terminal, which may have to allow it"
    if copy:
        return Check("clipboard", True, f"the system's own; over SSH {through}")
    return Check("clipboard", True, f"no system clipboard; {through}")


# -- set-up ----------------------------------------------------------------------------------------


@click.group(invoke_without_command=True)
@click.pass_context
def config(context: click.Context) -> None:
    """Show the configuration, where it is kept, and the keys.

    \b
    Examples:
      carrel config
      carrel config show > "$(carrel config path)"
    """
    if context.invoked_subcommand is None:
        _show_config()


def loaded_config() -> "Config":
    """Return the configuration, with a line of talk for each thing wrong in it."""
    from index.paths import config_file
    from tui.config import load

    settings, problems = load(config_file())
    for problem in problems:
        say(problem)
    return settings


def _show_config() -> None:
    from tui.config import as_toml

    sys.stdout.write(as_toml(loaded_config()))


@config.command()
def show() -> None:
    """Print the configuration as it is now, each setting explained.

    \b
    Examples:
      mkdir -p "$(dirname "$(carrel config path)")"
      carrel config show > "$(carrel config path)"
    """
    _show_config()


@config.command()
def path() -> None:
    """Print where the configuration file is, or would be.

    \b
    Examples:
      $EDITOR "$(carrel config path)"
    """
    from index.paths import config_file

    emit([str(config_file())])


@config.command()
def keys() -> None:
    """List the reader's commands by name, with their keys.

    \b
    Examples:
      carrel config keys
    """
    from tui.commands import COMMANDS

    own = loaded_config().keys
    emit(table([(c.name, " ".join(own[c.name]), c.help) for c in COMMANDS]))


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), metavar="bash|zsh|fish")
def completion(shell: str) -> None:
    """Print what makes a shell complete the command line.

    \b
    Examples:
      carrel completion bash >> ~/.bashrc
      carrel completion zsh >> ~/.zshrc
      carrel completion fish > ~/.config/fish/completions/carrel.fish
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    root = click.get_current_context().find_root().command
    if found:
        emit([found(root, {}, "carrel", "_CARREL_COMPLETE").source()])
