"""The configuration and the library of a command, and updates of the library's caches."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from tui.cli.output import print_message
from tui.cli.progress import progress

if TYPE_CHECKING:
    from index import Library
    from tui.config.configuration import Config


def load_config() -> "Config":
    """Return the configuration; print a line for each error in it."""
    from index.paths import config_file
    from tui.config.toml_file import load

    config, problems = load(config_file())
    for problem in problems:
        print_message(problem)
    return config


@contextmanager
def open_library() -> Iterator["Library"]:
    """Open the library given on the command line; write its kept files and close it on exit.

    A command that is interrupted leaves the kept files to the next one.
    """
    from index import Library

    folder = click.get_current_context().find_root().params["library"]
    with Library.open(folder, engine=_engine()) as library:
        if address := _corpus():
            library.connect(address)
        try:
            yield library
        except Exception:
            sync_kept_files(library)
            raise
        sync_kept_files(library)


def _engine() -> str:
    """Return the search engine of the configuration.

    An invalid name is reported when the configuration is loaded; the default is used.
    """
    from index.paths import ENGINE_NAMES

    if (name := _setting("engine")) is None:
        return ENGINE_NAMES[0]
    from tui.config import parsers

    try:
        return parsers.engine(name)
    except ValueError:
        return ENGINE_NAMES[0]


def _corpus() -> str:
    """Return the address of the corpus on the command line, else in the configuration, or "".

    An invalid setting is printed, since other papers would be searched than those expected.
    """
    given: str | None = click.get_current_context().find_root().params["corpus"]
    if given is not None or (address := _setting("corpus")) is None:
        return given or ""
    from tui.config import parsers

    try:
        return parsers.corpus(address)
    except ValueError as error:
        print_message(f"in the configuration: {error}; searching your library")
        return ""


def _setting(name: str) -> object:
    """Return a setting as written, None if it is not, without loading the whole configuration."""
    from index.paths import config_file

    try:
        text = config_file().read_bytes().decode("utf-8-sig")
        if name not in text:
            return None
        import tomllib

        return tomllib.loads(text).get(name)
    except (OSError, ValueError):
        return None


def sync_kept_files(library: "Library") -> None:
    """Write the kept files whose papers have changed; print a line for each that cannot be."""
    if not library.kept.all():
        return
    from index.paths import config_file
    from tui.config.toml_file import load

    config, _ = load(config_file())
    for problem in library.kept.sync(config.style):
        print_message(problem)


def update_index(library: "Library") -> None:
    """Update the search index, with a progress bar."""
    with progress("Indexing") as update:
        library.index.sync(lambda done, total: update(done, total, done))


def update_catalogue(library: "Library") -> None:
    """Update the facet and topic counts, with a progress bar."""
    with progress("Counting topics") as update:
        library.catalogue.sync(lambda done, total: update(done, total, done))
