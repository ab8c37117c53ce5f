"""Citation keys: what an entry is cited by, one in a file, the same in every file.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from index.paper import Paper, parsed_arxiv, slug
from index.text import clean, fold

_KEY = re.compile(r"\w[\w:./+-]*")
_SUFFIXES = frozenset("jr sr ii iii iv phd md".split())


def citation_keys(papers: Iterable[Paper]) -> list[str]:
    """Return the citation keys of papers that share a file, in their order.

    A key that came with the paper (its id, where that is neither an arXiv id nor made from the
    title) stays. Else it is first author's last name, year and first significant word of the title,
    in lower-case ASCII: `vaswani2017attention`. Without an author whose name has such letters it is
    the id, made valid. Where a key is taken, in any case of letters, a, b, … z, aa follow.
    """
    return [key for key, _ in keyed(papers)]


def keyed(papers: Iterable[Paper]) -> Iterator[tuple[str, Paper]]:
    taken: dict[str, int] = {}
    for paper in papers:
        key = base = _key(paper)
        while key.lower() in taken:
            taken[base.lower()] += 1
            key = base + _suffix(taken[base.lower()])
        taken[key.lower()] = 0
        yield key, paper


def _suffix(number: int) -> str:
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("a") + letter) + letters
    return letters


def _key(paper: Paper) -> str:
    made = slug(replace(paper, arxiv_id=""))
    own = _KEY.fullmatch(paper.id) and not parsed_arxiv(paper.id) and not paper.id.isdecimal()
    if own and not re.fullmatch(rf"{re.escape(made)}(?:-\d+)?", paper.id):
        return paper.id
    surname = _surname(clean(paper.authors[0])) if paper.authors else ""
    if surname:
        word = next((word for word in made.split("-") if word.isascii()), "")
        return f"{surname}{paper.year or ''}{word}"
    return re.sub(r"[^A-Za-z0-9:.+-]+", "-", fold(paper.id or made)).strip("-.:+") or "paper"


def _surname(name: str) -> str:
    words = (name.partition(",")[0] or name).split()
    while len(words) > 1 and words[-1].lower().strip(".") in _SUFFIXES:
        words.pop()
    return re.sub(r"[^a-z0-9]", "", fold(words[-1])) if words else ""
