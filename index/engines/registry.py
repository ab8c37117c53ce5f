"""The search engines by name."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from index.engines.base import Engine

OpenEngine = Callable[[Path, str], Engine]
"""Opens the engine with its files in a folder, for the library with an identifier."""


def _whoosh(folder: Path, library: str) -> Engine:
    from index.engines.whoosh.engine import WhooshEngine

    return WhooshEngine(folder, library)


ENGINES: Mapping[str, OpenEngine] = MappingProxyType({"whoosh": _whoosh})
"""The function that opens each engine, and imports its module only then."""

DEFAULT = "whoosh"


def open_engine(folder: Path, library: str, name: str = DEFAULT) -> Engine:
    """Return the named engine, with its index in `folder`, which need not exist.

    An index is valid for one database only: `library` is the identifier in the `meta` table of that
    database. Raises KeyError for an unknown name.
    """
    return ENGINES[name](folder, library)
