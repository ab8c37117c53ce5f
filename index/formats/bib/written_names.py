"""Names as BibTeX and BibLaTeX write them."""

import re
from collections.abc import Callable

from index.formats.bib.names import with_initials_last
from index.papers.names import Name, guess_name

_JOINING = re.compile(r"(?:^|\s)(?:and|others)(?:\s|$)")
_SIMPLE = re.compile(r"[A-Z][\w.'-]*(?: [\w.'-]+)*, [\w.'-]+(?: [\w.'-]+)*")


def written_form(name: Name, encode: Callable[[str], str]) -> str:
    """Return a name for BibTeX: `von Last, Jr, First`, a literal in braces.

    Parts that BibTeX would divide or take for particles are in braces as well.
    """
    if _is_simple(name):
        return f"{encode(name.family)}, {encode(name.given)}"
    if name.literal:
        return f"{{{encode(name.literal)}}}"
    family = _protect(encode(name.family), name.family)
    if (name.family[:1].islower() and " " in name.family) or re.search(r"[,;]", name.family):
        family = f"{{{encode(name.family)}}}"
    particle = encode(name.non_dropping_particle)
    if particle and not name.non_dropping_particle[0].islower():
        family, particle = f"{{{encode(name.last)}}}", ""
    last = f"{particle} {family}".strip()
    if not name.first and not name.suffix:
        return last if len(family.split()) < 2 or family.startswith("{") else f"{{{last}}}"
    first = _protect(encode(name.first), name.first)
    return ", ".join(filter(None, (last, encode(name.suffix), first)))


def _is_simple(name: Name) -> bool:
    """Return whether a name has only a family and a given name that need no braces."""
    if name.literal or name.suffix or name.non_dropping_particle or name.dropping_particle:
        return False
    whole = f"{name.family}, {name.given}"
    return bool(_SIMPLE.fullmatch(whole)) and not _is_divided(name.family + " " + name.given)


def plain_form(author: str, encode: Callable[[str], str]) -> str:
    """Return an author in plain text for BibTeX: in natural order if BibTeX reads that as meant."""
    name = guess_name(author)
    whole = not name.literal and not name.suffix and "," not in author
    if (
        whole and not _is_divided(author) and not with_initials_last(name)
    ):  # Jing S. is no family name
        return encode(author)
    return written_form(name, encode)


def _is_divided(text: str) -> bool:
    """Return whether BibTeX would take a text for several names, or parts of one."""
    lower = text.lower()
    may_join = "and" in lower or "others" in lower
    return (may_join and bool(_JOINING.search(lower))) or any(sign in text for sign in ",;=&")


def _protect(written: str, text: str) -> str:
    """Return a part in braces if BibTeX would take it for several parts or names."""
    return f"{{{written}}}" if _is_divided(text) else written
