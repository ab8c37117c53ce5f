"""Journals and conferences in the journal references of arXiv papers, and the papers' comments.

What arXiv asks for: https://info.arxiv.org/help/prep.html#journal-reference
"""

import re

from index.papers.citation import Citation, build_citation
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

_YEAR = r"(?:1[89]|20)\d\d"
_PAGES = r"[A-Z]?\d[\w.]*(?:\s*[-\u2013]+\s*[A-Z]?\d\w*)?"
_WORD = r"(?:volume|vol)\b[.:]?\s*"
_PLACE = re.compile(
    rf"(?:{_WORD})?(?P<volume>[A-Z]?\d{{1,4}})"
    rf"(?:\s*[(,]\s*(?:(?:no|number|num|issue|iss)\b[.:]?\s*)?(?P<issue>\d{{1,3}}(?:-\d+)?)\)?"
    rf"(?=\s*[:,(]))?(?:\s*\(\s*{_YEAR}\s*\))?\s*[:,]?\s*"
    r"(?:(?:no|number|issue)\b[.:]?\s*(?P<later>\d{1,3})\s*[:,]\s*)?"
    rf"(?:(?:pp?|pages?|article|art)\b[.:]?\s*)?(?P<page>{_PAGES})"
    rf"[\s,.;]*(?:\(?(?:{'|'.join(MONTHS)})?[a-z.]*\s*{_YEAR}\)?)?[\s.]*",
    re.IGNORECASE,
)
_LABELLED = tuple(
    re.compile(rf"\b(?:{words})\b[.:]?\s*(?P<{part}>{number})", re.IGNORECASE)
    for part, words, number in (
        ("volume", "volume|vol", r"[A-Z]?\d{1,4}\b"),
        ("issue", "no|number|issue", r"\d{1,3}(?:-\d+)?\b"),
        ("page", "pp|pages", _PAGES),
    )
)
_MEETING = re.compile(
    r"\bproc(?:eedings\b|s?\.)|\b(?:conference|conf\.|workshop|symposium|NeurIPS|NIPS|ICML|ICLR)",
    re.IGNORECASE,
)
_JOURNAL = re.compile(r"\bAcad|\bSoc(?:iety|\.|\b)|(?:Proceedings of the|Proc\.) IEEE$")
"""Proceedings that are journals: of academies, of societies, and of the IEEE."""


def citation_of(reference: str, comment: str) -> Citation:
    """Return the citation of a paper: what its journal reference says, and its comment as a note.

    >>> dict(citation_of("Phys. Rev. D 76, 013009 (2007)", "5 pages").values)["volume"]
    '76'
    """
    name = journal(reference)
    values = {"container-title": name, "note": " ".join(comment.split())}
    text = " ".join(reference.split())[:MAX_REFERENCE_CHARS]
    rest = text[text.find(name) + len(name) :].lstrip(" ,;:.([")
    whole = _PLACE.fullmatch(rest)
    for found in [whole] if whole else [pattern.search(rest) for pattern in _LABELLED]:
        parts = found.groupdict() if found else {}
        values |= {{"later": "issue"}.get(part, part): v for part, v in parts.items() if v}
    values["page"] = re.sub(r"\s*[-\u2013]+\s*", "-", values.get("page", ""))
    return build_citation(values)


def type_of(reference: str) -> str:
    """Return the CSL type of a paper with a journal reference, "" if it was not published."""
    if not reference.strip():
        return "article"
    name = journal(reference)
    at_meeting = _MEETING.search(name) and not _JOURNAL.search(name)
    return "paper-conference" if at_meeting else "article-journal"


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
