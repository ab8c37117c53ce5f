"""Lists of people in one text, as in tables and informal JSON."""

import re
from collections.abc import Sequence

from index.formats.records.names import (
    initials_first,
    inverted_names,
    medline_name,
    split_et_al,
    split_names,
)
from index.papers.names import Name
from index.text.cleaning import clean

_NUMBERED = re.compile(r"\s*\([\d\s,;]+\)")
_NOBODY = re.compile(
    r"\[?(?:no authors?(?: name)?(?: available| listed)?|anonymous|n/?a)\.?\]?", re.I
)
_ET_AL = re.compile(r"[\s,]+et\.? al\.?$", re.I)
_INITIALS = re.compile(r"(?:[^\W\d_]\.[\s-]*){1,4}")


def parse_people(cell: str) -> tuple[list[str], bool]:
    """Return the authors in a cell in natural order, and whether there are more.

    >>> parse_people("Lovelace A, Babbage C, et al.")
    (['A Lovelace', 'C Babbage'], True)
    """
    names, et_al = _split_people(cell)
    parts = inverted_names(names)
    return list(map(str, parts)) if parts else initials_first(names), et_al


def parse_names(cell: str) -> tuple[list[Name], list[str], bool]:
    """Return the authors in a cell: in their parts, else as text; and whether there are more.

    Names have parts if some are written as `Lovelace, Ada`, or all as `Lovelace A`.
    """
    written, et_al = _split_people(cell)
    names = inverted_names(written)
    if not names and written and initials_first(written) != written:
        names = list(map(medline_name, written))
    return names, [] if names else written, et_al


def _split_people(cell: str) -> tuple[list[str], bool]:
    """Return the names in a cell as they are written, and whether there are more."""
    cell = clean(cell)
    if _NOBODY.fullmatch(cell):
        return [], False
    cell = _NUMBERED.sub("", cell).removeprefix("[").removesuffix("]")
    if cell.count(".") == 1:
        cell = cell.removesuffix(".")  # a comma between names, not before initials
    between = next((sign for sign in (";", "|", " and ") if sign in cell), ",")
    parts = [part.strip() for part in cell.split(between)]
    if between == ",":
        parts = _by_commas(parts)
    elif between == " and " and len(parts) == 2 and _are_full_names(parts[0].split(",")):
        parts = split_names(cell)
    names, et_al = split_et_al(part.strip(" '\"") for part in parts if part.strip(" '\""))
    if names and names[-1].endswith(("…", "...")):  # Google Scholar's truncated lists
        names, et_al = [*names[:-1], names[-1].rstrip("…. ")], True
    found = [(name, _ET_AL.sub("", name)) for name in names if name]
    return [bare for _, bare in found], et_al or any(name != bare for name, bare in found)


def _by_commas(parts: list[str]) -> list[str]:
    """Return the names in a comma-separated list: full names, or family names and initials.

    Two parts are one name if the second is one word.
    """
    if len(parts) % 2 == 0 and all(_INITIALS.fullmatch(part) for part in parts[1::2]):
        return [f"{last}, {first}" for last, first in zip(parts[::2], parts[1::2], strict=True)]
    if len(parts) == 2 and " " not in parts[0] and not re.search(r"\bet al", parts[1]):
        return [", ".join(parts)]
    return parts


def _are_full_names(parts: Sequence[str]) -> bool:
    """Return whether the parts between commas are full names."""
    return len(parts) > 1 and all(" " in part.strip() for part in parts if part.strip())
