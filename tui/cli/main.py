"""The `carrel` command: its subcommands, its entry point, and its error messages.

An error is printed as one line on standard error. The exit code is 2 for a usage error, 1 for any
other error.
"""

import errno
import gc
import io
import os
import signal
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from types import FrameType
from typing import BinaryIO, NoReturn

import click

from index.text.cleaning import clean
from tui.platform.garbage import COMMAND_THRESHOLD
from tui.wording import describe_error

VERBS = {
    "read": "tui.cli.read",
    "triage": "tui.cli.triage",
    "serve": "tui.cli.serve",
    "import": "tui.cli.import_",
    "fetch": "tui.cli.fetch",
    "enrich": "tui.cli.enrich",
    "search": "tui.cli.search",
    "show": "tui.cli.show",
    "related": "tui.cli.related",
    "facets": "tui.cli.facets",
    "bookmark": "tui.cli.bookmark",
    "unbookmark": "tui.cli.bookmark",
    "tag": "tui.cli.tag",
    "mark": "tui.cli.mark",
    "note": "tui.cli.note",
    "edit": "tui.cli.edit",
    "add": "tui.cli.edit",
    "remove": "tui.cli.remove",
    "undo": "tui.cli.undo",
    "redo": "tui.cli.undo",
    "log": "tui.cli.log",
    "export": "tui.cli.export",
    "keep": "tui.cli.keep",
    "saved": "tui.cli.saved",
    "dump": "tui.cli.dump",
    "restore": "tui.cli.restore",
    "merge": "tui.cli.restore",
    "source": "tui.cli.source",
    "corpus": "tui.cli.corpus",
    "tags": "tui.cli.tags",
    "duplicates": "tui.cli.duplicates",
    "stats": "tui.cli.stats",
    "doctor": "tui.cli.doctor",
    "config": "tui.cli.config",
    "completion": "tui.cli.completion",
    "help": "tui.cli.help",
}
"""The subcommands in the order of the help, each with its module.

In the module the command has the name of the subcommand; `import`, a keyword, is `import_`.
"""

SIGNAL_EXIT_CODE = 128
"""Added to the number of the signal that stopped a command, as in shells."""


# -- the command -----------------------------------------------------------------------------------


class LazyCommands(MutableMapping[str, click.Command]):
    """Commands by name; the module of a command is imported when the command is first looked up.

    `modules` holds the full name of each command's module, such as `tui.cli.search`.
    """

    def __init__(self, modules: dict[str, str]) -> None:
        self._entries: dict[str, click.Command | str] = dict(modules)

    def __getitem__(self, name: str) -> click.Command:
        entry = self._entries[name]
        if isinstance(entry, str):
            entry = getattr(import_module(entry), f"{name}_" if iskeyword(name) else name)
            assert isinstance(entry, click.Command)
            self._entries[name] = entry
        return entry

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._entries[name] = command

    def __delitem__(self, name: str) -> None:
        del self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


class CarrelGroup(click.Group):
    """A group that lists its commands in the given order, not alphabetically."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(self.commands)


def _print_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from index.version import __version__

        click.echo(f"carrel {__version__}")
        context.exit()


@click.group(
    cls=CarrelGroup,
    commands=LazyCommands(VERBS),
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="carrel help lists the topics of the documentation, such as keys and syntax.",
)
@click.option("--library", metavar="DIR", envvar="CARREL_LIBRARY", show_envvar=True,
              help="The library folder; created if missing.")  # fmt: skip
@click.option("--corpus", metavar="URL", envvar="CARREL_CORPUS", show_envvar=True,
              help="Address of a team's corpus; \"\" for none.")  # fmt: skip
@click.option("--debug", metavar="FILE", help="Append a log to FILE.")
@click.option("--ascii", is_flag=True, help="Draw the reader with ASCII characters.")
@click.option("--fresh", is_flag=True, help="Open the reader without its last session.")
@click.option("--version", is_flag=True, is_eager=True, expose_value=False,
              callback=_print_version, help="Print the version and exit.")  # fmt: skip
@click.pass_context
def cli(
    context: click.Context, library: str | None, corpus: str | None, debug: str | None,
    ascii: bool, fresh: bool,
) -> None:  # fmt: skip
    """A reader for research papers: search as you type, read, mark and export.

    With no command, opens the reader.

    \b
    Examples:
      carrel
      carrel import page.txt papers.jsonl
      carrel search watermark -image
      carrel --library ~/thesis export tag:cited -o cited.bib
    """
    from tui.platform import logs

    logs.set_up(debug)
    if context.invoked_subcommand is None:
        from tui.cli.read import open_reader

        open_reader("")


# -- running ---------------------------------------------------------------------------------------


class StoppedBySignal(KeyboardInterrupt):
    """A signal that stops the command as Ctrl-C does; unfinished work is rolled back."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def _stop(number: int, _: FrameType | None) -> NoReturn:
    raise StoppedBySignal(number)


class _ClosedInput(io.StringIO):
    """Standard input that the parent process closed: reading it is an error, not an empty file."""

    @property
    def buffer(self) -> BinaryIO:
        raise OSError(errno.EBADF, "standard input is closed")


def main() -> None:
    """Run the command line and exit with its code."""
    gc.set_threshold(COMMAND_THRESHOLD)
    # A stream that the parent process closed would leave its number to the next file, the database.
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115  # stays open
    if not sys.stdin.readable():
        sys.stdin = _ClosedInput()
    if "_CARREL_COMPLETE" in os.environ:
        cli.main(prog_name="carrel")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Escape characters that the encoding lacks, so that they cannot make a command fail.
            stream.reconfigure(errors="backslashreplace")
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # nohup ignores SIGHUP; leave it ignored
            signal.signal(number, _stop)
    sys.exit(_run(sys.argv[1:]))


def _run(arguments: list[str]) -> int:
    """Run a command and return its exit code; print one line if the command fails."""
    try:
        try:
            with cli.make_context("carrel", arguments) as context:
                cli.invoke(context)
            code = 0
        except click.exceptions.Exit as stop:
            code = stop.exit_code
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reading end of the pipe was closed
        _silence()
        return 0
    except (KeyboardInterrupt, click.Abort) as stop:
        _print_error("interrupted; completed work is saved")
        _silence()
        number = stop.number if isinstance(stop, StoppedBySignal) else signal.SIGINT
        return SIGNAL_EXIT_CODE + number
    except click.ClickException as error:
        _print_error(_describe_usage_error(error))
        return error.exit_code
    except Exception as error:
        _print_error(describe_error(error))
        _silence()
        return 1


def _print_error(message: str) -> None:
    with suppress(OSError):  # standard error may be closed
        click.echo(clean(f"carrel: {message}"), err=True)


def _silence() -> None:
    """Discard buffered output, so that Python does not fail again at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _describe_usage_error(error: click.ClickException) -> str:
    message = error.format_message().rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"{message}; see {context.command_path} --help" if context else message


if __name__ == "__main__":
    main()
