"""Column names of tables of papers.

The names are those of Carrel, Zotero, JabRef, Scopus, Web of Science, PubMed, IEEE Xplore,
Dimensions, Lens, Semantic Scholar, Google Scholar, Publish or Perish, and of spreadsheets.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

OWN = (
    "id", "title", "authors", "year", "date", "venue", "url", "arxiv_id", "doi", "keywords",
    "categories", "votes", "tags", "bookmarked", "read", "note", "sources", "added", "abstract",
)  # fmt: skip
"""The header of Carrel's own files."""

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
    "editors": "editors editor",
}
_WEB_OF_SCIENCE: Mapping[str, str] = {
    "title": "ti", "authors": "af au", "year": "py", "venue": "so", "doi": "di",
    "abstract": "ab", "keywords": "de id", "url": "dl",
}  # fmt: skip
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
    known = columns(list(header))
    return "title" in known and len(known) > 1
