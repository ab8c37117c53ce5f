"""Words: how a text falls into the terms that are indexed, searched and lit up.

One analysis serves all three, so that whatever is found can be shown, and nothing else is.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from index.text import fold, fold_word

# Words that carry no subject; those of English texts that stand in nearly every abstract.
STOP_WORDS = frozenset(
    """
    a an and are as at be been being but by can could did do does for from had has have
    having he her here his how however i if in into is it its itself just may me might more
    most must my no nor not of on once only or other our out over own same she should so
    some such than that the their them then there these they this those through thus to too
    under until up upon us very was we were what when where which while who whom whose why
    will with would you your
    """.split()
)

GAP = "\x1e"
"""Stands between two texts of one field: no phrase reaches across it."""

# A run of letters and digits, with the LaTeX accents and combining marks inside it.
_LETTER = (
    r"[^\W_]|[\u0300-\u036f]"
    r"|\{?\\[\"'`^~=.]\s?\{?\\?[A-Za-z]\}{0,2}"
    r"|\{?\\[uvHtcdbkr](?:\{\\?[A-Za-z]\}\}?|\s(?=[A-Za-z]\b))"
    r"|\{?\\(?:ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i|j)(?![A-Za-z])(?:\{\}|\})?"
    r"|(?<=[A-Za-z])\"(?=[aouAOU][a-z])"
)
# Parts joined by a hyphen and its like make a compound: pre-training, S^3c-Math, GPT-3.5, don't.
_JOINT = r"[-‐‑'’^]|(?<=\d)\.(?=\d)"
_WORD = re.compile(rf"(?:{_LETTER})+(?:(?:{_JOINT})(?:{_LETTER})+)*|{GAP}")
_PART = re.compile(rf"(?:{_LETTER})+")

_stem = Stemmer.Stemmer("english").stemWord


class Term(NamedTuple):
    """One indexed term of a text: its stem, its place among the words, its span of characters."""

    text: str
    position: int
    start: int
    end: int


@lru_cache(maxsize=131_072)
def stem(word: str) -> str:
    """Return the stem of a folded word; words with digits and very short ones are their own."""
    return _stem(word) if len(word) > 2 and word.isalpha() else word


def terms(text: str, *, stemmed: bool = True, stops: bool = False) -> Iterator[Term]:
    """Yield the terms of a text in order.

    A compound (`pre-training`) yields its parts one after the other and, at the first part's place,
    the compound written as one word, so that either spelling finds the other. Stop words take no
    place unless `stops` asks for them.
    """
    position = 0
    for match in _WORD.finditer(text):
        word = match[0]
        if word == GAP:
            position += 100
            continue
        start = match.start()
        if word.isalpha():
            folded = fold_word(word)
            if stops or folded not in STOP_WORDS:
                yield Term(stem(folded) if stemmed else folded, position, start, match.end())
                position += 1
            continue
        parts = list(_PART.finditer(word))
        if len(parts) > 1:
            whole = "".join(fold_word(part[0]) for part in parts)
            if whole and not _is_possessive(parts):
                yield Term(stem(whole) if stemmed else whole, position, start, match.end())
        for part in parts:
            folded = fold_word(part[0])
            if folded and (stops or folded not in STOP_WORDS) and not _is_clitic(part, parts):
                shown = stem(folded) if stemmed else folded
                yield Term(shown, position, start + part.start(), start + part.end())
                position += 1


def _is_possessive(parts: list[re.Match[str]]) -> bool:
    return len(parts) == 2 and parts[1][0] in ("s", "S") and _is_clitic(parts[1], parts)


def _is_clitic(part: re.Match[str], parts: list[re.Match[str]]) -> bool:
    """Tell whether a part is the s of `Bayes's`, the t of `don't`."""
    before = part.string[part.start() - 1 : part.start()]
    return part is parts[-1] and len(part[0]) == 1 and before in ("'", "’")


def whole_words(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each word of a text folded but not stemmed, compounds also as one, with its span."""
    for term in terms(text, stemmed=False):
        yield term.text, term.start, term.end


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
    spans = [(term.start, term.end) for term in found]
    for term, span in zip(found, spans, strict=True):
        if any(span != s and span[0] <= s[0] and s[1] <= span[1] for s in spans):
            compound.append(term.text)
        elif term.position != last:
            run.append(term.text)
            last = term.position
    alternatives = [compound] if len(compound) == 1 and _WORD.fullmatch(text.strip()) else []
    if run and run not in alternatives:
        alternatives.append(run)
    return alternatives


def is_stop_word(text: str) -> bool:
    """Tell whether a written word is one that is not indexed."""
    return fold(text) in STOP_WORDS
