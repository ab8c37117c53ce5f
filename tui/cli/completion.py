"""`carrel completion`: the completion script of a shell."""

import click
from click.shell_completion import get_completion_class

from tui.cli.output import print_lines


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), metavar="bash|zsh|fish")
def completion(shell: str) -> None:
    """Print the completion script for a shell.

    \b
    Examples:
      carrel completion bash >> ~/.bashrc
      carrel completion zsh >> ~/.zshrc
      carrel completion fish > ~/.config/fish/completions/carrel.fish
    """
    completion_class = get_completion_class(shell)
    root = click.get_current_context().find_root().command
    if completion_class:
        print_lines([completion_class(root, {}, "carrel", "_CARREL_COMPLETE").source()])
