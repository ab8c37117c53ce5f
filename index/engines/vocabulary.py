"""The unstemmed words of a library with their frequencies, for prefix and fuzzy matches.

The index contains stems, but users type words: `generativ` is a prefix of "generative", but not of
its stem "generat". Prefixes are therefore matched against unstemmed words.

Most words are in a list that is rarely written, the base. Those of papers added since are counted
in a short list of recent words, so that adding papers costs the same in a library of any size.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import translate
from heapq import merge
from itertools import chain

import numpy as np

from index.engines.word_list import SortedWords
from index.text.analysis import stem

MIN_RECENT_WORDS = 8_000
"""Recent words that are always few enough."""

MAX_RECENT_FRACTION = 1 / 16
"""Recent words, as a fraction of those in the base, from which both become one list."""


Counts = Mapping[str, int] | SortedWords
"""How often words occur."""


class Vocabulary:
    """The words of a library in two lists; a word may be in both, and its counts are added."""

    def __init__(self, base: SortedWords, recent: SortedWords) -> None:
        self.base = base
        self.recent = recent

    @classmethod
    def of(cls, counts: Counts) -> "Vocabulary":
        """Return the vocabulary of words with the given counts."""
        return cls(_sorted(counts), SortedWords.of({}))

    def __iter__(self) -> Iterator[str]:
        last = None
        for word in merge(self.base.words, self.recent.words):
            if word != last:
                yield word
            last = word

    def with_counts(self, more: Counts) -> "Vocabulary":
        """Return the vocabulary with more counts added, to the base only if they outgrow it."""
        grown = Vocabulary(self.base, self.recent.with_counts(_sorted(more)))
        outgrown = len(grown.recent) > max(MIN_RECENT_WORDS, len(self.base))
        return grown.renewed() if outgrown else grown

    @property
    def is_due(self) -> bool:
        """Whether there are so many recent words that they should be added to the base."""
        return len(self.recent) > max(MIN_RECENT_WORDS, len(self.base) * MAX_RECENT_FRACTION)

    def renewed(self) -> "Vocabulary":
        """Return the vocabulary with all words in the base."""
        return Vocabulary(self.base.with_counts(self.recent), SortedWords.of({}))

    def count(self, word: str) -> int:
        """Return how often a word occurs."""
        return self.base.count(word) + self.recent.count(word)

    def most_common(self, prefix: str, limit: int) -> list[str]:
        """Return up to `limit` words with a prefix, the most frequent first."""
        first, last = self.base.range(prefix)
        counts = self.base.counts(first, last)
        new: dict[str, int] = {}
        begin, end = self.recent.range(prefix)
        words = self.recent.words[begin:end]
        for word, count in zip(words, self.recent.counts(begin, end).tolist(), strict=True):
            at = self.base.find(word)
            if at < 0:
                new[word] = count
            else:
                counts[at - first] += count
        best = np.argsort(-counts, kind="stable")[:limit].tolist()
        known = {self.base.words[first + at]: int(counts[at]) for at in best}
        return _most_frequent(known | new, limit)

    def odd_stems(self, prefix: str) -> list[str]:
        """Return the stems without the prefix, of words that have it."""
        found = chain(self.base.odd_stems(prefix), self.recent.odd_stems(prefix))
        return list(dict.fromkeys(found))

    def matching(self, pattern: str, limit: int) -> list[str]:
        """Return up to `limit` words that match a pattern, the most frequent first.

        In the folded pattern, `?` stands for one character and `*` for any number.
        """
        literals = re.split(r"[*?]+", pattern)
        matches = wildcard_pattern(pattern).fullmatch
        wanted = literals[0], max(literals, key=len), matches
        found = self.base.matching(*wanted, limit)
        for word in found:
            found[word] += self.recent.count(word)
        for word, count in self.recent.matching(*wanted, len(self.recent)).items():
            found[word] = count + self.base.count(word)
        return _most_frequent(found, limit)

    def distinctive(self, words: Sequence[str]) -> list[str]:
        """Return the words that are most of what is found by their stems, or all if none is.

        `performer` and `performance` have one stem: of words ending in `former`, the first is left
        out, since its stem finds other words.
        """
        wanted: dict[str, list[str]] = {}
        for word in words:
            wanted.setdefault(stem(word), []).append(word)
        chosen: list[str] = []
        for root, some in wanted.items():
            found = self.base.count_of_stem(root) + self.recent.count_of_stem(root)
            if found <= 2 * sum(map(self.count, some)):
                chosen += some
        return chosen or list(words)

    def near(self, word: str, limit: int) -> list[str]:
        """Return up to `limit` words within a small edit distance, the nearest first.

        Words of the same distance are sorted by frequency. The maximum is one edit for words of
        three to five letters and two edits for longer words; an edit inserts, deletes or replaces
        a letter or swaps two adjacent ones (optimal string alignment).
        """
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        max_edits = 0 if len(word) < 3 else 1 if len(word) < 6 else 2
        similar = chain(self.base.similar(word, max_edits), self.recent.similar(word, max_edits))
        found = extract(
            word,
            list(dict.fromkeys(similar)),
            scorer=OSA.distance,
            score_cutoff=max_edits,
            limit=None,
        )
        found.sort(key=lambda match: (match[1], -self.count(match[0]), match[0]))
        return [match[0] for match in found[:limit]]


def _sorted(counts: Counts) -> SortedWords:
    return counts if isinstance(counts, SortedWords) else SortedWords.of(counts)


def _most_frequent(counts: Mapping[str, int], limit: int) -> list[str]:
    """Return the words with the highest counts, those of equal counts in their order."""
    return sorted(counts, key=lambda word: (-counts[word], word))[:limit]


def wildcard_pattern(pattern: str) -> re.Pattern[str]:
    """Return the regular expression for a word of letters, digits, `*` and `?`."""
    return re.compile(translate(pattern))
