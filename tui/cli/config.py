"""`carrel config`: the configuration, the path of its file, and the key bindings."""

import sys

import click

from tui.cli.context import load_config
from tui.cli.output import print_lines
from tui.cli.tables import table


@click.group(invoke_without_command=True)
@click.pass_context
def config(context: click.Context) -> None:
    """Show the configuration, its path, or the key bindings.

    \b
    Examples:
      carrel config
      carrel config show > "$(carrel config path)"
    """
    if context.invoked_subcommand is None:
        _show_config()


def _show_config() -> None:
    from tui.config.toml_file import as_toml

    sys.stdout.write(as_toml(load_config()))


@config.command()
def show() -> None:
    """Print the current configuration, with a comment on each setting.

    \b
    Examples:
      mkdir -p "$(dirname "$(carrel config path)")"
      carrel config show > "$(carrel config path)"
    """
    _show_config()


@config.command()
def path() -> None:
    """Print the path of the configuration file.

    \b
    Examples:
      $EDITOR "$(carrel config path)"
    """
    from index.paths import config_file

    print_lines([str(config_file())])


@config.command()
def keys() -> None:
    """List the commands of the reader with their keys.

    \b
    Examples:
      carrel config keys
    """
    from tui.commands import EVERY_COMMAND

    bindings = load_config().keys
    print_lines(table([(c.name, " ".join(bindings[c.name]), c.help) for c in EVERY_COMMAND]))
