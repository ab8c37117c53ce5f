"""`carrel serve`: the reader in a browser."""

import os
import re
import shlex
import sys

import click

from tui.cli.context import open_library
from tui.cli.output import print_message

DEFAULT_PORT = 8417

PAGE_TERMINAL = "TERM=xterm-256color COLORTERM=truecolor LC_ALL=C.UTF-8"
"""The capabilities of the terminal in the page, which may differ from the server's."""

HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.ASCII)


def _host_names(_: click.Context, __: click.Parameter, names: tuple[str, ...]) -> frozenset[str]:
    """Return the names of hosts in lower case; raises BadParameter."""
    hosts = frozenset(name.lower() for name in names)
    for host in hosts:
        if not HOST_NAME.fullmatch(host):
            raise click.BadParameter(f"{host} is not the name of a host; try papers.example.org")
    return hosts


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True,
              help="Port to listen on; 0 picks one.")  # fmt: skip
@click.option("--host", "hosts", metavar="NAME", multiple=True, callback=_host_names,
              help="Also answer requests for NAME.")  # fmt: skip
def serve(port: int, hosts: frozenset[str]) -> None:
    """Show the reader in a browser on this machine.

    Prints an address that works once, for one browser, and serves the reader at 127.0.0.1 until
    Ctrl-C. Copied text goes to the browser's clipboard, exports to its downloads. Requires the
    extra "web" (pip install 'carrel[web]').

    From another machine, use a tunnel: ssh -L 8417:127.0.0.1:8417 HOST. A proxy in front of Carrel
    must pass on the Host header; name that host with --host.

    \b
    Examples:
      carrel serve
      carrel --library ~/thesis serve --port 9000
      carrel serve --host papers.example.org
    """
    try:
        from tui.platform.web import ReaderServer, listen
    except ImportError as error:
        raise click.ClickException(
            "cannot serve: textual-serve is not installed; try pip install textual-serve"
        ) from error
    with open_library() as library:  # an error is reported here rather than on each page
        library.add_starter_shelf()
        folder = str(library.folder.absolute())
    try:
        listener = listen(port)
    except OSError as error:
        raise click.ClickException(
            f"cannot serve at port {port}: {os.strerror(error.errno or 0)}; try --port 0"
        ) from error
    with listener:
        debug = click.get_current_context().find_root().params["debug"]
        server = ReaderServer(reader_command(folder, debug), listener, hosts)
        click.echo(server.address)
        sys.stdout.flush()
        print_message("The address works once, in one browser. Ctrl-C ends.")
        server.serve()


def reader_command(folder: str, debug: str | None = None) -> str:
    """Return the shell command that starts a reader over a library, with a log if one is named."""
    options = ["--library", folder, *(["--debug", debug] if debug else [])]
    command = shlex.join([sys.executable, "-P", "-m", "tui.cli", *options, "read"])
    return f"{PAGE_TERMINAL} exec {command}"
