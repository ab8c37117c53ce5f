"""The words and phrases that a paper shares with others, as they are spelled."""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from math import fsum
from typing import NamedTuple

from index.papers.paper import Paper
from index.text.analysis import Term, stem, terms
from index.text.stopwords import SHARED_TERM_STOP_WORDS, SUBJECT_WORDS

MAX_SHARED_TERMS = 4
MAX_WEIGHT_RATIO = 8.0
"""Terms whose weight is smaller than the greatest by this factor are left out."""

MAX_PHRASE_WORDS = 4

_SEPARATORS = frozenset(" -‐‑")
"""The characters that may separate two words of a phrase."""

STOP_STEMS = frozenset(map(stem, SHARED_TERM_STOP_WORDS)) - set(map(stem, SUBJECT_WORDS))

Phrase = tuple[str, ...]
PhraseForms = dict[Phrase, Counter[str]]
"""The spellings of each phrase, with counts."""


class WrittenPhrase(NamedTuple):
    """A phrase of one or more words: their stems in order, and the spelling.

    `stems` holds all stems under which the words are indexed: those of a compound and its parts.
    """

    phrase: Phrase
    written: str
    stems: frozenset[str]


def find_shared_terms(
    paper: Paper, given: PhraseForms, among: Container[str], weights: Mapping[str, float]
) -> tuple[str, ...]:
    """Return the phrases and words that a paper shares with the given ones, by descending weight.

    `among` holds the stems of the given papers, `weights` the contribution of each to the paper's
    score. No stem is used twice.
    """
    own: PhraseForms = {}
    stems: dict[Phrase, frozenset[str]] = {}
    for found in phrases(paper, among):
        if found.phrase in given:
            own.setdefault(found.phrase, Counter())[found.written] += 1
            stems[found.phrase] = found.stems | stems.get(found.phrase, frozenset())
    totals = {phrase: fsum(weights.get(stem, 0.0) for stem in own) for phrase, own in stems.items()}
    least = max(totals.values(), default=0.0) / MAX_WEIGHT_RATIO
    used: set[str] = set()
    shared: list[str] = []
    for phrase in sorted(totals, key=lambda one: (-totals[one], -len(one), one)):
        if totals[phrase] > least and used.isdisjoint(stems[phrase]):
            used |= stems[phrase]
            shared.append(_most_common(own[phrase] + given[phrase]))
    return tuple(shared[:MAX_SHARED_TERMS])


def phrases(paper: Paper, among: Container[str] | None = None) -> Iterator[WrittenPhrase]:
    """Yield the distinctive words and short phrases of a paper.

    With `among`, only words and phrases of these stems are included.
    """
    for text in (paper.abstract, paper.title):
        words = _words(list(terms(text)))
        for at, word in enumerate(words):
            if word[0].text in STOP_STEMS or not (
                among is None or any(t.text in among for t in word)
            ):
                continue
            for term in word:
                if _is_distinctive(term.text) and (among is None or term.text in among):
                    stems = {one.text for one in word} if term is word[0] else {term.text}
                    yield WrittenPhrase((term.text,), text[term.start : term.end], frozenset(stems))
            yield from _runs(text, words[at : at + MAX_PHRASE_WORDS], among)


def _is_distinctive(stem: str) -> bool:
    return stem not in STOP_STEMS and len(stem) > 1 and not stem.isdecimal()


def _words(found: Sequence[Term]) -> list[list[Term]]:
    """Return the terms of a text by word: for a compound first the whole, then its parts."""
    words: list[list[Term]] = []
    for term in found:
        if words and term.end <= words[-1][0].end:
            words[-1].append(term)
        else:
            words.append([term])
    return words


def _runs(
    text: str, words: Sequence[list[Term]], among: Container[str] | None
) -> Iterator[WrittenPhrase]:
    """Yield the phrases of more than one term that begin with the first of some words."""
    parts: list[str] = []
    stems: set[str] = set()
    for at, word in enumerate(words):
        start, end = word[0].start, word[0].end
        if word[0].text in STOP_STEMS or (at == 0 and word[0].text.isdecimal()):
            return
        if at and text[words[at - 1][0].end : start] not in _SEPARATORS:
            return
        own = [term.text for term in (word[1:] or word)]
        if among is not None and any(part not in among for part in own):
            return
        parts += own
        stems |= {term.text for term in word}
        if len(parts) > 1:
            yield WrittenPhrase(tuple(parts), text[words[0][0].start : end], frozenset(stems))


def _most_common(forms: Counter[str]) -> str:
    """Return the most common spelling of a phrase, in lower case if any spelling is."""
    lower = Counter({form: count for form, count in forms.items() if form.islower()})
    return (lower or forms).most_common(1)[0][0]
