"""Citation keys: what an entry is cited by, one in a file, and the same in every file.

A key that came with the paper (its id, where that is neither an arXiv id nor made from the title)
stays. Else it is first author's last name, year and first significant word of the title, in
lower-case ASCII: `vaswani2017attention`. Without an author whose name has such letters it is the
id, made valid. A pattern such as `{Author}{year}` puts others in place of all of these. Where a key
is taken, in any case of letters, a, b, … z, aa follow.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches

from index.errors import CarrelError
from index.papers.identifiers import parsed_arxiv
from index.papers.identity import slug
from index.papers.paper import Paper
from index.text.cleaning import clean, one_line
from index.text.folding import fold

LONGEST_KEY = 120
MOST_AUTHORS = 3

_KEY = re.compile(r"\w[\w:./+-]*")
_SUFFIXES = frozenset("jr sr ii iii iv phd md".split())
_FIELD = re.compile(r"\{([^{}]*)\}")
_LITERAL = re.compile(r"[A-Za-z0-9:.+/_-]*")
_ACRONYM = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z]*[A-Z]+[a-z]?(?![A-Za-z])")


def citation_keys(papers: Iterable[Paper], pattern: str = "") -> list[str]:
    """Return the citation keys of papers that share a file, in their order."""
    return [key for key, _ in keyed(papers, pattern)]


def keyed(papers: Iterable[Paper], pattern: str = "") -> Iterator[tuple[str, Paper]]:
    """Yield papers with their citation keys; only the keys are held."""
    taken: dict[str, int] = {}
    for paper in papers:
        key = base = (_filled(pattern, paper) if pattern else "") or _key(paper)
        while key.lower() in taken:
            taken[base.lower()] += 1
            key = base + _suffix(taken[base.lower()])
        taken[key.lower()] = 0
        yield key, paper


def check_pattern(pattern: str) -> None:
    """Raise CarrelError for a pattern with a field there is not, or signs that no key may have."""
    known = ", ".join(f"{{{name}}}" for name in FIELDS)
    for name in _FIELD.findall(pattern):
        if name not in FIELDS:
            near = get_close_matches(name, FIELDS, 1)
            hint = f"did you mean {{{near[0]}}}?" if near else f"there are {known}"
            raise CarrelError(f"{{{one_line(name, 40)}}} is no part of a citation key; {hint}")
    if not _FIELD.search(pattern) or not _LITERAL.fullmatch(_FIELD.sub("", pattern)):
        raise CarrelError(
            f"{one_line(pattern, 40)!r} makes no citation keys; write {known},"
            " with letters, digits and :.+/_- between"
        )


def _filled(pattern: str, paper: Paper) -> str:
    """Return a pattern with what is known of a paper, "" where that is nothing."""
    known = [FIELDS[name](paper) for name in _FIELD.findall(pattern)]
    if not any(known):
        return ""
    rest = iter(known)
    return _FIELD.sub(lambda _: next(rest), pattern)[:LONGEST_KEY].strip("-.:+/_")


# -- what keys are made of -------------------------------------------------------------------------


def _key(paper: Paper) -> str:
    made = slug(replace(paper, arxiv_id=""))
    own = _KEY.fullmatch(paper.id) and not parsed_arxiv(paper.id) and not paper.id.isdecimal()
    if own and not re.fullmatch(rf"{re.escape(made)}(?:-\d+)?", paper.id):
        return paper.id
    surname = _author(paper)
    if surname:
        return f"{surname}{paper.year or ''}{_word(paper)}"
    return _valid(fold(paper.id or made)) or "paper"


def _suffix(number: int) -> str:
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("a") + letter) + letters
    return letters


def _valid(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9:.+-]+", "-", text).strip("-.:+")


def _author(paper: Paper) -> str:
    return _surname(clean(paper.authors[0])) if paper.authors else ""


def _authors(paper: Paper) -> str:
    """Return the last names of the first authors, and `etal` where there are more."""
    surnames = [_surname(clean(name)).capitalize() for name in paper.authors[:MOST_AUTHORS]]
    more = paper.et_al or len(paper.authors) > MOST_AUTHORS
    return "".join(surnames) + ("EtAl" if more and any(surnames) else "")


def _surname(name: str) -> str:
    words = (name.partition(",")[0] or name).split()
    while len(words) > 1 and words[-1].lower().strip(".") in _SUFFIXES:
        words.pop()
    return re.sub(r"[^a-z0-9]", "", fold(words[-1])) if words else ""


def _word(paper: Paper) -> str:
    """Return the first significant word of the title that is ASCII."""
    words = slug(replace(paper, arxiv_id="")).split("-")
    return next((word for word in words if word.isascii()), "")


def _venue(paper: Paper) -> str:
    """Return the venue's acronym where it has one (ACL), else its first significant word."""
    acronym = _ACRONYM.search(paper.venue)
    if acronym:
        return acronym[0].lower()
    return _word(Paper(title=paper.venue)) if paper.venue else ""


FIELDS: Mapping[str, Callable[[Paper], str]] = {
    "author": _author,
    "Author": lambda paper: _author(paper).capitalize(),
    "authors": _authors,
    "year": lambda paper: str(paper.year or ""),
    "word": _word,
    "Word": lambda paper: _word(paper).capitalize(),
    "title": lambda paper: _valid(slug(replace(paper, arxiv_id=""))),
    "venue": _venue,
    "id": lambda paper: _valid(fold(paper.id)) if not _KEY.fullmatch(paper.id) else paper.id,
}
"""What may stand in a pattern between braces, and how it is found."""
