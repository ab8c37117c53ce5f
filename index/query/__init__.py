"""The query language: text becomes a tree, and what was not understood is told, never raised.

A query being typed is read as what it will become: an open quote or bracket closes at the end, a
dangling operator or `author:` asks for nothing yet, and the last word stands for every word that
begins with it.
"""

from index.query.editing import quoted, toggled, without_filters, written
from index.query.names import folded_name, nearest_name
from index.query.parser import LONGEST_QUERY, parse
from index.query.tree import (
    And,
    Everything,
    FieldTerm,
    Label,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Query,
    QueryNote,
    Range,
    State,
    Word,
    WrittenWord,
    all_of,
    any_of,
    asks_for_field,
    asks_for_marks,
    every_leaf,
    leaves,
    with_joined,
)

__all__ = [
    "LONGEST_QUERY",
    "And",
    "Everything",
    "FieldTerm",
    "Label",
    "Node",
    "Not",
    "Nothing",
    "Or",
    "Phrase",
    "Query",
    "QueryNote",
    "Range",
    "State",
    "Word",
    "WrittenWord",
    "all_of",
    "any_of",
    "asks_for_field",
    "asks_for_marks",
    "every_leaf",
    "folded_name",
    "leaves",
    "nearest_name",
    "parse",
    "quoted",
    "toggled",
    "with_joined",
    "without_filters",
    "written",
]
