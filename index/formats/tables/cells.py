"""Cells that no spreadsheet runs: what would be a formula is made text, and formula again.

https://owasp.org/www-community/attacks/CSV_Injection
"""

import re

from index.text.cleaning import clean

# Also after spaces, which some spreadsheets pass over, and in the full width some take for plain.
# An apostrophe before one is text already, and gets another, so that reading can take one off.
_FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠﹦﹢﹣﹫])")
_NUMBER = re.compile(r"\s*[+-]?\d+(?:\.\d+)?\s*", re.ASCII)


def defused(text: str, *, lines: bool = False) -> str:
    """Return a cell that no spreadsheet runs: an apostrophe before what begins as a formula does.

    Numbers stay as they are. With `lines`, line breaks stay too.
    """
    text = clean(text, lines=lines)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def undefused(cell: str) -> str:
    """Return the text of a cell, without the apostrophe that `defused` put before it."""
    text = clean(cell, lines=True)
    return text[1:] if text[:1] == "'" and defused(text[1:], lines=True) == text else text
