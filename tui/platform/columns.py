"""Keeps text in its columns on terminals that disagree about the width of a character.

A character with combining ones, such as a Devanagari syllable or a family of emoji, has one width
in Textual, another in tmux and a third in xterm, and what follows it would be shifted. After each
of them, the cursor is therefore moved to where Textual has it; text with spacing marks is left to
run on if there is room behind it, so that no mark is covered by the next letter.
"""

import re
import unicodedata

from rich.cells import cell_len, split_graphemes

_PIECE = re.compile(
    r"\x1b\[\d+;(?P<column>\d+)H"  # a move of the cursor
    r"|\x1b\].*?(?:\x07|\x1b\\)|\x1b\[[0-9;:?<>=!]*[ -/]*[@-~]|\x1b."  # any other sequence
    r"|(?P<text>[^\x1b\r\n]+)|(?P<end>[\r\n])",
    re.DOTALL,
)

_UNDISPUTED = re.compile(
    "[\u0000-\u02ff\u0370-\u0482\u048a-\u0590\u1e00-\u200a\u2010-\u2027\u2030-\u205f\u2070-\u20cf"
    "\u2100-\u2bff\u3000-\u3029\u3030-\u3098\u309b-\ua66e\uac00-\ud7a3\ufb00-\ufb1d\uff00-\uff9d]*"
)
"""Text without combining and invisible characters, and without emoji above U+FFFF."""

FIRST_EMOJI = "\U0001f000"
"""Characters from here on may be one cell wide in a terminal older than they are."""

FIRST_SYMBOL, KEYCAP = "\u2190", "\u20e3"
REGIONAL_LETTERS = {chr(0x1F1E6 + at): chr(ord("A") + at) for at in range(26)}
"""The halves of flags, each a letter of the code of a country."""


def align_columns(data: str) -> str:
    """Return output in which all that follows disputed characters is in its column."""
    if _UNDISPUTED.fullmatch(data):
        return data
    column: int | None = None  # until it is known
    written = []
    for piece in _PIECE.finditer(data):
        text = piece[0]
        if piece["column"]:
            column = int(piece["column"])
        elif piece["end"]:
            column = 1
        elif piece["text"] and column is not None:
            written.append(_aligned(text, column))
            column += cell_len(text)
            continue
        written.append(text)
    return "".join(written)


def _without_joined_emoji(cluster: str, cells: int) -> str:
    """Return the first of several emoji that some terminals show as one, and some side by side.

    Those side by side would cover what is beside the text, such as the rule of a pane.
    """
    first = cluster[0]
    if not cells:  # it would change what is beside the text
        return ""
    if first in REGIONAL_LETTERS:  # half of a flag
        return REGIONAL_LETTERS[first]
    if len(cluster) == 1 or not (first >= FIRST_SYMBOL or KEYCAP in cluster):
        return cluster
    return first + " " * (cells - cell_len(first))


def _aligned(text: str, column: int) -> str:
    """Return a text that starts in a column, with moves of the cursor."""
    if _UNDISPUTED.fullmatch(text):
        return text
    clusters, length = split_graphemes(text)
    parts = [_without_joined_emoji(text[start:end], cells) for start, end, cells in clusters]
    # Cleared first, since a terminal may write to fewer cells, and the others would stay.
    clear = f"{' ' * length}\x1b[{column}G"
    end = f"\x1b[{column + length}G"
    shown = "".join(parts).rstrip(" ")
    if 0 < _spacing_marks(text) <= len(text) - len(text.rstrip(" ")):
        return clear + shown + end  # there is room for a wider text
    written = []
    for part, (_, _, cells) in zip(parts, clusters, strict=True):
        column += cells
        is_disputed = len(part) > 1 or part >= FIRST_EMOJI or _spacing_marks(part)
        written.append(f"{part}\x1b[{column}G" if is_disputed else part)
    if _spacing_marks(parts[-1][1:]):  # the mark may cover what is beside the text
        written[-1] = parts[-1][0] + end
    return clear + "".join(written)


def _spacing_marks(text: str) -> int:
    """Return the number of combining characters that some terminals draw in a separate cell."""
    return sum(unicodedata.category(character) == "Mc" for character in text)
