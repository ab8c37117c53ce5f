"""The search engines by name."""

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from index.engines.base import Engine
from index.errors import CarrelError
from index.paths import ENGINE_NAMES

OpenEngine = Callable[[Path, str], Engine]
"""Opens the engine with its files in a folder, for the library with an identifier."""


def _whoosh(folder: Path, library: str) -> Engine:
    from index.engines.whoosh.engine import WhooshEngine

    return WhooshEngine(folder, library)


def _tantivy(folder: Path, library: str) -> Engine:
    from index.engines.tantivy.engine import TantivyEngine

    return TantivyEngine(folder, library)


EXTRAS: Mapping[str, str] = MappingProxyType({"tantivy": "pip install 'carrel[millions]'"})
"""The engines that are not always installed, and what installs them."""

ENGINES: Mapping[str, OpenEngine] = MappingProxyType({"whoosh": _whoosh, "tantivy": _tantivy})
"""The function that opens each engine, and imports its module only then."""

DEFAULT = ENGINE_NAMES[0]


def is_installed(name: str) -> bool:
    """Return whether an engine can be used; some need an extra of Carrel."""
    return name not in EXTRAS or find_spec(name) is not None


def open_engine(folder: Path, library: str, name: str = DEFAULT) -> Engine:
    """Return the named engine, with its index in `folder`, which need not exist.

    An index is valid for one database only: `library` is the identifier in the `meta` table of that
    database. Raises KeyError for an unknown name, and CarrelError for an engine that is not
    installed.
    """
    if not is_installed(name):
        raise CarrelError(f"cannot use the engine {name}: not installed; try {EXTRAS[name]}")
    return ENGINES[name](folder, library)
