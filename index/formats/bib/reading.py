"""The BibTeX and BibLaTeX reader: papers of entries in both dialects.

The fields: https://ctan.org/pkg/btxdoc and https://ctan.org/pkg/biblatex (section 2.2, inheritance
in appendix B).
"""

import io
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import BinaryIO, cast

from index.formats.bib.dates import parse_date
from index.formats.bib.entries import BibRecord, Block, Macros, Scanner, parse_entry
from index.formats.bib.groups import Groups, tags
from index.formats.bib.journals import journal
from index.formats.bib.links import LINK, arxiv_id, doi, links
from index.formats.bib.names import names
from index.formats.records.markup import abstract
from index.papers.entries import NO_TITLE, Origin, ParsedPaper, Skipped
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean
from index.text.encodings import detect_encoding
from index.text.latex.decoding import plain

_NO_PAPERS = frozenset("comment preamble string xdata control ieeetranbstctl".split())
_INHERITED = frozenset(
    """author editor year date month day journal journaltitle booktitle maintitle eventtitle series
    publisher organization institution school""".split()
)
_BOOKS = frozenset(
    "book mvbook booklet collection mvcollection proceedings reference manual".split()
)
_IN_BOOKS = frozenset("inproceedings conference incollection inbook inreference".split())
_THESES = {"phdthesis": "PhD thesis", "mastersthesis": "Master's thesis", "thesis": "Thesis"}
_THESIS_TYPES = {"phd thesis": "PhD thesis", "master thesis": "Master's thesis",
                 "phdthesis": "PhD thesis", "mathesis": "Master's thesis",
                 "bathesis": "Bachelor's thesis", "candthesis": "Thesis"}  # fmt: skip
_REPORTS = frozenset(("techreport", "report"))
_PREPRINT = re.compile(r"(?:arXiv|CoRR)\b", re.IGNORECASE)
_CLASS = re.compile(r"\[([A-Za-z-]+(?:\.[A-Za-z-]+)?)\]")
_REFERRING = re.compile(rb"crossref|xdata|jabref-meta", re.IGNORECASE)
_REFERENCE = re.compile(r"\b(?:crossref|xdata)\s*=\s*[{\"]?([^{}\"\n]{1,500})", re.IGNORECASE)
_ENTITY = re.compile(r"&#?\w+;")
_WORDS_APART = re.compile(r"[,;]")
_CHUNK = 1 << 20
_MAX_PARENTS = 20_000
_MAX_DEPTH = 5


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the paper of each entry; `@string` and similar blocks yield none.

    A file with references between entries, or with groups, is read twice.
    """
    stream = ascii_compatible(stream)
    scanner, macros = Scanner(stream), Macros()
    groups, parents = _groups_and_parents(scanner) if _refers(stream) else (Groups(), {})
    position = 0
    for block in scanner.blocks():
        if block.kind == "string":
            macros.define(block)
        if block.kind in _NO_PAPERS:
            continue
        try:
            paper = _paper(_inherit(parse_entry(block, macros), parents), groups)
        except ValueError as error:
            yield Skipped(block.line, str(error))
        else:
            position += 1
            yield ParsedPaper(paper, position, block.line)


def ascii_compatible(stream: BinaryIO) -> BinaryIO:
    """Return a stream in an ASCII-compatible encoding; UTF-16 and -32 are converted to UTF-8."""
    encoding = detect_encoding(stream.read(64))
    stream.seek(0)
    if not encoding.startswith(("utf-16", "utf-32")):
        return stream
    copy = tempfile.TemporaryFile()  # noqa: SIM115  # closed by garbage collection
    text = io.TextIOWrapper(stream, encoding, errors="replace", newline="")
    while piece := text.read(_CHUNK):
        copy.write(piece.encode("utf-8", "replace"))
    text.detach()
    copy.seek(0)
    return cast("BinaryIO", copy)


# -- groups and inheritance ------------------------------------------------------------------------


def _refers(stream: BinaryIO) -> bool:
    stream.seek(0)
    before = b""
    while piece := stream.read(_CHUNK):
        if _REFERRING.search(before + piece):
            return True
        before = piece[-16:]
    return False


def _groups_and_parents(scanner: Scanner) -> tuple[Groups, dict[str, BibRecord]]:
    """Return the groups of a file, and the entries that others refer to by lower-case key."""
    groups, wanted = Groups(), set[str]()
    for block in scanner.blocks():
        if block.kind == "comment":
            groups.add_comment(block.text)
        elif len(wanted) < _MAX_PARENTS:
            for match in _REFERENCE.finditer(block.text):
                wanted.update(name.strip().lower() for name in match[1].split(","))
    parents: dict[str, BibRecord] = {}
    macros = Macros()
    for block in scanner.blocks() if wanted else ():
        if block.kind == "string":
            macros.define(block)
        key = _key_of(block)
        if key in wanted and key not in parents:
            try:
                parents[key] = parse_entry(block, macros)
            except ValueError:
                continue
    return groups, parents


def _key_of(block: Block) -> str:
    match = re.match(r"@\s*\w+\s*[{(]\s*([^,\s{}]*)", block.text)
    return match[1].lower() if match else ""


def _inherit(record: BibRecord, parents: dict[str, BibRecord], depth: int = 0) -> BibRecord:
    """Return an entry with the fields that it inherits in BibLaTeX."""
    if not parents or depth > _MAX_DEPTH:
        return record
    fields = dict(record.fields)
    for name in ("xdata", "crossref"):
        for key in record.first(name).split(","):
            parent = parents.get(key.strip().lower())
            if parent is None or parent is record:
                continue
            for field, values in _inherit(parent, parents, depth + 1).fields.items():
                given = _inherited_field(field, name, record.kind)
                if given and not record.first(given):
                    fields.setdefault(given, values)
    return replace(record, fields=fields)


def _inherited_field(field: str, how: str, kind: str) -> str:
    """Return the field of the child that inherits a field; "" if none does."""
    if how == "xdata":
        return field
    if field == "title":
        return "journaltitle" if kind in ("article", "suppperiodical") else "booktitle"
    return field if field in _INHERITED else ""


# -- one paper -------------------------------------------------------------------------------------


def _paper(record: BibRecord, groups: Groups) -> Paper:
    title = _title(record)
    if not title:
        raise ValueError(NO_TITLE)
    authors, et_al = names(record.first("author"))
    if not authors:
        authors, et_al = names(record.first("editor"))
    year, date = parse_date(
        *(plain(record.first(*fields)) for fields in (("date",), ("year",), ("month",), ("day",)))
    )
    venue, arxiv = _venue(record), arxiv_id(record)
    own_links = links(record)
    marked = tags(_tags(record, groups))
    shown = {tag.casefold() for tag in map(clean, record.every("mendeley-tags")) if tag}
    return replace(
        build_paper(
            id=plain(record.key),
            title=title,
            abstract=abstract(plain(record.first("abstract"))),
            authors=authors,
            et_al=et_al,
            year=year,
            date=date,
            venue="arXiv" if arxiv and _PREPRINT.match(venue) else venue,
            url=own_links[0] if own_links else "",
            urls=own_links[1:],
            arxiv_id=arxiv,
            doi=doi(record, own_links),
            keywords=[word for word in _keywords(record) if word.casefold() not in shown],
            categories=_categories(record),
        ),
        tags=marked,
        note=_note(record),
        read=_is_read(record),
    )


def _title(record: BibRecord) -> str:
    title, subtitle = plain(record.first("title")), plain(record.first("subtitle"))
    if not clean(title):
        other = ("booktitle", "maintitle", "issuetitle") if record.kind in _BOOKS else ()
        title = plain(record.first(*other))
    title, subtitle = clean(title), clean(subtitle)
    if title and subtitle and subtitle.lower() not in title.lower():
        title = f"{title}{' ' if title[-1] in '?!.:' else ': '}{subtitle}"
    return title


def _venue(record: BibRecord) -> str:
    kind = record.kind
    if kind in _THESES:
        what = _THESIS_TYPES.get(record.first("type").lower()) or plain(record.first("type"))
        return _of(what or _THESES[kind], record, "school", "institution", "publisher")
    if kind in _REPORTS:
        return _of("Technical report", record, "institution", "organization", "publisher")
    if kind in _BOOKS:
        return clean(plain(record.first("publisher", "organization", "institution")))
    places = ["journal", "journaltitle", "shortjournal", "booktitle"]
    if kind in _IN_BOOKS:
        places = ["booktitle", "journal", "journaltitle"]
    places += ["eventtitle", "maintitle", "school", "institution", "howpublished"]
    if kind not in _IN_BOOKS and kind != "article":
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


def _keywords(record: BibRecord) -> list[str]:
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


def _categories(record: BibRecord) -> list[str]:
    found = plain(record.first("primaryclass", "eprintclass"))
    if not found:
        inside = _CLASS.search(record.first("eprint"))
        found = inside[1] if inside else ""
    return [part for part in re.split(r"[,;\s]+", found) if part]


def _tags(record: BibRecord, groups: Groups) -> Iterator[str]:
    for value in record.every("groups"):
        yield from groups.of(record.key, plain(value))
    if "groups" not in record.fields:
        yield from groups.of(record.key, "")
    for value in record.every("mendeley-groups", "mendeley-tags", "tags"):
        yield from _WORDS_APART.split(plain(value))


def _note(record: BibRecord) -> str:
    """Return the private note; the field `note` is part of the citation."""
    own = [name for name in record.fields if name.startswith("comment")]
    values = record.every("annote", "annotation", "annotations", "review", *own)
    lines = ("\n".join(plain(line) for line in value.split("\n")) for value in values)
    cleaned = (clean(value, lines=True).strip() for value in lines)
    return clean("\n\n".join(dict.fromkeys(filter(None, cleaned))), lines=True)


def _is_read(record: BibRecord) -> bool:
    return record.first("readstatus", "read").strip().lower() in ("read", "yes", "1", "true")
