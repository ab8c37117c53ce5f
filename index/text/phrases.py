"""Noun phrases of two to four words in titles and abstracts.

A run is a sequence of words between punctuation and stop words: "large language models". The last
two, three and four words of a run are phrases, since the head of an English noun phrase comes last.
Plurals and hyphens are ignored: "pre-trained model" and "pretrained models" are the same phrase,
with the key `pretrainedmodel`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.text.folding import fold
from index.text.stopwords import PHRASE_STOP_WORDS

MAX_PHRASE_WORDS = 4
"""Words of the longest phrase."""


_TOKEN = re.compile(r"[^\W_]+(?:[-‐‑'’][^\W_]+)*|[^\w\s]")
_BREAK = "|"


class FoundPhrase(NamedTuple):
    """A phrase found in a text: its key and span of characters (end excluded)."""

    letters: str
    start: int
    end: int


class PhraseWords(dict[str, str]):
    """A cache of normalized words; stop words map to a break between runs."""

    def __missing__(self, written: str) -> str:
        known = self[written] = _normalize(written)
        return known


def _normalize(written: str) -> str:
    folded = re.sub(r"['’]s?$", "", fold(written))
    if folded in PHRASE_STOP_WORDS:
        return _BREAK
    letters = "".join(filter(str.isalnum, folded))
    if len(letters) < 2 or letters in PHRASE_STOP_WORDS or not any(map(str.isalpha, letters)):
        return _BREAK
    return singularize(letters)


def singularize(word: str) -> str:
    """Return a word without its plural ending.

    Uses the S-stemmer of Harman, How Effective Is Suffixing?, 1991, except for words in -is.
    """
    if len(word) > 3:
        if word.endswith("ies") and not word.endswith(("eies", "aies")):
            return word[:-3] + "y"
        if word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
            return word[:-1]
        if word.endswith("s") and not word.endswith(("us", "ss", "is")):
            return word[:-1]
    return word


def split_tokens(text: str) -> list[str]:
    """Return the words and punctuation marks of a text; compounds are one word."""
    return _TOKEN.findall(text)


def phrase_key(text: str) -> str:
    """Return the key of a phrase, which ignores hyphens, plurals and case."""
    return "".join(part for part in map(_normalize, split_tokens(text)) if part != _BREAK)


def split_runs(text: str, words: PhraseWords) -> Iterator[str]:
    """Yield the runs of a text as normalized words separated by spaces; runs may be empty."""
    return iter(" ".join(map(words.__getitem__, split_tokens(text))).split(_BREAK))


def phrases_at_end(run: Sequence[str]) -> list[str]:
    """Return the keys of the phrases at the end of a run, shortest first."""
    return ["".join(run[-length:]) for length in range(2, min(MAX_PHRASE_WORDS, len(run)) + 1)]


def find_phrases(text: str, words: PhraseWords) -> Iterator[FoundPhrase]:
    """Yield the phrases of a text with their spans."""
    run: list[tuple[str, int, int]] = []
    for match in (*_TOKEN.finditer(text), None):
        known = words[match[0]] if match else _BREAK
        if match and known != _BREAK:
            run.append((known, match.start(), match.end()))
            continue
        for length, letters in enumerate(phrases_at_end([word for word, _, _ in run]), 2):
            yield FoundPhrase(letters, run[-length][1], run[-1][2])
        run.clear()
