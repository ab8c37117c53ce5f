"""arXiv's XML: API responses (Atom), feeds of announcements and OAI-PMH records.

The formats: https://info.arxiv.org/help/api/user-manual.html (section 3.3),
https://info.arxiv.org/help/rss_specifications.html and https://info.arxiv.org/help/oa/index.html.
"""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from index.formats import arxiv_oai, arxiv_rss
from index.formats.base import Format
from index.formats.records.entries import number_entries
from index.formats.records.names import split_et_al
from index.formats.records.references import citation_of, journal, type_of
from index.formats.records.xml_records import element, records, root_name, text_of, texts_of
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.identifiers import links_in
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean, one_line
from index.text.latex.decoding import plain_arxiv

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ROOTS = frozenset(("feed", "entry", "rss", "RDF", "OAI-PMH", "ListRecords", "GetRecord"))
_ARXIV = re.compile(r"arxiv\.org\b|oai:arxiv", re.I)


def recognise(head: str) -> bool:
    """Return whether a text is a feed or an API response that names arXiv."""
    return root_name(head) in _ROOTS and bool(_ARXIV.search(head))


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of a response or feed; an error response is skipped."""
    return number_entries(_entries(stream))


def _entries(stream: BinaryIO) -> Iterator[tuple[int, Paper | str]]:
    kinds: dict[str, Callable[[Element], Paper | str]] = {
        "entry": _paper,
        "item": arxiv_rss.paper,
        "record": arxiv_oai.paper,
    }
    for record in records(stream, kinds):
        try:
            entry = element(record)
            yield record.line, kinds[entry.tag](entry)
        except ValueError as error:
            yield record.line, str(error)


def _paper(entry: "Element") -> Paper | str:
    """Return the paper of an Atom entry from the API or a feed."""
    own, summary = text_of(entry, "id"), text_of(entry, "summary")
    if "/api/errors" in own:
        return f"arXiv returned an error: {one_line(clean(summary or own))}; check the query"
    links = {link.get("href", ""): link for link in entry.iterfind("link")}
    page = next((url for url, link in links.items() if link.get("rel") == "alternate"), own)
    primary = [term.get("term", "") for term in entry.iterfind("primary_category")]
    announced, abstract = arxiv_rss.announcement(summary)
    names, et_al = split_et_al(texts_of(entry, "author/name"))
    if not names:
        names, et_al = arxiv_rss.names(texts_of(entry, "creator"))
    date = text_of(entry, "published")
    if announced:
        date = arxiv_rss.first_date(date, own, text_of(entry, "announce_type"))
    comment, reference = text_of(entry, "comment"), plain_arxiv(text_of(entry, "journal_ref"))
    pages = [url for url, link in links.items() if link.get("title") not in ("pdf", "doi")]
    return build_paper(
        title=plain_arxiv(text_of(entry, "title")),
        abstract=plain_arxiv(abstract),
        authors=map(plain_arxiv, names),
        et_al=et_al,
        date=date,
        venue=journal(reference),
        type=type_of(reference),
        citation=citation_of(reference, plain_arxiv(comment)),
        url=arxiv_rss.page(page, own),
        urls=[*(url for url in pages if "arxiv.org/" not in url), *links_in(comment)],
        arxiv_id=own,
        doi=text_of(entry, "doi") or text_of(entry, "DOI"),
        categories=[*primary, *(term.get("term", "") for term in entry.iterfind("category"))],
    )


FORMAT = Format(name="arxiv", label="arXiv", endings=(), recognise=recognise, read=read)
