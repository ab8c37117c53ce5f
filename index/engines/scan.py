"""A search by table scan in SQLite, used while there is no readable index."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from index.engines.arrays import evaluation
from index.engines.arrays.postings import Postings
from index.engines.base import Ask, Keys, Page
from index.facets.fields import NAME_FIELDS, PLAIN_TEXT_FIELDS
from index.query import Phrase, Word
from index.text.analysis import STOP_MARK
from index.text.query_terms import query_terms

IN_TITLE, IN_TEXT = 2.0, 1.0
"""Scores of a match in the title and in another field."""

Find = Callable[[str, str], frozenset[int]]
"""Returns the keys of the papers whose column matches a pattern of SQL's LIKE."""


class SqlScan:
    """Finds words and phrases without an index: slowly, without stemming or folding of accents,
    and ranked only by whether the title matches.
    """

    def __init__(self, find: Find) -> None:
        self._find = find

    def search(self, ask: Ask) -> Page:
        """Return the papers that match; see `Answers.search`."""
        return evaluation.search(self, ask)

    def ids(self, ask: Ask) -> Iterator[Keys]:
        """Yield the keys of the papers that match; see `Answers.ids`."""
        return evaluation.ids(self, ask)

    def count(self, ask: Ask) -> int:
        """Return the number of papers that match; see `Answers.count`."""
        return evaluation.count(self, ask)

    def postings(self, leaf: Word | Phrase) -> Postings:
        """Return the papers that contain the text of a leaf."""
        named = leaf.field in NAME_FIELDS
        runs = [] if named else query_terms(leaf.text)
        words = runs[-1] if runs else leaf.text.split()
        found: dict[int, float] = {}
        fields = (leaf.field,) if leaf.field else self._plain_fields(leaf)
        for column in fields:
            score = IN_TITLE if column == "title" else IN_TEXT
            letters = "%".join(word.removeprefix(STOP_MARK) for word in words)
            found |= dict.fromkeys(self._find(column, letters), score)
        keys = np.fromiter(found, np.int64, len(found))
        return Postings(keys, np.fromiter(found.values(), np.float32, len(found)))

    @staticmethod
    def _plain_fields(leaf: Word | Phrase) -> tuple[str, ...]:
        """Return the fields that a leaf without a field is found in; the title's score wins."""
        byline = ("year", "author") if isinstance(leaf, Word) else ()
        return (*byline, *PLAIN_TEXT_FIELDS[::-1])

    def title_bonus(self, leaves: Sequence[Word | Phrase]) -> Postings:
        """Return no bonus."""
        return Postings.empty()
