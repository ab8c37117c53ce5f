"""The READMEs and the man page agree with the program: tables are generated, the rest is checked.

`python -m tests.test_readme --update` regenerates the tables and the man page.
"""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click
import pytest

from index import formats
from index.facets.fields import FIELD_NAMES, STATE_NAMES
from index.papers.json_record import as_json
from index.papers.paper import build_paper
from tests.index.round_trips import BOTH, FIELDS, kept
from tui.cli import markdown
from tui.cli.help import TOPICS
from tui.cli.main import cli
from tui.cli.manpage import man_page
from tui.commands import EVERY_COMMAND, display_keys
from tui.commands.syntax import SYNTAX
from tui.config.configuration import Config
from tui.config.toml_file import as_toml

ROOT = Path(__file__).resolve().parents[1]
FRONT = ROOT / "README.md"
TUI = ROOT / "tui/README.md"
INDEX = ROOT / "index/README.md"
FORMATS = ROOT / "index/formats/README.md"
TESTS = ROOT / "tests/README.md"
READMES = (FRONT, TUI, INDEX, FORMATS, TESTS)
MAN_PAGE = ROOT / "tui/carrel.1"

MAX_FRONT_LINES = 150
UPDATE = "run python -m tests.test_readme --update"

readmes = pytest.mark.parametrize("path", READMES, ids=lambda path: str(path.relative_to(ROOT)))


# -- generated tables ------------------------------------------------------------------------------


def keys() -> Iterator[str]:
    """Yield the table of keys, group by group."""
    yield from _row("Keys", "Action")
    for group in dict.fromkeys(command.group for command in EVERY_COMMAND):
        yield f"| **{group}** | |"
        for command in EVERY_COMMAND:
            if command.group == group:
                keys = " ".join(f"`{key}`" for key in display_keys(command.keys))
                yield f"| {keys or 'palette'} | {command.help} |"


def syntax() -> Iterator[str]:
    """Yield the table of the query syntax."""
    yield from _row("Query", "Finds")
    for line in SYNTAX:
        yield f"| `{line.written}` | {line.means} |"


def commands() -> Iterator[str]:
    """Yield the table of commands."""
    yield from _row("Command", "Description")
    for name, command in cli.commands.items():
        if isinstance(command, click.Group):
            pieces = [f"[{'|'.join(command.commands)}]"]
        else:
            context = click.Context(command, info_name=name, parent=_root_context())
            pieces = [part for part in command.collect_usage_pieces(context) if part != "[OPTIONS]"]
        usage = " ".join(["carrel", name, *pieces]).replace("|", r"\|")
        yield f"| `{usage}` | {_first_sentence(command)} |"


def file_formats() -> Iterator[str]:
    """Yield the table of formats."""
    yield "| Name | Read | Write | Extensions | Format |"
    yield "|---|:-:|:-:|---|---|"
    for form in formats.FORMATS:
        endings = " ".join(f"`{ending}`" for ending in form.endings)
        read, written = ("yes" if way else "" for way in (form.read, form.write))
        yield f"| `{form.name}` | {read} | {written} | {endings} | {form.label} |"


def fields_kept() -> Iterator[str]:
    """Yield the table of the fields that survive a round trip in each format."""
    yield f"| Field | {' | '.join(f'`{name}`' for name in BOTH)} |"
    yield f"|---|{'|'.join(':-:' for _ in BOTH)}|"
    given = {name: kept(name) for name in BOTH}
    for field in FIELDS:
        yield f"| {field} | {' | '.join('yes' if field in given[name] else '' for name in BOTH)} |"


def configuration() -> Iterator[str]:
    """Yield the default settings, with one key as an example."""
    yield "```toml"
    yield from as_toml(Config()).split("[keys]")[0].rstrip().splitlines()
    yield "[keys]"
    yield 'undo = "U"'
    yield "```"


def _root_context() -> click.Context:
    """Return the context of `carrel`, from which commands inherit `-h` and `--help`."""
    return cli.make_context("carrel", [], resilient_parsing=True)


def topics() -> Iterator[str]:
    """Yield the table of the topics of `carrel help`."""
    yield from _row("Topic", "Contents")
    for name, topic in TOPICS.items():
        yield f"| `{name}` | {topic.summary} |"


PARTS: dict[str, tuple[Path, Callable[[], Iterable[str]]]] = {
    "keys": (TUI, keys),
    "syntax": (TUI, syntax),
    "commands": (TUI, commands),
    "topics": (TUI, topics),
    "configuration": (TUI, configuration),
    "formats": (FORMATS, file_formats),
    "fields": (FORMATS, fields_kept),
}
"""Each generated part: the README it is in, and its lines."""


def _row(first: str, second: str) -> tuple[str, str]:
    return f"| {first} | {second} |", "|---|---|"


def _first_sentence(command: click.Command) -> str:
    return (command.help or "").strip().splitlines()[0]


def update_part(text: str, name: str) -> str:
    """Return the text of a README with one part regenerated."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    if text.count(start) != 1 or text.count(end) != 1:
        raise LookupError(f"expected one pair of {start} and {end}")
    head, rest = text.split(start)
    _, tail = rest.split(end)
    return "\n".join((head + start, *PARTS[name][1](), end + tail))


def update() -> None:
    """Regenerate all parts and the man page."""
    for name, (path, _) in PARTS.items():
        path.write_text(update_part(path.read_text(encoding="utf-8"), name), encoding="utf-8")
    MAN_PAGE.write_text(man_page(), encoding="utf-8")


@pytest.mark.parametrize("name", PARTS)
def test_generated_table_is_current(name: str) -> None:
    text = PARTS[name][0].read_text(encoding="utf-8")
    assert text == update_part(text, name), UPDATE


# -- the rest of the READMEs -----------------------------------------------------------------------


def test_front_readme_is_short() -> None:
    assert len(FRONT.read_text(encoding="utf-8").splitlines()) <= MAX_FRONT_LINES


def test_query_syntax_names_every_field_and_state() -> None:
    written = " ".join(line.written + line.means for line in SYNTAX)
    assert [name for name in FIELD_NAMES if f"{name}:" not in written] == []
    assert [name for name in STATE_NAMES["is"] if name not in written] == []


@readmes
def test_links_to_files_resolve(path: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("title", ["Layout", "Where to change what"])
def test_paths_in_the_map_exist(title: str) -> None:
    text = INDEX.read_text(encoding="utf-8").partition(f"## {title}\n")[2].partition("\n#")[0]
    named = re.findall(r"`([\w/]+(?:\.py|/))`", text)
    assert named
    roots = [ROOT, INDEX.parent]
    roots += [root / name for root in roots for name in named if name.endswith("/")]
    assert [name for name in named if not any((root / name).exists() for root in roots)] == []


def test_layout_names_every_module_of_index() -> None:
    text = INDEX.read_text(encoding="utf-8").partition("## Layout\n")[2].partition("\n#")[0]
    found = {
        path.name + ("/" if path.is_dir() else "")
        for path in INDEX.parent.iterdir()
        if not path.name.startswith("_") and (path.is_dir() or path.suffix == ".py")
    }
    assert sorted(name for name in found if f"`{name}`" not in text) == []


def test_documented_json_keys_are_those_of_a_paper() -> None:
    blocks = markdown.section(markdown.parse(TUI.read_text(encoding="utf-8")), "JSON output")
    _, paper = (block for block in blocks if isinstance(block, markdown.Table))
    named = [key for row in paper.rows for key in row[0].split()]
    assert sorted(named) == sorted(as_json(build_paper(title="A title")))


def command_lines(text: str) -> Iterator[list[str]]:
    """Yield the arguments of each `carrel` command in the code blocks of a README."""
    for block in markdown.parse(text):
        if isinstance(block, markdown.CodeBlock):
            for line in block.lines:
                for part in re.split(r" \| ", line.removeprefix("$ ")):
                    if part.startswith("carrel "):
                        yield shlex.split(part, comments=True)[1:]


@readmes
def test_documented_commands_parse(path: Path) -> None:
    for rest in command_lines(path.read_text(encoding="utf-8")):
        context = _root_context()
        command: click.Command | None = cli
        name: str | None = "carrel"
        while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
            name, command, rest = command.resolve_command(context, rest)
        assert command is not None
        command.make_context(name, rest, parent=context).close()


# -- the man page ----------------------------------------------------------------------------------


def test_man_page_is_current() -> None:
    assert MAN_PAGE.read_text(encoding="utf-8") == man_page(), UPDATE


def test_man_page_has_a_section_for_each_command() -> None:
    text = MAN_PAGE.read_text(encoding="utf-8")
    assert text.startswith(".TH CARREL 1 ")
    sections = re.findall(r"^\.SH (.+)$", text, re.MULTILINE)
    assert sections[:5] == ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS"]
    assert {"QUERY SYNTAX", "KEYS", "CONFIGURATION", "FILE FORMATS", "FILES"} <= set(sections)
    named = set(re.findall(r"^\.SS carrel (\w+)", text, re.MULTILINE))
    assert named == set(cli.commands)


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_man_page_has_no_groff_warnings() -> None:
    command = ["groff", "-k", "-man", "-Tutf8", "-ww", "-z", str(MAN_PAGE)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""


@pytest.mark.skipif(not shutil.which("mandoc"), reason="mandoc is not installed")
def test_man_page_has_no_mandoc_errors() -> None:
    command = ["mandoc", "-T", "lint", "-W", "error", str(MAN_PAGE)]
    assert subprocess.run(command, capture_output=True, text=True, timeout=60).stdout == ""


if __name__ == "__main__":
    if sys.argv[1:] != ["--update"]:
        sys.exit("python -m tests.test_readme --update")
    update()
