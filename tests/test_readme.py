"""The README says what the program says: its tables are made from the program.

`python -m tests.test_readme --update` writes them anew.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click
import pytest

from index import formats
from index.facets.fields import FIELD_NAMES, STATE_NAMES
from tui.cli.main import cli
from tui.commands import COMMANDS, shown
from tui.commands.syntax import SYNTAX
from tui.config.configuration import Config
from tui.config.toml_file import as_toml

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"


def keys() -> Iterator[str]:
    """Yield the table of keys, a part of the help page after another."""
    yield from _row("keys", "do")
    for group in dict.fromkeys(command.group for command in COMMANDS):
        yield f"| **{group}** | |"
        for command in COMMANDS:
            if command.group == group:
                keys = " ".join(f"`{key}`" for key in shown(command.keys))
                yield f"| {keys or 'by name, from the palette'} | {command.help} |"


def syntax() -> Iterator[str]:
    """Yield the table of the query syntax."""
    yield from _row("write", "for")
    for line in SYNTAX:
        yield f"| `{line.written}` | {line.means} |"


def commands() -> Iterator[str]:
    """Yield the table of commands."""
    yield from _row("command", "does")
    for name, command in cli.commands.items():
        if isinstance(command, click.Group):
            pieces = [f"[{'|'.join(command.commands)}]"]
        else:
            context = click.Context(command, info_name=name)
            pieces = [part for part in command.collect_usage_pieces(context) if part != "[OPTIONS]"]
        usage = " ".join(["carrel", name, *pieces]).replace("|", r"\|")
        yield f"| `{usage}` | {_first_sentence(command)} |"


def file_formats() -> Iterator[str]:
    """Yield the table of formats."""
    yield "| format | name | endings | read | written |"
    yield "|---|---|---|:-:|:-:|"
    for form in formats.FORMATS:
        endings = " ".join(f"`{ending}`" for ending in form.endings)
        read, written = ("yes" if way else "" for way in (form.read, form.write))
        yield f"| {form.label} | `{form.name}` | {endings} | {read} | {written} |"


def configuration() -> Iterator[str]:
    """Yield the settings as they are without a file, keys left out."""
    yield "```toml"
    yield from as_toml(Config()).split("[keys]")[0].rstrip().splitlines()
    yield "[keys]"
    yield 'undo = "z"'
    yield "```"


PARTS: dict[str, Callable[[], Iterable[str]]] = {
    "keys": keys,
    "syntax": syntax,
    "commands": commands,
    "formats": file_formats,
    "configuration": configuration,
}


def _row(first: str, second: str) -> tuple[str, str]:
    return f"| {first} | {second} |", "|---|---|"


def _first_sentence(command: click.Command) -> str:
    return (command.help or "").strip().splitlines()[0]


def updated(text: str) -> str:
    """Return the README's text with every part made anew."""
    for name, lines in PARTS.items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        if text.count(start) != 1 or text.count(end) != 1:
            raise LookupError(f"the README has no place for {name}: {start} … {end}")
        head, rest = text.split(start)
        _, tail = rest.split(end)
        text = "\n".join((head + start, *lines(), end + tail))
    return text


@pytest.mark.parametrize("name", PARTS)
def test_the_tables_are_those_of_the_program(name: str) -> None:
    now = README.read_text(encoding="utf-8")
    part = re.compile(rf"<!-- {name} -->(.*?)<!-- /{name} -->", re.DOTALL)
    told, true = part.findall(now), part.findall(updated(now))
    assert told == true, "python -m tests.test_readme --update writes it anew"


def test_the_query_syntax_names_every_field_and_state() -> None:
    written = " ".join(line.written + line.means for line in SYNTAX)
    assert [name for name in FIELD_NAMES if f"{name}:" not in written] == []
    assert [name for name in STATE_NAMES["is"] if name not in written] == []


def test_every_link_to_a_file_leads_somewhere() -> None:
    text = README.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_command_line_names_commands_that_exist() -> None:
    text = README.read_text(encoding="utf-8")
    lines = re.findall(r"^\$? ?(?:\w+ .*\| )?carrel ([a-z]+)", text, re.MULTILINE)
    assert lines
    assert {line for line in lines if line not in cli.commands} == set()


if __name__ == "__main__":
    if sys.argv[1:] != ["--update"]:
        sys.exit("python -m tests.test_readme --update")
    README.write_text(updated(README.read_text(encoding="utf-8")), encoding="utf-8")
