"""The paper of one entry of BibTeX or BibLaTeX.

The fields: https://ctan.org/pkg/btxdoc and https://ctan.org/pkg/biblatex (section 2.2).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from index.formats.bib.dates import parse_date
from index.formats.bib.entries import BibRecord
from index.formats.bib.fields import (
    BOOKS,
    CSL_TYPES,
    GENRE_KEYS,
    GENRES,
    IN_BOOKS,
    REPORT_TYPES,
    ROLES,
    THESIS_TYPES,
    fields_of,
    variables_of,
)
from index.formats.bib.groups import Groups, tags
from index.formats.bib.journals import journal
from index.formats.bib.keeping import kept_fields
from index.formats.bib.links import LINK, arxiv_id, doi, links
from index.formats.bib.names import names
from index.formats.bib.written_names import written_form
from index.formats.records.markup import abstract
from index.papers.citation import Citation, build_citation
from index.papers.entries import NO_TITLE
from index.papers.names import Name
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean
from index.text.latex.decoding import plain
from index.text.latex.reading import readable

ET_AL = Name(literal="et al.")
"""Ends a list of editors or translators that names only the first ones."""

_THESIS_VENUES = {"phdthesis": "PhD thesis", "mastersthesis": "Master's thesis", "thesis": "Thesis"}
_PREPRINT = re.compile(r"(?:arXiv|CoRR)\b", re.IGNORECASE)
_CLASS = re.compile(r"\[([A-Za-z-]+(?:\.[A-Za-z-]+)?)\]")
_ENTITY = re.compile(r"&#?\w+;")
_WORDS_APART = re.compile(r"[,;]")
_DASHES = re.compile(r"\s*[\u2012-\u2015-]+\s*")


def paper_of(record: BibRecord, groups: Groups) -> Paper:
    """Return the paper of an entry; raise ValueError if it has no title."""
    title = title_of(record)
    if not title:
        raise ValueError(NO_TITLE)
    people, et_al = names(record.first("author"))
    year, date = date_of(record)
    venue, arxiv = _venue(record), arxiv_id(record)
    own_links = links(record)
    preprint = bool(arxiv) and (not venue or bool(_PREPRINT.match(venue)))
    words, categories = keywords_of(record), categories_of(record)
    tagged = {tag.casefold() for tag in map(clean, record.every("mendeley-tags")) if tag}
    identifier, note = doi(record, own_links), note_of(record)
    page = own_links[0] if own_links else ""
    usual = {
        "doi": " ".join(record.first("doi").split()) if identifier else "",
        "annote": note, "author": author_field(list(dict.fromkeys(people)), et_al), "url": page,
        "eprint": arxiv, "archiveprefix": "arXiv", "primaryclass": " ".join(categories),
        "keywords": ", ".join(words),
    }  # fmt: skip
    return replace(
        build_paper(
            id=plain(record.key),
            title=title,
            abstract=abstract(plain(record.first("abstract"))),
            names=people,
            et_al=et_al,
            year=year,
            date=date,
            venue="arXiv" if arxiv and _PREPRINT.match(venue) else venue,
            url=page,
            urls=own_links[1:],
            arxiv_id=arxiv,
            doi=identifier,
            keywords=[word for word in words if word.casefold() not in tagged],
            categories=categories,
            type=csl_type(record.kind, preprint=preprint),
            citation=citation_of(record, usual, preprint=preprint),
        ),
        tags=tags(tags_of(record, groups)),
        note=note,
        read=is_read(record),
    )


def csl_type(kind: str, *, preprint: bool) -> str:
    """Return the CSL type of an entry type; "" if the type is unknown."""
    if preprint and kind in ("article", "misc", "online", "unpublished", "techreport", "report"):
        return "article"
    return CSL_TYPES.get(kind, "")


def author_field(people: Sequence[Name], et_al: bool) -> str:
    """Return the field `author` of names without special characters."""
    written = [written_form(name, str) for name in people]
    return " and ".join([*written, "others"] if et_al else written)


def citation_of(record: BibRecord, usual: Mapping[str, str], *, preprint: bool) -> Citation:
    """Return the citation of an entry, with the fields that have no variable."""
    values: dict[str, str] = {}
    all_fields, variables = fields_of(record.kind), variables_of(record.kind)
    for variable in {variables[field]: None for field in record.fields if field in variables}:
        if value := variable_value(variable, record.first(*all_fields[variable])):
            values[variable] = value
    if preprint:
        values.pop("container-title", None)
    if not values.get("genre") and GENRES.get(record.kind):
        values["genre"] = GENRES[record.kind]
    people = people_of(record)
    forms = {
        field: author_field([n for n in people[role] if n != ET_AL], ET_AL in people[role])
        for field, role in ROLES.items()
        if role in people
    }
    kept = kept_fields(record, {**usual, **forms}, preprint=preprint)
    return build_citation(values, people, [kept])


def variable_value(variable: str, raw: str) -> str:
    """Return the value of a variable as plain text; ranges of pages have one hyphen."""
    if not raw.strip():
        return ""
    if variable == "container-title" and (known := journal(raw)):
        return known
    text = clean(readable(plain(raw)))
    if variable == "page":
        return ", ".join(_DASHES.sub("-", part).strip() for part in re.split(r",\s*", text))
    if variable == "genre":
        return GENRE_KEYS.get(text.lower(), text)
    return text


def people_of(record: BibRecord) -> Mapping[str, Sequence[Name]]:
    """Return the people of an entry other than its authors, by role."""
    people: dict[str, Sequence[Name]] = {}
    for field in ROLES.keys() & record.fields.keys():
        found, more = names(record.first(field))
        if found:
            people[ROLES[field]] = [*found, ET_AL] if more else found
    return people


def date_of(record: BibRecord) -> tuple[int | None, str | None]:
    """Return the year of an entry, and its date if the month is known."""
    fields = (("date",), ("year",), ("month",), ("day",))
    return parse_date(*(plain(record.first(*names)) for names in fields))


def title_of(record: BibRecord) -> str:
    """Return the title with its subtitle; of a book without one, that of the book."""
    title, subtitle = plain(record.first("title")), plain(record.first("subtitle"))
    if not clean(title):
        other = ("booktitle", "maintitle", "issuetitle") if record.kind in BOOKS else ()
        title = plain(record.first(*other))
    title, subtitle = clean(title), clean(subtitle)
    if title and subtitle and subtitle.lower() not in title.lower():
        title = f"{title}{' ' if title[-1] in '?!.:' else ': '}{subtitle}"
    return title


def _venue(record: BibRecord) -> str:
    kind = record.kind
    if kind in THESIS_TYPES:
        genre = variable_value("genre", record.first("type"))
        return _of(genre or _THESIS_VENUES[kind], record, "school", "institution", "publisher")
    if kind in REPORT_TYPES:
        return _of("Technical report", record, "institution", "organization", "publisher")
    if kind in BOOKS:
        return clean(plain(record.first("publisher", "organization", "institution")))
    places = ["journal", "journaltitle", "shortjournal", "booktitle"]
    if kind in IN_BOOKS:
        places = ["booktitle", "journal", "journaltitle"]
    places += ["eventtitle", "maintitle", "school", "institution", "howpublished"]
    if kind not in IN_BOOKS and kind != "article":
        places += ["organization", "publisher"]
    for name in places:
        place = journal(record.first(name)) or clean(plain(record.first(name))).strip(" ,;")
        if place and not LINK.search(place) and not place.lower().startswith("www."):
            return place
    return ""


def _of(what: str, record: BibRecord, *fields: str) -> str:
    """Return a type of work with its institution: PhD thesis, MIT."""
    place = clean(plain(record.first(*fields)))
    return f"{clean(what)}, {place}" if place else clean(what)


def keywords_of(record: BibRecord) -> list[str]:
    """Return the keywords; commas and semicolons in braces do not separate them."""
    found: list[str] = []
    for value in record.every("keywords", "keyword", "author_keywords", "author-keywords"):
        if "unique-id" in record.fields:  # Web of Science encloses values twice
            value = value.strip().removeprefix("{").removesuffix("}")
        several = any(True for _ in islice(_split(_ENTITY.sub("&", value), ";"), 1, None))
        sign = ";" if several else ","
        found += (clean(plain(part)) for part in _split(value, sign))
    return [word for word in found if word]


def _split(text: str, sign: str) -> Iterator[str]:
    depth = start = 0
    for match in re.finditer(r"\\.|[{},;]", text, re.DOTALL):
        depth = max(0, depth + {"{": 1, "}": -1}.get(match[0], 0))
        if match[0] == sign and depth == 0:
            yield text[start : match.start()]
            start = match.end()
    yield text[start:]


def categories_of(record: BibRecord) -> list[str]:
    """Return the arXiv categories of an entry."""
    found = plain(record.first("primaryclass", "eprintclass"))
    if not found:
        inside = _CLASS.search(record.first("eprint"))
        found = inside[1] if inside else ""
    return [part for part in re.split(r"[,;\s]+", found) if part]


def tags_of(record: BibRecord, groups: Groups) -> Iterator[str]:
    """Yield the groups and tags of an entry, which become tags of the reader."""
    for value in record.every("groups"):
        yield from groups.of(record.key, plain(value))
    if "groups" not in record.fields:
        yield from groups.of(record.key, "")
    for value in record.every("mendeley-groups", "mendeley-tags", "tags"):
        yield from _WORDS_APART.split(plain(value))


def note_of(record: BibRecord) -> str:
    """Return the private note; the field `note` is part of the citation."""
    own = [name for name in record.fields if name.startswith("comment")]
    values = record.every("annote", "annotation", "annotations", "review", *own)
    lines = ("\n".join(plain(line) for line in value.split("\n")) for value in values)
    cleaned = (clean(value, lines=True).strip() for value in lines)
    return clean("\n\n".join(dict.fromkeys(filter(None, cleaned))), lines=True)


def is_read(record: BibRecord) -> bool:
    """Return whether an entry is marked as read."""
    return record.first("readstatus", "read").strip().lower() in ("read", "yes", "1", "true")
