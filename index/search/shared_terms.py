"""What ties a paper to others: the words and phrases that both have, as they are written."""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from math import fsum
from typing import NamedTuple

from index.papers.paper import Paper
from index.text.analysis import Term, stem, terms
from index.text.stopwords import SHARED_TERM_STOP_WORDS

MOST_SHARES = 4
LEAST = 8.0
"""A share this much weaker than the strongest is not told."""

LONGEST = 4
"""Words of a phrase that is told as one."""


_JOINTS = frozenset(" -‐‑")
"""What may stand between two words of a phrase."""

STOP_STEMS = frozenset(map(stem, SHARED_TERM_STOP_WORDS))

Phrase = tuple[str, ...]
PhraseForms = dict[Phrase, Counter[str]]
"""How each phrase is written, and how often so."""


class WrittenPhrase(NamedTuple):
    """One or a few words that stand together in a text: their stems in order, how they are written.

    `stems` are all that the words are indexed as: a compound has one more than it has parts.
    """

    phrase: Phrase
    written: str
    stems: frozenset[str]


def shares(
    paper: Paper, given: PhraseForms, among: Container[str], ties: Mapping[str, float]
) -> tuple[str, ...]:
    """Return the phrases and words of a paper that the given ones have too, the strongest first.

    `among` are the stems of the given papers, `ties` what each adds to the paper's score. No stem
    is told twice.
    """
    own: PhraseForms = {}
    stems: dict[Phrase, frozenset[str]] = {}
    for said in phrases(paper, among):
        if said.phrase in given:
            own.setdefault(said.phrase, Counter())[said.written] += 1
            stems[said.phrase] = said.stems | stems.get(said.phrase, frozenset())
    strengths = {phrase: fsum(ties.get(stem, 0.0) for stem in own) for phrase, own in stems.items()}
    least = max(strengths.values(), default=0.0) / LEAST
    told: set[str] = set()
    found: list[str] = []
    for phrase in sorted(strengths, key=lambda one: (-strengths[one], -len(one), one)):
        if strengths[phrase] > least and told.isdisjoint(stems[phrase]):
            told |= stems[phrase]
            found.append(_commonest(own[phrase] + given[phrase]))
    return tuple(found[:MOST_SHARES])


def phrases(paper: Paper, among: Container[str] | None = None) -> Iterator[WrittenPhrase]:
    """Yield all that a paper says in a few words that are worth telling.

    With `among` only what is said in those stems.
    """
    for text in (paper.abstract, paper.title):
        words = _words(list(terms(text)))
        for at, word in enumerate(words):
            if word[0].text in STOP_STEMS or not (
                among is None or any(t.text in among for t in word)
            ):
                continue
            for term in word:
                if _tells(term.text) and (among is None or term.text in among):
                    stems = {one.text for one in word} if term is word[0] else {term.text}
                    yield WrittenPhrase((term.text,), text[term.start : term.end], frozenset(stems))
            yield from _runs(text, words[at : at + LONGEST], among)


def _tells(stem: str) -> bool:
    return stem not in STOP_STEMS and len(stem) > 1 and not stem.isdecimal()


def _words(found: Sequence[Term]) -> list[list[Term]]:
    """Return the terms of a text word by word: a compound as a whole, then its parts."""
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
    """Yield the phrases that begin with the first of some words and are longer than one term."""
    parts: list[str] = []
    stems: set[str] = set()
    for at, word in enumerate(words):
        start, end = word[0].start, word[0].end
        if word[0].text in STOP_STEMS or (at == 0 and word[0].text.isdecimal()):
            return
        if at and text[words[at - 1][0].end : start] not in _JOINTS:
            return
        own = [term.text for term in (word[1:] or word)]
        if among is not None and any(part not in among for part in own):
            return
        parts += own
        stems |= {term.text for term in word}
        if len(parts) > 1:
            yield WrittenPhrase(tuple(parts), text[words[0][0].start : end], frozenset(stems))


def _commonest(forms: Counter[str]) -> str:
    """Return the commonest way a phrase is written, in small letters where it is so anywhere."""
    small = Counter({form: count for form, count in forms.items() if form.islower()})
    return (small or forms).most_common(1)[0][0]
