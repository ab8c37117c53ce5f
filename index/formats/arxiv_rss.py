"""arXiv's feeds of daily announcements: RSS 2.0, and RSS 1.0 (RDF) until 2024.

The format: https://info.arxiv.org/help/rss_specifications.html
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from index.formats.records.markup import plain
from index.formats.records.names import split_et_al, split_names
from index.formats.records.references import journal
from index.formats.records.xml_records import text_of, texts_of
from index.papers.identifiers import parse_arxiv, parse_date
from index.papers.paper import Paper, build_paper
from index.text.latex.decoding import plain_arxiv

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ANNOUNCEMENT = re.compile(
    r"\s*arXiv:(?P<id>\S+)\s+Announce Type:\s*(?P<type>[\w-]+)\s*(?:Abstract:\s*)?", re.I
)
_IN_TITLE = re.compile(
    r"\.?\s*\(arXiv:(?P<id>\S+)(?:\s+\[(?P<category>[\w.-]+)\])?(?P<type>\s+[A-Z ]+)?\)\s*$"
)
_NEW_SCHEME = re.compile(r"(\d\d)(0[1-9]|1[0-2])\.\d{4,5}", re.ASCII)
_OLD_SCHEME = re.compile(r"[a-z-]+(?:\.[A-Za-z]{2})?/(\d\d)(0[1-9]|1[0-2])\d{3}", re.ASCII)


def paper(item: "Element") -> Paper | str:
    """Return the paper of an item."""
    title = " ".join(text_of(item, "title").split())
    description = plain(text_of(item, "description"))
    announced, abstract = announcement(description)
    titled = _IN_TITLE.search(title)
    own = announced or (titled["id"] if titled else "")
    link = text_of(item, "link") or next(iter(item.attrib.values()), "")
    own = parse_arxiv(own) or parse_arxiv(link) or parse_arxiv(text_of(item, "guid"))
    authors, et_al = names([plain(name) for name in texts_of(item, "creator")])
    kind = text_of(item, "announce_type") or (titled["type"] or "" if titled else "")
    date = _day(text_of(item, "pubDate") or text_of(item, "date"))
    in_title = [titled["category"] or ""] if titled else []
    return build_paper(
        title=plain_arxiv(plain(_IN_TITLE.sub("", title))),
        abstract=plain_arxiv(abstract),
        authors=map(plain_arxiv, authors),
        et_al=et_al,
        date=first_date(date, own, kind),
        venue=journal(text_of(item, "journal_reference")),
        url=page(link, own),
        arxiv_id=own,
        doi=text_of(item, "DOI") or text_of(item, "doi"),
        categories=[*in_title, *texts_of(item, "category"), *texts_of(item, "subject")],
    )


def announcement(text: str) -> tuple[str, str]:
    """Return the announced arXiv id, "" if there is none, and the abstract after it."""
    match = _ANNOUNCEMENT.match(text)
    return (match["id"], text[match.end() :]) if match else ("", text)


def names(written: Iterable[str]) -> tuple[list[str], bool]:
    """Return the authors in one or more texts, and whether there are more."""
    return split_et_al(name for text in written for name in split_names(text))


def page(link: str, own: str) -> str:
    """Return the URL of a paper's page without the version."""
    known = parse_arxiv(link) or parse_arxiv(own)
    return f"https://arxiv.org/abs/{known}" if known else link


def first_date(announced: str, own: str, kind: str) -> str:
    """Return the date of a new paper, else the month of its id."""
    kind = kind.strip().lower()
    match = _NEW_SCHEME.search(parse_arxiv(own)) or _OLD_SCHEME.search(parse_arxiv(own))
    if not match:
        return announced
    century = "19" if match[1] > "90" else "20"
    month = f"{century}{match[1]}-{match[2]}"
    is_new = kind in ("", "new") and (announced or "").startswith(month)
    return announced if is_new else month


def _day(text: str) -> str:
    """Return an RFC 5322 or ISO 8601 date as ISO 8601; "" for any other text."""
    from email.utils import parsedate_to_datetime

    if parse_date(text):
        return text
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, OverflowError):
        return ""
