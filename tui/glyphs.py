"""The signs that the reader draws, and their equivalents for terminals that show ASCII only.

Signs are written in Unicode everywhere in `tui`; signs that a terminal cannot show are replaced
before they are written, cell by cell. A test fails if a sign of the reader is missing in this
table.
"""

import unicodedata

from rich.cells import split_graphemes

BOOKMARK, DOT, SELECTED, NOTE, TAG, NEW = "★", "●", "✓", "✎", "#", "N"
"""The signs of marks. Tags are written with theirs, as in "#nlp"."""

CURSOR = "▌"
HEAVY_RULE, HEAVY_EDGE, HEAVY_TOP = "━", "┃", "┳"
LIGHT_RULE, LIGHT_EDGE, LIGHT_TOP = "─", "│", "┬"
LEVELS = " ▁▂▃▄▅▆▇█"
"""The heights of a bar in a histogram, from none to full."""

EMPHASIZED = frozenset((CURSOR, HEAVY_RULE, HEAVY_EDGE, HEAVY_TOP, BOOKMARK, SELECTED, NOTE))
"""The signs that have a colour on a terminal with 16 colours."""

UNKNOWN = "?"
"""Stands for each cell of a character that has no equivalent."""

_SIGNS = {
    BOOKMARK: "*", DOT: "o", SELECTED: "+", NOTE: '"', CURSOR: ">", "○": "o", "−": "-", "…": "~",
    HEAVY_RULE: "=", HEAVY_EDGE: "|", HEAVY_TOP: "+", LIGHT_RULE: "-", LIGHT_EDGE: "|",
    LIGHT_TOP: "+", "·": "-", "•": "*", "▾": "v", "▴": "^", "▸": ">", "◂": "<", "▼": "v", "▲": "^",
    "▶": ">", "◀": "<", "↑": "^", "↓": "v", "→": ">", "←": "<", "↵": "<", "⏎": "<", "⌫": "<",
    "↶": "<", "↷": ">", "›": ">", "‹": "<", "«": "<", "»": ">", "▔": "-",
    **dict.fromkeys("╭╮╰╯┌┐└┘├┤┼┴┏┓┗┛┣┫╋┻╔╗╚╝╠╣╦╩╬╞╡╪", "+"),
    **dict.fromkeys("║▏▎▍▋▊▉▐▕╵╷╹╻╎╏┆┇", "|"), **dict.fromkeys("═", "="),
    **dict.fromkeys("╴╶╸╺╌╍┄┅", "-"),
    **dict(zip(LEVELS[1:], "_.-=+*%#", strict=True)),
    **dict.fromkeys("░▒▓", "#"),
}  # fmt: skip
"""The signs that Carrel and Textual draw."""

_CHARACTERS = {
    **dict.fromkeys("–—‐‑‒―", "-"), **dict.fromkeys("‘’‚‛ʼ′`", "'"), **dict.fromkeys("“”„″", '"'),
    "×": "x", "÷": "/", "±": "+", "≤": "<", "≥": ">", "≠": "!", "≈": "~", "∼": "~", "∗": "*",
    "⋆": "*", "∈": "e", "∂": "d", "∇": "V", "√": "/", "∙": "-", "∞": "8", "⇒": ">", "ß": "s",
    "æ": "a", "Æ": "A", "œ": "o", "Œ": "O", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d",
    "Đ": "D", "ð": "d", "Ð": "D", "þ": "t", "Þ": "T", "ı": "i", "ħ": "h",
    **dict(zip("αβγδεζηθικλμνξοπρςστυφχψω", "abgdezhqiklmncoprsstufxyw", strict=True)),
    **dict(zip("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ", "ABGDEZHQIKLMNCOPRSTUFXYW", strict=True)),
}  # fmt: skip
"""Characters of papers without a decomposition, Greek ones as in Beta Code."""


def to_ascii(text: str) -> str:
    """Return a text in ASCII, with as many cells.

    >>> to_ascii("▌★ Képes · 深度 in α…")
    '>* Kepes - ???? in a~'
    """
    if text.isascii():
        return text
    clusters, _ = split_graphemes(text)
    return "".join(_cluster_to_ascii(text[start:end], cells) for start, end, cells in clusters)


def _cluster_to_ascii(cluster: str, cells: int) -> str:
    """Return one or more ASCII characters for a character with its combining ones."""
    if cluster.isascii():
        return cluster
    first = cluster[0]
    known = _SIGNS.get(first) or _CHARACTERS.get(first)
    if not known:
        decomposed = unicodedata.normalize("NFKD", cluster)
        known = "".join(letter for letter in decomposed if letter.isascii())
    return known[:cells].ljust(cells) if known else UNKNOWN * cells


def is_ascii_sign(sign: str) -> bool:
    """Return whether a sign is in ASCII, or has an equivalent."""
    return sign.isascii() or UNKNOWN not in to_ascii(sign)
