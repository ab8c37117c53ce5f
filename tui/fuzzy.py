"""Fuzzy matching of typed words, as in the palette: how well a text matches, and which letters."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

SPREAD, INSIDE, PREFIX, WHOLE = 2, 3, 4, 5
"""Scores of a word: letters of several words, part of a word, start of a word, a whole word."""

MAX_LETTERS, MAX_WORDS = 60, 60
"""Letters of what was typed, and words of a text, that are matched."""


@dataclass(frozen=True, slots=True)
class Match:
    """How well a text matches, greater being better, and the positions of the letters matched."""

    score: int
    positions: frozenset[int] = frozenset()


def match(typed: str, text: str) -> Match | None:
    """Return how a text matches all words typed, in any order; None if it does not.

    A word matches if it is in the text, or if its letters are, from the first letters of words on:
    `bk` and `bmk` match "bookmark", and `fp` matches "fetch: papers".
    """
    folded, score, positions = _fold(text), 0, set[int]()
    for word in _fold(typed[:MAX_LETTERS]).split():
        found = _match_word(word, folded)
        if found is None:
            return None
        score += found.score
        positions |= found.positions
    return Match(score, frozenset(positions))


def _fold(text: str) -> str:
    """Return a text of the same length, without case and the accents of Latin and Greek letters."""
    return "".join(
        (unicodedata.normalize("NFD", letter)[0] if letter < "\u2000" else letter).lower()[:1]
        for letter in text
    )


def _match_word(word: str, text: str) -> Match | None:
    at, score = text.find(word), INSIDE
    if start := re.search(rf"(?<!\w){re.escape(word)}(?P<whole>(?!\w))?", text):
        at = start.start()
        score = PREFIX if start["whole"] is None else WHOLE
    if at >= 0:
        return Match(score * 2 + (at == 0), frozenset(range(at, at + len(word))))
    words = [(found.start(), found[0]) for found in re.finditer(r"\w+", text)]
    spread = _spread(word, words[:MAX_WORDS])
    return Match(SPREAD * 2 + (spread[0] == 0), frozenset(spread)) if spread else None


def _spread(letters: str, words: list[tuple[int, str]]) -> tuple[int, ...] | None:
    """Return the places of letters in words, taken from the first letter of each; None if not."""

    @cache
    def take(at: int, number: int) -> tuple[int, ...] | None:
        """Return the places of the letters from `at` on, in the words from `number` on."""
        if at == len(letters):
            return ()
        if number == len(words):
            return None
        start, word = words[number]
        places = _places(letters[at:], word)
        for count in range(len(places), -1, -1):
            rest = take(at + count, number + 1)
            if rest is not None:
                return (*(start + place for place in places[:count]), *rest)
        return None

    return take(0, 0)


def _places(letters: str, word: str) -> list[int]:
    """Return the places in a word of as many letters as it has in their order, from its first."""
    places: list[int] = []
    for letter in letters:
        at = word.find(letter, places[-1] + 1 if places else 0)
        if at < 0 or (not places and at > 0):
            break
        places.append(at)
    return places
