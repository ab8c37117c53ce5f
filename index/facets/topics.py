"""Topics: the phrases that a library's own titles name and its abstracts speak of.

A phrase is a topic where titles name it: glue such as "extensive experiments" stands in abstracts
alone. What each paper speaks of is kept as numbers, so that new papers are read alone, and topics
are found anew from the numbers of all: the same as from all texts at once.
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

TITLES = 2
"""Titles that name a topic, at least."""

SHARE = 0.05
"""Of the papers that speak of a topic, the least part that names it in the title."""

INSIDE = 0.9
"""A phrase is left out where this part of its papers speaks of one longer one that ends in it."""

MOST = 20_000
"""Topics kept, those of the most papers."""

SAMPLES = 9
"""Papers of a topic whose titles tell how it is written."""

CHUNK = 1 << 19
"""Numbers looked through at once."""

Codes = npt.NDArray[np.uint64]
Texts = Iterable[tuple[int, str, str]]
"""Keys, titles and abstracts of papers."""

_ONE = np.uint64(1)


def code(letters: str) -> int:
    """Return the number of a phrase: even, since the last bit tells whether a title names it."""
    return int.from_bytes(blake2b(letters.encode(), digest_size=8).digest(), "little") & ~1


# -- what papers speak of --------------------------------------------------------------------------


class _Reader:
    """Reads texts; what was read of a run serves wherever it stands again."""

    def __init__(self) -> None:
        self._words = PhraseWords()
        self._runs: dict[str, tuple[int, ...]] = {}

    def paper(self, title: str, abstract: str) -> list[int]:
        """Return the phrases of a paper as codes, each once, odd where the title names it."""
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
class Phrasebook:
    """The phrases of each paper: `papers` are keys, `counts` how many of `codes` each one has."""

    papers: Numbers
    counts: Numbers
    codes: Codes

    @classmethod
    def empty(cls) -> "Phrasebook":
        """Return the phrases of no paper."""
        return cls(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.uint64))

    @classmethod
    def read(cls, arrays: Arrays) -> "Phrasebook":
        """Return what a file keeps of it; raises KeyError for another file."""
        return cls(
            arrays["papers"].astype(np.int32),
            arrays["counts"].astype(np.int32),
            arrays["codes"].astype(np.uint64),
        )

    @property
    def arrays(self) -> Arrays:
        """What a file keeps of it."""
        return {"papers": self.papers, "counts": self.counts, "codes": self.codes}

    def changed(self, gone: Sequence[int], texts: Texts) -> "Phrasebook":
        """Return the phrases without those of papers that are gone, and with those of texts."""
        reader = _Reader()
        papers, counts, parts = [], [], []
        for paper, title, abstract in texts:
            codes = reader.paper(title, abstract)
            papers.append(paper)
            counts.append(len(codes))
            parts.append(np.array(codes, np.uint64))
        stays = ~among(self.papers, gone)
        kept = self.codes if stays.all() else self.codes[np.repeat(stays, self.counts)]
        return Phrasebook(
            np.concatenate((self.papers[stays], np.array(papers, np.int32))),
            np.concatenate((self.counts[stays], np.array(counts, np.int32))),
            np.concatenate((kept, *parts)),
        )

    def named(self) -> tuple[Codes, Numbers]:
        """Return the phrases of titles, in order, and beside each the paper whose title it is."""
        places = np.flatnonzero(self.codes & _ONE)
        codes, papers = self.codes[places] - _ONE, self._papers_at(places)
        order = np.lexsort((papers, codes))
        return codes[order], papers[order]

    def members(self, wanted: Codes) -> tuple[Numbers, Numbers]:
        """Return where the phrases wanted (in order) stand: which each time, and in what paper."""
        shift = np.uint64(42)
        likely = np.zeros(1 << 22, np.bool_)  # spares most of the looking up
        likely[wanted >> shift] = True
        which, papers = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
        for start in range(0, len(self.codes), CHUNK):
            codes = self.codes[start : start + CHUNK]
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


# -- what a library speaks of ----------------------------------------------------------------------


Name = tuple[tuple[int, ...], str]
"""The papers in whose titles a phrase was looked at, and how it is written."""


@dataclass(frozen=True)
class Topics:
    """The topics of a library as a column, and the name of each phrase by its code."""

    column: Column
    names: Mapping[int, Name] = field(default_factory=dict)

    @property
    def arrays(self) -> Arrays:
        """What a file keeps of the names; the column has arrays of its own."""
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
        """Return the names that a file keeps; raises KeyError or ValueError for another file."""
        ends = np.cumsum(arrays["samples"], dtype=np.int64).tolist()
        sampled = arrays["sampled"].tolist()
        starts = [0, *ends[:-1]]
        forms = Names(arrays["forms"].tobytes(), arrays["form_ends"].astype(np.int32)).all()
        papers = [tuple(sampled[a:b]) for a, b in zip(starts, ends, strict=True)]
        named = zip(papers, forms, strict=True)
        return dict(zip(arrays["named"].tolist(), named, strict=True))


def found(
    book: Phrasebook, known: Mapping[int, Name], texts: Callable[[Iterable[int]], Texts]
) -> Topics:
    """Return the topics of papers; `texts` gives those of some, to see how topics are written.

    Names known already serve on where they would be found in the same titles.
    """
    codes, papers = book.named()
    wanted, first, titles = np.unique(codes, return_index=True, return_counts=True)
    often = titles >= TITLES
    wanted, first, titles = wanted[often], first[often], titles[often]
    if not len(wanted):
        return Topics(Column.empty(phrase_key))
    which, members = book.members(wanted)
    held = np.bincount(which, minlength=len(wanted))
    kept = np.flatnonzero(titles >= SHARE * held)
    kept = np.sort(kept[np.argsort(-held[kept], kind="stable")[:MOST]])
    samples = {
        int(wanted[at]): tuple(papers[first[at] : first[at] + min(titles[at], SAMPLES)].tolist())
        for at in kept.tolist()
    }
    names = _named(samples, known, texts)
    counts = dict(zip(wanted[kept].tolist(), held[kept].tolist(), strict=True))
    letters, inside = _inside(names, counts)
    places = dict(zip(wanted[kept].tolist(), kept.tolist(), strict=True))
    order = sorted((one for one in names if one not in inside), key=letters.__getitem__)
    number = np.full(len(wanted), -1, np.int32)
    number[[places[one] for one in order]] = np.arange(len(order))
    value = number[which]
    shown = value >= 0
    column = Column.joined(
        Names.of([names[one][1] for one in order]),
        value[shown],
        members[shown],
        phrase_key,
    )
    return Topics(column, names)


def _named(
    samples: Mapping[int, tuple[int, ...]],
    known: Mapping[int, Name],
    texts: Callable[[Iterable[int]], Texts],
) -> dict[int, Name]:
    """Return how each phrase is written, beside the papers whose titles show it."""
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
    """Return the commonest written form of a phrase, with capitals where abstracts have them."""
    small: Counter[str] = Counter()
    for form, count in titles.items():
        small[form.lower()] += count
    common = max(sorted(small), key=small.__getitem__)
    written = min(form for form in titles if form.lower() == common)
    return " ".join(_cased(word, cases) for word in written.split())


def _cased(word: str, cases: Counter[str]) -> str:
    """Return a word of a title in the case of abstracts: in capitals if it never stands without."""
    flat = word.lower()
    titled = all(part[1:] == part[1:].lower() for part in word.split("-"))  # no LLM, no 3D
    return flat if cases[flat] or (titled and not cases[word]) else word


def _inside(
    names: Mapping[int, Name], counts: Mapping[int, int]
) -> tuple[dict[int, str], set[int]]:
    """Return the letters of phrases, and those phrases that are little but ends of longer ones."""
    words = PhraseWords()
    written = {
        one: [word for run in split_runs(name, words) for word in run.split()]
        for one, (_, name) in names.items()
    }
    letters = {one: "".join(parts) for one, parts in written.items()}
    known = {text: one for one, text in letters.items()}
    inside = set()
    for one, parts in written.items():
        for shorter in map(known.get, phrases_at_end(parts)):
            if shorter is not None and shorter != one and counts[one] >= INSIDE * counts[shorter]:
                inside.add(shorter)
    return letters, inside
