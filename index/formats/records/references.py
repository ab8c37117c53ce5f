"""Journals and conferences in the journal references of arXiv papers.

What arXiv asks for: https://info.arxiv.org/help/prep.html#journal-reference
"""

import re

from index.text.months import MONTHS

MAX_REFERENCE_CHARS = 1_000

_OPENING = re.compile(
    r"\s*(?:In|Published in|To appear in|Accepted (?:at|to|by|in))[\s:]+(?=[A-Z\d])"
)
_GLUED = re.compile(r"\s*In(?=Proceedings\b)")
_COUNTED = re.compile(
    r"[\s,;:(\[]+(?:volume|vol|no|number|num|issue|iss|pp?|pages?|art(?:icle)?)\b[.:]?\s*[A-Z]?\d",
    re.IGNORECASE,
)
# 586, 378 (2020); 21 (2020) 1-67; 119:1597-1607; D76:013009, unless a month precedes it.
_VOLUME = re.compile(
    "".join(rf"(?<!{month.capitalize()})" for month in MONTHS)
    + r"(?<!uary)(?<!March)(?<!April)(?<!June)(?<!July)(?<!August)(?<!mber)(?<!ober)"
    r"(?:[\s,]+(?!(?:19|20)\d\d\b)[A-Z]?\d{1,4}(?=\s*(?:[(:]\s*\w*\d|,\s*\w*\d))"
    r"|(?<=[A-Za-z.])\d{1,4}(?=:\w*\d))"
)
_LEFT = re.compile(r"[\s,;:(\[-]+$")
_LETTERS = re.compile(r"[^\W\d_]{3}")


def journal(reference: str) -> str:
    """Return the name in a reference, up to its volume or pages; all of it if that is no name.

    >>> journal("Phys.Rev.D76:013009,2007"), journal("In Proc. of Desks, pages 14-26. ACM, 2020")
    ('Phys.Rev.D', 'Proc. of Desks')
    """
    text = " ".join(reference.split())[:MAX_REFERENCE_CHARS]
    text = _GLUED.sub("", _OPENING.sub("", text, count=1))
    ends = [match.start() for sign in (_COUNTED, _VOLUME) if (match := sign.search(text))]
    named = _LEFT.sub("", text[: min(ends, default=len(text))])
    return named if _LETTERS.search(named) else reference
