"""Words with `*`, `?` or `~`, whose number in a query is limited."""

import re

MAX_WILDCARDS = {"*": 32, "~": 4}
"""Different words with a star or a tilde, each of which expands to many words."""

# A word with * or ? inside, or * in front: wo*d2vec, neur?l, *former; not ? at the end.
_WILDCARD = re.compile(r"(?:\*?[^\W_]+(?:[*?]+[^\W_]+)+|\*[^\W_]{2,})\*?\?*")
_SIGNS = re.compile(r"[*?]+")
_DISTANCE = re.compile(r"(?<=[^\W_]~)[0-9]$")


def is_wildcard(text: str) -> bool:
    """Return whether a word has a sign inside or in front, rather than only at its end."""
    return _WILDCARD.fullmatch(text) is not None


def without_signs(text: str) -> str:
    """Return the letters of a word with signs."""
    return _SIGNS.sub("", text)


def without_distance(text: str) -> str:
    """Return a fuzzy word without an edit distance, which others write: `word~2`."""
    return _DISTANCE.sub("", text)


class WildcardLimit:
    """The words of a query that are expanded: only the first ones with each sign."""

    def __init__(self) -> None:
        self._words: set[tuple[str, str]] = set()

    def allow(self, text: str, field: str) -> bool:
        """Return whether a word may be expanded; its last character is its sign."""
        word = (field, text)
        if word in self._words:
            return True
        if sum(other[-1] == text[-1] for _, other in self._words) == MAX_WILDCARDS[text[-1]]:
            return False
        self._words.add(word)
        return True

    def message(self, sign: str) -> str:
        """Return the note on a word that is not expanded."""
        return f"only the first {MAX_WILDCARDS[sign]} words with {sign} are expanded"
