"""`carrel read`: open the reader."""

import os
import sys
from dataclasses import replace

import click

from tui.cli.arguments import WordsCommand
from tui.cli.context import load_config, open_library
from tui.platform.capabilities import detect_capabilities
from tui.platform.garbage import loading
from tui.platform.memory import share_freed_memory


@click.command(cls=WordsCommand)
@click.argument("query", nargs=-1)
@click.option("--plain", is_flag=True, help="Print one paper after another.")
@click.option("--ascii", is_flag=True, help="Draw with ASCII characters only.")
@click.option("--fresh", is_flag=True, help="Start without the last session.")
def read(query: tuple[str, ...], plain: bool, ascii: bool, fresh: bool) -> None:
    """Open the reader with QUERY, or where you left off.

    \b
    Examples:
      carrel read
      carrel read watermark -image
      carrel read --plain is:unread
      carrel read --fresh
    """
    if plain:
        from tui.cli.plain_reader import read_plain

        with open_library() as library:
            library.add_starter_shelf()
            read_plain(library, " ".join(query))
        return
    open_reader(" ".join(query), ascii=ascii, fresh=fresh)


def is_shown() -> bool:
    """Return whether the reader has a terminal, or a browser as run by `carrel serve`."""
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    return is_terminal or os.environ.get("TEXTUAL_DRIVER", "").endswith(":WebDriver")


def open_reader(
    query: str,
    command: str = "",
    *,
    ascii: bool = False,
    fresh: bool = False,
    sort: str | None = None,
) -> None:
    """Open the reader with a query, or as it was left; exit with its code once it is closed.

    `command` is the name of a command of the reader to run first. With `ascii`, the reader draws
    with ASCII characters only; with `fresh`, it starts without the last session. Both may also be
    given to `carrel`. `sort` replaces the configured order.

    Raises UsageError if there is no terminal to show it on.
    """
    if not is_shown():
        raise click.UsageError("cannot open the reader: not a terminal; try carrel search QUERY")
    if os.environ.get("TERM") == "dumb":
        raise click.UsageError("cannot open the reader: TERM is dumb; try carrel read --plain")
    config = load_config()
    config = replace(config, sort=sort) if sort else config
    given = click.get_current_context().find_root().params
    only_ascii = ascii or given["ascii"]
    terminal = detect_capabilities(characters="ascii" if only_ascii else config.characters)
    os.environ["TEXTUAL_COLOR_SYSTEM"] = terminal.color_system
    # A higher frame rate shows the effect of a key sooner.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    # At the default of 5 ms, an import in another thread delays keys noticeably.
    sys.setswitchinterval(0.001)
    share_freed_memory()
    with loading():
        from tui.app import CarrelApp
    with open_library() as library:
        library.add_starter_shelf()
        app = CarrelApp(
            library, config, query, command, fresh=fresh or given["fresh"], terminal=terminal
        )
        app.run()
    click.get_current_context().exit(app.return_code or 0)
