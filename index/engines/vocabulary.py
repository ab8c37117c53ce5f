"""The words of a library as they are written, with how often: what a prefix can become.

The index holds stems, and no one types stems: `generativ` begins "generative", whose stem is
"generat". So a prefix is looked up among the written words, and their stems are searched.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from index.words import stem


class Vocabulary:
    """Written words in order, with the number of times each was seen."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.words = sorted(counts)
        self.counts = counts

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        """Return the vocabulary kept in a file; raises OSError or ValueError for a broken one."""
        counts: dict[str, int] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            word, count = line.split("\t")
            counts[word] = int(count)
        return cls(counts)

    def save(self, path: Path) -> None:
        """Keep the vocabulary in a file, whole or not at all."""
        beside = path.with_suffix(".new")
        lines = "".join(f"{word}\t{self.counts[word]}\n" for word in self.words)
        beside.write_text(lines, encoding="utf-8")
        beside.replace(path)

    def grown(self, more: Counter[str]) -> "Vocabulary":
        """Return the vocabulary with more words counted in."""
        counts = Counter(self.counts)
        counts.update(more)
        return Vocabulary(counts)

    def count(self, word: str) -> int:
        """Return how often a word was seen."""
        return self.counts.get(word, 0)

    def beginning(self, prefix: str) -> Iterator[str]:
        """Yield the words that begin so, in alphabetical order."""
        at = bisect_left(self.words, prefix)
        while at < len(self.words) and self.words[at].startswith(prefix):
            yield self.words[at]
            at += 1

    def completions(self, prefix: str, most: int) -> list[str]:
        """Return the stems of the words that begin so, the most frequent first, `most` of them."""
        weights: Counter[str] = Counter()
        for word in self.beginning(prefix):
            weights[stem(word)] += self.counts[word]
        return [word for word, _ in weights.most_common(most)]

    def near(self, word: str, most: int) -> list[str]:
        """Return written words a slip or two away, the nearest and most frequent first.

        Words of three to five letters may be one edit away, longer ones two (optimal string
        alignment: a letter added, dropped or changed, or two neighbours swapped, is one).
        """
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        reach = 0 if len(word) < 3 else 1 if len(word) < 6 else 2
        found = extract(word, self.words, scorer=OSA.distance, score_cutoff=reach, limit=None)
        found.sort(key=lambda match: (match[1], -self.counts[match[0]], match[0]))
        return [match[0] for match in found[:most]]
