"""Verbs of upkeep: what the library holds, and how Carrel is set up."""

import sys

import click

from index.text.cleaning import counted
from tui.cli.base import loaded_config, opened
from tui.cli.output import emit, emit_json, moment, say, table

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


def _show_config() -> None:
    from tui.config.configuration import as_toml

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
