"""Names of people in BibTeX and BibLaTeX.

The forms are "First von Last", "von Last, First" and "von Last, Jr, First", joined by "and", and
"family=…, given=…" (https://ctan.org/pkg/biblatex, section 3.4). bibtexparser splits them.
"""

import re

from index.text.cleaning import clean
from index.text.latex.decoding import plain

SUFFIXES = frozenset("jr sr ii iii iv phd md".split())
"""Suffixes after a comma, in lower case and without a dot."""

_OTHERS = re.compile(r"(?:and )?(?:others|et\.? ?al\.?)", re.IGNORECASE)
_EXTENDED = re.compile(r"(family|given|prefix|suffix)\s*=\s*(?:\{([^{}]*)\}|\"([^\"]*)\"|([^,]*))")
_INITIAL = re.compile(r"[A-Z]\.?(?:[ ~-][A-Z]\.?)*[ ~][A-Z][a-z]")
_AND = re.compile(r"(?:^|\s)and(?:\s|$)", re.IGNORECASE)
# Digits alone are no name; DBLP numbers namesakes (https://dblp.org/faq/1474704.html).
_NO_NAME = re.compile(r"[\W\d]*")
_NAMESAKE = re.compile(r"(?<=[^\W\d])\s+\d{4}$")
_LEFT_OVER = re.compile(r"^and\s+", re.IGNORECASE)
_BRACED = re.compile(r"\{[^{}\\,]+,[^{}\\,]+\}")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_MAX_NAMES = 10_000


def names(source: str) -> tuple[list[str], bool]:
    """Return the names in an author field, and whether there are more."""
    found: list[str] = []
    more = False
    for one in _strip_braces(_split_by_and(" ".join(source[:400_000].split()))[:_MAX_NAMES]):
        for name in _split_list(_LEFT_OVER.sub("", one.strip(" ,;"))):
            shown = _NAMESAKE.sub("", clean(plain(_natural_order(name))).strip(" ,;"))
            if _OTHERS.fullmatch(name):
                more = True
            elif not _NO_NAME.fullmatch(shown):
                found.append(shown)
    return found, more


def _strip_braces(names: list[str]) -> list[str]:
    """Return names without their braces if there are several, all braced as `{Last, First}`.

    Some programs brace every name; a single one may be an organization with a comma.
    """
    several = len(names) > 1 and all(_BRACED.fullmatch(name.strip()) for name in names)
    return [name.strip()[1:-1] for name in names] if several else names


def _split_by_and(source: str) -> list[str]:
    """Return the names joined by "and" outside braces."""
    if "{" not in source and "\\" not in source:  # the usual case
        return _AND.split(source)
    from bibtexparser.middlewares.names import split_multiple_persons_names

    return split_multiple_persons_names(source)


def _split_list(names: str) -> list[str]:
    """Return the names in one name, since some files separate them by commas or semicolons."""
    if "=" in names or re.search(r"\{[^{}]*[,;]", names):
        return [names]
    if ";" in names:
        return [part.strip() for part in names.split(";")]
    parts = [part.strip() for part in names.split(",")]
    whole = all(" " in part or not part for part in parts)
    if whole and (len(parts) > 3 or (len(parts) > 1 and _INITIAL.match(parts[0]))):
        return parts
    return [names]


def _natural_order(name: str) -> str:
    """Return a name in natural order, its LaTeX unchanged: First von Last, Jr."""
    if "," not in name or _in_braces(name):
        return name
    extended = {
        match[1]: next(filter(None, match.groups()[1:]), "") for match in _EXTENDED.finditer(name)
    }
    if "family" in extended:
        full_name = " ".join(extended.get(part, "") for part in ("given", "prefix", "family"))
        suffix = extended.get("suffix", "")
        return f"{full_name}, {suffix}" if suffix else full_name
    if name.count(",") == 1 and "{" not in name and "\\" not in name:
        last, first = (part.strip() for part in name.split(","))
        if _HAN.fullmatch(last) and _HAN.fullmatch(first):
            return last + first  # Chinese names: family name first, no space
        return f"{last}, {first}" if _is_suffix(first) else f"{first} {last}"
    from bibtexparser.middlewares.names import parse_single_name_into_parts

    parts = parse_single_name_into_parts(name, strict=False)
    if not parts.jr and _is_suffix(" ".join(parts.first)):
        parts.first, parts.jr = [], parts.first
    if not _is_suffix(" ".join(parts.jr)):
        # Hand-written files also have commas between first names.
        parts.first, parts.jr = [*parts.jr, *parts.first], []
    full_name = " ".join((*parts.first, *parts.von, *parts.last))
    return f"{full_name}, {' '.join(parts.jr)}" if parts.jr else full_name


def _is_suffix(words: str) -> bool:
    """Return whether words are a suffix; Md is short for Mohammed, MD the degree."""
    bare = words.strip(" .")
    return bare.lower() in SUFFIXES and bare != "Md"


def _in_braces(name: str) -> bool:
    """Return whether one pair of braces encloses a whole name, as for an organization."""
    if not (name.startswith("{") and name.endswith("}")):
        return False
    depth = 0
    for place, sign in enumerate(name):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth == 0:
            return place == len(name) - 1
    return False
