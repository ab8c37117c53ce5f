"""Shell completion of names that a shell would run or split, in real shells."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index import Library

NAME = "to $(touch ran)"
OTHER = """it's "a, b" `x`"""
ZSH = r"""
zmodload zsh/zpty
zpty z env PS1= TERM=dumb zsh -f -i
zpty -w z 'autoload -U compinit; compinit -u -D; eval "$(carrel completion zsh)"
show() { print -r -- "<<$BUFFER>>"; BUFFER= }; zle -N show; bindkey "^X" show; print READY$((1+1))'
zpty -r -m z out '*READY2*'
zpty -w -n z $'carrel saved run to\t\x18'
zpty -r -m z out '*<<*>>*'
print -r -- "${${out##*<<}%%>>*}"
zpty -d z
"""
BASH = r"""
eval "$(carrel completion bash)"
for word in to "'to" '"to' it; do
    COMP_WORDS=(carrel saved run "$word"); COMP_CWORD=3
    _carrel_completion carrel
    printf '%s\n' "${COMPREPLY[@]}"
done
"""
FISH = """
carrel completion fish | source
complete -C "carrel saved run to"
complete -C "carrel saved run it"
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a shell with two saved searches."""
    with Library.open(tmp_path / "library") as library:
        library.saved.add(NAME, "x")
        library.saved.add(OTHER, "y")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "CARREL_LIBRARY": str(tmp_path / "library")}


def run(shell: str, script: str, environment: dict[str, str], folder: Path) -> list[str]:
    command = [shell, *(["-f"] if shell == "zsh" else []), "-c", script]
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=60
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_of_name_is_quoted_and_runs_nothing(
    shell: str, environment: dict[str, str], tmp_path: Path
) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    escaped = NAME.replace(" ", r"\ ").replace("$(", r"\$\(").replace(")", r"\)")
    shown = run(shell, {"bash": BASH, "zsh": ZSH, "fish": FISH}[shell], environment, tmp_path)
    if shell == "bash":
        assert shown[:3] == [escaped, NAME, NAME.replace("$", r"\$")]
        assert shown[3] == r"it\'s\ \"a\,\ b\"\ \`x\`"
    elif shell == "zsh":
        assert shown[-1].split("run ")[1].rstrip() == escaped
    else:  # fish quotes the value when it inserts it
        assert [line.split("\t")[0] for line in shown] == [NAME, OTHER]
    assert not (tmp_path / "ran").exists()
