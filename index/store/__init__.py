"""The SQLite database of a library, the authoritative store of papers and marks.

All SQL is in this package. `Database` opens the file and migrates its schema, `PaperStore` reads
papers and sources, `PaperWriter` adds and removes them, `MarkStore` stores marks and their journal,
`PaperSets` finds papers by state, label and range, `FacetReader` reads the values that facets
count, `SearchStore` and `QueryLog` store saved searches and past queries, `KeptFileStore` the files
that are kept current with a query, and `StampStore` the time of each change of a fact, for dumps.
"""

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
