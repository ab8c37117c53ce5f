"""Citation keys, unique in a file and the same in every file.

An imported key is preserved: the id of a paper, unless it is an arXiv id or derived from the title.
Otherwise the key is the first author's family name, the year and the first significant word of the
title, in lower-case ASCII: `vaswani2017attention`. Without an author whose name has ASCII letters,
it is the id with invalid characters replaced. A pattern such as `{Author}{year}` replaces all of
these. Duplicate keys, compared without case, get a suffix: a, b, … z, aa. In a library, a paper
keeps the key that it was first exported with.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches

from index.errors import CarrelError
from index.papers.identifiers import parse_arxiv
from index.papers.identity import slug
from index.papers.names import Name, guess_name, name_key
from index.papers.paper import NO_KEY, Paper, PaperKey
from index.text.cleaning import clean, one_line
from index.text.folding import fold

MAX_KEY_CHARS = 120
MAX_AUTHORS = 3

# The characters of keys that BibTeX reads and people use; it forbids "#%,={}~ and white space.
_KEY = re.compile(r"[\w(\[*][\w:./+*'!?<>;|()\[\]-]*")
_NUMBERED = re.compile(r"-\d+$")
_FIELD = re.compile(r"\{([^{}]*)\}")
_LITERAL = re.compile(r"[A-Za-z0-9:.+/_-]*")
_ACRONYM = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z]*[A-Z]+[a-z]?(?![A-Za-z])")


class ExportedKeys:
    """The citation keys that papers were exported with; they stay the same if the papers change.

    `known` are those of earlier exports. `new` are added by `with_citation_keys`, except imported
    keys, which stay anyway.
    """

    def __init__(self, known: Mapping[PaperKey, str]) -> None:
        self.known = known
        self.new: dict[PaperKey, str] = {}
        self.reserved = frozenset(key.lower() for key in known.values())

    def note(self, paper: Paper, key: str) -> None:
        """Note the key of a paper of a library."""
        if paper.key == NO_KEY or (key == paper.id and _is_imported(paper)):
            return
        if self.known.get(paper.key) != key:
            self.new[paper.key] = key


def citation_keys(papers: Iterable[Paper], pattern: str = "") -> list[str]:
    """Return the citation keys of the papers of a file, in order."""
    return [key for key, _ in with_citation_keys(papers, pattern)]


def with_citation_keys(
    papers: Iterable[Paper], pattern: str = "", exported: ExportedKeys | None = None
) -> Iterator[tuple[str, Paper]]:
    """Yield papers with their citation keys; only the keys are kept in memory.

    A paper that was exported before keeps its key, which no other paper gets.
    """
    exported = exported or ExportedKeys({})
    taken: dict[str, int] = {}
    for paper in papers:
        known = exported.known.get(paper.key, "") if paper.key != NO_KEY else ""
        key = base = known or (_fill(pattern, paper) if pattern else "") or _key(paper)
        while key.lower() in taken or (not known and key.lower() in exported.reserved):
            number = taken[base.lower()] = taken.get(base.lower(), 0) + 1
            key = base + _suffix(number)
        taken.setdefault(key.lower(), 0)
        exported.note(paper, key)
        yield key, paper


def check_pattern(pattern: str) -> None:
    """Raise CarrelError for a pattern with unknown fields or invalid characters."""
    known = ", ".join(f"{{{name}}}" for name in FIELDS)
    for name in _FIELD.findall(pattern):
        if name not in FIELDS:
            near = get_close_matches(name, FIELDS, 1)
            hint = f"did you mean {{{near[0]}}}?" if near else f"try {known}"
            raise CarrelError(f"unknown field {{{one_line(name, 40)}}} in a citation key; {hint}")
    if not _FIELD.search(pattern) or not _LITERAL.fullmatch(_FIELD.sub("", pattern)):
        raise CarrelError(
            f"invalid citation key pattern {one_line(pattern, 40)!r}; try {known},"
            " letters, digits and :.+/_-"
        )


def _fill(pattern: str, paper: Paper) -> str:
    """Return a pattern with its fields filled in; "" if the paper has none of them."""
    known = [FIELDS[name](paper) for name in _FIELD.findall(pattern)]
    if not any(known):
        return ""
    rest = iter(known)
    return _FIELD.sub(lambda _: next(rest), pattern)[:MAX_KEY_CHARS].strip("-.:+/_")


# -- parts of keys --------------------------------------------------------------------------------


def _is_imported(paper: Paper) -> bool:
    """Return whether the id of a paper is a key that its source gave it."""
    title_slug = slug(replace(paper, arxiv_id=""))
    valid = _KEY.fullmatch(paper.id) and not parse_arxiv(paper.id) and not paper.id.isdecimal()
    return bool(valid) and title_slug not in (paper.id, _NUMBERED.sub("", paper.id))


def _key(paper: Paper) -> str:
    if _is_imported(paper):
        return paper.id
    surname = _author(paper)
    if surname:
        return f"{surname}{paper.year or ''}{_word(paper)}"
    return _valid(fold(paper.id or slug(replace(paper, arxiv_id="")))) or "paper"


def _suffix(number: int) -> str:
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("a") + letter) + letters
    return letters


def _valid(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9:.+-]+", "-", text).strip("-.:+")


def _author(paper: Paper) -> str:
    """Return the family name of the first author, else of the first editor."""
    people = _people(paper) or list(paper.citation.names("editor"))
    return _ascii(people[0]) if people else ""


def _people(paper: Paper) -> list[Name]:
    return list(paper.names) or [guess_name(name) for name in map(clean, paper.authors) if name]


def _ascii(name: Name) -> str:
    """Return the ASCII letters of a family name, or of the whole of a literal."""
    return re.sub(r"[^a-z0-9]", "", name_key(name))


def _authors(paper: Paper) -> str:
    """Return the last names of the first authors, with `EtAl` if there are more."""
    surnames = [_ascii(name).capitalize() for name in _people(paper)[:MAX_AUTHORS]]
    more = paper.et_al or len(paper.authors) > MAX_AUTHORS
    return "".join(surnames) + ("EtAl" if more and any(surnames) else "")


def _word(paper: Paper) -> str:
    """Return the first significant ASCII word of the title."""
    words = slug(replace(paper, arxiv_id="")).split("-")
    return next((word for word in words if word.isascii()), "")


def _venue(paper: Paper) -> str:
    """Return the venue's acronym (ACL) if it has one, else its first significant word."""
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
"""The fields of a pattern, and the functions that return their values."""
