"""The man page, generated from the commands and the READMEs: `python -m tui.cli.manpage`."""

import inspect
import sys
from collections.abc import Iterable, Iterator

import click

from index.version import __version__
from tui.cli.help import TOPICS
from tui.cli.main import cli
from tui.cli.markdown import Block, CodeBlock, Heading, Paragraph, Table, section, table_lines

WIDTH_COLUMNS = 78
"""The width of a table of more than two columns, which is not indented."""

INDENT_COLUMNS = 7
"""The indentation of text by man."""

TERM_COLUMNS = 16
"""The indentation of the second column of a table; a longer first cell has a line of its own."""

SECTIONS = (
    "syntax", "keys", "json", "configuration", "formats", "files", "backups", "reliability",
    "privacy",
)  # fmt: skip
"""The topics of `carrel help` that follow the commands."""


def man_page() -> str:
    """Return the man page, in the macros of man(7)."""
    lines = [""]
    for line in _lines():
        # A heading starts a paragraph of its own.
        if not (line == ".PP" and lines[-1].startswith((".SH", ".SS"))):
            lines.append(line)
    return "\n".join(lines[1:]) + "\n"


def _lines() -> Iterator[str]:
    yield f'.TH CARREL 1 "" "Carrel {__version__}" "User Commands"'
    yield from (".nh", ".ad l")  # hyphens and wide gaps would spoil names and examples
    yield ".SH NAME"
    yield r"carrel \- read, search and mark research papers in the terminal"
    yield ".SH SYNOPSIS"
    yield ".B carrel"
    yield "[OPTIONS] [COMMAND] [ARGS]..."
    context = cli.make_context("carrel", [], resilient_parsing=True)
    yield ".SH DESCRIPTION"
    yield from _help_text(cli)
    yield ".SH OPTIONS"
    yield from _options(cli, context)
    yield ".SH COMMANDS"
    yield from _commands(cli, context)
    # An H3 heading of the README is a section of the page.
    yield ".SH EXIT STATUS"
    yield from _blocks(section(TOPICS["commands"].blocks(), "Exit status")[1:])
    for name in SECTIONS:
        yield from _blocks(TOPICS[name].blocks())


def _commands(group: click.Group, context: click.Context) -> Iterator[str]:
    for name, command in group.commands.items():
        with click.Context(command, info_name=name, parent=context) as child:
            usage = " ".join([child.command_path, *command.collect_usage_pieces(child)])
            yield f".SS {_escaped(usage)}"
            yield from _help_text(command)
            yield from _options(command, child)
            if isinstance(command, click.Group):
                yield from _commands(command, child)


def _help_text(command: click.Command) -> Iterator[str]:
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        if paragraph.startswith("\b\n"):
            first, *lines = paragraph.splitlines()[1:]
            if first.startswith(" "):
                yield from _verbatim([first, *lines])
            else:  # a title, such as "Examples:"
                yield from (".PP", _escaped(first), *_verbatim(lines))
        else:
            yield from (".PP", _escaped(" ".join(paragraph.split())))


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    help_option = command.get_help_option(context)
    for parameter in command.get_params(context):
        repeated = parameter is help_option and context.parent
        record = parameter.get_help_record(context)
        if isinstance(parameter, click.Option) and record and not repeated:
            yield from _definition(*record)


def _definition(term: str, text: str) -> tuple[str, ...]:
    return ".TP", f".B {_escaped(term)}", _escaped(text)


def _verbatim(lines: Iterable[str]) -> Iterator[str]:
    yield from (".PP", ".RS 4", ".nf")
    yield from (_escaped(line) for line in inspect.cleandoc("\n" + "\n".join(lines)).splitlines())
    yield from (".fi", ".RE")


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading(level, text):
                yield f".SH {_escaped(text.upper())}" if level <= 2 else f".SS {_escaped(text)}"
            case Paragraph(text, ""):
                yield from (".PP", _prose(text))
            case Paragraph(text, marker):
                yield from (f'.IP "{_escaped(marker.strip())}" 4', _prose(text))
            case CodeBlock(lines):
                yield from _verbatim(lines)
            case Table(header, rows) if len(header) == 2:
                yield from _two_columns(rows)
            case Table():
                yield from (".PP", f".in -{INDENT_COLUMNS}n", ".nf")
                yield from map(_escaped, table_lines(block, WIDTH_COLUMNS))
                yield from (".fi", f".in +{INDENT_COLUMNS}n")


def _two_columns(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield a table as terms and definitions, without blank lines between them."""
    yield from (".PP", ".PD 0")
    for term, text in rows:
        if text:
            yield from (f".TP {TERM_COLUMNS}", f".B {_escaped(term)}", _escaped(text))
        else:
            yield from (".PD", ".PP", f".B {_escaped(term)}", ".PD 0")
    yield ".PD"


def _prose(text: str) -> str:
    """Return a paragraph with its `code` in bold."""
    quoted = [_escaped(part) for part in text.split("`")]
    line = "".join(
        part if number % 2 == 0 else rf"\fB{part}\fR" for number, part in enumerate(quoted)
    )
    return rf"\&{line}" if line.startswith(".") else line


_ESCAPES = str.maketrans(
    {"\\": r"\e", "-": r"\-", "^": r"\(ha", "~": r"\(ti", "`": r"\(ga", "'": r"\(aq", '"': r"\(dq"}
)
"""Characters that roff interprets or replaces; see groff_char(7)."""


def _escaped(text: str) -> str:
    """Return a line of text that roff prints as written."""
    text = text.translate(_ESCAPES)
    return rf"\&{text}" if text.startswith(".") else text


if __name__ == "__main__":
    sys.stdout.write(man_page())
