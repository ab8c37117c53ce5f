"""Web of Science: tagged text, as saved with "Plain text file".

The tags: https://images.webofknowledge.com/images/help/WOS/hs_wos_fieldtags.html. They are read as
those of RIS, which has a tag for each.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from index.formats import ris
from index.formats.base import Format
from index.formats.records.dates import best_date
from index.formats.records.tagged_text import Fields, Tagging, read_tagged
from index.papers.citation import build_citation, merge_citations
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.paper import Paper

_LINE = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|[ \t]*$)", re.ASCII)
_TAGGING = Tagging(
    _LINE, frozenset(("PT",)), frozenset(("ER", "EF")),
    frozenset("AU AF BA BF CA BE ED GP C1 CR".split()),
)  # fmt: skip
_TYPES = {"J": "JOUR", "B": "BOOK", "S": "CHAP", "C": "CONF", "P": "PAT"}
_RIS_TAGS = {"TI": "TI", "VL": "VL", "IS": "IS", "BP": "SP", "EP": "EP", "DI": "DO", "AB": "AB",
             "PU": "PB", "PI": "CY", "LA": "LA", "SE": "T3", "J9": "JA", "UT": "AN", "PN": "M1",
             "BE": "A2", "ED": "A2", "SN": "SN"}  # fmt: skip

_EVENT = {"event-title": "CT", "event-place": "CL"}


def recognise(head: str) -> bool:
    """Return whether a text begins with the head of an export, or with a record."""
    start = re.sub(r"\r\n?", "\n", head.lstrip("\ufeff \t\r\n"))
    if re.match(r"FN (?:Clarivate|Thomson|ISI)", start):
        return True
    return bool(
        re.match(r"(?:FN [^\n]*\n(?:VR [^\n]*\n)?)?PT [JBSCP]\r?\n(?:AU|TI|BA|CA|GP) ", start)
    )


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of a file."""
    return read_tagged(stream, _TAGGING, _paper_of)


def _paper_of(fields: Fields) -> Paper | None:
    if not set(fields) - {"FN", "VR"}:
        return None
    found: dict[str, list[str]] = {"TY": [_type(fields)]}
    for tag, to in _RIS_TAGS.items():
        found.setdefault(to, []).extend(fields.get(tag, ()))
    if not found["SP"]:
        found["SP"] = list(fields.get("AR", ()))  # the number of an article without pages
    found["SN"] = found["SN"] or [*fields.get("BN", ()), *fields.get("EI", ())]
    found["AU"] = [*(fields.get("AF") or fields.get("AU") or ()), *fields.get("CA", ())]
    found["T2" if found["TY"] != ["JOUR"] else "JF"] = list(fields.get("SO", ()))
    found["KW"] = [
        word for text in fields.get("DE", ()) for word in re.split(r";\s*", text) if word
    ]
    years = " ".join(fields.get("PY", ())[:1])
    found["PY"] = [best_date(years, *(f"{day} {years}" for day in fields.get("PD", ())))]
    paper = ris.paper_of(found)
    event = {name: " ".join(fields.get(tag, ())[:1]) for name, tag in _EVENT.items()}
    return replace(
        paper, citation=merge_citations(paper.citation, build_citation(event), whole=True)
    )


def _type(fields: Fields) -> str:
    kind = _TYPES.get(next(iter(fields.get("PT", ())), ""), "JOUR")
    kinds = " ".join(fields.get("DT", ())).lower()
    if "proceedings paper" in kinds and kind != "JOUR":
        return "CONF"
    return "CHAP" if kind == "BOOK" and "chapter" in kinds else kind


FORMAT = Format(
    name="wos", label="Web of Science, tagged text", endings=(".ciw", ".isi"),
    recognise=recognise, read=read,
)  # fmt: skip
