"""Lists of names in BibTeX and BibLaTeX: joined by "and", or as people write them.

Files written by people also have lists with commas, semicolons and ampersands; the forms of one
name are in `name_parts`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from index.formats.bib.name_parts import (
    EXTENDED,
    TOKEN,
    is_family_first,
    is_in_braces,
    parse_name,
    split_outside,
)
from index.papers.names import Name, build_name, guess_name, is_others, is_suffix
from index.text.latex.decoding import plain

MAX_NAMES = 10_000
MAX_CACHED_CHARS = 1_000
"""Longest field whose names are cached: editors are the same in all papers of their proceedings."""

_NEAR_CHARS = 100
"""Text around an ampersand that decides whether it joins two people."""

_AND_OUTSIDE = re.compile(r"[ ,]and(?=\s|$)", re.IGNORECASE)
_AND = re.compile(r"and(?=\s|$)", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z. -]*[A-Za-z.](?:, [A-Za-z][A-Za-z. -]*)?")
_ENDS_LIST = re.compile(r"\b(?:others|al)\b|[a-z]{3}\.$", re.IGNORECASE)
_STOPPED = re.compile(r".*[a-z]{3}\.")
# Digits alone are no name; DBLP numbers namesakes (https://dblp.org/faq/1474704.html).
_NO_NAME = re.compile(r"[\W\d_]*")
_NAMESAKE = re.compile(r"(?<=[^\W\d])\s+\d{4}$")
_NUMBERED = re.compile(r"\s*[(\[][\d\s,;*\u2020-]{1,40}[xX]?[)\]]")
# Marks of affiliations and footnotes: Nye$^{1}$, Roe*, Moe\textsuperscript{2,3}.
_MARKED = re.compile(
    r"\s*(?:\$\s*\^\s*\{?[\d\s,*\u2020\u2021]{1,20}\}?\s*\$|\\textsuperscript\s*\{[\d\s,*]{1,20}\}"
    r"|[*\u2020\u2021\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+)(?=\s*(?:,|$))"
)
_ET_AL = re.compile(r"[\s,]+(?:et\.? al\.?|and others)$", re.IGNORECASE)
_BRACED = re.compile(r"\{[^{}\\,]+,[^{}\\,]+\}")
# TeX ignores a space after a command: \O yvind, \v Sim\r unek.
_SPACED_LETTER = re.compile(r"\\(o|O|l|L|i|j|ss|ae|AE|oe|OE|aa|AA|dh|DH|dj|DJ|th|TH) +")
_SPACED_ACCENT = re.compile(r"\\([uvHcdbkrt]) +([^\W\d_])")
_INITIALS = r"[^\W\d_a-z](?:[.\s-]{0,2}[^\W\d_a-z]){0,3}\.?"
_ONLY_INITIALS = re.compile(_INITIALS)
_FAMILY_INITIALS = re.compile(r"(\S.*?\S)[\s~]+([A-Z]{1,3}|(?:[A-Z]\.[\s~-]?){1,3})")
_SHORT = re.compile(r"[A-Z]{1,3}|(?:[A-Z]\.-?){1,3}")
_INITIALS_FIRST = re.compile(rf"{_INITIALS}[\s~]+[A-Z]?[^\W\d_].*", re.DOTALL)


def names(source: str) -> tuple[Sequence[Name], bool]:
    """Return the names in an author field, and whether there are more."""
    return (_known_names if len(source) <= MAX_CACHED_CHARS else _find_names)(source)


def _find_names(source: str) -> tuple[Sequence[Name], bool]:
    found: list[Name] = []
    more = has_commas = False
    for written in _names(_joined(source)):
        if _PLAIN_NAME.fullmatch(written) and not _ENDS_LIST.search(written):
            found.append(parse_name(written))
            has_commas = has_commas or "," in written
            continue
        without = _ET_AL.sub("", written)
        more = more or without != written
        name = _MARKED.sub("", _NUMBERED.sub("", without)).strip(" ,;")
        if is_others(name) and not name.startswith("{"):
            more = True
        elif name and (parsed := _clean_name(parse_name(name))):
            found.append(parsed)
            has_commas = has_commas or len(split_outside(name, ",")) > 1
    return found if has_commas else _vancouver(found), more


_known_names = lru_cache(maxsize=64)(_find_names)


def _joined(source: str) -> str:
    """Return an author field with commands and their letters in one word."""
    source = _SPACED_ACCENT.sub(r"\\\1{\2}", " ".join(source[:400_000].split()))
    return _SPACED_LETTER.sub(r"\\\1{}", source)


def _names(source: str) -> Iterator[str]:
    """Yield each name in a field, for any kind of separator."""
    parts = [part for part in _split_by_and(source)[:MAX_NAMES] if part.strip(" ,;")]
    if len(parts) > 1 and all(_BRACED.fullmatch(part.strip()) for part in parts):
        # Some programs brace every name; a single one may be an organization with a comma.
        parts = [part.strip()[1:-1] for part in parts]
    for part in parts:
        yield from _split_list(part.strip(" ,;"))


def _split_by_and(source: str) -> list[str]:
    """Return the names joined by "and" outside braces; see `_joins` for ampersands."""
    if "{" not in source and "\\" not in source and "&" not in source:
        parts = _AND_OUTSIDE.split(source)
    else:
        parts = _split_by_and_outside(source)
    if word := _AND.match(parts[0].lstrip()):
        parts[0] = parts[0].lstrip()[word.end() :]
    return parts


def _split_by_and_outside(source: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for match in TOKEN.finditer(f"{source} "):
        sign = match[0]
        depth = max(0, depth + {"{": 1, "}": -1}.get(sign, 0))
        if depth == 0 and sign in (" ", ","):
            word = _AND.match(source, match.end())
            if word:
                parts.append(source[start : match.start()])
                start = word.end()
        elif depth == 0 and sign in ("&", "\\&") and _joins(source, match.start(), match.end()):
            parts.append(source[start : match.start()])
            start = match.end()
    return [*parts, source[start:]]


def _joins(source: str, start: int, end: int) -> bool:
    """Return whether an ampersand joins two people, not two words of a company's name."""
    before = re.split(r" and |[;&]", source[max(0, start - _NEAR_CHARS) : start])[-1].strip(" ,\\")
    after = re.split(r" and |[;&\\]", source[end : end + _NEAR_CHARS])[0].strip(" ,")
    return all(" " in side or "," in side or is_others(side) for side in (before, after))


def _split_list(written: str) -> list[str]:
    """Return the names in one name, since some files separate them by commas or semicolons."""
    if EXTENDED.match(written) or not ("," in written or ";" in written):
        return [written]
    if len(parts := split_outside(written, ";")) > 1:
        return [name for part in parts for name in _split_list(part.strip(" ,"))]
    parts = [part.strip(" ~") for part in split_outside(written, ",")]
    parts = [part for part in parts if part]
    if len(parts) < 2:
        return [written]
    others = [part for part in parts if is_others(part)]
    people = parts[: -len(others)] if others else parts
    if all(_FAMILY_INITIALS.fullmatch(part) for part in people):  # Ravn K, Moe B
        return parts
    if len(people) > 2 and len(people) % 2 == 0 and all(map(_is_initials, people[1::2])):
        pairs = zip(people[::2], people[1::2], strict=True)  # Ravn, K., Moe, B.
        return [*(", ".join(pair) for pair in pairs), *others]
    whole = all(re.search(r"[\s~]", part) for part in people)
    is_list = len(people) > 3 or (len(people) == 3 and not any(map(is_suffix, people)))
    if whole and (is_list or _INITIALS_FIRST.fullmatch(people[0])):
        return parts
    return [*([", ".join(people)] if others else [written]), *others]


def _is_initials(part: str) -> bool:
    return bool(_ONLY_INITIALS.fullmatch(plain(part)))


def _vancouver(found: list[Name]) -> list[Name]:
    """Return names in their parts if all are written as `Ravn K`, `de la Cruz C. A.`.

    At least one has a single initial or a full stop, since LI and HE are family names, too.
    """
    exchanged = [name for name in map(with_initials_last, found) if name]
    sure = any(len(name.given) == 1 or "." in name.given for name in exchanged)
    return exchanged if sure and len(exchanged) == len(found) else found


def with_initials_last(name: Name) -> Name | None:
    """Return a name whose last words are its initials; None if they are not, or nothing else is."""
    words = f"{name.given} {name.non_dropping_particle} {name.family}".split()
    start = len(words)
    while start and _SHORT.fullmatch(words[start - 1]):
        start -= 1
    if start == 0 and len(words) == 2 and len(words[0]) > len(words[1]) and "." not in words[0]:
        start = 1  # DOE J
    if start in (0, len(words)):
        return None
    return build_name(" ".join(words[:start]), " ".join(words[start:]))


def _clean_name(name: Name) -> Name | None:
    """Return a name without a namesake's number; None if it has no letters."""
    shown = _NAMESAKE.sub("", str(name)).strip(" ,;")
    if _NO_NAME.fullmatch(shown):
        return None
    if name.literal:
        return Name(literal=shown)
    if name.given and _STOPPED.fullmatch(name.family):  # Wei Wang.
        name = replace(name, family=name.family.rstrip("."))
    given = _NAMESAKE.sub("", name.given)
    if given != name.given:
        return replace(name, given=given)
    return guess_name(shown) if name.family.isdecimal() else name


def is_standard(source: str, found: Sequence[Name]) -> bool:
    """Return whether BibTeX divides an author field into these names, too, as a style needs it.

    Lists with commas, semicolons or ampersands between people are read, but are one name to BibTeX.
    """
    persons = [""]
    for word in split_outside(_joined(source), " "):
        if word.lower() == "and":
            persons.append("")
        else:
            persons[-1] = f"{persons[-1]} {word}".lstrip()
    if persons[-1] == "others":
        persons.pop()
    return len(persons) == len(found) and all(
        is_in_braces(person)
        or (_clean_name(parse_name(person)) == name and not is_family_first(person.split()))
        for person, name in zip(persons, found, strict=True)
    )
