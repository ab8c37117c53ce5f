"""The terms that the words of a query match: each word as written, and in its other forms."""

import re
from collections.abc import Iterator
from functools import lru_cache, partial

from index.text.analysis import STOP_MARK, WORD, WordPart, split_word, stem, word_pattern
from index.text.latex.reading import readable
from index.text.stopwords import STOP_WORDS

MAX_WORD_LETTERS = 60
"""Longest word that is split in two; few German or chemical words are longer."""

MAX_QUERY_TERMS = 150
"""Consecutive terms that one word or phrase of a query is searched for."""

# An underscore or a dash joins the parts of a word of a query like a hyphen.
_OTHER_HYPHEN = re.compile(r"(?<=[^\W_])[_–](?=[^\W_])")
_LETTERS_OR_DIGITS = re.compile(r"[0-9]+|[^\W\d_]+")


@lru_cache(maxsize=4_096)  # while typing, all words but the last are known; callers change no list
def query_terms(text: str, *, stemmed: bool = True) -> list[list[str]]:
    """Return the terms that a word of a query matches: alternatives of consecutive terms.

    LaTeX matches the characters that it stands for. Stop words have `STOP_MARK`, except in names,
    which are not stemmed.
    `pre-training` gives `[["pretrain"], ["pre", "train"]]`; a word of symbols only gives `[]`.
    An underscore or dash within a word is a hyphen, and letters may be apart from digits: the parts
    of `gpt3.5` are also those of `GPT 3.5`.
    """
    text = _OTHER_HYPHEN.sub("-", readable(text))
    words = [match[0] for match in word_pattern(text).finditer(text)]
    pieces = [piece for word in words for piece in split_word(word, not stemmed).pieces]
    single = len(words) == 1 and WORD.fullmatch(text.strip())
    alternatives: list[list[str]] = []
    if single:
        whole = [piece for piece in pieces if piece.kind == "whole" or _is_other_whole(piece, text)]
        alternatives += [[piece.stem if stemmed else piece.text] for piece in whole]
    apart = [*_with_digits_apart(pieces)] if single and len(pieces) > 1 else []
    for run in map(partial(_run, stemmed=stemmed), (pieces, _with_variants(pieces), apart)):
        if run and run not in alternatives:
            alternatives.append(run)
    return alternatives


def _is_other_whole(piece: WordPart, text: str) -> bool:
    return piece.kind == "variant" and piece.end - piece.start == len(text.strip())


def _with_variants(pieces: list[WordPart]) -> list[WordPart]:
    """Return the parts of words, each as its variant if it has one."""
    chosen: list[WordPart] = []
    for piece in pieces:
        if piece.kind == "part":
            chosen.append(piece)
        elif piece.kind == "variant" and chosen and chosen[-1][2:5] == piece[2:5]:
            chosen[-1] = piece._replace(kind="part")
    return chosen


def _with_digits_apart(pieces: list[WordPart]) -> Iterator[WordPart]:
    """Yield the parts of a compound, each divided between letters and digits."""
    for piece in pieces:
        if piece.kind == "part":
            runs = _LETTERS_OR_DIGITS.findall(piece.text) if piece.text.isalnum() else ()
            for text in runs if len(runs) > 1 else ():
                yield piece._replace(text=text, stem=stem(text))
            if len(runs) < 2:
                yield piece


def _run(pieces: list[WordPart], stemmed: bool) -> list[str]:
    run = [piece.stem if stemmed else piece.text for piece in pieces if piece.kind == "part"]
    return run[:MAX_QUERY_TERMS]


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


@lru_cache(maxsize=4096)
def has_only_stop_words(text: str) -> bool:
    """Return whether a text has words, all of them stop words."""
    runs = query_terms(text)
    return bool(runs) and all(term.startswith(STOP_MARK) for run in runs for term in run)
