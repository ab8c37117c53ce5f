"""A library of research papers: import, full-text search, marks and export, with no screen needed.

>>> from index import Library
>>> with Library.open("papers") as library:          # doctest: +SKIP
...     library.import_paths(["page.txt"])
...     for hit in library.search("diffusion speech").hits:
...         print(hit.id, hit.score)

What is named here is loaded when it is first asked for, so that a small part costs little.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from index.version import __version__

if TYPE_CHECKING:
    from index.errors import CarrelError
    from index.library import Library
    from index.papers.paper import Paper

__all__ = ["CarrelError", "Library", "Paper", "__version__"]

_HOMES = {"CarrelError": "index.errors", "Library": "index.library", "Paper": "index.papers.paper"}


def __getattr__(name: str) -> object:
    """Return a name from the module it lives in (PEP 562)."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'index' has no attribute {name!r}")
