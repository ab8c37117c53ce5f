"""`carrel completion`: the script that completes command lines in a shell."""

import click
from click.shell_completion import get_completion_class

from tui.cli.output import print_lines


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
    found = get_completion_class(shell)
    root = click.get_current_context().find_root().command
    if found:
        print_lines([found(root, {}, "carrel", "_CARREL_COMPLETE").source()])
