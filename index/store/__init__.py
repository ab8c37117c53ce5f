"""The SQLite database of a library, the authoritative store of papers and marks.

All SQL is in this package. `Database` opens the file and migrates its schema, `PaperStore` reads
papers and sources, `PaperWriter` adds and removes them, `MarkStore` stores marks and their journal,
`PaperSets` finds papers by state, label and range, `FacetReader` reads the values that facets
count, `SearchStore` and `QueryLog` store saved searches and past queries, `KeptFileStore` the files
that are kept current with a query, and `StampStore` the time of each change of a fact, for dumps.

A name is loaded from its module when it is first asked for: a search writes no papers.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.store.database import Database
    from index.store.facet_values import FacetReader, FacetValues
    from index.store.kept_files import KeptFile, KeptFileStore
    from index.store.marks import JournalEntry, MarkStore
    from index.store.paper_writer import Outcome, PaperWriter, Placement
    from index.store.papers import PaperStore
    from index.store.searches import QueryLog, SavedSearch, SearchStore
    from index.store.sets import PaperSets
    from index.store.sources import Source
    from index.store.stamps import StampStore

__all__ = [
    "Database",
    "FacetReader",
    "FacetValues",
    "JournalEntry",
    "KeptFile",
    "KeptFileStore",
    "MarkStore",
    "Outcome",
    "PaperSets",
    "PaperStore",
    "PaperWriter",
    "Placement",
    "QueryLog",
    "SavedSearch",
    "SearchStore",
    "Source",
    "StampStore",
]

_MODULES = {
    "Database": "database",
    "FacetReader": "facet_values",
    "FacetValues": "facet_values",
    "JournalEntry": "marks",
    "KeptFile": "kept_files",
    "KeptFileStore": "kept_files",
    "MarkStore": "marks",
    "Outcome": "paper_writer",
    "PaperSets": "sets",
    "PaperStore": "papers",
    "PaperWriter": "paper_writer",
    "Placement": "paper_writer",
    "QueryLog": "searches",
    "SavedSearch": "searches",
    "SearchStore": "searches",
    "Source": "sources",
    "StampStore": "stamps",
}


def __getattr__(name: str) -> object:
    """Return a name from the module it lives in (PEP 562)."""
    if name in _MODULES:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
