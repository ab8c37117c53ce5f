"""The query language: parses text into a tree; invalid parts become notes, never exceptions.

A query may be incomplete while it is typed: an open quote or bracket is closed at the end, a
trailing operator or `author:` is ignored, and the last word is matched as a prefix.
"""

from index.query.editing import format_term, quote_value, remove_filters, toggle_value
from index.query.names import fold_name, name_hint
from index.query.parser import MAX_QUERY_CHARS, parse
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
    is_queue,
    join_neighbours,
    leaves,
    replace_leaves,
    shows_dismissed,
)

__all__ = [
    "MAX_QUERY_CHARS",
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
    "fold_name",
    "format_term",
    "is_queue",
    "join_neighbours",
    "leaves",
    "name_hint",
    "parse",
    "quote_value",
    "remove_filters",
    "replace_leaves",
    "shows_dismissed",
    "toggle_value",
]
