"""Phrases: what titles and abstracts speak of, in two words and more.

A run is what stands between marks and words that carry no subject: "large language models". Its
ends of two words and more are phrases, for in English the last word says what a thing is. Plurals
and hyphens make no difference: "pre-trained model" and "pretrained models" are one phrase, known by
its letters, `pretrainedmodel`.
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
    """A phrase where it stands in a text: its letters, its characters (end excluded)."""

    letters: str
    start: int
    end: int


class PhraseWords(dict[str, str]):
    """Each written word as phrases know it, a break for one that carries no subject."""

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
    """Return a word without the ending of its plural.

    The S-stemmer of Harman, How Effective Is Suffixing?, 1991; words in -is stay besides.
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
    """Return the words and marks of a text, compounds whole."""
    return _TOKEN.findall(text)


def phrase_key(text: str) -> str:
    """Return the letters that a phrase is known by, whatever its hyphens, plurals and case."""
    return "".join(part for part in map(_normalize, split_tokens(text)) if part != _BREAK)


def split_runs(text: str, words: PhraseWords) -> Iterator[str]:
    """Yield the runs of a text, each as its words as phrases know them; some have one or none."""
    return iter(" ".join(map(words.__getitem__, split_tokens(text))).split(_BREAK))


def phrases_at_end(run: Sequence[str]) -> list[str]:
    """Return the phrases that a run ends in, the shortest first, as their letters."""
    return ["".join(run[-length:]) for length in range(2, min(MAX_PHRASE_WORDS, len(run)) + 1)]


def find_phrases(text: str, words: PhraseWords) -> Iterator[FoundPhrase]:
    """Yield the phrases of a text with their places."""
    run: list[tuple[str, int, int]] = []
    for match in (*_TOKEN.finditer(text), None):
        known = words[match[0]] if match else _BREAK
        if match and known != _BREAK:
            run.append((known, match.start(), match.end()))
            continue
        for length, letters in enumerate(phrases_at_end([word for word, _, _ in run]), 2):
            yield FoundPhrase(letters, run[-length][1], run[-1][2])
        run.clear()
