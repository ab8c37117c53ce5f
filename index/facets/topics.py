"""Topics: phrases that occur in the titles and abstracts of a library.

A phrase is a topic only if it occurs in titles; others, such as "extensive experiments", occur in
abstracts alone. The phrases of each paper are cached as hashes, so that only new papers are read.
Topics are then computed from the hashes of all papers, with the same result as from all texts.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from index.facets.columns import Arrays, Column, Names, Numbers, among
from index.text.phrases import (
    PhraseWords,
    find_phrases,
    phrase_key,
    phrases_at_end,
    split_runs,
    split_tokens,
)

MIN_TITLES = 2
"""Minimum number of titles that contain a topic."""

MIN_TITLE_FRACTION = 0.05
"""Minimum fraction of a topic's papers that have it in the title."""

MAX_NESTED_FRACTION = 0.9
"""A phrase is dropped if this fraction of its papers has the same longer phrase ending in it."""

MAX_TOPICS = 20_000
"""Number of topics, those with the most papers."""

MAX_SAMPLES = 9
"""Papers of a topic whose titles determine its spelling."""

CHUNK_CODES = 1 << 19
"""Codes searched at a time."""

Codes = npt.NDArray[np.uint64]
Texts = Iterable[tuple[int, str, str]]
"""Keys, titles and abstracts of papers."""

_ONE = np.uint64(1)


def code(letters: str) -> int:
    """Return the hash of a phrase: an even number, since bit 0 marks occurrences in titles."""
    return int.from_bytes(blake2b(letters.encode(), digest_size=8).digest(), "little") & ~1


# -- phrases of papers -----------------------------------------------------------------------------


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
            known = self._runs[run] = tuple(map(code, phrases_at_end(run.split())))
        return known


@dataclass(frozen=True)
class PhraseIndex:
    """The phrases of each paper: `papers` are keys, `counts` the number of `codes` of each."""

    papers: Numbers
    counts: Numbers
    codes: Codes

    @classmethod
    def empty(cls) -> "PhraseIndex":
        """Return an index without papers."""
        return cls(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.uint64))

    @classmethod
    def read(cls, arrays: Arrays) -> "PhraseIndex":
        """Return the index stored as arrays; raises KeyError if they are incomplete."""
        return cls(
            arrays["papers"].astype(np.int32),
            arrays["counts"].astype(np.int32),
            arrays["codes"].astype(np.uint64),
        )

    @property
    def arrays(self) -> Arrays:
        """The arrays to store."""
        return {"papers": self.papers, "counts": self.counts, "codes": self.codes}

    def changed(self, removed: Sequence[int], texts: Texts) -> "PhraseIndex":
        """Return the index without the papers `removed`, and with the phrases of `texts`."""
        extractor = _PhraseExtractor()
        papers, counts, parts = [], [], []
        for paper, title, abstract in texts:
            found = extractor.paper(title, abstract)
            papers.append(paper)
            counts.append(len(found))
            parts.append(np.array(found, np.uint64))
        retained = ~among(self.papers, removed)
        codes = self.codes if retained.all() else self.codes[np.repeat(retained, self.counts)]
        return PhraseIndex(
            np.concatenate((self.papers[retained], np.array(papers, np.int32))),
            np.concatenate((self.counts[retained], np.array(counts, np.int32))),
            np.concatenate((codes, *parts)),
        )

    def in_titles(self) -> tuple[Codes, Numbers]:
        """Return the sorted codes of phrases in titles, and the paper of each title."""
        places = np.flatnonzero(self.codes & _ONE)
        codes, papers = self.codes[places] - _ONE, self._papers_at(places)
        order = np.lexsort((papers, codes))
        return codes[order], papers[order]

    def occurrences(self, wanted: Codes) -> tuple[Numbers, Numbers]:
        """Return all occurrences of sorted codes, as indices of codes and keys of papers."""
        shift = np.uint64(42)
        likely = np.zeros(1 << 22, np.bool_)  # a filter that avoids most binary searches
        likely[wanted >> shift] = True
        which, papers = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
        for start in range(0, len(self.codes), CHUNK_CODES):
            codes = self.codes[start : start + CHUNK_CODES]
            places = np.flatnonzero(likely[codes >> shift])
            codes = codes[places] & ~_ONE
            at = np.minimum(np.searchsorted(wanted, codes), len(wanted) - 1)
            right = wanted[at] == codes
            which.append(at[right].astype(np.int32))
            papers.append(self._papers_at(start + places[right]))
        return np.concatenate(which), np.concatenate(papers)

    def _papers_at(self, places: npt.NDArray[np.int64]) -> Numbers:
        ends = np.cumsum(self.counts, dtype=np.int64)
        return self.papers[np.searchsorted(ends, places, "right")]


# -- topics of a library ---------------------------------------------------------------------------


Name = tuple[tuple[int, ...], str]
"""The papers whose titles determined a phrase's spelling, and the spelling."""


@dataclass(frozen=True)
class Topics:
    """The topics of a library as a column, and the name of each phrase by its code."""

    column: Column
    names: Mapping[int, Name] = field(default_factory=dict)

    @property
    def arrays(self) -> Arrays:
        """The arrays of the names to store; the column has its own."""
        papers = [papers for papers, _ in self.names.values()]
        names = Names.of([name for _, name in self.names.values()])
        return {
            "named": np.array(list(self.names), np.uint64),
            "samples": np.array([len(some) for some in papers], np.int32),
            "sampled": np.array([paper for some in papers for paper in some], np.int32),
            "forms": np.frombuffer(names.block, np.uint8),
            "form_ends": names.ends,
        }

    @classmethod
    def names_in(cls, arrays: Arrays) -> dict[int, Name]:
        """Return the names stored as arrays; raises KeyError or ValueError if invalid."""
        ends = np.cumsum(arrays["samples"], dtype=np.int64).tolist()
        sampled = arrays["sampled"].tolist()
        starts = [0, *ends[:-1]]
        forms = Names(arrays["forms"].tobytes(), arrays["form_ends"].astype(np.int32)).all()
        papers = [tuple(sampled[a:b]) for a, b in zip(starts, ends, strict=True)]
        named = zip(papers, forms, strict=True)
        return dict(zip(arrays["named"].tolist(), named, strict=True))


def find_topics(
    index: PhraseIndex, known: Mapping[int, Name], texts: Callable[[Iterable[int]], Texts]
) -> Topics:
    """Return the topics of a library; `texts` returns the texts from which topics are spelled.

    Names in `known` are reused if they would be determined from the same titles.
    """
    codes, papers = index.in_titles()
    wanted, first, titles = np.unique(codes, return_index=True, return_counts=True)
    is_frequent = titles >= MIN_TITLES
    wanted, first, titles = wanted[is_frequent], first[is_frequent], titles[is_frequent]
    if not len(wanted):
        return Topics(Column.empty(phrase_key))
    which, members = index.occurrences(wanted)
    totals = np.bincount(which, minlength=len(wanted))
    chosen = np.flatnonzero(titles >= MIN_TITLE_FRACTION * totals)
    chosen = np.sort(chosen[np.argsort(-totals[chosen], kind="stable")[:MAX_TOPICS]])
    samples = {
        int(wanted[at]): tuple(
            papers[first[at] : first[at] + min(titles[at], MAX_SAMPLES)].tolist()
        )
        for at in chosen.tolist()
    }
    names = _find_names(samples, known, texts)
    counts = dict(zip(wanted[chosen].tolist(), totals[chosen].tolist(), strict=True))
    letters, nested = _find_nested(names, counts)
    places = dict(zip(wanted[chosen].tolist(), chosen.tolist(), strict=True))
    order = sorted((one for one in names if one not in nested), key=letters.__getitem__)
    number = np.full(len(wanted), -1, np.int32)
    number[[places[one] for one in order]] = np.arange(len(order))
    value = number[which]
    shown = value >= 0
    column = Column.build(
        Names.of([names[one][1] for one in order]),
        value[shown],
        members[shown],
        phrase_key,
    )
    return Topics(column, names)


def _find_names(
    samples: Mapping[int, tuple[int, ...]],
    known: Mapping[int, Name],
    texts: Callable[[Iterable[int]], Texts],
) -> dict[int, Name]:
    """Return the name of each phrase, determined from the titles of its sampled papers."""
    new = {
        one: papers
        for one, papers in samples.items()
        if one not in known or known[one][0] != papers
    }
    sampled: dict[int, set[int]] = {}
    for one, papers in new.items():
        for paper in papers:
            sampled.setdefault(paper, set()).add(one)
    forms: dict[int, Counter[str]] = {one: Counter() for one in new}
    cases: dict[int, Counter[str]] = {one: Counter() for one in new}
    words = PhraseWords()
    for paper, title, abstract in texts(sampled):
        running = Counter(split_tokens(abstract))
        for phrase in find_phrases(title, words):
            one = code(phrase.letters)
            if one in sampled[paper]:
                form = title[phrase.start : phrase.end]
                forms[one][form] += 1
                for word in form.split():
                    cases[one][word] += 0
                    cases[one][word.lower()] += 0
                for word in cases[one]:
                    cases[one][word] += running[word]
    return {
        one: (papers, _name(forms[one], cases[one]) if one in new else known[one][1])
        for one, papers in samples.items()
    }


def _name(titles: Counter[str], cases: Counter[str]) -> str:
    """Return the most common spelling of a phrase, capitalized as in abstracts."""
    small: Counter[str] = Counter()
    for form, count in titles.items():
        small[form.lower()] += count
    common = max(sorted(small), key=small.__getitem__)
    written = min(form for form in titles if form.lower() == common)
    return " ".join(_cased(word, cases) for word in written.split())


def _cased(word: str, cases: Counter[str]) -> str:
    """Return a word of a title in lower case, unless abstracts only have it with capitals."""
    lower = word.lower()
    is_title_case = all(part[1:] == part[1:].lower() for part in word.split("-"))  # no LLM, no 3D
    return lower if cases[lower] or (is_title_case and not cases[word]) else word


def _find_nested(
    names: Mapping[int, Name], counts: Mapping[int, int]
) -> tuple[dict[int, str], set[int]]:
    """Return the letters of phrases, and the phrases that mostly occur as ends of longer ones."""
    words = PhraseWords()
    written = {
        one: [word for run in split_runs(name, words) for word in run.split()]
        for one, (_, name) in names.items()
    }
    letters = {one: "".join(parts) for one, parts in written.items()}
    known = {text: one for one, text in letters.items()}
    nested = set()
    for one, parts in written.items():
        for shorter in map(known.get, phrases_at_end(parts)):
            if shorter is None or shorter == one:
                continue
            if counts[one] >= MAX_NESTED_FRACTION * counts[shorter]:
                nested.add(shorter)
    return letters, nested
