"""Cells that spreadsheets do not run as formulas.

https://owasp.org/www-community/attacks/CSV_Injection
"""

import re

from index.text.cleaning import clean

# Some spreadsheets skip leading spaces, and some accept full-width characters. A cell with an
# apostrophe gets another one, so that reading can remove one.
_FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠﹦﹢﹣﹫])")
_NUMBER = re.compile(r"\s*[+-]?\d+(?:\.\d+)?\s*", re.ASCII)


def escape_formula(text: str, *, lines: bool = False) -> str:
    """Return a text as a cell, with an apostrophe before a formula.

    Numbers are unchanged. With `lines`, line breaks are preserved.
    """
    text = clean(text, lines=lines)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unescape_formula(cell: str) -> str:
    """Return the text of a cell, without the apostrophe that `escape_formula` added."""
    text = clean(cell, lines=True)
    return text[1:] if text[:1] == "'" and escape_formula(text[1:], lines=True) == text else text
