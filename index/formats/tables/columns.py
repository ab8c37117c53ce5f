"""Column names of tables of papers.

The names are those of Carrel, Zotero, JabRef, Scopus, Web of Science, PubMed, IEEE Xplore,
Dimensions, Lens, Semantic Scholar, Google Scholar, Publish or Perish, and of spreadsheets.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

CITATION: Mapping[str, str] = {
    "container": "container-title", "volume": "volume", "issue": "issue", "number": "number",
    "pages": "page", "chapter": "chapter-number", "publisher": "publisher",
    "place": "publisher-place", "edition": "edition", "series": "collection-title",
    "series_number": "collection-number", "event": "event-title", "genre": "genre",
    "language": "language", "isbn": "ISBN", "issn": "ISSN", "pmid": "PMID", "pmcid": "PMCID",
}  # fmt: skip
"""Columns of Carrel's own files that hold CSL variables."""

PEOPLE: Mapping[str, str] = {"editors": "editor", "translators": "translator"}
"""Columns of Carrel's own files that hold people, and their roles in CSL."""

OWN = (
    "id", "title", "authors", "year", "date", "venue", "url", "arxiv_id", "doi", "keywords",
    "categories", "votes", "tags", "bookmarked", "read", "note", "sources", "added", "abstract",
    "dismissed", "later", "type", "names", *CITATION, *PEOPLE,
)  # fmt: skip
"""The header of Carrel's own files, to which columns are added at the end."""

# Letters and digits of the names, the likeliest first.
_NAMES: Mapping[str, str] = {
    "id": "id key citekey citationkey bibtexkey identifier paperid pmid lensid",
    "title": "title articletitle documenttitle papertitle displayname papername primarytitle",
    "authors": "authorfullnames authors author authornames creators creator"
    " authorshipsauthordisplayname authorsprimary",
    "year": "year publicationyear pubyear publishedyear yearpublished py",
    "date": "date publicationdate publisheddate datepublished published publicationdateonline"
    " onlinedate coverdate pubdate",
    "venue": "venue publicationtitle journal sourcetitle source journalbook publication booktitle"
    " journaltitle conference conferencename journalname sourcetitleanthologytitle"
    " primarylocationsourcedisplayname containertitle proceedings",
    "url": "url link urls links articleurl paperurl externalurl pdflink pdfurl pdf sourceurls href",
    "code": "code codeurl github githuburl repository repo coderepository",
    "arxiv_id": "arxivid arxiv eprint arxivnumber",
    "doi": "doi doilink",
    "abstract": "abstract abstractnote summary description abstracttext tldr",
    "keywords": "keywords authorkeywords keyword manualtags meshterms keywordsplus indexkeywords"
    " ieeeterms automatictags topics",
    "categories": "categories category arxivcategories primarycategory",
    "editors": "editors editor bookeditors",
    "translators": "translators translator",
    "type": "itemtype documenttype publicationtype documentidentifier bibtextype type reporttype",
    "event": "conferencename conferencetitle meetingname",
    "event_place": "conferencelocation",
    "volume": "volume vol volumeno",
    "issue": "issue issueno issuenumber number",
    "pages": "pages page pagination",
    "start": "pagestart startpage beginningpage firstpage",
    "end": "pageend endpage endingpage lastpage",
    "article": "artno articlenumber",
    "publisher": "publisher",
    "place": "place publisheraddress publishercity address",
    "edition": "edition",
    "series": "series seriestitle bookseriestitle",
    "isbn": "isbn isbns",
    "issn": "issn issns",
    "language": "language languageoforiginaldocument",
    "pmid": "pmid pubmedid",
    "pmcid": "pmcid",
    "abbreviation": "abbreviatedsourcetitle journalabbreviation journalisoabbreviation",
}
TYPES: Mapping[str, str] = {
    "article": "article-journal", "journalarticle": "article-journal", "journal": "article-journal",
    "j": "article-journal", "review": "article-journal", "editorial": "article-journal",
    "letter": "article-journal", "note": "article-journal", "shortsurvey": "article-journal",
    "erratum": "article-journal", "articleinpress": "article-journal",
    "datapaper": "article-journal",
    "ieeejournals": "article-journal", "ieeemagazines": "article-magazine",
    "ieeeearlyaccessarticles": "article-journal", "magazinearticle": "article-magazine",
    "newspaperarticle": "article-newspaper", "conferencepaper": "paper-conference",
    "proceedingspaper": "paper-conference", "inproceedings": "paper-conference",
    "ieeeconferences": "paper-conference", "conference": "paper-conference",
    "c": "paper-conference", "book": "book", "b": "book", "bookchapter": "chapter",
    "booksection": "chapter", "incollection": "chapter", "ieeebooks": "book", "chapter": "chapter",
    "encyclopediaarticle": "entry-encyclopedia", "dictionaryentry": "entry-dictionary",
    "thesis": "thesis", "phdthesis": "thesis", "dissertation": "thesis", "report": "report",
    "techreport": "report", "preprint": "article", "manuscript": "manuscript",
    "webpage": "webpage", "blogpost": "post-weblog", "dataset": "dataset",
    "computerprogram": "software", "software": "software", "ieeestandards": "standard",
    "standard": "standard", "patent": "patent", "presentation": "speech",
}  # fmt: skip
"""CSL types of the words in columns of types, by their letters in lower case."""

_WEB_OF_SCIENCE: Mapping[str, str] = {
    "title": "ti", "authors": "af au", "year": "py", "venue": "so", "doi": "di",
    "abstract": "ab", "keywords": "de id", "url": "dl", "type": "dt pt", "editors": "be",
    "volume": "vl", "issue": "is", "start": "bp", "end": "ep", "article": "ar", "publisher": "pu",
    "place": "pi", "series": "se", "isbn": "bn", "issn": "sn", "language": "la", "pmid": "pm",
    "abbreviation": "j9", "event": "ct", "event_place": "cl",
}  # fmt: skip
_TELLING = frozenset(
    "title authors year date venue url code arxiv_id doi abstract keywords categories id".split()
)
"""Fields that distinguish a table of papers from others, which may have a title and a number."""
_NAME = re.compile(r"\s*\w[\w .()/#'-]{0,60}\s*")
_WORDS = re.compile(r"[^a-z0-9]+")


def columns(header: Sequence[str]) -> dict[str, list[int]]:
    """Return the columns of each field, the likeliest first."""
    plain = [_WORDS.sub("", cell.lower().replace("(s)", "s")) for cell in map(_name, header)]
    known = _WEB_OF_SCIENCE if {"ti", "so", "au"} <= set(plain) else _NAMES
    found: dict[str, list[int]] = {}
    for field, names in known.items():
        places = [plain.index(name) for name in dict.fromkeys(names.split()) if name in plain]
        if places:
            found[field] = places
    return found


def _name(cell: str) -> str:
    return cell if _NAME.fullmatch(cell) else ""


def own_columns(header: Sequence[str]) -> dict[str, int] | None:
    """Return the columns of a table written by Carrel; None for any other."""
    names = [cell.strip().lower() for cell in header]
    own = {"id", "title", "arxiv_id", "bookmarked", "sources", "added"} <= set(names)
    return {name: names.index(name) for name in OWN if name in names} if own else None


def is_header(header: Iterable[str]) -> bool:
    """Return whether cells name a title and another field."""
    known = columns(list(header)).keys() & _TELLING
    return "title" in known and len(known) > 1
