"""Scripts written without spaces between words: Han, Kana, Hangul, Thai, Lao, Burmese, Khmer.

A run of such letters is indexed as overlapping pairs, so that any part of it is found.
"""

import re
import unicodedata
from typing import NamedTuple

_LETTERS = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029"
    "\u3031-\u3035\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff"
)
_RUN = re.compile(f"[{_LETTERS}]+")


class Sign(NamedTuple):
    """A letter with its marks, normalized, and its span of characters."""

    text: str
    start: int
    end: int


def is_unspaced(text: str) -> bool:
    """Return whether a text has letters of a script without spaces."""
    return not text.isascii() and _RUN.search(text) is not None


def split_scripts(text: str) -> list[tuple[str, int, bool]]:
    """Return the runs of a text, with their start, that are of scripts without spaces or not."""
    runs, end = [], 0
    for found in _RUN.finditer(text):
        if end < found.start():
            runs.append((text[end : found.start()], end, False))
        runs.append((found[0], found.start(), True))
        end = found.end()
    return [*runs, (text[end:], end, False)] if end < len(text) else runs


def signs(run: str) -> list[Sign]:
    """Return the letters of a run; a mark belongs to the letter before it."""
    found: list[Sign] = []
    for at, letter in enumerate(run):
        text = unicodedata.normalize("NFKC", letter).lower()
        if found and unicodedata.category(letter).startswith("M"):
            last = found.pop()
            text = unicodedata.normalize("NFC", last.text + text)
            found.append(Sign(text, last.start, at + 1))
        else:
            found.append(Sign(text, at, at + 1))
    return found
