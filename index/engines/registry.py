"""The search engines by name: a second one is a module of its own and a line here."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from index.engines.base import Engine

OpenEngine = Callable[[Path, str], Engine]
"""Opens the engine whose files are in a folder, for the library with an identifier."""


def _whoosh(folder: Path, library: str) -> Engine:
    from index.engines.whoosh.engine import WhooshEngine

    return WhooshEngine(folder, library)


ENGINES: Mapping[str, OpenEngine] = MappingProxyType({"whoosh": _whoosh})
"""How each engine is opened. An engine's module is imported when it is opened, not before."""

DEFAULT = "whoosh"


def open_engine(folder: Path, library: str, name: str = DEFAULT) -> Engine:
    """Return the engine with a name, on the index in a folder; the folder need not exist.

    An index is valid for one database only: `library` is the identifier that the database has in
    its `meta` table. Raises KeyError for an unknown name.
    """
    return ENGINES[name](folder, library)
