"""Sorted words with numbers in memory-mapped files, found by prefix, by letters and by likeness."""

import mmap
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import overload

import numpy as np
import numpy.typing as npt

from index.files import replace_file
from index.text.analysis import stem

TEXT_SUFFIX, NUMBERS_SUFFIX = ".txt", ".npy"
"""The files of a list: its words, one per line; and for each word the rows of numbers."""

ENDS, COUNTS, STEM_PREFIXES, LENGTHS, FIRST_LETTERS, MORE_LETTERS = range(6)
"""The rows of numbers: the offset of a word's end, how often it occurs, how many letters it and its
stem have in common at the start, its number of letters, and the sets of its letters."""

ROWS = 6

SAMPLE_STEP = 64

Numbers = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]


class WordList(Sequence[str]):
    """Sorted words in a memory-mapped file, decoded only when accessed."""

    def __init__(self, text: bytes | mmap.mmap, ends: Numbers) -> None:
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


class SortedWords:
    """Sorted words and their rows of `numbers`."""

    def __init__(self, text: bytes | mmap.mmap, numbers: Numbers) -> None:
        self.words = WordList(text, numbers[ENDS])
        self._text = text
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self.words)

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> "SortedWords":
        """Return words with the given counts."""
        words = sorted(counts)
        columns = [(counts[word], _stem_prefix(word), *_letters(word)) for word in words]
        return cls._of(words, np.array(columns, np.uint32).reshape(len(words), ROWS - 1).T)

    @classmethod
    def _of(cls, words: list[str], rows: Numbers) -> "SortedWords":
        """Return sorted words with their rows of numbers, except for the ends."""
        ends = [end - 1 for end in accumulate(len(word.encode()) + 1 for word in words)]
        return cls(
            "\n".join(words).encode(), np.vstack((np.array(ends, np.uint32)[np.newaxis], rows))
        )

    @classmethod
    def load(cls, folder: Path, name: str) -> "SortedWords":
        """Return the words in the files of a name; raises OSError or ValueError if damaged."""
        numbers = np.load(folder / f"{name}{NUMBERS_SUFFIX}", mmap_mode="r").view(np.ndarray)
        with (folder / f"{name}{TEXT_SUFFIX}").open("rb") as file:
            size = file.seek(0, 2)
            text = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        if numbers.shape[0] != ROWS or size != (int(numbers[ENDS, -1]) if numbers.size else 0):
            raise ValueError(f"the files of {name} do not match")
        return cls(text, numbers)

    def save(self, folder: Path, name: str) -> None:
        """Write the words to the files of a name, each atomically."""
        with replace_file(folder / f"{name}{TEXT_SUFFIX}", durable=False) as file:
            file.write(self._text[:])
        with replace_file(folder / f"{name}{NUMBERS_SUFFIX}", durable=False) as file:
            np.save(file, self._numbers)

    def with_counts(self, more: "SortedWords") -> "SortedWords":
        """Return the words and those of another list, with the sums of their counts."""
        if not len(self):
            return more
        known = list(self.words)
        found = [(bisect_left(known, word), word) for word in more.words]
        at = np.array([place for place, _ in found], np.int64)
        new = np.array([known[place : place + 1] != [word] for place, word in found], np.bool_)
        rows = self._numbers[1:].copy()
        rows[COUNTS - 1, at[~new]] += more._numbers[COUNTS, ~new]
        places = at[new].tolist()
        words: list[str] = []
        last = 0
        for (place, word), is_new in zip(found, new.tolist(), strict=True):
            if is_new:
                words += known[last:place]
                words.append(word)
                last = place
        words += known[last:]
        return self._of(words, np.insert(rows, places, more._numbers[1:, new], axis=1))

    # -- finding words -----------------------------------------------------------------------------

    @cached_property
    def _sample(self) -> list[str]:
        """Every `SAMPLE_STEP`th word, which narrows a search to a few words of the file."""
        return [self.words[at] for at in range(0, len(self.words), SAMPLE_STEP)]

    def position(self, word: str) -> int:
        """Return the position of a word, or the position where it would be inserted."""
        before = max(0, bisect_left(self._sample, word) - 1) * SAMPLE_STEP
        return before + bisect_left(self.words[before : before + SAMPLE_STEP + 1], word)

    def find(self, word: str) -> int:
        """Return the position of a word, or -1."""
        if not self._sample:
            return -1
        before = max(0, bisect_left(self._sample, word) - 1) * SAMPLE_STEP
        block = self.words[before : before + SAMPLE_STEP + 1]
        at = bisect_left(block, word)
        return before + at if at < len(block) and block[at] == word else -1

    def count(self, word: str) -> int:
        """Return how often a word occurs."""
        at = self.find(word)
        return int(self._numbers[COUNTS, at]) if at >= 0 else 0

    def counts(self, first: int, last: int) -> Places:
        """Return how often the words at some positions occur, end excluded."""
        return self._numbers[COUNTS, first:last].astype(np.int64)

    def range(self, prefix: str) -> tuple[int, int]:
        """Return the positions of the words with a prefix, end excluded."""
        # No word contains the highest character, so this sorts after all words with the prefix.
        return self.position(prefix), self.position(f"{prefix}\U0010ffff")

    def odd_stems(self, prefix: str) -> list[str]:
        """Return the stems without the prefix, of words that have it."""
        first, last = self.range(prefix)
        odd = np.flatnonzero(self._numbers[STEM_PREFIXES, first:last] < len(prefix))
        return [stem(self.words[first + int(at)]) for at in odd]

    def count_of_stem(self, root: str) -> int:
        """Return how often the words occur that begin with a stem and have no longer one."""
        first, last = self.range(root)
        same = self._numbers[STEM_PREFIXES, first:last] == len(root)
        return int(self._numbers[COUNTS, first:last][same].sum(dtype=np.int64))

    def matching(
        self, prefix: str, letters: str, matches: Callable[[str], object], limit: int
    ) -> dict[str, int]:
        """Return up to `limit` words that match, with how often each occurs, the most frequent
        first. Only words that have a prefix and contain some letters are looked at.
        """
        places = self._containing(prefix, letters)
        counts = self._numbers[COUNTS, places].astype(np.int64)
        found: dict[str, int] = {}
        for at in places[np.argsort(-counts, kind="stable")].tolist():
            if len(found) == limit:
                break
            if matches(word := self.words[at]):
                found[word] = int(self._numbers[COUNTS, at])
        return found

    def _containing(self, prefix: str, letters: str) -> Places:
        """Return the sorted positions of the words that have a prefix and contain some letters."""
        first, last = self.range(prefix)
        if first == last or not letters:
            return np.arange(first, last)
        offset = int(self._starts[first])
        text = self._text[offset : int(self._numbers[ENDS, last - 1])]
        found = [match.start() for match in re.finditer(re.escape(letters.encode()), text)]
        at = np.searchsorted(self._starts, np.array(found, np.int64) + offset, side="right") - 1
        distinct: Places = np.unique(at)
        return distinct

    @cached_property
    def _starts(self) -> Places:
        """The offset of each word in the text."""
        ends = self._numbers[ENDS].astype(np.int64)
        return np.concatenate((np.zeros(min(1, len(ends)), np.int64), ends[:-1] + 1))

    def similar(self, word: str, max_edits: int) -> list[str]:
        """Return the words that may be within an edit distance.

        An edit changes the number of letters by one at most, and the sets of letters by two. Both
        are compared as bits, which rules out nearly all words without reading them.
        """
        length, first, more = _letters(word)
        differing = np.bitwise_count(self._numbers[FIRST_LETTERS] ^ np.uint32(first))
        differing += np.bitwise_count(self._numbers[MORE_LETTERS] ^ np.uint32(more))
        at = np.flatnonzero(differing <= 2 * max_edits)
        lengths = self._numbers[LENGTHS, at].astype(np.int64)
        return [self.words[place] for place in at[np.abs(lengths - length) <= max_edits].tolist()]


def _stem_prefix(word: str) -> int:
    """Return the length of the common prefix of a word and its stem."""
    root = stem(word)
    return next((at for at, letter in enumerate(root) if word[at : at + 1] != letter), len(root))


def _letters(word: str) -> tuple[int, int, int]:
    """Return the number of letters of a word, its letters, and those it has more than once.

    The sets are bits. Letters and digits of ASCII share bits, and other letters have none.
    """
    first = more = 0
    for code in word.encode():
        if code < 128:
            bit = 1 << (code & 31)
            more |= first & bit
            first |= bit
    return len(word), first, more
