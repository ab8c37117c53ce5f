"""Words looked up in SQLite, one row after another: an answer while there is no index to read."""

from collections.abc import Callable

import numpy as np

from index.engines.base import Postings
from index.facets.fields import NAME_FIELDS, PLAIN_TEXT_FIELDS
from index.query import Phrase, Word
from index.text.analysis import query_terms

IN_TITLE, IN_TEXT = 2.0, 1.0
"""Scores: a title tells more."""

Find = Callable[[str, str], frozenset[int]]
"""Returns the keys of the papers whose column has words in an order, as SQL's LIKE finds them."""


class SqlScan:
    """Answers words and phrases without an index: slower, unranked but for titles, and by letters:
    accents and endings count.
    """

    def __init__(self, find: Find) -> None:
        self._find = find

    def postings(self, leaf: Word | Phrase) -> Postings:
        """Return the papers that hold the letters of a leaf."""
        named = leaf.field in NAME_FIELDS
        runs = [] if named else query_terms(leaf.text)
        words = runs[-1] if runs else leaf.text.split()
        found: dict[int, float] = {}
        fields = (leaf.field,) if leaf.field else PLAIN_TEXT_FIELDS[::-1]  # the title's score wins
        for column in fields:
            score = IN_TITLE if column == "title" else IN_TEXT
            found |= dict.fromkeys(self._find(column, "%".join(words)), score)
        keys = np.fromiter(found, np.int64, len(found))
        return Postings(keys, np.fromiter(found.values(), np.float32, len(found)))
