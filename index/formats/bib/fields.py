"""The entry types and fields of BibTeX and BibLaTeX as CSL types and variables.

The types and fields: https://ctan.org/pkg/btxdoc and https://ctan.org/pkg/biblatex (section 2).
A field is listed once for each kind of entry, and reading and writing both follow the lists.
"""

from collections.abc import Mapping
from functools import lru_cache

CSL_TYPES: Mapping[str, str] = {
    "article": "article-journal", "suppperiodical": "article-journal", "book": "book",
    "mvbook": "book", "collection": "book", "mvcollection": "book", "proceedings": "book",
    "mvproceedings": "book", "reference": "book", "mvreference": "book", "manual": "book",
    "booklet": "pamphlet", "inbook": "chapter", "bookinbook": "chapter", "suppbook": "chapter",
    "incollection": "chapter", "suppcollection": "chapter", "inreference": "entry-encyclopedia",
    "inproceedings": "paper-conference", "conference": "paper-conference",
    "phdthesis": "thesis", "mastersthesis": "thesis", "thesis": "thesis", "techreport": "report",
    "report": "report", "unpublished": "manuscript", "online": "webpage", "electronic": "webpage",
    "www": "webpage", "software": "software", "dataset": "dataset", "patent": "patent",
    "periodical": "periodical", "standard": "standard", "movie": "motion_picture",
    "video": "motion_picture", "audio": "song", "music": "song", "artwork": "graphic",
    "image": "graphic", "performance": "performance", "letter": "personal_communication",
    "legislation": "legislation", "jurisdiction": "legal_case", "review": "review",
    "misc": "document",
}  # fmt: skip
"""The CSL type of each entry type."""

_ENTRY_TYPES: Mapping[str, str] = {
    "article-journal": "article", "article-magazine": "article", "article-newspaper": "article",
    "review": "article", "review-book": "article", "book": "book", "classic": "book",
    "collection": "book", "pamphlet": "booklet", "chapter": "incollection",
    "entry": "incollection", "entry-dictionary": "incollection",
    "entry-encyclopedia": "incollection", "paper-conference": "inproceedings",
    "thesis": "phdthesis", "report": "techreport", "manuscript": "unpublished",
}  # fmt: skip
_BIBLATEX_TYPES: Mapping[str, str] = {
    "entry-encyclopedia": "inreference", "entry-dictionary": "inreference", "thesis": "thesis",
    "report": "report", "webpage": "online", "post": "online", "post-weblog": "online",
    "software": "software", "dataset": "dataset", "patent": "patent", "periodical": "periodical",
    "standard": "standard", "motion_picture": "movie", "song": "audio", "graphic": "image",
    "performance": "performance", "personal_communication": "letter",
    "legislation": "legislation", "legal_case": "jurisdiction",
}  # fmt: skip
_IN_BIBTEX: Mapping[str, str] = {
    "mvbook": "book", "collection": "book", "mvcollection": "book", "reference": "book",
    "mvreference": "book", "mvproceedings": "proceedings", "bookinbook": "inbook",
    "suppbook": "inbook", "suppcollection": "incollection", "inreference": "incollection",
    "report": "techreport", "online": "misc", "suppperiodical": "article",
}  # fmt: skip
"""Entry types of BibLaTeX that have an equivalent in BibTeX."""

ARTICLES = frozenset(("article", "suppperiodical", "periodical", "review"))
BOOKS = frozenset(
    "book mvbook booklet collection mvcollection proceedings mvproceedings reference mvreference"
    " manual".split()
)
IN_BOOKS = frozenset(
    "inproceedings conference incollection inbook bookinbook suppbook suppcollection"
    " inreference".split()
)
THESIS_TYPES = frozenset(("phdthesis", "mastersthesis", "thesis"))
REPORT_TYPES = frozenset(("techreport", "report"))
NO_PAPERS = frozenset("comment preamble string xdata control ieeetranbstctl".split())
"""Blocks that are no entries of papers."""

GENRES = {"phdthesis": "PhD thesis", "mastersthesis": "Master's thesis", "thesis": ""}
GENRE_KEYS = {
    "phdthesis": "PhD thesis", "mathesis": "Master's thesis", "bathesis": "Bachelor's thesis",
    "candthesis": "Candidate thesis", "techreport": "Technical report",
    "resreport": "Research report", "software": "Software", "datacd": "Data CD",
    "audiocd": "Audio CD",
}  # fmt: skip
"""The words that BibLaTeX prints for keys in the field `type`."""

_SIMPLE: Mapping[str, tuple[str, ...]] = {
    "volume": ("volume",), "edition": ("edition",), "collection-title": ("series",),
    "publisher-place": ("address", "location"), "page": ("pages",), "ISBN": ("isbn",),
    "ISSN": ("issn",), "PMID": ("pmid",), "PMCID": ("pmcid", "pmc"),
    "chapter-number": ("chapter",), "part-number": ("part",), "number-of-volumes": ("volumes",),
    "number-of-pages": ("pagetotal",), "language": ("language",), "accessed": ("urldate",),
    "event-title": ("eventtitle",), "event-date": ("eventdate",), "event-place": ("venue",),
    "original-date": ("origdate",), "original-title": ("origtitle",),
    "original-publisher": ("origpublisher",), "original-publisher-place": ("origlocation",),
    "title-short": ("shorttitle",), "container-title-short": ("shortjournal",),
    "version": ("version",), "genre": ("type",), "status": ("pubstate",), "note": ("note",),
}  # fmt: skip
ROLES: Mapping[str, str] = {
    "editor": "editor", "translator": "translator", "bookauthor": "container-author",
    "director": "director", "compiler": "compiler", "illustrator": "illustrator",
    "narrator": "narrator",
}  # fmt: skip
"""The roles of people other than authors, by field."""

BIBLATEX_ONLY = frozenset("journaltitle location date eprinttype eprintclass annotation".split())
"""Fields that BibTeX's styles do not know under these names."""

_BIBLATEX_NAMES = {"address": "location", "journal": "journaltitle", "school": "institution"}


@lru_cache(maxsize=256)
def fields_of(kind: str) -> Mapping[str, tuple[str, ...]]:
    """Return the fields that hold each variable in an entry type, the likeliest first."""
    fields = dict(_SIMPLE)
    if kind in ARTICLES:
        fields |= {"issue": ("number", "issue"), "number": ("eid",)}
    elif kind in BOOKS | IN_BOOKS and kind not in ("manual", "booklet"):
        fields |= {"collection-number": ("number",), "issue": ("issue",)}
    else:
        fields |= {"number": ("number",), "issue": ("issue",)}
    if kind in IN_BOOKS:
        fields["container-title"] = ("booktitle", "journal", "journaltitle")
    elif kind not in BOOKS | THESIS_TYPES | REPORT_TYPES:
        fields["container-title"] = ("journal", "journaltitle", "booktitle")
    if kind in THESIS_TYPES:
        fields["publisher"] = ("school", "institution", "publisher")
    elif kind in REPORT_TYPES:
        fields["publisher"] = ("institution", "organization", "school", "publisher")
    elif kind == "manual":
        fields["publisher"] = ("organization", "publisher", "institution")
    elif kind in ARTICLES:
        fields["publisher"] = ("publisher",)
    else:
        fields["publisher"] = ("publisher", "organization", "institution")
    return fields


@lru_cache(maxsize=256)
def variables_of(kind: str) -> Mapping[str, str]:
    """Return the variable of each field in an entry type."""
    fields = fields_of(kind)
    return {field: variable for variable, names in fields.items() for field in names}


def field_for(variable: str, kind: str, *, biblatex: bool) -> str:
    """Return the field in which a variable is written; "" if an entry type has none."""
    names = fields_of(kind).get(variable, ())
    if not names:
        return ""
    return _BIBLATEX_NAMES.get(names[0], names[0]) if biblatex else names[0]


def entry_type(csl_type: str, genre: str, *, preprint: bool, url: bool, biblatex: bool) -> str:
    """Return the entry type for a CSL type; works that neither dialect knows are `misc`."""
    if csl_type == "thesis" and not biblatex:
        doctoral = not genre or any(
            word in genre.lower() for word in ("phd", "doc", "diss", "ph.d")
        )
        return "phdthesis" if doctoral else "mastersthesis"
    if csl_type in ("article", "document", "webpage", "") and biblatex and (preprint or url):
        return "online"
    if biblatex and csl_type in _BIBLATEX_TYPES:
        return _BIBLATEX_TYPES[csl_type]
    return _ENTRY_TYPES.get(csl_type, "misc")


def in_bibtex(kind: str, genre: str) -> str:
    """Return the BibTeX equivalent of an entry type, or the type itself."""
    if kind == "thesis":
        return entry_type("thesis", genre, preprint=False, url=False, biblatex=False)
    return _IN_BIBTEX.get(kind, kind)
