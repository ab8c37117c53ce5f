"""ACL Anthology's XML: a collection of volumes, each with its papers.

The format: https://github.com/acl-org/acl-anthology/blob/master/data/xml/schema.rnc
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from index.formats.base import Format
from index.formats.records.dates import iso_date
from index.formats.records.entries import number_entries
from index.formats.records.xml_records import element, records, root_name, text_of
from index.papers.citation import Citation, build_citation
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.names import Name, build_name, is_suffix
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SITE = "https://aclanthology.org/"

_VOLUME = re.compile(r"<volume\b[^>]*>")
_ANTHOLOGY_ID = re.compile(r"[A-Z]\d{2}-\d{4}|\d{4}\.[\w-]+\.\d+", re.ASCII)
_OLD_VOLUME = re.compile(r"<volume\s+id=[\"'][A-Z]\d\d[\"']")


def recognise(head: str) -> bool:
    """Return whether a text is the beginning of a collection of volumes."""
    root = root_name(head)
    return (root == "collection" and bool(_VOLUME.search(head))) or (
        root == "volume" and bool(_OLD_VOLUME.search(head))
    )


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of a collection without the front matter of volumes."""
    return number_entries(_entries(stream))


def _entries(stream: BinaryIO) -> Iterator[tuple[int, Paper | str]]:
    venue = date = ""
    volume = build_citation()
    for record in records(stream, ("meta", "paper")):
        if _VOLUME.search(record.before):
            venue = date = ""  # those of the previous volume
        try:
            entry = element(record)
        except ValueError as error:
            yield record.line, str(error)
            continue
        if entry.tag == "meta":
            venue = text_of(entry, "journal-title") or _text_with_math(entry.find("booktitle"))
            date, volume = _date(entry), _citation(entry)
        # The front matter of volumes before 2020 is number 0 of its volume: P17-1000.
        elif not entry.get("id", "").endswith("00") or entry.find("author") is not None:
            yield record.line, _paper(entry, venue, date, volume)


def _paper(entry: "Element", venue: str, date: str, volume: Citation) -> Paper:
    place = text_of(entry, "url").strip()
    found = _ANTHOLOGY_ID.fullmatch(place.removesuffix(".pdf").rstrip("/").rpartition("/")[2])
    anthology_id = found[0] if found else ""
    code = [found.get("url", "") for found in entry.iterfind("pwccode")]
    place_of = _text_with_math(entry.find("booktitle")) or text_of(entry, "journal") or venue
    own = _citation(entry)
    citation = build_citation(
        {**dict(volume.values), **dict(own.values), "container-title": place_of},
        {**dict(volume.people), **dict(own.people)},
    )
    return build_paper(
        id=text_of(entry, "bibkey") or anthology_id,
        title=_text_with_math(entry.find("title")),
        abstract=_text_with_math(entry.find("abstract")),
        names=map(_name, entry.findall("author")),
        date=_date(entry) or date,
        venue=place_of,
        url=f"{SITE}{anthology_id}/" if anthology_id else place,
        urls=code,
        doi=text_of(entry, "doi"),
        type="article-journal"
        if citation.get("volume") and journal_like(place_of)
        else "paper-conference"
        if place_of
        else "",
        citation=citation,
    )


def journal_like(venue: str) -> bool:
    """Return whether a venue of the anthology is a journal."""
    return bool(
        re.search(r"Transactions|Journal|Computational Linguistics$|Squib", venue)
    ) and not (re.search(r"Proceedings|Findings|Workshop|Conference", venue))


def _citation(entry: "Element") -> Citation:
    """Return the citation of a paper, or of the volume that it is in."""
    fields = {
        "publisher": "publisher", "publisher-place": "address", "ISBN": "isbn", "page": "pages",
        "volume": "journal-volume", "issue": "journal-issue", "language": "language",
    }  # fmt: skip
    values = {name: clean(text_of(entry, field)) for name, field in fields.items()}
    values["status"] = "retracted" if entry.find("retracted") is not None else ""
    values["page"] = re.sub(r"\s*[\u2013-]+\s*", "-", values["page"])
    return build_citation(values, {"editor": [_name(one) for one in entry.findall("editor")]})


def _name(person: "Element") -> Name:
    """Return a name in Latin script; a variant in another script may be nested below."""
    first, last = (clean(text_of(person, part)) for part in ("first", "last"))
    if not last:
        return Name(literal=first or clean(person.text or ""))
    family, _, suffix = last.rpartition(" ")
    if family and is_suffix(suffix):  # Allen Jr.
        return build_name(family.rstrip(","), first, suffix, comma_suffix=family.endswith(","))
    return build_name(last, first)


def _date(known: "Element") -> str:
    year, month = text_of(known, "year").strip(), text_of(known, "month").strip()
    return iso_date(f"{re.split('[^A-Za-z]', month)[0]} {year}") or iso_date(year)


def _text_with_math(marked: "Element | None") -> str:
    """Return the text of a title or an abstract, with its formulas as `$…$`."""
    if marked is None:
        return ""
    for formula in marked.iter("tex-math"):
        formula.text, formula[:] = f"${text_of(formula).strip()}$", []
    return text_of(marked)


FORMAT = Format(name="acl", label="ACL Anthology XML", endings=(), recognise=recognise, read=read)
