"""Text analysis: the words and stems that are indexed, searched and highlighted.

All three use the same analysis, so that exactly the terms that match are highlighted.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

import Stemmer

from index.text.folding import fold, fold_greek_as_latin
from index.text.stopwords import STOP_WORDS
from index.text.unspaced import is_unspaced, signs, split_scripts

ANALYSIS_VERSION = 3
"""Incremented whenever texts are split into other terms; older indexes are rebuilt."""

GAP = "\x1e"
"""Separator between texts of one field; phrases do not match across it."""

STOP_MARK = "\x1f"
"""First character of the terms of stop words, so that no prefix of a word matches them."""

# Vowel signs and other marks that Python does not count as letters, by script.
_INDIC_MARKS = "".join(
    f"{chr(block + first)}-{chr(block + last)}"
    for block in range(0x0900, 0x0E00, 0x80)
    for first, last in ((0x00, 0x03), (0x3A, 0x4D), (0x51, 0x57), (0x62, 0x63))
)
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc"
    f"\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059\u17b4-\u17d3\u3099\u309a{_INDIC_MARKS}"
)
_INVISIBLE = "\u00ad\u200b\u200d\u2060\ufeff"

# A run of letters and digits, including LaTeX accents and combining marks.
_LETTER = (
    rf"[^\W_]++|[{_MARKS}{_INVISIBLE}]"
    r"|\{?\\[\"'`^~=.]\s?\{?\\?[A-Za-z]\}{0,2}"
    r"|\{?\\[uvHtcdbkr](?:\{\\?[A-Za-z]\}\}?|\s(?=[A-Za-z]\b))"
    r"|\{?\\(?:ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i|j)(?![A-Za-z])(?:\{\}|\})?"
    r"|(?<=[A-Za-z])\"(?=[aouAOU][a-z])"
)
# Parts joined by a hyphen, a zero-width non-joiner or similar form a compound: pre-training,
# S^3c-Math, GPT-3.5, don't. So do groups of digits: 1,000,000.
_JOINT = r"[-‐‑'’^\u200c]|(?<=\d)\.(?=\d)|(?<=\d)[,\u2009\u202f\u00a0](?=\d{3}(?!\d))"
# Words with signs: C#, C++, PointNet++, .NET.
_SIGNED = (
    r"(?<![^\W_])[A-Za-z](?:[A-Za-z0-9]*\+\+|\#)(?![A-Za-z_\#+])"
    r"|(?<![\w.])\.(?i:net)(?!\w)"
)
WORD = re.compile(rf"{_SIGNED}|(?:{_LETTER})+(?:(?:{_JOINT})(?:{_LETTER})+)*|{GAP}")
# Faster pattern for texts whose words contain only letters and digits, as most do.
_PLAIN_WORD = re.compile(rf"[^\W_]++(?:(?:{_JOINT})[^\W_]++)*")
_SPECIAL = re.compile(rf'[\\"{_MARKS}{_INVISIBLE}{GAP}]|\+\+|[A-Za-z]\#|\.(?i:net)')
_ASCII_SIGNS = ("\\", '"', GAP, "++", "#", ".n", ".N")
_PART = re.compile(rf"(?:{_LETTER})+")
_SIGNED_WORD = re.compile(_SIGNED)

_stem = Stemmer.Stemmer("english").stemWord


class Term(NamedTuple):
    """One indexed term of a text: its stem, word position and span of characters."""

    text: str
    position: int
    start: int
    end: int


Kind = Literal["part", "whole", "variant", "base"]
"""How a term relates to its word:

- part: one of the terms that make up the word, at consecutive positions,
- whole: the parts of a compound as one word,
- variant: another spelling of a part or the whole, which matches it in both directions,
- base: a term that finds the word, but that the word does not find.
"""


class WordPart(NamedTuple):
    """A term of a word: its folded text, stem, position, span within the word, and kind."""

    text: str
    stem: str
    place: int
    start: int
    end: int
    kind: Kind = "part"


class WordParts(NamedTuple):
    """The parts of a word, and how many word positions it takes."""

    pieces: tuple[WordPart, ...]
    places: int


@lru_cache(maxsize=131_072)
def stem(word: str) -> str:
    """Return the stem of a folded word; words with digits and very short words are unchanged."""
    return _stem(word) if len(word) > 2 and word.isalpha() else word


def terms(
    text: str, *, stemmed: bool = True, stops: bool = False, marked: bool = False
) -> Iterator[Term]:
    """Yield the terms of a text in order.

    With `stops`, stop words are words like others, as in names; with `marked`, they are yielded
    with `STOP_MARK`, as they are indexed.
    """
    position = 0
    for match in word_pattern(text).finditer(text):
        start = match.start()
        pieces, places = split_word(match[0], stops)
        for piece in pieces:
            shown = piece.stem if stemmed else piece.text
            if marked or not shown.startswith(STOP_MARK):
                yield Term(shown, position + piece.place, start + piece.start, start + piece.end)
        position += places


def find_words(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the words of a text, unchanged, each with its span of characters."""
    for match in WORD.finditer(text):
        if match[0] != GAP:
            yield match[0], match.start(), match.end()


def split_words(text: str) -> list[str]:
    """Return the words of a text, unchanged; `split_word` splits each into parts."""
    return word_pattern(text).findall(text)


def word_pattern(text: str) -> re.Pattern[str]:
    """Return the pattern that finds the words of a text: the faster one if both are equivalent."""
    if text.isascii():  # searching for each sign is many times faster than for the pattern
        return WORD if any(map(text.__contains__, _ASCII_SIGNS)) else _PLAIN_WORD
    return WORD if _SPECIAL.search(text) else _PLAIN_WORD


@lru_cache(maxsize=400_000)  # the words of 100,000 abstracts
def split_word(word: str, stops: bool = False) -> WordParts:
    """Return the terms that a word is indexed as.

    A compound (`pre-training`) yields its parts and, at the position of the first, the parts joined
    into one word, so that either spelling matches the other; the point of 1.3B stays, as 13B is
    another word. Runs of scripts without spaces yield overlapping pairs of letters.
    """
    if word == GAP:
        return WordParts((), 100)
    if word.isascii() and word.isalnum():
        return WordParts(tuple(_with_variant([word], "part", 0, 0, len(word), stops)), 1)
    if _SIGNED_WORD.fullmatch(word):
        return WordParts(tuple(_split_signed(word)), 1)
    parts = [(part[0], part.start(), part.end()) for part in _PART.finditer(word)]
    # The s of Bayes's, the t of don't.
    clitic = len(parts) > 1 and len(parts[-1][0]) == 1 and word[parts[-1][1] - 1] in "'’"
    found: list[WordPart] = []
    if len(parts) > 1 and not (clitic and len(parts) == 2 and parts[-1][0] in "sS"):
        joined = [f".{text}" if word[max(at - 1, 0)] == "." else text for text, at, _ in parts]
        found += _with_variant(joined, "whole", 0, 0, len(word))
    place = 0
    for text, start, end in parts[:-1] if clitic else parts:
        if is_unspaced(text):
            pieces, places = _split_scripts(text, start, place, stops)
            found += pieces
            place += places
        elif pieces := _with_variant([text], "part", place, start, end, stops):
            found += pieces
            place += 1
    return WordParts(tuple(found), place or len(found))


def _split_signed(word: str) -> Iterator[WordPart]:
    """Yield the terms of C#, C++ or .NET; the word itself, and that without `++` if it is long."""
    folded = fold(word)
    yield WordPart(folded, folded, 0, 0, len(word))
    base = folded.removesuffix("++")
    if base != folded and len(base) > 1:
        yield WordPart(base, stem(base), 0, 0, len(word), "base")


def _with_variant(
    texts: list[str], kind: Kind, place: int, start: int, end: int, stops: bool = True
) -> list[WordPart]:
    """Return the term of joined texts, and that with Greek letters written as Latin ones."""
    folded = "".join(map(fold, texts)) if len(texts) > 1 else fold(texts[0])
    if not folded:
        return []
    if not stops and folded in STOP_WORDS:
        marked = STOP_MARK + folded
        return [WordPart(marked, marked, place, start, end, kind)]
    found = [WordPart(folded, stem(folded), place, start, end, kind)]
    if not all(map(str.isascii, texts)):
        other = "".join(map(fold_greek_as_latin, texts))
        if other != folded and len(other) > 1:
            found.append(WordPart(other, stem(other), place, start, end, "variant"))
    return found


def _split_scripts(text: str, offset: int, place: int, stops: bool) -> tuple[list[WordPart], int]:
    """Return the terms of a part with letters of scripts without spaces, and its positions."""
    found: list[WordPart] = []
    first = place
    for run, start, unspaced in split_scripts(text):
        if not unspaced:
            pieces = _with_variant(
                [run], "part", place, offset + start, offset + start + len(run), stops
            )
            found += pieces
            place += bool(pieces)
            continue
        letters = signs(run)
        for one, two in pairwise(letters):
            pair = one.text + two.text
            span = offset + start + one.start, offset + start + two.end
            found.append(WordPart(pair, pair, place, *span))
            place += 1
        last = letters[-1]
        # The last letter has no pair that begins with it.
        place -= len(letters) > 1
        kind: Kind = "base" if len(letters) > 1 else "part"
        span = offset + start + last.start, offset + start + last.end
        found.append(WordPart(last.text, last.text, place, *span, kind))
        place += 1
    return found, place - first


def is_stop_word(text: str) -> bool:
    """Return whether a word is a stop word, which only phrases and queries without others need."""
    return fold(text) in STOP_WORDS
