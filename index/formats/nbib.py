"""MEDLINE text, which PubMed saves as .nbib or .txt.

The format: https://www.nlm.nih.gov/bsd/mms/medlineelements.html. A field has a tag of up to four
letters, a hyphen in column 5 and its text from column 7; continuation lines are indented. https://pubmed.ncbi.nlm.nih.gov/help/#pubmed-format
"""

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from index.formats.base import Format
from index.formats.pubmed import PAGE, clean_title
from index.formats.records.dates import best_date
from index.formats.records.decoding import lines
from index.formats.records.entries import number_entries
from index.formats.records.names import medline_name, split_et_al
from index.papers.citation import Citation, build_citation
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.identifiers import parse_arxiv
from index.papers.names import Name, parse_inverted
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean

MAX_RECORD_LINES = 50_000
"""Papers with 3,000 authors have about 20,000."""

_FIELD = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}-(?: (.*))?$")
_PMID = re.compile(r"PMID {0,2}- ?(\d+)")
_TAGS = frozenset(
    "OWN STAT DCOM LR VI IP DP TI PG LID AB FAU AU AD LA GR PT PL TA JT JID SB MH PMC PMCR MID EDAT"
    " MHDA CRDT PHST AID PST SO OT BTI CTI DEP CN TT AUID RN EIN CIN CDAT".split()
)

Fields = Mapping[str, list[str]]


def recognise(head: str) -> bool:
    """Return whether a text begins with a MEDLINE record."""
    first = head.lstrip("\ufeff \t\r\n")
    if _PMID.match(first):
        return True
    beginning = re.split(r"\r\n?|\n", first, maxsplit=40)[:40]
    tags = [match[1] for line in beginning if (match := _FIELD.match(line.rstrip()))]
    begins = _FIELD.match(beginning[0].rstrip()) is not None
    # RIS tags have two letters, too.
    return begins and "TY" not in tags and any(tag in _TAGS and len(tag) > 2 for tag in tags)


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of a file in MEDLINE format."""
    return number_entries(_entries(stream))


def _entries(stream: BinaryIO) -> Iterator[tuple[int, Paper | str]]:
    for line, fields in _records(stream):
        yield line, fields if isinstance(fields, str) else _paper(fields)


def _records(stream: BinaryIO) -> Iterator[tuple[int, Fields | str]]:
    """Yield the first line of each record, and its fields or why it is skipped.

    A record begins with its PMID if the previous one has one, else after a blank line.
    """
    start, fields, last, is_after_blank = 0, dict[str, list[str]](), "", False
    for number, line in lines(stream):
        match = _field(line)
        if match and (match[0] == "PMID" or (is_after_blank and "PMID" not in fields)) and fields:
            yield start, fields
            start, fields = 0, {}
        if match:
            start, last = start or number, match[0]
            fields.setdefault(last, []).append(match[1])
        elif line.strip() and last in fields:
            fields[last][-1] += " " + line.strip()
        is_after_blank = not line.strip()
        if start and number - start > MAX_RECORD_LINES:
            yield start, f"longer than {MAX_RECORD_LINES:,} lines; separate records by blank lines"
            start, fields, last = 0, {}, ""
    if fields:
        yield start, fields


def _field(line: str) -> tuple[str, str] | None:
    """Return the tag and the text of the first line of a field; None for other lines."""
    line = line.lstrip("\ufeff")
    if match := _PMID.match(line):
        return "PMID", match[1]
    match = _FIELD.match(line)
    return (match[1], (match[2] or "").strip()) if match else None


def _paper(fields: Fields) -> Paper:
    def texts(*tags: str) -> list[str]:
        return [text for tag in tags for text in fields.get(tag, ()) if text]

    pmid = next(iter(texts("PMID")), "")
    written, et_al = split_et_al(texts("FAU") or texts("AU"))
    names = [parse_inverted(name) if texts("FAU") else medline_name(name) for name in written]
    names += [Name(literal=clean(name)) for name in texts("CN")]
    places = texts("LID", "AID", "SO")
    titles = [" ".join(texts(tag)) for tag in ("TI", "TT", "BTI", "CTI")]
    title = clean_title(next((text for text in titles if text), ""))
    venues = texts("JT", "TA", "BTI", "CTI")
    kind, citation = _citation(fields, pmid, title)
    return build_paper(
        id=pmid,
        title=title,
        abstract=" ".join(texts("AB") or texts("OAB")),
        names=names,
        et_al=et_al,
        date=best_date(*texts("DP", "DEP")),
        venue=next((venue for venue in venues if venue != title), ""),
        url=f"{PAGE}{pmid}/" if pmid else "",
        arxiv_id=next(filter(None, (parse_arxiv(p) for p in places if "arxiv" in p.lower())), ""),
        doi=next((p for p in places if p.lower().endswith("[doi]")), ""),
        keywords=[
            *(text.lstrip("*") for text in texts("OT")),
            *(text.partition("/")[0].lstrip("*") for text in texts("MH")),
        ],
        type=kind,
        citation=citation,
    )


def _citation(fields: Fields, pmid: str, title: str) -> tuple[str, Citation]:
    """Return the CSL type and the citation of a record."""

    def text(*tags: str) -> str:
        return next((text for tag in tags for text in fields.get(tag, ()) if text), "")

    genres = [genre.lower() for genre in fields.get("PT", ())]
    is_book = not text("JT", "TA") and bool(text("BTI", "PB", "ISBN") or "book" in genres)
    in_book = is_book and clean_title(text("BTI")) not in ("", title)
    kind = "chapter" if in_book else "book" if is_book else "article-journal"
    if "preprint" in genres:
        kind = "article"
    container = text("BTI") if in_book else "" if is_book else text("JT", "TA")
    values = {
        "container-title": clean_title(container),
        "container-title-short": text("TA") if text("JT") else "",
        "collection-title": text("CTI"),
        "original-title": clean_title(text("TT")) if text("TI", "BTI") else "",
        "volume": text("VI"),
        "issue": text("IP"),
        "page": text("PG"),
        "publisher": text("PB"),
        "publisher-place": text("PL") if is_book else "",
        "edition": text("EN"),
        "ISBN": text("ISBN").partition(" (")[0].removeprefix("ISBN").strip(" :"),
        "ISSN": text("IS").partition(" (")[0],
        "language": text("LA"),
        "PMID": pmid,
        "PMCID": text("PMC"),
    }
    editors = [parse_inverted(name) for name in fields.get("FED") or ()]
    editors = editors or [medline_name(name) for name in fields.get("ED") or ()]
    return kind, build_citation(values, {"editor": editors})


FORMAT = Format(
    name="nbib", label="MEDLINE (nbib)", endings=(".nbib",), recognise=recognise, read=read
)
