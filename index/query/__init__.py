"""The query language: text becomes a tree, and what was not understood is told, never raised.

A query being typed is read as what it will become: an open quote or bracket closes at the end, a
dangling operator or `author:` asks for nothing yet, and the last word stands for every word that
begins with it.
"""

from index.query.editing import quoted, toggled, without_filters, written
from index.query.parser import LONGEST_QUERY, parse
from index.query.saved import folded_name, nearest_name
from index.query.tree import (
    FIELDS,
    HAS,
    LABEL_FIELDS,
    NAME_FIELDS,
    RANGE_FIELDS,
    STATES,
    TEXT_FIELDS,
    And,
    Everything,
    FieldTerm,
    Label,
    Node,
    Not,
    Note,
    Nothing,
    Or,
    Phrase,
    Query,
    Range,
    State,
    Word,
    Written,
    all_of,
    any_of,
    asks_for_marks,
    every_leaf,
    leaves,
    with_joined,
)

__all__ = [
    "FIELDS",
    "HAS",
    "LABEL_FIELDS",
    "LONGEST_QUERY",
    "NAME_FIELDS",
    "RANGE_FIELDS",
    "STATES",
    "TEXT_FIELDS",
    "And",
    "Everything",
    "FieldTerm",
    "Label",
    "Node",
    "Not",
    "Note",
    "Nothing",
    "Or",
    "Phrase",
    "Query",
    "Range",
    "State",
    "Word",
    "Written",
    "all_of",
    "any_of",
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
