"""The written words of a query and where they stand; the name that was probably meant."""

from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache

from index.facets.fields import NAME_FIELDS
from index.query.tree import Word, WrittenWord
from index.text.analysis import find_words, query_terms
from index.text.cleaning import one_line

MAX_SHOWN_CHARS = 60


def find_query_words(
    text: str, start: int, like: Word, *, quoted: bool = False
) -> Iterator[WrittenWord]:
    """Yield the words of a text that begins at `start`, each as a leaf like the one given.

    The last is begun only where the whole is.
    """
    places = list(find_words(text))
    for at, (word, first, end) in enumerate(places, 1):
        if query_terms(word, stemmed=like.field not in NAME_FIELDS):
            leaf = replace(like, text=word, prefix=like.prefix and at == len(places))
            yield WrittenWord(leaf, start + first, start + end, quoted)


@lru_cache(maxsize=256)
def nearest_names(word: str, names: tuple[str, ...], cutoff: float = 0.6) -> tuple[str, ...]:
    """Return the name most like a word, if any is like it."""
    return tuple(get_close_matches(word[:MAX_SHOWN_CHARS], names, 1, cutoff))


def shorten(word: str) -> str:
    """Return a word as a note quotes it."""
    return one_line(word, MAX_SHOWN_CHARS)
