"""Words: how a text falls into the terms that are indexed, searched and lit up.

One analysis serves all three, so that whatever is found can be shown, and nothing else is.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from index.text.folding import fold
from index.text.stopwords import STOP_WORDS

MAX_WORD_LETTERS = 60
"""Letters of a word that may be two; those of German and of chemistry have no more."""

GAP = "\x1e"
"""Stands between two texts of one field: no phrase reaches across it."""

# A run of letters and digits, with the LaTeX accents and combining marks inside it.
_LETTER = (
    r"[^\W_]++|[\u0300-\u036f]"
    r"|\{?\\[\"'`^~=.]\s?\{?\\?[A-Za-z]\}{0,2}"
    r"|\{?\\[uvHtcdbkr](?:\{\\?[A-Za-z]\}\}?|\s(?=[A-Za-z]\b))"
    r"|\{?\\(?:ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i|j)(?![A-Za-z])(?:\{\}|\})?"
    r"|(?<=[A-Za-z])\"(?=[aouAOU][a-z])"
)
# Parts joined by a hyphen and its like make a compound: pre-training, S^3c-Math, GPT-3.5, don't.
_JOINT = r"[-‐‑'’^]|(?<=\d)\.(?=\d)"
_WORD = re.compile(rf"(?:{_LETTER})+(?:(?:{_JOINT})(?:{_LETTER})+)*|{GAP}")
# Most texts have nothing in their words but letters and digits, and need no more than this.
_PLAIN_WORD = re.compile(rf"[^\W_]++(?:(?:{_JOINT})[^\W_]++)*")
_SPECIAL_CHARACTER = re.compile(rf'[\\"\u0300-\u036f{GAP}]')
_PART = re.compile(rf"(?:{_LETTER})+")

_stem = Stemmer.Stemmer("english").stemWord


class Term(NamedTuple):
    """One indexed term of a text: its stem, its place among the words, its span of characters."""

    text: str
    position: int
    start: int
    end: int


class WordPart(NamedTuple):
    """A part of one written word: folded, its stem, its place and its span within the word."""

    text: str
    stem: str
    place: int
    start: int
    end: int


class WordParts(NamedTuple):
    """The parts of one written word, and how many places it takes among the words of a text."""

    pieces: tuple[WordPart, ...]
    places: int


@lru_cache(maxsize=131_072)
def stem(word: str) -> str:
    """Return the stem of a folded word; words with digits and very short ones are their own."""
    return _stem(word) if len(word) > 2 and word.isalpha() else word


def terms(text: str, *, stemmed: bool = True, stops: bool = False) -> Iterator[Term]:
    """Yield the terms of a text in order; stop words take no place unless `stops` asks for them."""
    position = 0
    for match in _word_pattern(text).finditer(text):
        start = match.start()
        pieces, places = split_word(match[0], stops)
        for piece in pieces:
            shown = piece.stem if stemmed else piece.text
            yield Term(shown, position + piece.place, start + piece.start, start + piece.end)
        position += places


def find_words(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the words of a text as they are written, each with its span of characters."""
    for match in _WORD.finditer(text):
        if match[0] != GAP:
            yield match[0], match.start(), match.end()


def split_words(text: str) -> list[str]:
    """Return the words of a text as they are written; `pieces_of` takes each apart."""
    return _word_pattern(text).findall(text)


def _word_pattern(text: str) -> re.Pattern[str]:
    """Return what finds the words of a text: the quicker pattern where both find the same."""
    return _WORD if _SPECIAL_CHARACTER.search(text) else _PLAIN_WORD


@lru_cache(maxsize=400_000)  # the words of 100,000 abstracts
def split_word(word: str, stops: bool = False) -> WordParts:
    """Return what one written word is indexed as.

    A compound (`pre-training`) has its parts one after the other and, at the first part's place,
    itself written as one word, so that either spelling finds the other.
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
    """Return what a written word asks for: alternatives, each a run of consecutive terms.

    `pre-training` gives `[["pretrain"], ["pre", "train"]]`; a word of symbols alone gives `[]`.
    """
    compound: list[str] = []
    run: list[str] = []
    last = -1
    found = list(terms(text, stemmed=stemmed, stops=not stemmed))
    if not found:
        return []
    for term, after in zip(found, [*found[1:], None], strict=True):
        if after and after.start < term.end:  # its parts follow it
            compound.append(term.text)
        elif term.position != last:
            run.append(term.text)
            last = term.position
    alternatives = [compound] if len(compound) == 1 and _WORD.fullmatch(text.strip()) else []
    if run and run not in alternatives:
        alternatives.append(run)
    return alternatives


def halves(word: str) -> Iterator[tuple[str, str]]:
    """Yield the two words that a folded one may also be written as: pretraining as pre, training.

    A word with digits falls apart between them and the letters: gpt4 into gpt and 4. What is longer
    than any word is none.
    """
    for at in range(1, len(word) if len(word) <= MAX_WORD_LETTERS else 0):
        one, two = word[:at], word[at:]
        parted = word[at - 1].isdigit() != word[at].isdigit()
        if (parted or (word.isalpha() and len(one) > 1 and len(two) > 2)) and not (
            STOP_WORDS & {one, two}
        ):
            yield one, two


def is_stop_word(text: str) -> bool:
    """Tell whether a written word is one that is not indexed."""
    return fold(text) in STOP_WORDS
