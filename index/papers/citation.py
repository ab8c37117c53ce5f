"""`Citation`, the bibliographic facts of a paper as CSL 1.0.2 variables.

`Paper` has its own fields for title, abstract, authors, date, DOI, URL and keywords; all other
variables are here: container-title, volume, page, publisher, editor and so on.
https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables

Fields of a file that no variable holds are kept as they came, with the entry's type, so that an
export in the same format restores them (`KeptFields`); in CSL they belong to `custom`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index.papers.json_values import as_number, inner, inners
from index.papers.names import Name, from_csl, readable_name, to_csl
from index.text.cleaning import MAX_FIELD_CHARS, clean
from index.text.latex.reading import readable

TEXT_VARIABLES = frozenset(
    """annote archive archive_collection archive_location archive-place authority call-number
    citation-label collection-title container-title container-title-short dimensions division
    event-title event-place genre ISBN ISSN jurisdiction language license medium note
    original-publisher original-publisher-place original-title part-title PMCID PMID publisher
    publisher-place references reviewed-genre reviewed-title scale source status title-short
    volume-title year-suffix""".split()
)
NUMBER_VARIABLES = frozenset(
    """chapter-number citation-number collection-number edition issue locator number number-of-pages
    number-of-volumes page page-first part-number printing-number section supplement-number version
    volume""".split()
)
DATE_VARIABLES = frozenset(
    "accessed available-date event-date original-date submitted".split()
)  # fmt: skip
"""Dates, stored as ISO 8601: 2020-05, 2020-05-01/2020-05-03; other text is stored as it is."""

NAME_VARIABLES = frozenset(
    """chair collection-editor compiler composer container-author contributor curator director
    editor editor-translator editorial-director executive-producer guest host illustrator
    interviewer narrator organizer original-author performer producer recipient reviewed-author
    script-writer series-creator translator""".split()
)
VARIABLES = TEXT_VARIABLES | NUMBER_VARIABLES | DATE_VARIABLES
_LINES = frozenset(("note", "annote"))
_READABLE = frozenset(
    """collection-title container-title container-title-short event-place event-title genre
    original-title part-title publisher publisher-place reviewed-title title-short
    volume-title""".split()
)
"""Variables whose LaTeX is decoded for reading; names and titles, not identifiers."""

TYPES = frozenset(
    """article article-journal article-magazine article-newspaper bill book broadcast chapter
    classic collection dataset document entry entry-dictionary entry-encyclopedia event figure
    graphic hearing interview legal_case legislation manuscript map motion_picture
    musical_score pamphlet paper-conference patent performance periodical personal_communication
    post post-weblog regulation report review review-book software song speech standard thesis
    treaty webpage
    """.split()
)
"""The types of CSL 1.0.2."""

CONTAINED_TYPES = frozenset(
    """article-journal article-magazine article-newspaper chapter entry entry-dictionary
    entry-encyclopedia paper-conference post post-weblog review review-book""".split()
)
"""Types of works that appear in another work, their container."""

PREPRINT_TYPES = frozenset(("", "article", "document", "manuscript", "webpage"))
"""Types that a record of the published version replaces."""

MAX_KEPT_FIELDS = 300


@dataclass(frozen=True, slots=True)
class KeptFields:
    """The fields of an entry that no variable holds, as names and values as they were written.

    `format` is the name of a format, `type` the entry's type there. A repeated field has several
    pairs, one after the other.
    """

    format: str
    type: str
    fields: tuple[tuple[str, str], ...] = ()

    def every(self, name: str) -> list[str]:
        """Return all values of a field."""
        return [value for known, value in self.fields if known == name]


@dataclass(frozen=True, slots=True)
class Citation:
    """CSL variables: `values` by variable, `people` by role, and the `kept` fields of files.

    All three are sorted and hashable; see `build_citation`.
    """

    values: tuple[tuple[str, str], ...] = ()
    people: tuple[tuple[str, tuple[Name, ...]], ...] = ()
    kept: tuple[KeptFields, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything is known."""
        return bool(self.values or self.people or self.kept)

    def get(self, *variables: str) -> str:
        """Return the value of the first of these variables that is known, else ""."""
        known = dict(self.values)
        return next((known[name] for name in variables if name in known), "")

    def names(self, role: str) -> tuple[Name, ...]:
        """Return the names in a role, such as editor."""
        return dict(self.people).get(role, ())

    @property
    def is_retracted(self) -> bool:
        """Whether a source says that the work was retracted."""
        return self.get("status").lower() == "retracted"

    def kept_in(self, format: str) -> KeptFields | None:
        """Return the fields kept from a format; None if there are none."""
        return next((kept for kept in self.kept if kept.format == format), None)


NO_CITATION = Citation()


def build_citation(
    values: Mapping[str, str] | None = None,
    people: Mapping[str, Iterable[Name]] | None = None,
    kept: Iterable[KeptFields] = (),
) -> Citation:
    """Return a citation of clean values; names that are not variables of CSL are dropped."""
    known = {
        name: clean_value(name, value)
        for name, value in (values or {}).items()
        if value and name in VARIABLES
    }
    named = {
        role: tuple(dict.fromkeys(map(readable_name, names)))
        for role, names in (people or {}).items()
        if role in NAME_VARIABLES
    }
    if not known and not named and not kept:
        return NO_CITATION
    return Citation(
        tuple(sorted((name, value) for name, value in known.items() if value)),
        tuple(sorted((role, names) for role, names in named.items() if names)),
        tuple(sorted(map(_clean_kept, kept), key=lambda one: one.format)),
    )


def clean_value(variable: str, value: str) -> str:
    """Return the value of a variable, cleaned, and decoded if it is read by people."""
    shown = clean(value, lines=variable in _LINES)
    return readable(shown) if variable in _READABLE else shown


def _clean_kept(kept: KeptFields) -> KeptFields:
    grouped: dict[str, list[str]] = {}
    for name, value in kept.fields[:MAX_KEPT_FIELDS]:
        if (shown := clean(value, lines=True)) and (name := clean(name)):
            grouped.setdefault(name, []).append(shown)
    fields = tuple((name, value) for name, values in grouped.items() for value in values)
    return KeptFields(clean(kept.format), clean(kept.type), fields)


# -- CSL objects -----------------------------------------------------------------------------------


def citation_from_csl(shape: Mapping[str, object]) -> Citation:
    """Return the citation of a CSL object; other keys, and values of a wrong type, are ignored."""
    values: dict[str, str] = {}
    people: dict[str, list[Name]] = {}
    for name, value in shape.items():
        if name in DATE_VARIABLES:
            values[name] = date_from_csl(value)
        elif name in VARIABLES:
            values[name] = _text_of(value)
        elif name in NAME_VARIABLES:
            people[name] = [n for each in inners(shape, name) if (n := from_csl(each))]
    kept = [
        _kept_from_json(name, fields)
        for name, fields in inner(shape, "custom").items()
        if isinstance(fields, dict)
    ]
    return build_citation(values, people, [one for one in kept if one])


def citation_to_csl(citation: Citation) -> dict[str, object]:
    """Return a citation as a CSL object, which `citation_from_csl` reads back."""
    shape: dict[str, object] = {
        name: date_to_csl(value) if name in DATE_VARIABLES else value
        for name, value in citation.values
    }
    shape |= {role: [to_csl(name) for name in names] for role, names in citation.people}
    if citation.kept:
        shape["custom"] = {one.format: _kept_to_json(one) for one in citation.kept}
    return shape


def _text_of(value: object) -> str:
    """Return a text or number as text; the first of a list."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, str):
        return value[:MAX_FIELD_CHARS]
    number = as_number(value)
    return "" if number is None else str(number)


def _kept_to_json(kept: KeptFields) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, _ in kept.fields:
        values = kept.every(name)
        fields[name] = values if len(values) > 1 else values[0]
    return {"type": kept.type, "fields": fields}


def _kept_from_json(format: str, shape: Mapping[str, object]) -> KeptFields | None:
    written = shape.get("type")
    pairs = [
        (name, each)
        for name, value in inner(shape, "fields").items()
        for each in (value if isinstance(value, list) else [value])
        if isinstance(each, str)
    ]
    kind = written if isinstance(written, str) else ""
    return KeptFields(format, kind, tuple(pairs)) if kind or pairs else None


_DATE = r"\d{4}(?:-\d\d(?:-\d\d)?)?"
_DATES = re.compile(rf"({_DATE})(?:/({_DATE}))?", re.ASCII)


def date_to_csl(date: str) -> dict[str, object]:
    """Return a date or a range as a CSL date; text of any other form as `literal`."""
    match = _DATES.fullmatch(date)
    if not match:
        return {"literal": date}
    return {"date-parts": [list(map(int, part.split("-"))) for part in match.groups() if part]}


def date_from_csl(value: object) -> str:
    """Return a CSL date as ISO 8601, a range with `/`; "" if it has none.

    A season is added to its year as text; `raw` and `literal` dates are returned as they are.
    """
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        return ""
    parts = value.get("date-parts")
    dates = []
    for date in parts if isinstance(parts, list) else ():
        numbers = [as_number(part) for part in (date if isinstance(date, list) else [date])][:3]
        if numbers and numbers[0] and 0 < numbers[0] <= 9999:
            known = [n for n in numbers[1:] if n and 0 < n <= 31]
            dates.append("-".join([f"{numbers[0]:04}", *(f"{n:02}" for n in known)]))
    if dates:
        return "/".join(dates[:2])
    return next((v for n in ("raw", "literal") if isinstance(v := value.get(n), str)), "")


def without_kept(citation: Citation, is_left_out: Callable[[str], bool]) -> Citation:
    """Return a citation without the kept fields whose names are left out."""
    if not citation.kept:
        return citation
    kept = tuple(
        replace(one, fields=tuple(pair for pair in one.fields if not is_left_out(pair[0])))
        for one in citation.kept
    )
    return replace(citation, kept=kept)


# -- merging ---------------------------------------------------------------------------------------


def merge_citations(known: Citation, new: Citation, *, whole: bool) -> Citation:
    """Return a citation with its missing values filled in from another of the same paper.

    With `whole`, all of them; otherwise the two are of different publications (a report and the
    article made from it), so that only the fields kept from other formats are added.
    """
    if not new or new == known:
        return known
    if not known:
        return new if whole else replace(NO_CITATION, kept=new.kept)
    values, people = dict(known.values), dict(known.people)
    if whole:
        values = {**dict(new.values), **values}
        people = {**dict(new.people), **people}
        people |= {
            role: names
            for role, names in new.people
            if len(names) > len(known.names(role)) and _begins(names, known.names(role))
        }
    kept = {one.format: one for one in new.kept}
    kept |= {one.format: _merge_kept(one, kept.get(one.format)) for one in known.kept}
    return Citation(
        tuple(sorted(values.items())),
        tuple(sorted(people.items())),
        tuple(sorted(kept.values(), key=lambda one: one.format)),
    )


def _begins(names: Sequence[Name], known: Sequence[Name]) -> bool:
    return [name.last for name in names[: len(known)]] == [name.last for name in known]


def _merge_kept(known: KeptFields, new: KeptFields | None) -> KeptFields:
    """Return kept fields with those that only the other entry has, if the types are equal."""
    if new is None or new.type != known.type:
        return known
    names = {name for name, _ in known.fields}
    return replace(known, fields=known.fields + tuple(f for f in new.fields if f[0] not in names))


@lru_cache(maxsize=1024)
def is_preprint_venue(venue: str) -> bool:
    """Return whether a venue is arXiv or another server, which publishes nothing itself."""
    return bool(
        re.match(r"\s*(?:arXiv|CoRR|bioRxiv|medRxiv|chemRxiv|SSRN|PsyArXiv)\b", venue, re.I)
    )
