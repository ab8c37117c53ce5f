"""The SQLite database of a library: the truth about papers and marks, and the only SQL there is.

`Database` opens it and keeps its schema, `PaperStore` reads papers and sources, `PaperWriter` adds
and removes them, `MarkStore` holds marks and their journal, `PaperSets` answers which papers are in
a state, `FacetReader` reads the values that facets count, `SearchStore` and `QueryLog` hold saved
searches and past queries, `StampStore` the time of each change of a fact, for dumps.
"""

from index.store.database import Database
from index.store.facet_values import FacetReader, FacetValues
from index.store.marks import JournalEntry, MarkStore
from index.store.paper_writer import Outcome, PaperWriter
from index.store.papers import PaperStore, Source
from index.store.searches import QueryLog, SavedSearch, SearchStore
from index.store.sets import PaperSets
from index.store.stamps import StampStore

__all__ = [
    "Database",
    "FacetReader",
    "FacetValues",
    "JournalEntry",
    "MarkStore",
    "Outcome",
    "PaperSets",
    "PaperStore",
    "PaperWriter",
    "QueryLog",
    "SavedSearch",
    "SearchStore",
    "Source",
    "StampStore",
]
