"""EndNote XML, the export format of EndNote and others.

The format: RSXML.dtd of EndNote, https://endnote.com/. Its fields are read as the tags of RIS.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from index.formats import ris
from index.formats.base import Format
from index.formats.enw import TYPES, split_keywords
from index.formats.records.entries import number_entries
from index.formats.records.xml_records import element, records, root_name, text_of
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.paper import Paper

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_PATHS = {
    "AU": "contributors/authors/author", "A2": "contributors/secondary-authors/author",
    "A3": "contributors/tertiary-authors/author", "A4": "contributors/translated-authors/author",
    "TI": "titles/title", "T2": "titles/secondary-title", "T3": "titles/tertiary-title",
    "ST": "titles/short-title", "JF": "periodical/full-title", "JA": "periodical/abbr-1",
    "SP": "pages", "VL": "volume", "IS": "number", "ET": "edition", "PB": "publisher",
    "CY": "pub-location", "SN": "isbn", "DO": "electronic-resource-num", "AB": "abstract",
    "LA": "language", "CN": "call-num", "AN": "accession-num", "ID": "label", "M3": "work-type",
    "KW": "keywords/keyword", "UR": "urls/related-urls/url", "L1": "urls/pdf-urls/url",
    "PY": "dates/year", "DA": "dates/pub-dates/date",
}  # fmt: skip


def recognise(head: str) -> bool:
    """Return whether a text is XML of EndNote."""
    if root_name(head) not in ("xml", "records"):
        return False
    return bool(re.search(r"<records>\s*<record>|<ref-type\b|<source-app name=\"EndNote", head))


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of a file."""
    return number_entries(_entries(stream))


def _entries(stream: BinaryIO) -> Iterator[tuple[int, Paper | str]]:
    for record in records(stream, ("record",)):
        try:
            yield record.line, _paper(element(record))
        except ValueError as error:
            yield record.line, str(error)


def _paper(record: "Element") -> Paper:
    found = {
        tag: [" ".join(text_of(each).split()) for each in record.iterfind(path)]
        for tag, path in _PATHS.items()
    }
    kind = record.find("ref-type")
    named = (kind.get("name", "") if kind is not None else "").lower()
    found["TY"] = [TYPES.get(named, "JOUR" if any(found["JF"]) else "GEN")]
    found["L1"] = [link for link in found["L1"] if link.startswith("http")]  # others are local
    found["KW"] = split_keywords(found["KW"])
    year = next(iter(found["PY"]), "")
    found["DA"] = [date if year in date else f"{date} {year}" for date in found["DA"] if date]
    return ris.paper_of(found)


FORMAT = Format(name="endnote-xml", label="EndNote XML", endings=(), recognise=recognise, read=read)
