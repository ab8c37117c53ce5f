"""RIS, the exchange format of reference managers and publishers: one record per paper.

The format: https://en.wikipedia.org/wiki/RIS_(file_format), after the specification of Research
Information Systems, https://web.archive.org/web/20110930172154/http://www.refman.com/support/risformat_intro.asp
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, BinaryIO

from index.formats.base import USUAL, Format, Style
from index.formats.citation_keys import with_citation_keys
from index.formats.entry_types import citable
from index.formats.records.dates import best_date
from index.formats.records.decoding import lines
from index.formats.records.entries import number_entries
from index.formats.records.markup import abstract, plain
from index.formats.records.names import (
    initials_first,
    inverted_names,
    medline_name,
    split_et_al,
    written_name,
)
from index.formats.records.ris_fields import ROLES, citation_of, csl_type, ris_type, tagged
from index.papers.citation import is_preprint_venue
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.identifiers import is_code, links_in, parse_arxiv, parse_doi
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean

if TYPE_CHECKING:
    from rispy import RisParser

MAX_RECORD_LINES = 50_000
"""Papers with 3,000 authors have about 3,100."""

# The standard requires two spaces, a hyphen and a space; programs and people write variants.
_STRICT = re.compile(r"([A-Z][A-Z0-9])  -(?: |$)(.*)", re.ASCII | re.DOTALL)
_LOOSE = re.compile(r"\s{0,3}([A-Z][A-Z0-9])\s{0,3}-(?:\s+|$)(.*)", re.ASCII | re.DOTALL)
_NUMBER = re.compile(r"\s*\d+\.\s*")
_MORE_TAGS = ("BT", "CT", "ED", "J1", "L3", "LK")
_TITLES = ("T1", "TI", "CT", "TT", "BT", "ST")
_VENUES = ("JF", "T2", "JO", "JA", "J2", "J1", "BT", "C3", "T3")
_LINKS = ("UR", "L1", "L2", "L3", "LK")
_IDENTIFIED = ("DO", "UR", "AN", "M1", "M3", "JF", "JO", "T2", "L1", "L2")
_BOOKS = frozenset(("BOOK", "EBOOK", "EDBOOK"))
_WORKS = {"THES": "Thesis", "RPRT": "Technical report"}
_OWN_TAGS = frozenset("ID AU A1 PY Y1 DA DO UR KW AB N2".split())
"""Tags of fields that papers have themselves."""

Fields = Mapping[str, list[str]]


def recognise(head: str) -> bool:
    """Return whether a text begins with a RIS record, after any empty lines and numbers."""
    for line in re.split(r"\r\n?|\n", head.lstrip("\ufeff"), maxsplit=500)[:500]:
        if line.strip() and not _NUMBER.fullmatch(line):
            match = _STRICT.match(line) or _LOOSE.match(line)
            return bool(match and (match[1] == "TY" or _is_typeless_record(match[1], head)))
    return False


def _is_typeless_record(tag: str, head: str) -> bool:
    """Return whether a text is a RIS record without its type: a known field and an end."""
    return tag in _known_tags() and bool(re.search(r"(?:^|[\r\n])(?:TY  - |ER  ?-)", head))


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of a file; a record may lack its end or its type."""
    return number_entries(_entries(stream))


def _entries(stream: BinaryIO) -> Iterator[tuple[int, Paper | str]]:
    for line, record in _records(stream):
        if len(record) > MAX_RECORD_LINES:
            yield line, f"longer than {MAX_RECORD_LINES:,} lines; end its records with ER"
        else:
            yield line, paper_of(_fields(record))


def _records(stream: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """Yield the first line number and the lines of each record, in the standard form."""
    start, record, is_after_blank = 0, list[str](), True
    for number, line in lines(stream):
        tag, text = _split_tag(line.lstrip("\ufeff"))
        if tag == "TY" or (tag == "ER" and record):
            if record:
                yield start, record
            start, record = number, []
        if tag and tag != "ER":
            start = start if record else number
            record.append(f"{tag}  - {text}")
        elif (
            record and not tag and line.strip() and not (is_after_blank and _NUMBER.fullmatch(line))
        ):
            record.append(f"      {line.strip()}")
        del record[MAX_RECORD_LINES + 1 :]
        is_after_blank = not line.strip()
    if record:
        yield start, record


def _split_tag(line: str) -> tuple[str, str]:
    """Return the tag of a line, "" if it has none, and the text after it."""
    match = _STRICT.match(line)
    if not match and (loose := _LOOSE.match(line)) and loose[1] in _known_tags():
        match = loose
    return (match[1], match[2].strip()) if match else ("", "")


@lru_cache(maxsize=1)
def _known_tags() -> frozenset[str]:
    from rispy.config import TAG_KEY_MAPPING

    return frozenset((*TAG_KEY_MAPPING, *_MORE_TAGS)) - {"UK"}


@lru_cache(maxsize=1)
def _parser() -> "RisParser":
    from rispy import RisParser

    tags = sorted(_known_tags())
    # Fields keep their tags and are lists, since programs differ in which fields repeat.
    return RisParser(
        mapping={tag: tag for tag in (*tags, "UK")}, list_tags=tags, delimiter_tags_mapping={}
    )


def _fields(record: list[str]) -> Fields:
    if not record[0].startswith("TY"):
        record = ["TY  - GEN", *record]
    # rispy returns continuation lines without a field under no name, or an empty one.
    (fields,) = _parser().parse("\n".join([*record, "ER  - "]))
    unknown = fields.pop("UK", {})  # by tag
    return {
        tag: [value for value in ([values] if isinstance(values, str) else values) if value]
        for tag, values in {**fields, **(unknown if isinstance(unknown, dict) else {})}.items()
        if tag and isinstance(values, str | list)
    }


def paper_of(fields: Fields) -> Paper:
    """Return the paper of a record, given as the values of each tag."""
    fields = {tag: values for tag, values in fields.items() if any(values)}

    def texts(*tags: str) -> list[str]:
        return [text for tag in tags for text in fields.get(tag, ())]

    titles = {tag: plain(" ".join(dict.fromkeys(texts(tag)))) for tag in _TITLES}
    titled = next((tag for tag in _TITLES if titles[tag]), "TI")
    title = titles[titled]
    links = [link for text in texts(*_LINKS) for link in _links(text)]
    # A link to code that the abstract names is not the paper's page.
    named = {link for text in texts("AB", "N2") for link in links_in(text) if is_code(link)}
    own_links = (link for link in links if link not in named)
    arxiv = _arxiv_id(texts(*_IDENTIFIED))
    written, et_al = split_et_al(texts("AU", "A1"))
    people = inverted_names(written)
    if not people and initials_first(written) != written:
        people = list(map(medline_name, written))  # Nye CA
    venue = _venue(fields, title)
    preprint = bool(arxiv) and (not venue or is_preprint_venue(venue))
    csl = csl_type(fields, preprint=preprint)
    own = _OWN_TAGS | {titled, *_own_tags(fields, preprint=preprint)}
    editors = {role: [name for tag in tags for name in inverted_names(texts(tag), always=True)]
               for role, tags in ROLES.items()}  # fmt: skip
    return build_paper(
        id=next(iter(texts("ID")), ""),
        title=title,
        abstract=abstract(plain(" ".join(dict.fromkeys(texts("AB") or texts("N2"))))),
        authors=() if people else written,
        names=people,
        et_al=et_al,
        date=best_date(*(" ".join(texts(tag)[:1]) for tag in ("PY", "Y1", "DA"))),
        venue=venue,
        url=next(own_links, ""),
        urls=links,
        arxiv_id=arxiv,
        doi=_doi(texts("DO", "M3"), links),
        keywords=[word.lstrip("*") for text in texts("KW") for word in re.split(r"\s*;\s+", text)],
        type=csl,
        citation=citation_of(
            {tag: [plain(text) for text in each] for tag, each in fields.items()}, csl, editors, own
        ),
    )


def _arxiv_id(identified: list[str]) -> str:
    """Return the first arXiv id in texts that name arXiv."""
    ids = (parse_arxiv(text) for text in identified if "arxiv" in text.lower())
    return next(filter(None, ids), "")


def _doi(written: list[str], links: list[str]) -> str:
    """Return the first DOI of its own fields, or of the first link."""
    in_link = (link for link in links[:1] if "doi.org/" in link)
    return next(filter(None, map(parse_doi, (*written, *in_link))), "")


def _venue(fields: Fields, title: str) -> str:
    """Return the venue: the container, of a book its publisher, of a thesis its school."""
    kind, publisher = (next(iter(fields.get(tag, ())), "") for tag in ("TY", "PB"))
    venues = [
        text for tag in _VENUES for text in fields.get(tag, ()) if clean(text) != clean(title)
    ]
    if publisher and kind in _BOOKS:
        venues = [publisher]
    elif kind in _WORKS and not venues:
        thesis = next(iter(fields.get("M3", ())), "") if kind == "THES" else ""
        venues = [", ".join(filter(None, (thesis or _WORKS[kind], publisher)))]
    if publisher.lower().startswith("arxiv"):
        venues.append(publisher)
    return plain(next(iter(venues), ""))


def _own_tags(fields: Fields, *, preprint: bool) -> Iterator[str]:
    """Yield the tags with an identifier that the paper has a field for, or a server's name."""
    for tag in ("AN", "M1", "M3", *(("JF", "JO", "T2", "PB") if preprint else ())):
        values = fields.get(tag, ())
        if values and all("arxiv" in value.lower() or parse_doi(value) for value in values):
            yield tag


def _links(text: str) -> list[str]:
    """Return the links in a field, which may have several or lack the scheme."""
    text = text.strip()
    return list(links_in(f"https:{text}" if text.startswith("//") else text)) or [text]


def write(papers: Iterable[Paper], style: Style = USUAL) -> Iterator[str]:
    """Yield one record per paper under its citation key; only the keys are kept in memory."""
    for number, (key, paper) in enumerate(with_citation_keys(papers, style.keys, style.exported)):
        record = "".join(f"{tag}  - {text}\r\n" for tag, text in _record_fields(key, paper) if text)
        yield ("\r\n" if number else "") + record + "ER  - \r\n"


def _record_fields(key: str, paper: Paper) -> Iterator[tuple[str, str]]:
    cited = citable(paper)
    kept = paper.citation.kept_in("ris")
    yield (
        "TY",
        ris_type(cited.type, kept, preprint=bool(paper.arxiv_id or parse_arxiv(paper.venue))),
    )
    yield "ID", clean(key)
    yield "TI", clean(paper.title)
    for name in cited.names:
        yield "AU", clean(written_name(name))
    yield "AU", "et al." if paper.et_al and cited.names else ""
    for role, tags in ROLES.items():
        for name in cited.citation.names(role):
            yield tags[0], clean(written_name(name))
    yield "PY", str(paper.year or "")
    year, *rest = clean(paper.date or "").split("-")
    yield "DA", "/".join([year, *rest, *([""] * (2 - len(rest))), ""]) if rest else ""
    for tag, text in tagged(cited.citation, cited.type):
        yield tag, clean(text)
    yield "DO", clean(paper.doi)
    written = {text for _, text in kept.fields} if kept else set()
    for link in (paper.url, *paper.urls):
        yield "UR", clean(link) if link not in written else ""
    yield "AN", f"arXiv:{clean(paper.arxiv_id)}" if paper.arxiv_id else ""
    for word in (*paper.keywords, *paper.tags):
        yield "KW", clean(word)
    yield "AB", clean(paper.abstract)
    for line in f"{cited.citation.get('note')}\n{clean(paper.note, lines=True)}".split("\n"):
        yield "N1", clean(line)


FORMAT = Format(
    name="ris", label="RIS", endings=(".ris",), recognise=recognise, read=read, write=write
)
