"""EndNote tagged text (.enw), which Google Scholar and publishers offer; also Refer and BibIX.

The tags: https://en.wikipedia.org/wiki/EndNote#Tags_and_fields and refer(1). They are read as those
of RIS, which has a tag for each.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from index.formats import ris
from index.formats.base import Format
from index.formats.records.tagged_text import Fields, Tagging, read_tagged
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.paper import Paper

_TAGGING = Tagging(re.compile(r"%([^\s\w]|\w)(?:[ \t](.*)|[ \t]*$)", re.ASCII), frozenset("0"),
                   lists=frozenset("K"))  # fmt: skip
TYPES = {
    "journal article": "JOUR", "electronic article": "EJOUR", "magazine article": "MGZN",
    "newspaper article": "NEWS", "book": "BOOK", "edited book": "EDBOOK",
    "electronic book": "EBOOK", "book section": "CHAP",
    "electronic book section": "ECHAP", "conference paper": "CPAPER",
    "conference proceedings": "CONF", "thesis": "THES", "report": "RPRT", "generic": "GEN",
    "manuscript": "MANSCPT", "unpublished work": "UNPB", "web page": "ELEC", "blog": "BLOG",
    "patent": "PAT", "computer program": "COMP", "dataset": "DATA", "standard": "STAND",
    "encyclopedia": "ENCYC", "dictionary": "DICT", "government document": "GOVDOC",
    "serial": "SER", "map": "MAP", "case": "CASE", "statute": "STAT", "bill": "BILL",
    "hearing": "HEAR", "pamphlet": "PAMP", "artwork": "ART", "film or broadcast": "MPCT",
    "conference proceeding": "CONF", "book, section": "CHAP", "book, whole": "BOOK",
    "book, edited": "EDBOOK", "dissertation/thesis": "THES", "journal, electronic": "EJOUR",
}  # fmt: skip
"""The RIS types of EndNote's and RefWorks' reference types."""

_RIS_TAGS = {"A": "AU", "E": "A2", "?": "A4", "Y": "A3", "T": "TI", "B": "T2", "J": "JF", "S": "T3",
             "D": "PY", "V": "VL", "N": "IS", "P": "SP", "I": "PB", "C": "CY", "R": "DO",
             "U": "UR", "K": "KW", "X": "AB", "@": "SN", "7": "ET", "8": "DA", "9": "M3",
             "F": "ID", "G": "LA", "L": "CN", "M": "AN", "!": "ST", "6": "NV"}  # fmt: skip


def recognise(head: str) -> bool:
    """Return whether a text begins with a record: its type, or an author and a title."""
    start = re.sub(r"\r\n?", "\n", head.lstrip("\ufeff \t\r\n"))
    if re.match(r"%0 [A-Z][A-Za-z ]{2,40}\r?\n%[A-Z0-9@] ", start):
        return True
    return (
        bool(re.match(r"%[ATKDJ] \S", start)) and len(re.findall(r"^%[ATD] \S", start, re.M)) >= 3
    )


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of a file."""
    return read_tagged(stream, _TAGGING, _paper)


def _paper(fields: Fields) -> Paper:
    found: dict[str, list[str]] = {}
    for tag, texts in fields.items():
        found.setdefault(_RIS_TAGS.get(tag, ""), []).extend(texts)
    found.pop("", None)
    kind = next(iter(fields.get("0", ())), "").strip().lower()
    found["TY"] = [TYPES.get(kind, "JOUR" if "J" in fields else "GEN")]
    year = next(iter(found.get("PY", ())), "")
    found["DA"] = [d if year in d else f"{d} {year}" for d in found.get("DA", ())]  # May 3
    found["KW"] = split_keywords(found.get("KW", ()))
    found["AU"] = [name.rstrip(",") for text in found.get("AU", ()) for name in text.split("; ")]
    return ris.paper_of(found)


def split_keywords(texts: "list[str] | tuple[str, ...]") -> list[str]:
    """Return keywords, which may be on one line each or separated by semicolons or commas."""
    words = [word for text in texts for word in re.split(r"\s*[;\r\n]\s*", text)]
    if len(texts) == 1 and len(words) == 1:
        words = re.split(r",\s+", words[0])
    return [word for word in words if word]


FORMAT = Format(
    name="enw", label="EndNote tagged text", endings=(".enw",), recognise=recognise, read=read
)
