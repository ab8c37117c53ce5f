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
from index.papers.citation import Citation, build_citation
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.identifiers import parse_arxiv
from index.papers.names import Name, build_name
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
    names, et_al = _authors(article)
    identifiers = _identifiers(record, article)
    title, venue = _title(citation, article)
    return build_paper(
        id=pmid,
        title=title,
        abstract=_abstract(citation, article),
        names=names,
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
        type=_type(article, venue),
        citation=_citation(record, article, pmid, title),
    )


def _type(article: "Element", venue: str) -> str:
    if article.tag == "BookDocument":
        return "chapter" if venue else "book"
    kinds = {kind.lower() for kind in texts_of(article, "PublicationTypeList/PublicationType")}
    return "article" if "preprint" in kinds else "article-journal"


def _citation(record: "Element", article: "Element", pmid: str, title: str) -> Citation:
    """Return the citation of an article or a part of a book."""

    def first(*paths: str) -> str:
        return next((text for path in paths if (text := clean(text_of(article, path)))), "")

    start, end = first("Pagination/StartPage"), first("Pagination/EndPage")
    pmc = [each for each in record.iterfind(".//ArticleId") if each.get("IdType") == "pmc"]
    container = clean_title(first("Journal/Title", "Book/BookTitle"))
    original = clean_title(first("VernacularTitle"))
    values = {
        "container-title": container if container != title else "",
        "container-title-short": first("Journal/ISOAbbreviation"),
        "collection-title": first("Book/CollectionTitle"),
        "original-title": original if original != title else "",
        "volume": first("Journal/JournalIssue/Volume", "Book/Volume"),
        "issue": first("Journal/JournalIssue/Issue"),
        "page": first("Pagination/MedlinePgn") or (f"{start}-{end}" if end else start),
        "publisher": first("Book/Publisher/PublisherName"),
        "publisher-place": first("Book/Publisher/PublisherLocation"),
        "edition": first("Book/Edition"),
        "ISBN": first("Book/Isbn"),
        "ISSN": first("Journal/ISSN"),
        "language": first("Language"),
        "PMID": pmid,
        "PMCID": clean(text_of(pmc[0])) if pmc else "",
    }
    lists = [*article.iterfind("AuthorList"), *article.iterfind("Book/AuthorList")]
    editors = [name for names in lists if _are_editors(names) for name in _names(names)]
    return build_citation(values, {"editor": editors})


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


def _authors(article: "Element") -> tuple[list[Name], bool]:
    """Return the authors of an article, else of its book, and whether there are more."""
    for listed in (*article.iterfind("AuthorList"), *article.iterfind("Book/AuthorList")):
        if not _are_editors(listed) and (names := _names(listed)):
            return names, listed.get("CompleteYN") == "N"
    return [], False


def _are_editors(listed: "Element") -> bool:
    return listed.get("Type") == "editors"


def _names(listed: "Element") -> list[Name]:
    """Return the names in a list; invalid names are misspellings of a valid one."""
    people = [person for person in listed.iterfind("Author") if person.get("ValidYN") != "N"]
    return [name for person in people if str(name := _name(person))]


def _name(person: "Element") -> Name:
    first = text_of(person, "ForeName") or text_of(person, "FirstName")
    first = first or text_of(person, "Initials")
    last = clean(text_of(person, "LastName"))
    if not last:
        return Name(literal=clean(text_of(person, "CollectiveName")) or clean(first))
    return build_name(last, clean(first), clean(text_of(person, "Suffix")))


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
