"""The names of topics: each phrase as titles spell it, with the shorter phrases that it ends in."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import numpy as np

from index.facets.columns import Array, Arrays
from index.facets.pairs import Names
from index.facets.phrase_book import Codes, Texts, code
from index.text.phrases import (
    PhraseWords,
    find_phrases,
    phrases_at_end,
    split_runs,
    split_tokens,
)

ReadTexts = Callable[[Iterable[int]], Texts]


class TopicName(NamedTuple):
    """The spelling of a phrase, the `papers` whose titles determined it, and the `shorter` phrases
    that it ends in, as codes.
    """

    papers: tuple[int, ...]
    text: str
    shorter: tuple[int, ...]


NameTable = Mapping[int, TopicName]
"""The names of phrases by their codes."""


def names_as_arrays(names: NameTable) -> dict[str, Array]:
    """Return names as arrays to store."""
    texts = Names.of([name.text for name in names.values()])
    return {
        "named": np.array(list(names), np.uint64),
        "samples": np.array([len(name.papers) for name in names.values()], np.int32),
        "sampled": np.array([key for name in names.values() for key in name.papers], np.int32),
        "ending": np.array([len(name.shorter) for name in names.values()], np.int32),
        "shorter": np.array([one for name in names.values() for one in name.shorter], np.uint64),
        "forms": np.frombuffer(texts.block, np.uint8),
        "form_ends": texts.ends,
    }


def names_in(arrays: Arrays) -> dict[int, TopicName]:
    """Return the names stored as arrays; raises KeyError or ValueError if invalid."""
    forms = Names(arrays["forms"].tobytes(), arrays["form_ends"].astype(np.int32)).all()
    papers = _tuples(arrays["samples"], arrays["sampled"])
    shorter = _tuples(arrays["ending"], arrays["shorter"])
    names = map(TopicName, papers, forms, shorter)
    return dict(zip(arrays["named"].tolist(), names, strict=True))


def _tuples(counts: Array, values: Array) -> list[tuple[int, ...]]:
    """Return consecutive values in groups of the given sizes."""
    ends = np.cumsum(counts, dtype=np.int64).tolist()
    every = values.tolist()
    return [tuple(every[a:b]) for a, b in zip([0, *ends[:-1]], ends, strict=True)]


def find_names(samples: Mapping[int, tuple[int, ...]], texts: ReadTexts) -> dict[int, TopicName]:
    """Return the name of each phrase, determined from the titles of its sampled papers."""
    sampled: dict[int, set[int]] = {}
    for one, papers in samples.items():
        for paper in papers:
            sampled.setdefault(paper, set()).add(one)
    forms: dict[int, Counter[str]] = {one: Counter() for one in samples}
    cases: dict[int, Counter[str]] = {one: Counter() for one in samples}
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
    names = {one: _name(forms[one], cases[one]) for one in samples}
    return {
        one: TopicName(papers, names[one], _shorter(names[one], words))
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


def _shorter(name: str, words: PhraseWords) -> tuple[int, ...]:
    """Return the shorter phrases that a name ends in."""
    parts = [word for run in split_runs(name, words) for word in run.split()]
    return tuple(code(letters) for letters in phrases_at_end(parts) if letters != "".join(parts))


def nesting(names: NameTable) -> tuple[Codes, Codes]:
    """Return pairs of a phrase and a shorter one that its name ends in."""
    longs = [one for one, name in names.items() for _ in name.shorter]
    shorts = [short for name in names.values() for short in name.shorter]
    return np.array(longs, np.uint64), np.array(shorts, np.uint64)
