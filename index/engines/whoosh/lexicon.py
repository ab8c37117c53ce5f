"""Words by number: texts are quickly converted to arrays of word numbers, whose terms are resolved
later for all texts of a segment at once.
"""

from array import array
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.text.analysis import GAP, STOP_MARK, split_word

Numbers = npt.NDArray[np.uint32]

MAX_UNCOUNTED_WORDS = 1_000_000
"""Words collected before they are counted."""

_pieces_of = split_word.__wrapped__  # uncached: each word is analysed only once


class NumberedText(NamedTuple):
    """A text as the `numbers` of its words in a table of `words`."""

    words: "WordTable"
    numbers: "array[int]"

    @property
    def length(self) -> int:
        """The number of terms in the text, without stop words, by which scores are normalized."""
        return sum(map(self.words.lengths.__getitem__, self.numbers))


class WordTable(dict[str, int]):
    """Words by number, with the terms each is indexed as, in parallel arrays.

    For each word `sizes` holds the number of its terms, `lengths` that without stop words, and
    `spans` the number of positions it takes; for each of these terms `terms` and `folded` hold its
    stemmed and unstemmed form, and `places` its position within the word. With `named`, words are
    parts of names, which are not stemmed and may be stop words.
    """

    def __init__(self, terms: dict[bytes, int], *, named: bool) -> None:
        self._known = terms
        self._named = named
        self.sizes, self.lengths, self.spans = array("I"), array("I"), array("I")
        self.terms, self.folded, self.places = array("I"), array("I"), array("I")
        self._seen = array("I")
        self._counts = np.empty(0, np.int64)

    def __missing__(self, word: str) -> int:
        """Analyse and add a new word."""
        pieces, span = _pieces_of(word, self._named)
        length = 0
        for text, stem, place, *_ in pieces:
            folded = self._number(text)
            self.folded.append(folded)
            is_stem = self._named or text == stem
            self.terms.append(folded if is_stem else self._number(stem))
            self.places.append(place)
            length += not text.startswith(STOP_MARK)
        self.sizes.append(len(pieces))
        self.lengths.append(length)
        self.spans.append(span)
        number = self[word] = len(self)
        return number

    def _number(self, term: str) -> int:
        return self._known.setdefault(term.encode(), len(self._known))

    def text(self, written: Iterable[str]) -> NumberedText:
        """Return words as a text."""
        return NumberedText(self, array("I", map(self.__getitem__, written)))

    def count(self, numbers: "array[int]") -> None:
        """Count the words with some numbers."""
        self._seen += numbers
        if len(self._seen) > MAX_UNCOUNTED_WORDS:
            self._sum()

    def _sum(self) -> None:
        counts = np.bincount(np.array(self._seen, np.uint32), minlength=len(self))
        counts[: len(self._counts)] += self._counts
        self._counts, self._seen = counts, array("I")

    def add_counts(self, counts: npt.NDArray[np.int64]) -> None:
        """Add how often each folded word was counted to the counts of terms."""
        self._sum()
        np.add.at(counts, np.array(self.folded), np.repeat(self._counts, self.sizes))


class Lexicon:
    """The words and terms of the texts written by one process.

    `stems` is the table of words in texts, `names` that of words in names.
    """

    def __init__(self) -> None:
        self.terms: dict[bytes, int] = {}
        self.stems = WordTable(self.terms, named=False)
        self.names = WordTable(self.terms, named=True)
        self.gap = self.stems.text([GAP]).numbers

    def count(self, text: NumberedText) -> NumberedText:
        """Count the words of a text, and return the text."""
        text.words.count(text.numbers)
        return text

    def counts(self) -> Counter[str]:
        """Return how often each folded word was counted, without stop words."""
        counts = np.zeros(len(self.terms), np.int64)
        for table in (self.stems, self.names):
            table.add_counts(counts)
        pairs = zip(self.terms, counts.tolist(), strict=True)
        mark = STOP_MARK.encode()
        return Counter({term.decode(): n for term, n in pairs if n and not term.startswith(mark)})
