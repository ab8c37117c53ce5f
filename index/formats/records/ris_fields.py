"""The types and tags of RIS as CSL types and variables.

The tags: https://en.wikipedia.org/wiki/RIS_(file_format)#Tags, and how programs use them:
https://github.com/aurimasv/translators/wiki/RIS-Tag-Map. A tag is listed once for each kind of
record, and reading and writing both follow the lists.
"""

import re
from collections.abc import Iterator, Mapping, Set
from functools import lru_cache

from index.formats.records.dates import iso_date
from index.papers.citation import CONTAINED_TYPES, Citation, KeptFields, build_citation
from index.papers.names import Name

CSL_TYPES: Mapping[str, str] = {
    "JOUR": "article-journal", "EJOUR": "article-journal", "INPR": "article-journal",
    "ABST": "article-journal", "JFULL": "periodical", "MGZN": "article-magazine",
    "NEWS": "article-newspaper", "BOOK": "book", "EBOOK": "book", "EDBOOK": "book", "SER": "book",
    "CTLG": "book", "CHAP": "chapter", "ECHAP": "chapter", "CPAPER": "paper-conference",
    "CONF": "paper-conference", "THES": "thesis", "RPRT": "report", "GOVDOC": "report",
    "MANSCPT": "manuscript", "UNPB": "manuscript", "ELEC": "webpage", "BLOG": "post-weblog",
    "ICOMM": "personal_communication", "PCOMM": "personal_communication", "COMP": "software",
    "DATA": "dataset", "DBASE": "dataset", "AGGR": "dataset", "PAT": "patent",
    "STAND": "standard", "STAT": "legislation", "CASE": "legal_case", "BILL": "bill",
    "HEAR": "hearing", "MAP": "map", "MPCT": "motion_picture", "VIDEO": "motion_picture",
    "SOUND": "song", "MUSIC": "musical_score", "ART": "graphic", "FIGURE": "figure",
    "DICT": "entry-dictionary", "ENCYC": "entry-encyclopedia", "PAMP": "pamphlet",
    "CLSWK": "classic", "SLIDE": "speech", "GEN": "document",
}  # fmt: skip
"""The CSL type of each type of record."""

_RIS_TYPES: Mapping[str, str] = {
    **{csl: ris for ris, csl in reversed(list(CSL_TYPES.items()))},
    "article": "UNPB", "review": "JOUR", "review-book": "JOUR", "entry": "ENCYC", "post": "BLOG",
}  # fmt: skip
_DOCUMENTS = frozenset(("", "document", "article"))

_SIMPLE: Mapping[str, tuple[str, ...]] = {
    "volume": ("VL",), "issue": ("IS",), "page": ("SP",), "publisher": ("PB",),
    "publisher-place": ("CY",), "edition": ("ET",), "language": ("LA",), "accessed": ("Y2",),
    "section": ("SE",), "number-of-volumes": ("NV",), "call-number": ("CN",),
    "title-short": ("ST",), "reviewed-title": ("RI",), "genre": ("M3",),
}  # fmt: skip
ROLES: Mapping[str, tuple[str, ...]] = {
    "editor": ("A2", "ED"), "collection-editor": ("A3",), "translator": ("A4",)
}  # fmt: skip
"""The tags of people other than authors, by role; names with several tags are united."""

_ISSN = re.compile(r"\d{4}-?\d{3}[\dxX](?:\D|$)", re.ASCII)
_RANGE = re.compile(r"([\w.:]+)-([\w.:]+)")

Fields = Mapping[str, list[str]]


@lru_cache(maxsize=128)
def tags_of(csl_type: str) -> Mapping[str, tuple[str, ...]]:
    """Return the tags that hold each variable in a type, the likeliest first."""
    tags = dict(_SIMPLE)
    if csl_type in ("chapter", "entry-dictionary", "entry-encyclopedia"):
        tags |= {"container-title": ("T2", "BT"), "collection-title": ("T3",)}
    elif csl_type == "paper-conference":
        tags |= {"container-title": ("T2", "BT", "JF", "C3", "JO", "JA"),
                 "collection-title": ("T3",)}  # fmt: skip
    elif csl_type in CONTAINED_TYPES or csl_type in _DOCUMENTS | {"periodical", "webpage"}:
        tags |= {"container-title": ("JF", "T2", "JO", "JA", "J2", "J1"),
                 "container-title-short": ("JA", "JO", "J2", "J1"),
                 "collection-title": ("T3",)}  # fmt: skip
    else:
        tags |= {"collection-title": ("T2", "T3")}
    if csl_type in ("book", "chapter", "paper-conference"):
        tags["collection-number"] = ("M1",)
    if csl_type in ("report", "patent", "standard"):
        tags["number"] = ("SN", "M1")
    if csl_type.startswith("article-"):
        tags["number"] = ("C7",)
    if csl_type in ("software", "dataset"):
        tags["version"] = tags.pop("edition")
    return tags


def csl_type(fields: Fields, *, preprint: bool) -> str:
    """Return the CSL type of a record; that of a preprint is an article without a journal."""
    written = next(iter(fields.get("TY", ())), "")
    kind = CSL_TYPES.get(written.strip().upper(), "")
    return "article" if preprint and kind in ("article-journal", "manuscript", "document") else kind


def ris_type(paper_type: str, kept: KeptFields | None, *, preprint: bool) -> str:
    """Return the type of a record: the one it came with, if that still agrees."""
    came = kept.type if kept else ""
    if came and paper_type in (
        csl_type({"TY": [came]}, preprint=False), csl_type({"TY": [came]}, preprint=True)
    ) and re.fullmatch("[A-Z]{3,8}", came):  # fmt: skip
        return came
    if paper_type == "article" and not preprint:
        return "GEN"
    return _RIS_TYPES.get(paper_type, "GEN")


def citation_of(
    fields: Fields, kind: str, people: Mapping[str, list[Name]], own: Set[str]
) -> Citation:
    """Return the citation of a record of a CSL type.

    `own` are the tags that are read into other fields of the paper. A tag that an export would not
    write again in the same way is kept.
    """
    values: dict[str, str] = {}
    again = {"TY", *own, *(tag for tags in ROLES.values() for tag in tags)}
    for variable, tags in tags_of(kind).items():
        tag = next((tag for tag in tags if tag not in own and _first(fields, tag)), "")
        value = written = _first(fields, tag)
        if variable == "accessed":
            value = iso_date(written) or written
        if value and value != values.get("container-title"):
            values[variable] = value
            is_usual = tag == tags[0] and len(fields[tag]) == 1 and value == written
            again |= {tag} if is_usual else set()
    if (number := _first(fields, "SN")) and "number" not in values:
        is_issn = kind.startswith("article") or (kind != "book" and _ISSN.match(number))
        values["ISSN" if is_issn else "ISBN"] = number
        again |= {"SN"} if len(fields["SN"]) == 1 else set()
    values["page"] = _pages(fields)
    again -= {"SP"}
    if _RANGE.fullmatch(values["page"]) and _first(fields, "EP"):
        again |= {"SP", "EP"}
    elif not re.search(r"\W", values["page"]):
        again |= {"SP"}
    kept = [(tag, text) for tag, texts in fields.items() if tag not in again for text in texts]
    kept.sort(key=lambda field: field[0])  # as they are written again
    return build_citation(values, people, [KeptFields("ris", _first(fields, "TY"), tuple(kept))])


def _first(fields: Fields, tag: str) -> str:
    return next(iter(fields.get(tag, ())), "")


def _pages(fields: Fields) -> str:
    """Return the pages of a record, whose first tag may hold the whole range."""
    start, end = _first(fields, "SP"), _first(fields, "EP")
    start = re.sub(r"\s*(?:--|[\u2012-\u2015])\s*", "-", start)
    if not (start and end) or start == end or "-" in start:
        return start or end
    return f"{start}-{end}"


def tagged(citation: Citation, kind: str) -> Iterator[tuple[str, str]]:
    """Yield the tags and values of a citation of a CSL type, then the fields that were kept."""
    kept = citation.kept_in("ris")
    came: dict[str, list[str]] = {}
    for tag, text in kept.fields if kept else ():
        if re.fullmatch("[A-Z][A-Z0-9]", tag) and tag not in ("TY", "ER", "ID"):
            came.setdefault(tag, []).append(text)
    done: set[str] = set()
    for variable, tags in tags_of(kind).items():
        value = citation.get(variable)
        if not value:
            continue
        if variable == "page":
            done |= {"SP", "EP"}
            yield from _page_tags(value, came)
        else:
            tag = next((tag for tag in tags if _is_written(came, tag, value)), tags[0])
            if tag not in done:
                done.add(tag)
                yield tag, _first(came, tag) if _is_written(came, tag, value) else value
    number = citation.get("ISSN", "ISBN")
    if number and "SN" not in done:
        done.add("SN")
        yield "SN", number
    for tag, texts in came.items():
        for text in texts[tag in done :]:
            yield tag, text


def _is_written(came: Fields, tag: str, value: str) -> bool:
    """Return whether a kept tag says the same as a value."""
    written = _first(came, tag)
    return written == value or (tag == "Y2" and iso_date(written) == value != "")


def _page_tags(pages: str, came: Fields) -> Iterator[tuple[str, str]]:
    if _pages(came) == pages:
        yield from ((tag, _first(came, tag)) for tag in ("SP", "EP") if _first(came, tag))
    elif match := _RANGE.fullmatch(pages):
        yield from (("SP", match[1]), ("EP", match[2]))
    else:
        yield "SP", pages
