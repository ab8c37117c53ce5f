"""arXiv listings as text: the daily mail, and text copied from a listing page.

The mail: https://info.arxiv.org/help/subscribe.html; the pages: https://arxiv.org/list/cs.CL/new.
Both have a line with the identifier, named fields and, in the mail and on pages of new papers, the
abstract.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from index.formats.base import Format
from index.formats.records.dates import iso_date
from index.formats.records.decoding import lines
from index.formats.records.entries import number_entries
from index.formats.records.names import split_et_al, split_names
from index.formats.records.references import citation_of, journal, type_of
from index.papers.entries import NO_TITLE, Origin, ParsedPaper, Skipped
from index.papers.identifiers import links_in
from index.papers.paper import Paper, build_paper
from index.text.latex.decoding import plain_arxiv

MAX_RECORD_LINES = 5_000
"""Papers with 3,000 authors have about 600."""

_ID = r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?"
_BEGINS = re.compile(rf"\s*(?:\[\d{{1,5}}\]\s*)?arXiv:({_ID})(?!\S*@)\b", re.ASCII)
_FIELD = re.compile(
    r"\s*(Title|Authors?|Comments?|Subjects|Categories|Date|Journal-ref|DOI|Report-no|MSC-class"
    r"|ACM-class|License|Proxy|Abstract)\s*:\s*(.*)"
)
_RULE = re.compile(r"\s*-{20,}\s*|%{20,}[-%\s]*|\s*%%-*\s*")
_SLASHES = re.compile(r"\s*\\\\(?:\s*\(\s*(https?://\S+).*)?\s*")
_CLASS = re.compile(r"\(([a-z-]+(?:\.[A-Za-z-]+)?)\)")
# A heading between two parts of a listing page.
_PART = re.compile(
    r"(?:New submissions|Cross(?:-lists| submissions)|Replacement(?:s| submissions)"
    r"|Total of \d+ entries|(?:Mon|Tue|Wed|Thu|Fri), \d+ \w{3} \d{4})\b.*"
)


def recognise(head: str) -> bool:
    """Return whether a text has lines that begin with an arXiv identifier, followed by titles."""
    found = list(re.split(r"\r\n?|\n", head))
    if any(line.lstrip().startswith(("<", "{", "@", "TY  -")) for line in found[:1]):
        return False
    starts = [at for at, line in enumerate(found) if _BEGINS.match(line)]
    have_titles = (any(_is_title(line) for line in found[at : at + 12]) for at in starts[:20])
    return bool(starts) and all(have_titles)


def _is_title(line: str) -> bool:
    match = _FIELD.match(line)
    return match is not None and match[1] == "Title"


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of a listing; a paper with nothing but its identifier is skipped."""
    return number_entries(_entries(stream))


def _entries(stream: BinaryIO) -> Iterator[tuple[int, Paper | str]]:
    start, identifier, record = 0, "", list[str]()
    for number, line in lines(stream):
        match = _BEGINS.match(line)
        if match:
            if start:
                yield start, _paper(identifier, record)
            start, identifier, record = number, match[1], []
        elif start and len(record) < MAX_RECORD_LINES:
            record.append(line)
    if start:
        yield start, _paper(identifier, record)


def _paper(identifier: str, record: list[str]) -> Paper | str:
    fields, abstract = _fields(record)
    if not fields.get("Title"):
        return NO_TITLE
    classes = fields.get("Categories", "").split() or _CLASS.findall(fields.get("Subjects", ""))
    names, et_al = split_et_al(split_names(plain_arxiv(fields.get("Authors", ""))))
    comment, reference = fields.get("Comments", ""), plain_arxiv(fields.get("Journal-ref", ""))
    return build_paper(
        title=plain_arxiv(fields["Title"]),
        abstract=plain_arxiv(abstract),
        authors=names,
        et_al=et_al,
        date=iso_date(fields.get("Date", "")),
        venue=journal(reference),
        type=type_of(reference),
        citation=citation_of(reference, plain_arxiv(comment)),
        url=f"https://arxiv.org/abs/{re.sub(r'v[0-9]+$', '', identifier)}",
        urls=links_in(comment),
        arxiv_id=identifier,
        doi=fields.get("DOI", ""),
        categories=classes,
    )


def _fields(record: list[str]) -> tuple[dict[str, str], str]:
    """Return the fields of a record by name, and the text after them."""
    fields: dict[str, str] = {}
    name, abstract, ended = "", list[str](), False
    for line in record:
        match = _FIELD.match(line)
        slashes = _SLASHES.fullmatch(line)
        if _RULE.fullmatch(line) or (slashes and (slashes[1] or abstract)) or _PART.fullmatch(line):
            break
        if slashes:
            ended = True
        elif match and not ended:
            name = {"Author": "Authors", "Comment": "Comments"}.get(match[1], match[1])
            fields.setdefault(name, match[2].strip())
            ended = name == "Abstract"
            abstract += [match[2]] if ended else []
        elif not line.strip():
            name = ""  # a blank line ends a field
        elif name and not ended:
            fields[name] = f"{fields[name]} {line.strip()}"
        elif fields.get("Title"):
            ended = True
            abstract.append(line.strip())
    return fields, " ".join(abstract)


FORMAT = Format(
    name="arxiv-listing",
    label="arXiv listing or mail, text",
    endings=(),
    recognise=recognise,
    read=read,
)
