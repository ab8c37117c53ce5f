"""Text analysis: the words and stems that are indexed, searched and highlighted.

All three use the same analysis, so that exactly the terms that match are highlighted.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from index.text.folding import fold
from index.text.latex.reading import readable
from index.text.stopwords import STOP_WORDS

MAX_WORD_LETTERS = 60
"""Longest word that is split in two; few German or chemical words are longer."""

GAP = "\x1e"
"""Separator between texts of one field; phrases do not match across it."""

# A run of letters and digits, including LaTeX accents and combining marks.
_LETTER = (
    r"[^\W_]++|[\u0300-\u036f\u00ad\u200b\u200d\u2060\ufeff]"
    r"|\{?\\[\"'`^~=.]\s?\{?\\?[A-Za-z]\}{0,2}"
    r"|\{?\\[uvHtcdbkr](?:\{\\?[A-Za-z]\}\}?|\s(?=[A-Za-z]\b))"
    r"|\{?\\(?:ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i|j)(?![A-Za-z])(?:\{\}|\})?"
    r"|(?<=[A-Za-z])\"(?=[aouAOU][a-z])"
)
# Parts joined by a hyphen, a zero-width non-joiner or similar form a compound: pre-training,
# S^3c-Math, GPT-3.5, don't.
_JOINT = r"[-‐‑'’^\u200c]|(?<=\d)\.(?=\d)"
_WORD = re.compile(rf"(?:{_LETTER})+(?:(?:{_JOINT})(?:{_LETTER})+)*|{GAP}")
# Faster pattern for texts whose words contain only letters and digits, as most do.
_PLAIN_WORD = re.compile(rf"[^\W_]++(?:(?:{_JOINT})[^\W_]++)*")
_SPECIAL_CHARACTER = re.compile(rf'[\\"\u0300-\u036f\u00ad\u200b\u200d\u2060\ufeff{GAP}]')
_PART = re.compile(rf"(?:{_LETTER})+")

_stem = Stemmer.Stemmer("english").stemWord


class Term(NamedTuple):
    """One indexed term of a text: its stem, word position and span of characters."""

    text: str
    position: int
    start: int
    end: int


class WordPart(NamedTuple):
    """A part of a word: its folded text, stem, position and span within the word."""

    text: str
    stem: str
    place: int
    start: int
    end: int


class WordParts(NamedTuple):
    """The parts of a word, and how many word positions it takes."""

    pieces: tuple[WordPart, ...]
    places: int


@lru_cache(maxsize=131_072)
def stem(word: str) -> str:
    """Return the stem of a folded word; words with digits and very short words are unchanged."""
    return _stem(word) if len(word) > 2 and word.isalpha() else word


def terms(text: str, *, stemmed: bool = True, stops: bool = False) -> Iterator[Term]:
    """Yield the terms of a text in order; with `stops`, stop words too."""
    position = 0
    for match in _word_pattern(text).finditer(text):
        start = match.start()
        pieces, places = split_word(match[0], stops)
        for piece in pieces:
            shown = piece.stem if stemmed else piece.text
            yield Term(shown, position + piece.place, start + piece.start, start + piece.end)
        position += places


def find_words(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the words of a text, unchanged, each with its span of characters."""
    for match in _WORD.finditer(text):
        if match[0] != GAP:
            yield match[0], match.start(), match.end()


def split_words(text: str) -> list[str]:
    """Return the words of a text, unchanged; `split_word` splits each into parts."""
    return _word_pattern(text).findall(text)


def _word_pattern(text: str) -> re.Pattern[str]:
    """Return the pattern that finds the words of a text: the faster one if both are equivalent."""
    return _WORD if _SPECIAL_CHARACTER.search(text) else _PLAIN_WORD


@lru_cache(maxsize=400_000)  # the words of 100,000 abstracts
def split_word(word: str, stops: bool = False) -> WordParts:
    """Return the parts that a word is indexed as.

    A compound (`pre-training`) yields its parts and, at the position of the first, the parts joined
    into one word, so that either spelling matches the other.
    """
    if word == GAP:
        return WordParts((), 100)
    parts = [(part[0], part.start(), part.end()) for part in _PART.finditer(word)]
    # The s of Bayes's, the t of don't.
    clitic = len(parts) > 1 and len(parts[-1][0]) == 1 and word[parts[-1][1] - 1] in "'’"
    found = []
    if len(parts) > 1 and not (clitic and len(parts) == 2 and parts[-1][0] in "sS"):
        whole = "".join(fold(text) for text, _, _ in parts)
        found.append(WordPart(whole, stem(whole), 0, 0, len(word)))
    place = 0
    for text, start, end in parts[:-1] if clitic else parts:
        folded = fold(text)
        if folded and (stops or folded not in STOP_WORDS):
            found.append(WordPart(folded, stem(folded), place, start, end))
            place += 1
    return WordParts(tuple(found), place or len(found))


def query_terms(text: str, *, stemmed: bool = True) -> list[list[str]]:
    """Return the terms that a word of a query matches: alternatives of consecutive terms.

    LaTeX matches the characters that it stands for.
    `pre-training` gives `[["pretrain"], ["pre", "train"]]`; a word of symbols only gives `[]`.
    """
    text = readable(text)
    compound: list[str] = []
    run: list[str] = []
    last = -1
    found = list(terms(text, stemmed=stemmed, stops=not stemmed))
    if not found:
        return []
    for term, after in zip(found, [*found[1:], None], strict=True):
        if after and after.start < term.end:  # followed by its parts
            compound.append(term.text)
        elif term.position != last:
            run.append(term.text)
            last = term.position
    alternatives = [compound] if len(compound) == 1 and _WORD.fullmatch(text.strip()) else []
    if run and run not in alternatives:
        alternatives.append(run)
    return alternatives


def halves(word: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs of words that a folded word may also be written as: pre, training.

    A word with digits is split between digits and letters: gpt4 into gpt and 4. Yields nothing for
    words of more than `MAX_WORD_LETTERS` letters.
    """
    for at in range(1, len(word) if len(word) <= MAX_WORD_LETTERS else 0):
        one, two = word[:at], word[at:]
        parted = word[at - 1].isdigit() != word[at].isdigit()
        if (parted or (word.isalpha() and len(one) > 1 and len(two) > 2)) and not (
            STOP_WORDS & {one, two}
        ):
            yield one, two


def is_stop_word(text: str) -> bool:
    """Return whether a word is a stop word, which is not indexed."""
    return fold(text) in STOP_WORDS
