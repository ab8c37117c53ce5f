"""Types, volumes, editions, versions, numbers and pages that distinguish papers of one title."""

import re

from index.papers.identity import title_key
from index.papers.paper import Paper
from index.text.folding import fold

_WHOLE_TYPES = frozenset(("book", "collection", "periodical", "report"))
_BOOKS, _REVIEWS = frozenset(("book", "collection")), frozenset(("review", "review-book"))
_NUMBERED_TYPES = frozenset(("patent", "standard", "report", "legislation", "bill"))
_KINDS = {
    "thesis": "thesis", "patent": "patent", "standard": "standard", "dataset": "data",
    "software": "software",
    **dict.fromkeys(("article-journal", "article-magazine", "article-newspaper", "book", "chapter",
                     "paper-conference", "report"), "text"),
}  # fmt: skip
"""Kinds of works; those of any other type may be of all kinds, as are preprints.

Many papers of proceedings are called books (@book) by programs.
"""

_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_ROMAN = re.compile(r"[ivxl]+")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
             "tenth")  # fmt: skip
_WORD = re.compile(r"[^\W_]+")


def different_work(one: Paper, other: Paper) -> str:
    """Return why two papers of one title are of different kinds, editions or versions, or ""."""
    types = {one.type, other.type}
    if types & _BOOKS and types & _REVIEWS:
        return "same title, but one reviews the other"
    if _are_other(_KINDS.get(one.type, ""), _KINDS.get(other.type, "")):
        return "same title, but different types"
    if one.type == other.type and one.type in _NUMBERED_TYPES:
        numbers = [_letters(paper.citation.get("number")) for paper in (one, other)]
        if all(numbers) and not (numbers[0] in numbers[1] or numbers[1] in numbers[0]):
            return "same title, but different numbers"
    if _differ(one, other, "edition"):
        return "same title, but different editions"
    if not (one.arxiv_id or other.arxiv_id) and _differ(one, other, "version"):
        return "same title, but different versions"
    return ""


def different_place(one: Paper, other: Paper, *, is_common: bool) -> str:
    """Return why two papers of one title stand in different places, or "".

    These are different volumes of a book or of one container, unless the first pages are equal. If
    the title `is_common`, as of editorials, these are different issues and pages as well.
    """
    if is_common and _differ(one, other, "PMID"):
        return "same title, but different PMIDs"
    books = one.type in _WHOLE_TYPES and other.type in _WHOLE_TYPES
    if not books and not (_container(one) and _container(one) == _container(other)):
        return ""
    pages = first_page(one), first_page(other)
    if _differ(one, other, "volume") and not (pages[0] and pages[0] == pages[1]):
        return "same title, but different volumes"
    if is_common and _differ(one, other, "issue"):
        return "same title, but different issues"
    return "same title, but different pages" if is_common and _are_other(*pages) else ""


def first_page(paper: Paper) -> str:
    """Return the first page or article number of a paper, folded; "" if it is unknown."""
    first = _WORD.search(fold(paper.citation.get("page-first", "page")))
    return first[0] if first else ""


def _container(paper: Paper) -> str:
    return title_key(paper.citation.get("container-title") or paper.venue)


def _letters(written: str) -> str:
    return "".join(_WORD.findall(fold(written)))


def _differ(one: Paper, other: Paper, variable: str) -> bool:
    return _are_other(*(_number(paper.citation.get(variable)) for paper in (one, other)))


def _are_other(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _number(written: str) -> str:
    """Return the number in a text: 2 of `2nd ed.`, `Second edition` and `II`; "" if none is."""
    folded = fold(written)
    if match := _NUMBER.search(folded):
        return ".".join(str(int(part)) for part in match[0].split(".")).removesuffix(".0")
    for word in folded.split():
        if word in _ORDINALS:
            return str(_ORDINALS.index(word) + 1)
        if _ROMAN.fullmatch(word):
            return str(_roman(word))
    return ""


def _roman(word: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10, "l": 50}[letter] for letter in word]
    following = [*values[1:], 0]
    return sum(-n if n < after else n for n, after in zip(values, following, strict=True))
