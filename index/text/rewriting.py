"""Other ways to write a phrase: two words joined into one, or one word written as two or with a
hyphen.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

from index.text.analysis import find_words, is_stop_word, split_word
from index.text.folding import fold
from index.text.latex.reading import readable
from index.text.query_terms import halves
from index.text.stopwords import STOP_WORDS
from index.text.unspaced import is_unspaced

MAX_PHRASE_WORDS = 8
"""Words of a phrase that are joined and split; longer phrases are quotations."""


def rewrite_phrase(text: str, is_known: Callable[[str], bool]) -> Iterator[str]:
    """Yield a phrase with two of its words joined, or one split, where all words are known."""
    words = list(find_words(text))
    if len(words) > MAX_PHRASE_WORDS or readable(text) != text:
        return
    for (one, start, end), (two, next_start, next_end) in pairwise(words):
        if text[end:next_start].isspace() and _may_join(one, two) and is_known(fold(one + two)):
            yield f"{text[:start]}{one}{two}{text[next_end:]}"
    for word, start, end in words:
        for piece in split_word(word).pieces:
            if piece.kind == "whole" and is_known(piece.text):
                yield f"{text[:start]}{piece.text}{text[end:]}"
        for pair in halves(fold(word)) if word.isalnum() and not is_unspaced(word) else ():
            if all(map(is_known, pair)):
                yield f"{text[:start]}{' '.join(pair)}{text[end:]}"


def hyphenate_phrase(
    text: str, is_known: Callable[[str], bool]
) -> Iterator[tuple[str, str, tuple[str, str]]]:
    """Yield a phrase with one word divided after a stop word, the word, and its halves, folded.

    `underrepresented languages` may be written as `under-represented languages`.
    """
    words = list(find_words(text))
    if len(words) > MAX_PHRASE_WORDS or readable(text) != text:
        return
    for written, start, end in words:
        word = fold(written)
        if is_stop_word(word) or not (word.isalpha() and word.isascii()):
            continue
        for at in range(2, len(word) - 2):
            one, two = word[:at], word[at:]
            if one in STOP_WORDS and two not in STOP_WORDS and is_known(two) and is_known(word):
                yield f"{text[:start]}{one} {two}{text[end:]}", word, (one, two)


def _may_join(one: str, two: str) -> bool:
    return one.isalnum() and two.isalnum() and len(one + two) > 2 and not is_unspaced(one + two)
