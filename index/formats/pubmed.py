"""PubMed XML: articles and book chapters, from its site, its API or its archive.

The format: https://dtd.nlm.nih.gov/ncbi/pubmed/doc/out/250101/
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from index.formats.base import Format
from index.formats.records.dates import iso_date
from index.formats.records.entries import number_entries
from index.formats.records.xml_records import element, records, root_name, text_of, texts_of
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.identifiers import parse_arxiv
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PAGE = "https://pubmed.ncbi.nlm.nih.gov/"

_RECORDS = ("PubmedArticle", "PubmedBookArticle", "MedlineCitation")
_ROOTS = frozenset((*_RECORDS, "PubmedArticleSet", "PubmedBookArticleSet", "MedlineCitationSet"))
_ABBREVIATION = re.compile(r"\b(?:[A-Z]\.)+[A-Z]\.$|\b(?:Jr|Inc|Ltd|etc|al)\.$")
_TRANSLATED = re.compile(r"\[([^\[\]]+?)\.?\]\.?")
_NO_TITLE = re.compile(r"\[?not available\.?\]?\.?", re.I)
_INDENTED = re.compile(r"(?<=[(\[/])\s*\n\s*")
_NO_LABEL = frozenset(("", "UNLABELLED", "UNASSIGNED"))


def recognise(head: str) -> bool:
    """Return whether a text begins with PubMed records."""
    return root_name(head) in _ROOTS


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of a PubMed XML file."""
    return number_entries(_entries(stream))


def _entries(stream: BinaryIO) -> Iterator[tuple[int, Paper | str]]:
    for record in records(stream, _RECORDS):
        try:
            yield record.line, _paper(element(record))
        except ValueError as error:
            yield record.line, str(error)


def _paper(record: "Element") -> Paper:
    citation = record.find("MedlineCitation") if record.tag == "PubmedArticle" else record
    citation = record if citation is None else citation
    article = next(
        (e for e in (citation.find("Article"), citation.find("BookDocument")) if e), None
    )
    if article is None:
        return build_paper(title="")
    pmid = text_of(citation, "PMID") or text_of(article, "PMID")
    authors, et_al = _authors(article)
    identifiers = _identifiers(record, article)
    title, venue = _title(citation, article)
    return build_paper(
        id=pmid,
        title=title,
        abstract=_abstract(citation, article),
        authors=authors,
        et_al=et_al,
        date=_date(article),
        venue=venue,
        url=f"{PAGE}{pmid.strip()}/" if pmid.strip().isdecimal() else "",
        arxiv_id=next(filter(None, map(parse_arxiv, identifiers["arxiv"])), ""),
        doi=next(iter(identifiers["doi"]), ""),
        keywords=[
            *texts_of(record, ".//KeywordList/Keyword"),
            *texts_of(citation, "MeshHeadingList/MeshHeading/DescriptorName"),
        ],
    )


def _title(citation: "Element", article: "Element") -> tuple[str, str]:
    """Return the title, in English if there is one, and the venue."""
    names = ("ArticleTitle", "VernacularTitle", "Book/BookTitle")
    titles = [clean_title(clean(_join_text(article.find(name)))) for name in names]
    title = next((t for t in titles if t and not _NO_TITLE.fullmatch(t)), "")
    places = ("Journal/Title", "Journal/ISOAbbreviation", "Book/BookTitle")
    venues = [clean(text_of(article, place)) for place in places]
    venues.append(clean(text_of(citation, "MedlineJournalInfo/MedlineTA")))
    return title, next((venue for venue in venues if venue and venue != title), "")


def clean_title(title: str) -> str:
    """Return a title without the full stop and the brackets that PubMed adds."""
    if title.endswith(".") and not title.endswith("..") and not _ABBREVIATION.search(title):
        title = title[:-1]
    inside = _TRANSLATED.fullmatch(title)
    return inside[1] if inside and not _NO_TITLE.fullmatch(title) else title


def _abstract(citation: "Element", article: "Element") -> str:
    """Return the abstract with the labels of its parts, else one by another author."""
    parts = article.findall("Abstract/AbstractText") or [
        part
        for other in citation.findall("OtherAbstract")[:1]
        for part in other.iterfind("AbstractText")
    ]
    written = []
    for part in parts:
        label, text = part.get("Label", "").strip(), _join_text(part)
        if text:
            written.append(text if label.upper() in _NO_LABEL else f"{label}: {text}")
    return " ".join(written)


def _join_text(text: "Element | None") -> str:
    """Return a text without the line breaks that indented XML adds."""
    return _INDENTED.sub("", text_of(text)).strip()


def _authors(article: "Element") -> tuple[list[str], bool]:
    """Return the authors, else the editors of a book, and whether there are more."""
    lists = [*article.iterfind("AuthorList"), *article.iterfind("Book/AuthorList")]
    lists.sort(key=lambda names: names.get("Type") == "editors")
    for listed in lists:
        # Invalid names are misspellings of a valid one.
        people = [person for person in listed.iterfind("Author") if person.get("ValidYN") != "N"]
        names = [name for person in people if (name := _name(person))]
        if names:
            return names, listed.get("CompleteYN") == "N"
    return [], False


def _name(person: "Element") -> str:
    first = text_of(person, "ForeName") or text_of(person, "FirstName")
    first = first or text_of(person, "Initials")
    names = (first, text_of(person, "LastName"), text_of(person, "Suffix"))
    return clean(" ".join(names)) or clean(text_of(person, "CollectiveName"))


def _identifiers(record: "Element", article: "Element") -> dict[str, list[str]]:
    known: dict[str, list[str]] = {"doi": [], "arxiv": []}
    places = (
        (article, "ELocationID", "EIdType"),
        (record, "PubmedData/ArticleIdList/ArticleId", "IdType"),
        (record, "PubmedBookData/ArticleIdList/ArticleId", "IdType"),
        (article, "ArticleIdList/ArticleId", "IdType"),
    )
    for place, path, kind in places:
        for each in place.iterfind(path):
            text = text_of(each)
            if each.get(kind) == "doi" and each.get("ValidYN") != "N":
                known["doi"].append(text)
            if "arxiv" in text.lower():
                known["arxiv"].append(text)
    return known


def _date(article: "Element") -> str:
    """Return the date of the issue, or a more precise date of the paper in the same year."""
    places = ("Journal/JournalIssue/PubDate", "Book/PubDate", "ArticleDate", "ContributionDate")
    dates = [date for place in places for date in map(_ymd, article.iterfind(place)) if date]
    same = [date for date in dates if date[:4] == dates[0][:4]]
    return max(same, key=len, default="")


def _ymd(date: "Element") -> str:
    written = " ".join(text_of(date, part).strip() for part in ("Year", "Month", "Day"))
    if not written.strip():
        return iso_date(text_of(date, "MedlineDate"))
    return iso_date(written if re.search("[A-Za-z]", written) else "/".join(written.split()))


FORMAT = Format(name="pubmed", label="PubMed XML", endings=(), recognise=recognise, read=read)
