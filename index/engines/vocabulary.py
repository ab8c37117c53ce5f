"""The unstemmed words of a library with their frequencies, for prefix and fuzzy matches.

The index contains stems, but users type words: `generativ` is a prefix of "generative", but not of
its stem "generat". Prefixes are therefore matched against unstemmed words.
"""

import mmap
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import translate
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import overload

import numpy as np
import numpy.typing as npt

from index.files import replace_file
from index.text.analysis import stem

TEXT, NUMBERS = "vocabulary.txt", "vocabulary.npy"
"""The files: all words, one per line; and for each word its end offset, count and stem prefix."""

ENDS, COUNTS, STEM_PREFIXES = range(3)
"""The rows of the array of numbers."""

SAMPLE_STEP = 64


class WordList(Sequence[str]):
    """Sorted words in a memory-mapped file, decoded only when accessed."""

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
    """Sorted words; `numbers` has a row of end offsets, one of counts, and one of the number of
    letters that each word and its stem have in common at the start.
    """

    def __init__(self, text: bytes | mmap.mmap, numbers: npt.NDArray[np.uint32]) -> None:
        self.words = WordList(text, numbers[ENDS])
        self._text = text
        self._numbers = numbers

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> "Vocabulary":
        """Return the vocabulary of words with the given counts."""
        return cls._of({word: (count, _stem_prefix(word)) for word, count in counts.items()})

    @classmethod
    def _of(cls, known: Mapping[str, tuple[int, int]]) -> "Vocabulary":
        words = sorted(known)
        lengths = (len(word.encode()) + 1 for word in words)
        ends = [end - 1 for end in accumulate(lengths)]
        counts, prefixes = zip(*(known[word] for word in words), strict=True) if words else ((), ())
        numbers = np.array([ends, counts, prefixes], np.uint32).reshape(3, len(words))
        return cls("\n".join(words).encode(), numbers)

    @classmethod
    def load(cls, folder: Path) -> "Vocabulary":
        """Return the vocabulary in a folder; raises OSError or ValueError if it is damaged."""
        numbers = np.load(folder / NUMBERS, mmap_mode="r")
        with (folder / TEXT).open("rb") as file:
            size = file.seek(0, 2)
            text = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        if numbers.shape[0] != 3 or size != (int(numbers[ENDS, -1]) if numbers.size else 0):
            raise ValueError(f"{TEXT} and {NUMBERS} do not match")
        return cls(text, numbers)

    def save(self, folder: Path) -> None:
        """Write the vocabulary to a folder, each file atomically."""
        with replace_file(folder / TEXT, durable=False) as file:
            file.write(self._text[:])
        with replace_file(folder / NUMBERS, durable=False) as file:
            np.save(file, self._numbers)

    def with_counts(self, more: Counter[str]) -> "Vocabulary":
        """Return the vocabulary with more counts added."""
        known = dict(zip(self.words, self._numbers[COUNTS:].T.tolist(), strict=True))
        for word, count in more.items():
            before, prefix = known.get(word) or (0, _stem_prefix(word))
            known[word] = before + count, prefix
        return self._of(known)

    def count(self, word: str) -> int:
        """Return how often a word occurs."""
        at = self._position(word)
        known = at < len(self.words) and self.words[at] == word
        return int(self._numbers[COUNTS, at]) if known else 0

    @cached_property
    def _sample(self) -> list[str]:
        """Every `SAMPLE_STEP`th word, which narrows a search to a few words of the file."""
        return [self.words[at] for at in range(0, len(self.words), SAMPLE_STEP)]

    def _position(self, word: str) -> int:
        """Return the position of a word, or the position where it would be inserted."""
        before = max(0, bisect_left(self._sample, word) - 1) * SAMPLE_STEP
        return before + bisect_left(self.words[before : before + SAMPLE_STEP + 1], word)

    def _range(self, prefix: str) -> tuple[int, int]:
        """Return the positions of the words with a prefix, end excluded."""
        # No word contains the highest character, so this sorts after all words with the prefix.
        return self._position(prefix), self._position(f"{prefix}\U0010ffff")

    def most_common(self, prefix: str, limit: int) -> list[str]:
        """Return up to `limit` words with a prefix, the most frequent first."""
        first, last = self._range(prefix)
        counts = self._numbers[COUNTS, first:last].astype(np.int64)
        return [self.words[first + int(at)] for at in np.argsort(-counts, kind="stable")[:limit]]

    def odd_stems(self, prefix: str) -> list[str]:
        """Return the stems without the prefix, of words that have it."""
        first, last = self._range(prefix)
        odd = np.flatnonzero(self._numbers[STEM_PREFIXES, first:last] < len(prefix))
        return list(dict.fromkeys(stem(self.words[first + int(at)]) for at in odd))

    def matching(self, pattern: str, limit: int) -> list[str]:
        """Return up to `limit` words that match a pattern, the most frequent first.

        In the folded pattern, `?` stands for one character and `*` for any number.
        """
        literals = re.split(r"[*?]+", pattern)
        first, last = self._range(literals[0])
        matches = wildcard_pattern(pattern).fullmatch
        words = self._words_with(max(literals, key=len), first, last)
        at = [place for place in words if matches(self.words[place])]
        at.sort(key=lambda place: -int(self._numbers[COUNTS, place]))
        return [self.words[place] for place in at[:limit]]

    def _words_with(self, letters: str, first: int, last: int) -> list[int]:
        """Return the positions of the words in a range that contain some letters."""
        if first == last or not letters:
            return list(range(first, last))
        offset = int(self._starts[first])
        text = self._text[offset : int(self._numbers[ENDS, last - 1])]
        found = [match.start() for match in re.finditer(re.escape(letters.encode()), text)]
        at = np.searchsorted(self._starts, np.array(found, np.int64) + offset, side="right") - 1
        return [int(place) for place in np.unique(at)]

    @cached_property
    def _starts(self) -> npt.NDArray[np.int64]:
        """The offset of each word in the text."""
        ends = self._numbers[ENDS].astype(np.int64)
        return np.concatenate((np.zeros(min(1, len(ends)), np.int64), ends[:-1] + 1))

    @cached_property
    def _letters(self) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint8]]:
        """The set of letters of each word as bits, and its length.

        Both tell most words apart from a given one without decoding them. Bytes of letters other
        than ASCII have no bit.
        """
        codes = np.frombuffer(self._text, np.uint8)
        bits = np.left_shift(np.uint32(1), codes & np.uint8(31), dtype=np.uint32)
        bits[(codes >= 128) | (codes == ord("\n"))] = 0
        is_letter = ((codes & 0xC0) != 0x80) & (codes != ord("\n"))
        lengths = np.add.reduceat(is_letter, self._starts, dtype=np.int64)
        return np.bitwise_or.reduceat(bits, self._starts), np.minimum(lengths, 255).astype(np.uint8)

    def _similar(self, word: str, max_edits: int) -> list[str]:
        """Return the words that may be within an edit distance; each edit changes two letters."""
        if not len(self.words):
            return []
        sets, lengths = self._letters
        wanted = np.bitwise_or.reduce([_letter_bit(code) for code in word.encode()], initial=0)
        differ = sets ^ np.uint32(wanted)
        differing = _BITS_SET[differ & 0xFFFF] + _BITS_SET[differ >> 16]
        near_length = np.abs(lengths.astype(np.int16) - min(len(word), 255)) <= max_edits
        at = np.flatnonzero((differing <= 2 * max_edits) & near_length)
        spans = zip(self._starts[at].tolist(), self._numbers[ENDS, at].tolist(), strict=True)
        return [self._text[start:end].decode() for start, end in spans]

    def near(self, word: str, limit: int) -> list[str]:
        """Return up to `limit` words within a small edit distance, the nearest first.

        Words of the same distance are sorted by frequency. The maximum is one edit for words of
        three to five letters and two edits for longer words; an edit inserts, deletes or replaces
        a letter or swaps two adjacent ones (optimal string alignment).
        """
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        max_edits = 0 if len(word) < 3 else 1 if len(word) < 6 else 2
        found = extract(
            word,
            self._similar(word, max_edits),
            scorer=OSA.distance,
            score_cutoff=max_edits,
            limit=None,
        )
        found.sort(key=lambda match: (match[1], -self.count(match[0]), match[0]))
        return [match[0] for match in found[:limit]]


_BITS_SET = np.array([number.bit_count() for number in range(1 << 16)], np.uint8)


def wildcard_pattern(pattern: str) -> re.Pattern[str]:
    """Return the regular expression for a word of letters, digits, `*` and `?`."""
    return re.compile(translate(pattern))


def _letter_bit(code: int) -> int:
    return 1 << (code & 31) if code < 128 else 0


def _stem_prefix(word: str) -> int:
    """Return the length of the common prefix of a word and its stem."""
    root = stem(word)
    return next((at for at, letter in enumerate(root) if word[at : at + 1] != letter), len(root))
