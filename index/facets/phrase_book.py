"""The phrases of papers as hashes: those of a few papers by paper, those of a library by phrase.

The book of a library is written rarely, since it is large, and read in place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.facets.columns import Array, Arrays, among
from index.facets.pairs import Numbers
from index.files import replace_file
from index.text.phrases import PhraseWords, phrases_at_end, split_runs

Codes = npt.NDArray[np.uint64]
Entries = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]
Texts = Iterable[tuple[int, str, str]]
"""Keys, titles and abstracts of papers."""

ONE = np.uint64(1)

MAX_SCANNED_ENTRIES = 1 << 20
"""Entries of a book that are looked at at a time, which limits the peak of memory."""


MAX_KNOWN_RUNS = 200_000
"""Runs of words whose phrases are cached while the texts of a library are read."""


def code(letters: str) -> int:
    """Return the hash of a phrase: an even number, since bit 0 marks occurrences in titles."""
    return int.from_bytes(blake2b(letters.encode(), digest_size=8).digest(), "little") & ~1


class _PhraseExtractor:
    """Extracts the phrases of texts, with a cache of the phrases of each run of words."""

    def __init__(self) -> None:
        self._words = PhraseWords()
        self._runs: dict[str, tuple[int, ...]] = {}

    def paper(self, title: str, abstract: str) -> list[int]:
        """Return the distinct phrases of a paper as codes, odd if the title contains them."""
        named = self._codes(title)
        return [*(one | 1 for one in named), *(self._codes(abstract) - named)]

    def _codes(self, text: str) -> set[int]:
        return {one for run in split_runs(text, self._words) for one in self._of(run)}

    def _of(self, run: str) -> tuple[int, ...]:
        known = self._runs.get(run)
        if known is None:
            if len(self._runs) >= MAX_KNOWN_RUNS:
                self._runs.clear()
            known = self._runs[run] = tuple(map(code, phrases_at_end(run.split())))
        return known


@dataclass(frozen=True)
class PaperPhrases:
    """The phrases of each paper: `papers` are keys, `counts` the number of `codes` of each."""

    papers: Numbers
    counts: Numbers
    codes: Codes

    @classmethod
    def empty(cls) -> "PaperPhrases":
        """Return the phrases of no papers."""
        return cls(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.uint64))

    @classmethod
    def read(cls, arrays: Arrays) -> "PaperPhrases":
        """Return the phrases stored as arrays; raises KeyError if they are incomplete."""
        return cls(
            arrays["papers"].astype(np.int32),
            arrays["counts"].astype(np.int32),
            arrays["codes"].astype(np.uint64),
        )

    @property
    def arrays(self) -> dict[str, Array]:
        """The arrays to store."""
        return {"papers": self.papers, "counts": self.counts, "codes": self.codes}

    @property
    def paper_of_each(self) -> Numbers:
        """The paper of each code."""
        return np.repeat(self.papers, self.counts)

    def joined(self, other: "PaperPhrases") -> "PaperPhrases":
        """Return the phrases of these papers and of others."""
        return PaperPhrases(
            np.concatenate((self.papers, other.papers)),
            np.concatenate((self.counts, other.counts)),
            np.concatenate((self.codes, other.codes)),
        )

    def changed(self, removed: Sequence[int], texts: Texts) -> "PaperPhrases":
        """Return the phrases without the papers `removed`, and with those of `texts`."""
        extractor = _PhraseExtractor()
        papers, counts, parts = [], [], []
        for paper, title, abstract in texts:
            found = extractor.paper(title, abstract)
            papers.append(paper)
            counts.append(len(found))
            parts.append(np.array(found, np.uint64))
        retained = ~among(self.papers, removed)
        codes = self.codes if retained.all() else self.codes[np.repeat(retained, self.counts)]
        return PaperPhrases(
            np.concatenate((self.papers[retained], np.array(papers, np.int32))),
            np.concatenate((self.counts[retained], np.array(counts, np.int32))),
            np.concatenate((codes, *parts)),
        )


class PhraseBook:
    """The papers of each phrase.

    `codes` are sorted and distinct. The entries of the phrase with index `at` are `entries` from
    `starts[at]` to `starts[at + 1]`: twice the key of a paper, plus one if its title has the
    phrase. `titles` has the number of such titles.
    """

    def __init__(self, codes: Codes, starts: Entries, titles: Entries, entries: Entries) -> None:
        self.codes = codes
        self.starts = starts
        self.titles = titles
        self.entries = entries

    @cached_property
    def highest(self) -> int:
        """The highest key of a paper."""
        return int(self.entries.max(initial=0)) >> 1

    @classmethod
    def of(cls, phrases: PaperPhrases) -> "PhraseBook":
        """Return the book of the phrases of papers."""
        order = np.argsort(phrases.codes & ~ONE, kind="stable")
        codes = phrases.codes[order]
        in_title = (codes & ONE).astype(np.uint32)
        entries = (phrases.paper_of_each[order].astype(np.uint32) << np.uint32(1)) | in_title
        codes &= ~ONE
        begins = np.flatnonzero(np.diff(codes, prepend=codes[:1] + ONE))
        titles = np.add.reduceat(in_title, begins) if len(begins) else in_title
        starts = np.append(begins, len(codes)).astype(np.uint32)
        return cls(codes[begins], starts, titles.astype(np.uint32), entries)

    def changed(self, outdated: Numbers, recent: PaperPhrases) -> "PhraseBook":
        """Return the book without some papers, and with the phrases of others."""
        return self._without(outdated)._joined(PhraseBook.of(recent))

    def _without(self, papers: Numbers) -> "PhraseBook":
        removed = self._entries_of(papers)
        if not len(removed):
            return self
        at = np.searchsorted(self.starts, removed, "right") - 1
        in_title = (self.entries[removed] & np.uint32(1)).astype(np.float64)
        counts = np.diff(self.starts) - np.bincount(at, minlength=len(self.codes))
        titles = self.titles - np.bincount(at, in_title, len(self.codes))
        used = counts > 0
        starts = np.append(0, np.cumsum(counts[used])).astype(np.uint32)
        entries = np.delete(self.entries, removed)
        return PhraseBook(self.codes[used], starts, titles[used].astype(np.uint32), entries)

    def _joined(self, more: "PhraseBook") -> "PhraseBook":
        """Return the book with the entries of another one, which is smaller."""
        place = np.searchsorted(self.codes, more.codes)
        new = self.find(more.codes) < 0
        counts, added = np.diff(self.starts), np.diff(more.starts)
        ends = self.starts[place + ~new].astype(np.int64)
        entries = np.insert(self.entries, np.repeat(ends, added), more.entries)
        titles = self.titles.copy()
        titles[place[~new]] += more.titles[~new]
        counts[place[~new]] += added[~new]
        counts = np.insert(counts, place[new], added[new])
        return PhraseBook(
            np.insert(self.codes, place[new], more.codes[new]),
            np.append(0, np.cumsum(counts)).astype(np.uint32),
            np.insert(titles, place[new], more.titles[new]),
            entries,
        )

    # -- files -------------------------------------------------------------------------------------

    @classmethod
    def load(cls, path: Path) -> "PhraseBook":
        """Return the book in a file, which is read in place; raises OSError or ValueError."""
        whole = np.load(path, mmap_mode="r").view(np.ndarray)
        count, size = (int(number) for number in whole[:2])
        if whole.dtype != np.uint32 or len(whole) != 2 + 4 * count + 1 + size:
            raise ValueError(f"{path.name} is not a book of phrases")
        codes, starts, titles, entries = np.split(
            whole[2:], np.cumsum([2 * count, count + 1, count])
        )
        return cls(codes.view(np.uint64), starts, titles, entries)

    def save(self, path: Path) -> None:
        """Write the book to a file atomically."""
        parts = (
            np.array([len(self.codes), len(self.entries)], np.uint32),
            np.ascontiguousarray(self.codes).view(np.uint32),
            self.starts,
            self.titles,
            self.entries,
        )
        size = sum(map(len, parts))
        with replace_file(path, durable=False) as file:
            header = {"descr": "<u4", "fortran_order": False, "shape": (size,)}
            np.lib.format.write_array_header_1_0(file, header)
            for part in parts:
                file.write(part.astype("<u4", copy=False).tobytes())

    # -- looking up --------------------------------------------------------------------------------

    def find(self, codes: Codes) -> Places:
        """Return the index of each of some codes, or -1."""
        if not len(self.codes):
            return np.full(len(codes), -1)
        at = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        return np.where(self.codes[at] == codes, at, -1)

    def counts(self, places: Places) -> tuple[Places, Places]:
        """Return the numbers of papers and of titles of the phrases with some indices, or -1."""
        known = places >= 0
        papers, titles = np.zeros(len(places), np.int64), np.zeros(len(places), np.int64)
        at = places[known]
        papers[known] = self.starts[at + 1].astype(np.int64) - self.starts[at]
        titles[known] = self.titles[at]
        return papers, titles

    def papers(self, at: int, *, in_title: bool = False) -> Numbers:
        """Return the papers of a phrase by its index, or none for -1."""
        if at < 0:
            return np.empty(0, np.int32)
        entries = self.entries[int(self.starts[at]) : int(self.starts[at + 1])]
        entries = entries[entries & np.uint32(1) > 0] if in_title else entries
        return (entries >> np.uint32(1)).astype(np.int32)

    def of_papers(self, papers: Sequence[int]) -> PaperPhrases:
        """Return the phrases of some papers, by a scan of all entries."""
        found = self._entries_of(np.array(papers, np.int32))
        if not len(found):
            return PaperPhrases.empty()
        keys = (self.entries[found] >> np.uint32(1)).astype(np.int32)
        at = np.searchsorted(self.starts, found, "right") - 1
        codes = self.codes[at] | (self.entries[found] & np.uint32(1))
        order = np.argsort(keys, kind="stable")
        distinct, counts = np.unique(keys, return_counts=True)
        return PaperPhrases(distinct.astype(np.int32), counts.astype(np.int32), codes[order])

    def _entries_of(self, papers: Numbers) -> Places:
        """Return the indices of the entries of some papers; a part is looked at at a time."""
        parts = [np.empty(0, np.int64)]
        for first in range(0, len(self.entries) if len(papers) else 0, MAX_SCANNED_ENTRIES):
            some = self.entries[first : first + MAX_SCANNED_ENTRIES] >> np.uint32(1)
            parts.append(first + np.flatnonzero(among(some.astype(np.int32), papers)))
        return np.concatenate(parts)
