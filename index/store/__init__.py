"""The SQLite database of a library: the truth about papers and marks, and the only SQL there is.

`Database` opens it and keeps its schema, `Papers` holds papers and sources, `Marks` what the reader
added and the journal of it, `Sets` answers which papers are in a given state, `Readings` what each
paper has, `Searches` and `Asked` keep the queries saved by name and those asked before, `Standing`
tells since when each fact about a paper stands, for dumps.
"""

from index.store.database import Database
from index.store.facts import Facts, Readings
from index.store.marks import Entry, Marks
from index.store.papers import Outcome, Papers, Source
from index.store.searches import Asked, SavedSearch, Searches
from index.store.sets import Sets
from index.store.standing import Standing

__all__ = [
    "Asked",
    "Database",
    "Entry",
    "Facts",
    "Marks",
    "Outcome",
    "Papers",
    "Readings",
    "SavedSearch",
    "Searches",
    "Sets",
    "Source",
    "Standing",
]
