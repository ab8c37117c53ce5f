"""`carrel completion`: the completion script of a shell."""

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, get_completion_class

from tui.cli.output import print_lines

# Unlike click's script, this quotes values: the name of a saved search may have spaces, and text
# that bash would run. A value completes the word as typed, which may begin with a quote.
_BASH = r"""%(complete_func)s() {
    local IFS=$'\n' response completion value word=${COMP_WORDS[COMP_CWORD]}
    response=$(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD \
%(complete_var)s=bash_complete $1 2>/dev/null)
    COMPREPLY=()
    while IFS= read -r completion; do
        value=${completion#*,}
        case ${completion%%%%,*} in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain)
                case $word in
                    \'*) value=${value//\'/\'\\\'\'} ;;
                    \"*) value=$(sed 's/[\\"$`!]/\\&/g' <<< "$value") ;;
                    *) printf -v value %%q "$value" ;;
                esac
                COMPREPLY+=("$value") ;;
        esac
    done <<< "$response"
    return 0
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""


class QuotingBashComplete(BashComplete):
    """Completion for bash with quoted values; zsh and fish quote them themselves."""

    source_template = _BASH


class WholeFishComplete(FishComplete):
    """Completion for fish of values with commas, which click's script cuts off."""

    source_template = FishComplete.source_template.replace(
        'string split ","', 'string split --max 1 ","'
    )


_CLASSES = {"bash": QuotingBashComplete, "fish": WholeFishComplete}


def completion_class(shell: str) -> type[ShellComplete] | None:
    """Return the completion class of a shell."""
    return _CLASSES.get(shell) or get_completion_class(shell)


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
    root = click.get_current_context().find_root().command
    if found := completion_class(shell):
        print_lines([found(root, {}, "carrel", "_CARREL_COMPLETE").source()])
