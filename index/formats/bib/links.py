"""Identifiers and links of an entry, from any field that programs use for them."""

import re
from collections.abc import Iterable

from index.formats.bib.entries import BibRecord
from index.papers.identifiers import parse_arxiv, parse_doi, web_url
from index.text.latex.decoding import plain

_ARXIV_HERE = re.compile(r"arxiv|\babs/\d{4}\.", re.IGNORECASE)
LINK = re.compile(r"https?://[^\s{}<>\"|\\^`]+", re.IGNORECASE)
_QUERY = re.compile(r"\?[a-z]+=.*", re.IGNORECASE)
_ANGLE = re.compile(r"\$?\{?\\(textless|textgreater|lt|gt)(?![A-Za-z])\s*(?:\{\})?\}?\$?")
_PLACES = "journal journaltitle volume number howpublished note doi url pages".split()


def arxiv_id(record: BibRecord) -> str:
    """Return the arXiv id of an entry."""
    for name in ("arxivid", "arxiv"):
        if found := parse_arxiv(plain(record.first(name))):
            return found
    if eprint := plain(record.first("eprint")):
        archive = record.first("eprinttype", "archiveprefix").strip("{} ").lower()
        if archive in ("", "arxiv") and (found := parse_arxiv(eprint)):
            return found
    for name in _PLACES:
        if not (written := record.first(name)) or not _ARXIV_HERE.search(text := plain(written)):
            continue
        found = parse_arxiv(re.sub(r"\babs/", "arXiv:", text))
        if found and not (name == "note" and "arxiv.org" not in text and ":" not in text):
            return found
    return ""


def doi(record: BibRecord, among: Iterable[str]) -> str:
    """Return the DOI of an entry, from its own field, a link or the note."""
    found = parse_doi(_verbatim(record.first("doi")))
    if not found:
        hosted = (link for link in among if "doi.org/" in link)
        found = next(filter(None, map(parse_doi, hosted)), "")
    if not found and "doi" in record.first("note").lower():
        found = parse_doi(_verbatim(record.first("note")))
    return _QUERY.sub("", found)  # the page it was copied from


def links(record: BibRecord) -> list[str]:
    """Return the web links of an entry, its `url` first."""
    own = _verbatim(record.first("url")).strip()
    found = dict.fromkeys([own] if web_url(own) else [])
    for value in record.every("url", "howpublished", "ee", "link", "bdsk-url-1", "bdsk-url-2",
                              "note", "adsurl"):  # fmt: skip
        for link in LINK.findall(_verbatim(value)):
            if link not in found:
                found[link.rstrip(".,;")] = None
    return list(found)


def _verbatim(value: str) -> str:
    """Return a link or identifier, which may be written as LaTeX or verbatim."""
    if "\\" in value or "{" in value or "$" in value:
        value = re.sub(r"\\(?:url|path|href|nolinkurl)\b", " ", value)
        value = re.sub(r"\{?\\(?:textasciitilde|~|sim)(?:\{\})?\}?|\$\\sim\$", "~", value)
        value = re.sub(r"\\textunderscore(?:\{\})?", "_", value)
        value = _ANGLE.sub(lambda match: "<" if match[1] in ("textless", "lt") else ">", value)
        value = re.sub(r"\$\s*([<>])\s*\$", r"\1", value)
        value = re.sub(r"\{?\\([%#_&$~])\}?", r"\1", value)
        value = re.sub(r"\\-|\\/", "", value)
        value = value.replace("{", " ").replace("}", " ") if "http" in value else value
        value = re.sub(r"[{}]", "", value)
    return value.replace("&amp;", "&")
