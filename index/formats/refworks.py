"""RefWorks tagged text, the export format of ProQuest RefWorks.

The tags: https://www.refworks.com/refworks/help/RefWorks_Tagged_Format.htm. They are read as those
of RIS, which has a tag for each.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from index.formats import ris
from index.formats.base import Format
from index.formats.enw import TYPES, split_keywords
from index.formats.records.tagged_text import Fields, Tagging, read_tagged
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.paper import Paper

_TAGS = ("RT|SR|ID|A[1-6]|T[1-3]|JF|JO|YR|FD|VO|IS|SP|OP|K1|AB|NO|ED|PB|PP|SN|AV|AD|AN|LA|CL|SF|OT"
         "|LK|DO|CN|DB|DS|IP|RD|ST|U[1-9]|UL|SL|LL|CR|WT|WV|WP")  # fmt: skip
_TAGGING = Tagging(re.compile(rf"({_TAGS})(?: (.*)|$)", re.ASCII), frozenset(("RT",)))
_RIS_TAGS = {"A1": "AU", "A2": "A2", "A3": "A3", "A4": "A4", "T1": "TI", "T2": "T2", "T3": "T3",
             "JF": "JF", "JO": "JO", "YR": "PY", "FD": "DA", "VO": "VL", "IS": "IS", "SP": "SP",
             "OP": "EP", "PB": "PB", "PP": "CY", "ED": "ET", "SN": "SN", "DO": "DO", "UL": "UR",
             "LK": "UR", "AB": "AB", "LA": "LA", "K1": "KW", "ID": "ID", "AN": "AN"}  # fmt: skip


def recognise(head: str) -> bool:
    """Return whether a text begins with a record, after the head that RefWorks may write."""
    head = re.sub(r"\r\n?", "\n", head)
    start = re.search(r"^RT [A-Z][A-Za-z,/ ]{2,40}$", head[:2000], re.M)
    begins = start and len(head[: start.start()].splitlines()) < 12
    return bool(begins) and bool(re.search(r"^(?:T1|A1|JF|YR|SR) \S", head, re.M))


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of a file."""
    return read_tagged(stream, _TAGGING, _paper_of)


def _paper_of(fields: Fields) -> Paper | None:
    if not ("RT" in fields or "T1" in fields):
        return None
    found: dict[str, list[str]] = {}
    for tag, texts in fields.items():
        found.setdefault(_RIS_TAGS.get(tag, ""), []).extend(texts)
    found.pop("", None)
    kind = next(iter(fields.get("RT", ())), "").strip().lower()
    found["TY"] = [TYPES.get(kind.removeprefix("journal, "), TYPES.get(kind, _guess(kind, fields)))]
    found["KW"] = split_keywords(found.get("KW", ()))
    found["AU"] = [name for text in found.get("AU", ()) for name in text.split(";") if name.strip()]
    return ris.paper_of(found)


def _guess(kind: str, fields: Fields) -> str:
    return "JOUR" if "journal" in kind or "JF" in fields else "GEN"


FORMAT = Format(
    name="refworks", label="RefWorks tagged text", endings=(), recognise=recognise, read=read
)
