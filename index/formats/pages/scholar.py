"""One paper from the tags of its page for search engines.

These are the Highwire Press tags of Google Scholar, `citation_title`, `citation_author` and so on
(https://scholar.google.com/intl/en/scholar/inclusion.html#indexing); Dublin Core where those are
missing (https://www.dublincore.org/specifications/dublin-core/dcq-html/).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from index.papers.identifiers import parse_date
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean
from index.text.months import MONTHS

_TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_NUMBERS = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?!\d)")
_BACKWARDS = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")
_WORDS = re.compile(
    rf"(?:(\d{{1,2}})\s+)?({'|'.join(MONTHS)})[a-z]*\.?,?(?:\s+(\d{{1,2}}),)?\s+(\d{{4}})", re.I
)

# Tags by field, the most reliable first.
_TITLE = ("citation_title", "bepress_citation_title", "eprints.title", "dc.title", "dcterms.title")
_AUTHOR = ("citation_author", "bepress_citation_author", "eprints.creators_name", "dc.creator",
           "dcterms.creator", "dc.contributor")  # fmt: skip
_DATE = ("citation_publication_date", "citation_date", "citation_cover_date",
         "bepress_citation_date", "citation_online_date", "citation_year", "eprints.date",
         "dc.date", "dcterms.issued", "dcterms.date", "dc.date.issued")  # fmt: skip
_VENUE = ("citation_journal_title", "citation_conference_title", "citation_conference",
          "citation_inbook_title", "citation_book_title", "bepress_citation_journal_title",
          "eprints.publication", "citation_technical_report_institution")  # fmt: skip
_ABSTRACT = ("citation_abstract", "eprints.abstract", "dcterms.abstract", "dc.description.abstract",
             "dc.description")  # fmt: skip
_KEYWORDS = ("citation_keywords", "citation_keyword", "dc.subject", "eprints.keywords")
_PAGE = ("citation_abstract_html_url", "citation_public_url", "citation_fulltext_html_url",
         "og:url", "bepress_citation_abstract_html_url")  # fmt: skip


class Tags:
    """The `meta` elements of a page."""

    def __init__(self) -> None:
        self._values: dict[str, list[str]] = defaultdict(list)

    def add(self, name: str, content: str) -> None:
        """Add an element; names are case-insensitive."""
        if name and content.strip():
            self._values[name.lower()].append(content)

    def _all(self, names: Iterable[str]) -> list[str]:
        return next((self._values[name] for name in names if name in self._values), [])

    def _first(self, names: Iterable[str]) -> str:
        return next(iter(self._all(names)), "")

    def paper(self) -> Paper | None:
        """Return the paper of the page; None if there are no such tags."""
        title = self._first(_TITLE)
        has_tags = any(
            name.startswith(("citation_", "bepress_", "eprints.")) for name in self._values
        )
        if not clean(title) or not (has_tags or self._all(_AUTHOR)):
            return None
        doi = self._first(("citation_doi", "bepress_citation_doi", "prism.doi"))
        identifiers = [doi, *self._all(("dc.identifier",))]
        return build_paper(
            title=_plain(title),
            abstract=_plain(self._first(_ABSTRACT)),
            authors=self._authors(),
            date=_date(self._first(_DATE)),
            venue=_plain(self._first(_VENUE)),
            url=self._first(_PAGE),
            urls=self._all(("citation_pdf_url",)),
            arxiv_id=self._first(("citation_arxiv_id",)),
            doi=next((one for one in identifiers if "10." in one), ""),
            keywords=_split(self._all(_KEYWORDS)),
        )

    def _authors(self) -> list[str]:
        fields = self._all(_AUTHOR) or self._first(("citation_authors",)).split(";")
        names = [name for field in fields for name in field.split(";")]
        return [_natural_order(_plain(name)) for name in names]


def _plain(text: str) -> str:
    return _TAGS.sub("", text)


def _natural_order(name: str) -> str:
    """Return a name in natural order: `Lovelace, Ada` is `Ada Lovelace`."""
    family, _, rest = clean(name).partition(",")
    given, _, suffix = rest.partition(",")
    return " ".join(filter(None, (given.strip(), family.strip(), suffix.strip())))


def _split(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        yield from re.split(r"[;\n]" if ";" in value else r"[,\n]", _plain(value))


def _date(text: str) -> str:
    """Return a date as ISO 8601: 2017/6/12, 12/06/2017 (day first), June 12, 2017; or ""."""
    text = text.strip()
    if match := _BACKWARDS.match(text):
        found = (match[3], match[2], match[1])
    elif match := _NUMBERS.match(text):
        found = (match[1], match[2], match[3])
    elif match := _WORDS.search(text):
        month = str(MONTHS.index(match[2].lower()) + 1)
        found = (match[4], month, match[1] or match[3])
    else:
        return ""
    year, month_, day = found
    for parts in ((year, month_, day), (year, month_), (year,)):
        if all(parts) and parse_date(whole := "-".join(part.zfill(2) for part in parts)):
            return whole
    return ""
