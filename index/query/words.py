"""Words of a query with their spans, and similar names for misspelled ones."""

from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache

from index.facets.fields import NAME_FIELDS
from index.query.tree import Word, WrittenWord
from index.text.analysis import find_words, is_stop_word
from index.text.cleaning import one_line
from index.text.latex.reading import readable
from index.text.query_terms import query_terms

MAX_SHOWN_CHARS = 60


def find_query_words(
    text: str, start: int, like: Word, *, quoted: bool = False
) -> Iterator[WrittenWord]:
    """Yield the words of a text at position `start` of a query, each as a leaf like `like`.

    If `like` is a prefix, so is the last word. Text with LaTeX has no words to correct.
    """
    found = list(find_words(text)) if readable(text) == text else []
    for number, (word, first, end) in enumerate(found, 1):
        named = like.field in NAME_FIELDS
        if query_terms(word, stemmed=not named) and (named or not is_stop_word(word)):
            leaf = replace(like, text=word, prefix=like.prefix and number == len(found))
            yield WrittenWord(leaf, start + first, start + end, quoted)


@lru_cache(maxsize=256)
def nearest_names(word: str, names: tuple[str, ...], cutoff: float = 0.6) -> tuple[str, ...]:
    """Return the name most similar to a word, if there is one."""
    return tuple(get_close_matches(word[:MAX_SHOWN_CHARS], names, 1, cutoff))


def shorten(word: str) -> str:
    """Return a word shortened for a message."""
    return one_line(word, MAX_SHOWN_CHARS)
