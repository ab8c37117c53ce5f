"""Written words by number: a text becomes a row of numbers, quickly, and its terms are found later,
for all texts of a segment at once.
"""

from array import array
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.words import GAP, pieces_of

Numbers = npt.NDArray[np.uint32]

OFTEN = 1_000_000
"""Words seen between two counts."""


class Text(NamedTuple):
    """A text as the `numbers` of its words among some `words`."""

    words: "Words"
    numbers: "array[int]"

    @property
    def length(self) -> int:
        """The number of its terms."""
        return sum(map(self.words.sizes.__getitem__, self.numbers))


class Words(dict[str, int]):
    """Words by number, and what each is indexed as: `sizes` tells how many terms, `terms` which,
    `places` where within it, and `spans` how many places it takes.

    With `named` they are words of names: stop words and endings and all.
    """

    def __init__(self, terms: dict[bytes, int], *, named: bool) -> None:
        self._known = terms
        self._named = named
        self.sizes, self.spans, self.terms, self.places = (array("I") for _ in range(4))

    def __missing__(self, word: str) -> int:
        """Take in a word that is new."""
        pieces, span = pieces_of(word, self._named)
        for piece in pieces:
            term = (piece.text if self._named else piece.stem).encode()
            self.terms.append(self._known.setdefault(term, len(self._known)))
            self.places.append(piece.place)
        self.sizes.append(len(pieces))
        self.spans.append(span)
        number = self[word] = len(self)
        return number

    def text(self, written: Iterable[str]) -> Text:
        """Return written words as a text."""
        return Text(self, array("I", map(self.__getitem__, written)))


class Lexicon:
    """The words of the texts written by one process, and their terms by number.

    `stems` are those of texts, `names` those of names.
    """

    def __init__(self) -> None:
        self.terms: dict[bytes, int] = {}
        self.stems = Words(self.terms, named=False)
        self.names = Words(self.terms, named=True)
        self.gap = self.stems.text([GAP]).numbers
        self._seen = array("I")
        self._counts = np.empty(0, np.int64)

    def count(self, text: Text) -> Text:
        """Take note that the words of a text were written once more, and return it."""
        self._seen += text.numbers
        if len(self._seen) > OFTEN:
            self._sum()
        return text

    def _sum(self) -> None:
        counts = np.bincount(np.array(self._seen, np.uint32), minlength=len(self.stems))
        counts[: len(self._counts)] += self._counts
        self._counts, self._seen = counts, array("I")

    def counts(self) -> Counter[str]:
        """Return how often each word, folded, was written."""
        self._sum()
        counts: Counter[str] = Counter()
        for word, count in zip(self.stems, self._counts.tolist(), strict=True):
            if count and word != GAP:
                for piece in pieces_of(word).pieces:
                    counts[piece.text] += count
        return counts
