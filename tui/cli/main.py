"""The `carrel` command: parse, call Library, print.

The verbs are in `tui.verbs`; here they are put together, the reader is opened, and whatever goes
wrong becomes one line and an exit code: 1 where the data is at fault, 2 where the command line is.
"""

import io
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from index.text.cleaning import clean
from tui.cli import (
    doctor,
    dumps,
    duplicates,
    fetch,
    files,
    marks,
    papers,
    related,
    saved,
    tags,
    upkeep,
)
from tui.cli.base import WordsCommand, loaded_config, opened
from tui.wording import reason

STOPPED = 128
"""To this the number of the signal is added that stopped a command, as shells have it."""


class StoppedBySignal(KeyboardInterrupt):
    """A signal that ends the command as Ctrl-C does: what is half done is taken back."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def _stop(number: int, _: FrameType | None) -> NoReturn:
    raise StoppedBySignal(number)


class Carrel(click.Group):
    """The verbs in the order they are given below, not of the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the verbs."""
        return list(self.commands)


def _print_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from index.version import __version__

        click.echo(f"carrel {__version__}")
        context.exit()


@click.group(
    cls=Carrel,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--library", metavar="DIR", envvar="CARREL_LIBRARY", show_envvar=True,
              help="The library's folder, made where it is not there.")  # fmt: skip
@click.option("--version", is_flag=True, is_eager=True, expose_value=False,
              callback=_print_version, help="Print the version and leave.")  # fmt: skip
@click.pass_context
def cli(context: click.Context, library: str | None) -> None:
    """A desk for research papers: search as you type, read, mark and export. Alone, it opens.

    \b
    Examples:
      carrel
      carrel import page.txt papers.jsonl
      carrel search watermark -image
      carrel --library ~/thesis export tag:cited -o cited.bib
    """
    if context.invoked_subcommand is None:
        _open_reader("")


@cli.command(cls=WordsCommand)
@click.argument("query", nargs=-1)
def read(query: tuple[str, ...]) -> None:
    """Open the reader, with QUERY typed in.

    \b
    Examples:
      carrel read
      carrel read watermark -image
    """
    _open_reader(" ".join(query))


def _open_reader(query: str) -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError("the reader needs a terminal; elsewhere use carrel search QUERY")
    config = loaded_config()
    with opened() as library:
        library.add_starter_shelf()
        # The screen is painted at most so often a second: a key is not to wait for its turn.
        os.environ.setdefault("TEXTUAL_FPS", "120")
        # Nor for an import in another thread: Python lets that run 5 ms at a time otherwise.
        sys.setswitchinterval(0.001)
        from tui.app import CarrelApp

        app = CarrelApp(library, config, query=query)
        app.run()
    click.get_current_context().exit(app.return_code or 0)


for verb in (
    files.import_, fetch.fetch, papers.search, papers.show, related.related, papers.facets,
    marks.bookmark, marks.unbookmark, marks.tag, marks.mark, marks.note,
    marks.undo, marks.redo, marks.log,
    files.export,
    saved.saved,
    dumps.dump, dumps.restore, dumps.merge,
    upkeep.source, tags.tags, duplicates.duplicates,
    upkeep.stats, doctor.doctor, upkeep.config, upkeep.completion,
):  # fmt: skip
    cli.add_command(verb)


# -- running ---------------------------------------------------------------------------------------


def main() -> None:
    """Run the command line and leave with its exit code."""
    if "_CARREL_COMPLETE" in os.environ:
        cli.main(prog_name="carrel")
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started this
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115  # stays open
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What an encoding lacks is escaped: a name is shown, never a fault.
            stream.reconfigure(errors="backslashreplace")
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # nohup has it ignored
            signal.signal(number, _stop)
    sys.exit(_run(sys.argv[1:]))


def _run(arguments: list[str]) -> int:
    """Run a command; return its exit code, with one line of talk where it went wrong."""
    try:
        try:
            with cli.make_context("carrel", arguments) as context:
                cli.invoke(context)
            code = 0
        except click.exceptions.Exit as done:
            code = done.exit_code
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever reads has had enough
        _silence()
        return 0
    except (KeyboardInterrupt, click.Abort) as stop:
        _fault("stopped; what was done before stays done")
        _silence()
        return STOPPED + (stop.number if isinstance(stop, StoppedBySignal) else signal.SIGINT)
    except click.ClickException as error:
        _fault(_usage(error))
        return error.exit_code
    except Exception as error:
        _fault(reason(error))
        _silence()
        return 1


def _fault(message: str) -> None:
    with suppress(OSError):  # there may be no one left to tell
        click.echo(clean(f"carrel: {message}"), err=True)


def _silence() -> None:
    """Let what is still to be written go nowhere, so that leaving does not fail again."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _usage(error: click.ClickException) -> str:
    message = error.format_message().rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"{message}; {context.command_path} --help shows how" if context else message


if __name__ == "__main__":
    main()
