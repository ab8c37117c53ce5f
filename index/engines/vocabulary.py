"""The words of a library as they are written, with how often: what a beginning can become.

The index holds stems, and no one types stems: `generativ` begins "generative", whose stem is
"generat". So what a prefix stands for is looked up among the written words.
"""

import mmap
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import overload

import numpy as np
import numpy.typing as npt

from index.files import replace_file
from index.text.analysis import stem

TEXT, NUMBERS = "vocabulary.txt", "vocabulary.npy"
"""The files: all words, a line each; and for each where it ends, its count, how much it keeps."""

ENDS, COUNTS, KEPT = range(3)

STEP = 64


class WordList(Sequence[str]):
    """Words in order, in a mapped file: to read one costs no more than that one."""

    def __init__(self, text: bytes | mmap.mmap, ends: npt.NDArray[np.uint32]) -> None:
        self._text = text
        self._ends = ends

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        if isinstance(at, slice):
            first, last, _ = at.indices(len(self))
            if first >= last:
                return []
            start = int(self._ends[first - 1]) + 1 if first else 0
            return self._text[start : int(self._ends[last - 1])].decode().split("\n")
        if at < 0:
            at += len(self)
        if not 0 <= at < len(self):
            raise IndexError(at)
        start = int(self._ends[at - 1]) + 1 if at else 0
        return self._text[start : int(self._ends[at])].decode()

    def __iter__(self) -> Iterator[str]:
        return iter(self._text[:].decode().split("\n") if len(self) else ())


class Vocabulary:
    """Written words in order: `numbers` has a row of ends, one of counts, and one of how many
    letters of a word its stem begins with.
    """

    def __init__(self, text: bytes | mmap.mmap, numbers: npt.NDArray[np.uint32]) -> None:
        self.words = WordList(text, numbers[ENDS])
        self._text = text
        self._numbers = numbers

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> "Vocabulary":
        """Return the vocabulary of words that were seen so often."""
        return cls._of({word: (count, _kept(word)) for word, count in counts.items()})

    @classmethod
    def _of(cls, known: Mapping[str, tuple[int, int]]) -> "Vocabulary":
        words = sorted(known)
        lengths = (len(word.encode()) + 1 for word in words)
        ends = [end - 1 for end in accumulate(lengths)]
        counts, kept = zip(*(known[word] for word in words), strict=True) if words else ((), ())
        numbers = np.array([ends, counts, kept], np.uint32).reshape(3, len(words))
        return cls("\n".join(words).encode(), numbers)

    @classmethod
    def load(cls, folder: Path) -> "Vocabulary":
        """Return the vocabulary kept in a folder; raises OSError or ValueError for a broken one."""
        numbers = np.load(folder / NUMBERS, mmap_mode="r")
        with (folder / TEXT).open("rb") as file:
            size = file.seek(0, 2)
            text = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        if numbers.shape[0] != 3 or size != (int(numbers[ENDS, -1]) if numbers.size else 0):
            raise ValueError(f"{TEXT} and {NUMBERS} do not belong together")
        return cls(text, numbers)

    def save(self, folder: Path) -> None:
        """Keep the vocabulary in a folder, each file whole or not at all."""
        with replace_file(folder / TEXT, durable=False) as file:
            file.write(self._text[:])
        with replace_file(folder / NUMBERS, durable=False) as file:
            np.save(file, self._numbers)

    def grown(self, more: Counter[str]) -> "Vocabulary":
        """Return the vocabulary with more words counted in."""
        known = dict(zip(self.words, self._numbers[COUNTS:].T.tolist(), strict=True))
        for word, count in more.items():
            before, kept = known.get(word) or (0, _kept(word))
            known[word] = before + count, kept
        return self._of(known)

    def count(self, word: str) -> int:
        """Return how often a word was seen."""
        at = self._place(word)
        there = at < len(self.words) and self.words[at] == word
        return int(self._numbers[COUNTS, at]) if there else 0

    @cached_property
    def _every(self) -> list[str]:
        """Every `STEP`th word: a search among these leaves few to be read from the file."""
        return [self.words[at] for at in range(0, len(self.words), STEP)]

    def _place(self, word: str) -> int:
        """Return the place of a word, or of the first behind where it would be."""
        before = max(0, bisect_left(self._every, word) - 1) * STEP
        return before + bisect_left(self.words[before : before + STEP + 1], word)

    def _range(self, prefix: str) -> tuple[int, int]:
        """Return the first word that begins so, and the one behind the last."""
        # Behind all that begin so: no word holds the highest character.
        return self._place(prefix), self._place(f"{prefix}\U0010ffff")

    def beginning(self, prefix: str) -> Iterator[str]:
        """Yield the words that begin so, in alphabetical order."""
        first, last = self._range(prefix)
        yield from self.words[first:last]

    def commonest(self, prefix: str, most: int) -> list[str]:
        """Return the words that begin so, the most frequent first, `most` of them."""
        first, last = self._range(prefix)
        counts = self._numbers[COUNTS, first:last].astype(np.int64)
        return [self.words[first + int(at)] for at in np.argsort(-counts, kind="stable")[:most]]

    def odd_stems(self, prefix: str) -> list[str]:
        """Return the stems of words that begin so, but which themselves do not begin so."""
        first, last = self._range(prefix)
        odd = np.flatnonzero(self._numbers[KEPT, first:last] < len(prefix))
        return list(dict.fromkeys(stem(self.words[first + int(at)]) for at in odd))

    def near(self, word: str, most: int) -> list[str]:
        """Return written words a slip or two away, the nearest and most frequent first.

        Words of three to five letters may be one edit away, longer ones two (optimal string
        alignment: a letter added, dropped or changed, or two neighbours swapped, is one).
        """
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        reach = 0 if len(word) < 3 else 1 if len(word) < 6 else 2
        found = extract(word, list(self.words), scorer=OSA.distance, score_cutoff=reach, limit=None)
        found.sort(key=lambda match: (match[1], -self.count(match[0]), match[0]))
        return [match[0] for match in found[:most]]


def _kept(word: str) -> int:
    """Return how many letters of a word its stem begins with."""
    root = stem(word)
    return next((at for at, letter in enumerate(root) if word[at : at + 1] != letter), len(root))
