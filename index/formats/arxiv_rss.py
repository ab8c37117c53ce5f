"""arXiv's announcements of the day: RSS 2.0 as it is today, RSS 1.0 (RDF) as it was to 2024.

The format: https://info.arxiv.org/help/rss_specifications.html
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from index.formats.records.markup import plain
from index.formats.records.names import split_names, without_others
from index.formats.records.references import journal
from index.formats.records.xml_records import text_of, texts_of
from index.papers.identifiers import parsed_arxiv, parsed_date
from index.papers.paper import Paper, build_paper
from index.text.latex.decoding import readable

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
    """Return the paper that an item announces."""
    title, description = text_of(item, "title"), plain(text_of(item, "description"))
    announced, abstract = announcement(description)
    titled = _IN_TITLE.search(title)
    own = announced or (titled["id"] if titled else "")
    link = text_of(item, "link") or next(iter(item.attrib.values()), "")
    own = parsed_arxiv(own) or parsed_arxiv(link) or parsed_arxiv(text_of(item, "guid"))
    authors, et_al = names([plain(name) for name in texts_of(item, "creator")])
    kind = text_of(item, "announce_type") or (titled["type"] or "" if titled else "")
    date = _day(text_of(item, "pubDate") or text_of(item, "date"))
    in_title = [titled["category"] or ""] if titled else []
    return build_paper(
        title=readable(plain(_IN_TITLE.sub("", title))),
        abstract=readable(abstract),
        authors=map(readable, authors),
        et_al=et_al,
        date=first_date(date, own, kind),
        venue=journal(text_of(item, "journal_reference")),
        url=page(link, own),
        arxiv_id=own,
        doi=text_of(item, "DOI") or text_of(item, "doi"),
        categories=[*in_title, *texts_of(item, "category"), *texts_of(item, "subject")],
    )


def announcement(text: str) -> tuple[str, str]:
    """Return the arXiv id that a text announces, "" where it is none, and the abstract after it."""
    match = _ANNOUNCEMENT.match(text)
    return (match["id"], text[match.end() :]) if match else ("", text)


def names(written: Iterable[str]) -> tuple[list[str], bool]:
    """Return the authors that are listed, in one text or in several, and whether there are more."""
    return without_others(name for text in written for name in split_names(text))


def page(link: str, own: str) -> str:
    """Return the address of a paper's page, without the version, as it is cited."""
    known = parsed_arxiv(link) or parsed_arxiv(own)
    return f"https://arxiv.org/abs/{known}" if known else link


def first_date(announced: str, own: str, kind: str) -> str:
    """Return when a paper came first: announced new on that day, else in the month its id tells."""
    kind = kind.strip().lower()
    match = _NEW_SCHEME.search(parsed_arxiv(own)) or _OLD_SCHEME.search(parsed_arxiv(own))
    if not match:
        return announced
    century = "19" if match[1] > "90" else "20"
    month = f"{century}{match[1]}-{match[2]}"
    new = kind in ("", "new") and (announced or "").startswith(month)
    return announced if new else month


def _day(text: str) -> str:
    """Return a date of RFC 5322 or ISO 8601 as the latter."""
    from email.utils import parsedate_to_datetime

    if parsed_date(text):
        return text
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, OverflowError):
        return ""
