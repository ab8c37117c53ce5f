"""Names of people: natural order, inverted order, and lists of names."""

import re
from collections.abc import Iterable

from index.papers.names import Name, build_name, guess_name, is_suffix, parse_inverted

_SUFFIX = re.compile(r"(?:jr|sr|[2-4](?:nd|rd|th)|ii|iii|iv|phd|md)\.?", re.I)
_ENDS_IN_SUFFIX = re.compile(r"(.*\S)\s+((?:Jr|Sr|2nd|3rd|4th|II|III|IV)\.?)")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_COMPANY = re.compile(r",\s*(?:(?:inc|ltd|llc|corp|gmbh|plc)\.?|co\.|s\.a\.)$", re.I)
_GROUP = re.compile(
    r"\b(?:alliance|association|centers?|centre|collaborations?|college|committee|consortium|council"
    r"|department|foundation|group|initiative|institutes?|investigators|laborator(?:y|ies)|network"
    r"|organi[sz]ation|programme|project|research|society|team|university|working)\b|^the\b|\(",
    re.I,
)
_PARTICLES = frozenset(
    "van von der den de del della di da do dos das du la le el al bin ibn ter ten te zu zur af av"
    " vom vander".split()
)
# Lovelace A, Moreno-Grau S, Fanning E., de la Cruz M Jr, Li J.-B.
_INITIALS = re.compile(
    r"(\S.*\S)\s(?![JS]r\b)((?:[^\W\d_]\.?-?){1,3})(?:\s((?:[JS]r|[2-4](?:nd|rd|th))\.?))?"
)
_OTHERS = re.compile(r"\W*(?:et\.? al\.?|others|and others)\W*", re.I)
_AND = re.compile(r"(?:\s+|,\s*)(?:and|&)\s+", re.I)


def natural_order(name: str) -> str:
    """Return a name in natural order: `Lovelace, Ada, Jr.` is Ada Lovelace Jr."""
    name = " ".join(name.split()).rstrip(",; ")
    if "," not in name or _COMPANY.search(name):
        return name
    last, first, *rest = (part.strip() for part in name.split(",", 2))
    suffix = rest[0] if rest else ""
    if suffix and _SUFFIX.fullmatch(first):  # BibTeX order
        first, suffix = suffix, first
    if not suffix and (inside := _ENDS_IN_SUFFIX.fullmatch(first)):  # PubMed order
        first, suffix = inside.groups()
    if _HAN.fullmatch(last) and _HAN.fullmatch(first):
        return last + first  # Chinese names: family name first, no space
    return " ".join(part for part in (first, last, suffix) if part)


def invert_name(name: str) -> str:
    """Return a name in inverted order: Ada van Lovelace is `van Lovelace, Ada`.

    Names of one word, with a comma, or of a group are returned unchanged.
    """
    words = name.split()
    if len(words) < 2 or "," in name or _GROUP.search(name):
        return name
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    start = len(words) - 1
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    parts = [" ".join(words[start:]), " ".join(words[:start]), suffix]
    return ", ".join(part for part in parts if part)


def inverted_names(names: Iterable[str], *, always: bool = False) -> list[Name]:
    """Return the parts of names of which some are written as `Last, First`; else none.

    Names without a comma beside them are literal, as of organizations; so are names that a comma
    ends, as in EndNote. With `always`, other names are divided by `guess_name`.
    """
    names = [name.strip() for name in names if name.strip(" ,")]
    if any("," in name.rstrip(",") and not _COMPANY.search(name) for name in names):
        return list(map(parse_inverted, names))
    guessed = [parse_inverted(n) if n.endswith(",") else guess_name(n) for n in names]
    known = always or any(n.endswith(",") for n in names) or all(n.literal for n in guessed)
    return guessed if known else []


def written_name(name: Name) -> str:
    """Return a name as `Last, First, Suffix`; `parse_inverted` reads a literal back whole.

    As in EndNote, two commas stand for one in a literal that would be divided.
    """
    whole = name.inverted
    if name.literal and parse_inverted(whole) != name:
        return whole.replace(",", ",,", 1)
    return whole


def medline_name(written: str) -> Name:
    """Return the parts of a name written as `Lovelace AK Jr`; for others, the likeliest parts."""
    match = _INITIALS.fullmatch(" ".join(written.split()))
    if "," in written or not match or not match[2].isupper():
        return parse_inverted(written) if "," in written else guess_name(written)
    return build_name(match[1], match[2], match[3] or "")


def initials_first(names: Iterable[str]) -> list[str]:
    """Return names in natural order if all have the form `Lovelace A`."""
    names = [" ".join(name.split()) for name in names]
    matches = [_INITIALS.fullmatch(name) for name in names]
    if not all(match and match[2].isupper() for match in matches):
        return names
    return [" ".join(p for p in (m[2], m[1], m[3]) if p) for m in matches if m]


def split_names(text: str) -> list[str]:
    """Return the names in a printed list: `Ada Lovelace (London), C. Babbage and X. Y`.

    Text in brackets, such as affiliations, is removed.
    """
    depth, outside = 0, []
    for sign in text:
        depth += sign == "("
        if not depth:
            outside.append(sign)
        depth -= sign == ")" and depth > 0
    names = re.split(r"[,;]", _AND.sub(", ", " ".join("".join(outside).split())))
    return join_suffixes([name.strip() for name in names if name.strip()])


def join_suffixes(names: list[str]) -> list[str]:
    """Return names split at commas, with suffixes and forms of companies at their names again.

    >>> join_suffixes(["Martin L. King", "Jr.", "Barnes and Noble", "Inc."])
    ['Martin L. King, Jr.', 'Barnes and Noble, Inc.']
    """
    joined: list[str] = []
    for name in names:
        if joined and (is_suffix(name) or _COMPANY.fullmatch(f", {name}")):
            joined[-1] += f", {name}"
        else:
            joined.append(name)
    return joined


def split_et_al(names: Iterable[str]) -> tuple[list[str], bool]:
    """Return the names without "et al." and "others", and whether there was one of those."""
    names = list(names)
    named = [name for name in names if not _OTHERS.fullmatch(name)]
    return named, len(named) < len(names)
