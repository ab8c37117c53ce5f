"""The reader of tables: Carrel's own with their marks, others by column name."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import BinaryIO

from index.formats.records.dates import best_date, iso_date
from index.formats.records.decoding import lines, repair_mojibake
from index.formats.records.entries import number_entries
from index.formats.records.markup import abstract, plain
from index.formats.records.people import parse_names
from index.formats.tables.cells import unescape_formula
from index.formats.tables.columns import (
    CITATION,
    PEOPLE,
    TYPES,
    columns,
    is_header,
    own_columns,
)
from index.formats.tables.rows import cells, rows
from index.papers.citation import Citation, build_citation
from index.papers.entries import NO_TITLE, Origin, ParsedPaper, Skipped
from index.papers.identifiers import links_in, parse_arxiv
from index.papers.json_record import from_json
from index.papers.names import Name, guess_name, parse_inverted, to_csl
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean

DELIMITERS = ",;\t|"

Reader = Callable[[Sequence[str]], Paper | str]

_SEPARATOR_LINE = re.compile(r"sep=([,;\t|])\s*", re.IGNORECASE)
_WITHOUT_CONTAINER = frozenset("book thesis report article manuscript".split())
_LISTS = ("authors", "keywords", "categories", "tags", "sources", "names", *PEOPLE)
_FLAGS = ("bookmarked", "read", "dismissed")


def recognise(head: str) -> bool:
    """Return whether a text begins with a header that names a title and another field."""
    return bool(_dialect(re.split(r"\r\n?|\n", head.lstrip("\ufeff"), maxsplit=3)[:3]))


def _dialect(beginning: Sequence[str]) -> str:
    """Return the delimiter of the header in the first lines; "" if there is none."""
    for line in beginning:
        if line.strip() and not _SEPARATOR_LINE.fullmatch(line):
            known = {d: _known(line, d) for d in DELIMITERS if d in line}
            best = max(known, key=lambda d: known[d], default="")
            return best if best and known[best] else ""
    return ""


def _known(line: str, delimiter: str) -> int:
    """Return the number of known columns in a header; 0 for any other line."""
    with suppress(csv.Error):
        header = cells(line.strip(), delimiter)
        return len(columns(header)) if is_header(header) else 0
    return 0


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of a table; an invalid row costs only itself."""
    return number_entries(_entries(stream))


def _entries(stream: BinaryIO) -> Iterator[tuple[int, Paper | str]]:
    source = ((number, line.replace("\0", "").lstrip("\ufeff")) for number, line in lines(stream))
    source = (line for line in source if not _SEPARATOR_LINE.fullmatch(line[1]))
    header = next((line for line in source if line[1].strip()), (1, ""))
    delimiter = _dialect([header[1]])
    if not delimiter:
        yield header[0], "no header with a title and another field; name columns in line 1"
        return
    reader = _reader(cells(header[1].strip("\r\n"), delimiter))
    for number, row in rows(source, delimiter):
        yield number, row if isinstance(row, str) else reader(row)


def _reader(header: Sequence[str]) -> Reader:
    """Return a function that reads the rows below this header."""
    if own := own_columns(header):
        return lambda row: _own(own, row)
    known = columns(header)
    return lambda row: _foreign(known, row)


def _own(places: dict[str, int], row: Sequence[str]) -> Paper | str:
    """Return the paper of a row written by Carrel, including its marks."""
    shape: dict[str, object] = {}
    for name, place in places.items():
        cell = unescape_formula(row[place]) if place < len(row) else ""
        if name in _LISTS:
            parts = [unescape_formula(part) for part in cell.split("; ")]
            shape[name] = [part for part in parts if part]
        else:
            shape[name] = cell == "true" if name in _FLAGS else cell
    authors, sources = shape.get("authors"), shape.get("sources")
    if isinstance(authors, list) and authors[-1:] == ["et al."]:
        shape["authors"], shape["et_al"] = authors[:-1], True
    if isinstance(sources, list):
        shape["sources"] = [{"name": name} for name in sources]
    people = {name: _csl_names(shape.get(name)) for name in ("names", *PEOPLE)}
    shape["names"] = people["names"]
    shape["citation"] = {variable: shape.get(name) for name, variable in CITATION.items()} | {
        role: people[name] for name, role in PEOPLE.items()
    }
    try:
        return from_json(shape)
    except ValueError as error:
        return str(error)


def _csl_names(written: object) -> list[dict[str, object]]:
    """Return the names in a list of texts as CSL objects."""
    names = written if isinstance(written, list) else []
    return [to_csl(parse_inverted(name)) for name in names]


def _foreign(places: dict[str, list[int]], row: Sequence[str]) -> Paper | str:
    def texts(field: str) -> list[str]:
        found = (row[place] for place in places.get(field, ()) if place < len(row))
        return [unescape_formula(repair_mojibake(text)) for text in found if text.strip()]

    def text(field: str) -> str:
        return next(iter(texts(field)), "")

    title = plain(text("title"))
    if not clean(title):
        return NO_TITLE
    links = [link for cell in texts("url") for link in links_in(cell) or (cell,)]
    names, authors, et_al = parse_names(text("authors"))
    kinds = texts("type")
    known = next((cell for cell in kinds if _type(cell)), "")
    kind = _type(known)
    # Zotero has the type of an item, and beside it the type of a thesis or report.
    others = (cell for cell in kinds if cell != known and kind in _WITHOUT_CONTAINER)
    years = [year for year in map(iso_date, texts("year")) if year]
    return build_paper(
        id="" if "://" in text("id") else text("id"),
        title=title,
        abstract=abstract(plain(text("abstract"))),
        authors=authors,
        names=names,
        et_al=et_al,
        year=int(years[0][:4]) if years else None,
        date=best_date(*years, *texts("date")),
        venue=plain(text("venue")),
        url=next(iter(links), ""),
        urls=[*links[1:], *texts("code")],
        arxiv_id=_arxiv_id(text),
        doi=text("doi"),
        keywords=[word for cell in texts("keywords") for word in _words(cell)],
        categories=[
            word for cell in texts("categories") for word in re.split(r"[][;,|'\"\s]+", cell)
        ],
        type=kind,
        citation=_citation(text, kind, next(others, "")),
    )


def _arxiv_id(text: Callable[[str], str]) -> str:
    """Return the arXiv id of a row, given a function that returns the cell of a field."""
    named = (cell for cell in (text("doi"), text("venue")) if "arxiv" in cell.lower())
    return next(filter(None, map(parse_arxiv, (text("arxiv_id"), text("id"), *named))), "")


def _type(written: str) -> str:
    """Return the CSL type of a cell, of which the first of several types counts."""
    return TYPES.get(re.sub(r"[^a-z]", "", re.split("[;,]", written.lower())[0]), "")


def _citation(text: Callable[[str], str], kind: str, genre: str) -> Citation:
    """Return the citation of a row, given a function that returns the cell of a field."""
    start, end = text("start"), text("end")
    pages = re.sub(r"\s*[\u2010-\u2015-]+\s*", "-", text("pages"))
    venue = plain(text("venue"))
    values = {
        "container-title": "" if kind in _WITHOUT_CONTAINER else venue,
        "container-title-short": text("abbreviation"),
        "collection-title": text("series"),
        "event-title": text("event"),
        "event-place": text("event_place"),
        "genre": genre,
        "volume": text("volume"),
        "issue": text("issue"),
        "number": text("article"),
        "page": pages or (f"{start}-{end}" if start and end and start != end else start),
        "publisher": text("publisher"),
        "publisher-place": text("place"),
        "edition": text("edition"),
        "ISBN": text("isbn"),
        "ISSN": text("issn"),
        "language": text("language"),
        "PMID": text("pmid"),
        "PMCID": text("pmcid"),
    }
    people = {"editor": text("editors"), "translator": text("translators")}
    return build_citation(values, {role: _people(cell) for role, cell in people.items()})


def _people(cell: str) -> list[Name]:
    names, written, _ = parse_names(cell)
    return names or list(map(guess_name, written))


def _words(cell: str) -> list[str]:
    """Return the keywords in a cell, without list brackets and quotes."""
    cell = cell.strip().removeprefix("[").removesuffix("]")
    between = next((sign for sign in (";", "|", ",") if sign in cell), ";")
    return [word.strip(" '\"*") for word in cell.split(between)]
