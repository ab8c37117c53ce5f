"""JSON objects of papers with their keys normalized to those of Carrel.

Supported are the search of DBLP (https://dblp.org/faq/13501473.html), the notes of OpenReview
(https://docs.openreview.net/reference/api-v2), Papers with Code, papers-with-votes data sets, and
output of scripts.
"""

import re
from collections.abc import Mapping

from index.formats.records.dates import iso_date
from index.formats.records.people import parse_people
from index.papers.identifiers import parse_arxiv
from index.papers.json_values import Shape, first, inner, text, texts

_LIBRARY_KEYS = frozenset(("sources", "added", "bookmarked"))
_KNOWN_KEYS = frozenset(
    "id title abstract authors et_al year date venue url urls arxiv_id doi keywords categories "
    "votes sources bookmarked read tags note added score match".split()
)
_TITLES = ("title", "Title", "paper_title", "name")
_KEYS: Mapping[str, tuple[str, ...]] = {
    "abstract": ("abstract", "summary", "Abstract", "description"),
    "venue": ("venue", "journal", "booktitle", "conference", "journal_ref", "source"),
    "url": ("url", "link", "paper_url", "url_abs", "entry_id", "ee", "pdf_url", "pdf"),
    "date": ("date", "published", "publication_date", "publicationDate", "published_date",
             "publishedAt", "update_date", "updated"),
    "arxiv_id": ("arxiv_id", "arxivId", "arxiv", "eprint"),
    "doi": ("doi", "DOI"),
}  # fmt: skip
_VOTES = ("votes", "upvotes", "num_votes", "likes")
_LINKS = ("urls", "github", "github_url", "code", "code_url", "url_pdf", "pdf_url", "project_page")
_ISO = re.compile(r"\d{4}(?:-|$)", re.ASCII)
_ID = re.compile(r"[^\s]{1,80}")
_DBLP_STOP = re.compile(r"(?<=[^.])\.$")
_NAMESAKE_NUMBER = re.compile(r"\s+\d{4}$")


def normalize_keys(shape: Shape) -> Shape:
    """Return an object with the keys of Carrel, unchanged if it already has them."""
    is_own = len(_LIBRARY_KEYS.intersection(shape)) > 1
    if is_own or (shape.keys() <= _KNOWN_KEYS and _has_author_names(shape)):
        return shape
    shape = _unwrap(shape)
    known: dict[str, object] = {name: value for name, value in shape.items() if name != "source"}
    for name, others in _KEYS.items():
        known[name] = first(shape, *others)
    title = text(shape, *_TITLES)
    known["title"] = _DBLP_STOP.sub("", title) if "@id" in shape else title
    if not _ISO.match(str(known["date"])):
        known["date"] = iso_date(str(known["date"]))
    known["authors"], more = _authors(shape.get("authors", shape.get("author")))
    known["et_al"] = more or shape.get("et_al") is True
    known["votes"] = next((shape[name] for name in _VOTES if name in shape), None)
    known["urls"] = [link for name in _LINKS for link in texts(shape, name)]
    given = text(shape, "id")
    known["id"] = given if _ID.fullmatch(given) and "://" not in given else ""
    if not known["arxiv_id"]:
        places = (given, *(first(shape, name) for name in _KEYS["url"]))
        known["arxiv_id"] = next((p for p in places if parse_arxiv(p)), "")
    for name in ("categories", "keywords"):
        if len(listed := texts(shape, name)) == 1:
            known[name] = re.split(r"\s*[,;]\s*" if name == "keywords" else r"[,;\s]+", listed[0])
    return known


def _has_author_names(shape: Shape) -> bool:
    authors = shape.get("authors", [])
    return isinstance(authors, list) and all(isinstance(author, str) for author in authors)


def _unwrap(shape: Shape) -> Shape:
    """Return a paper without the wrappers that a service puts around it and its values."""
    for name in ("content", "info"):
        within = inner(shape, name)
        if any(title in within for title in _TITLES):
            values = {
                key: value["value"] if isinstance(value, dict) and "value" in value else value
                for key, value in within.items()
            }
            ours = {"@id": ""} if name == "info" else {}
            return {**ours, **{"id": shape.get("id")}, **values}
    return shape


def _authors(listed: object) -> tuple[list[str], bool]:
    """Return the names of authors, and whether there are more."""
    if isinstance(listed, str):
        return parse_people(listed)
    if isinstance(listed, dict):
        return _authors(listed.get("author"))
    names = []
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, str):
            names.append(one)
        elif isinstance(one, dict):
            parts = (
                first(one, "given", "first", "firstName"),
                first(one, "family", "last", "lastName"),
            )
            names.append(first(one, "name", "text", "full_name", "fullname") or " ".join(parts))
    return [_NAMESAKE_NUMBER.sub("", name) for name in names if name.strip()], False
