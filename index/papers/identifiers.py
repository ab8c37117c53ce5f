"""Parsing of identifiers, dates and links into normalized form."""

import datetime
import re
from urllib.parse import unquote, urlsplit

from index.text.cleaning import clean

# https://info.arxiv.org/help/arxiv_identifier.html: 0704.0001 onwards, and hep-th/9901001 before.
_ARXIV = re.compile(
    r"(?:arxiv(?:\.org)?\s*[:/.]\s*(?:abs/|pdf/|html/)?|/(?:abs|pdf|html)/|^)\s*"
    r"(\d{4}\.\d{4,5}|[a-z][a-z-]+(?:\.[A-Za-z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?(?![\d.]*\d)",
    re.IGNORECASE | re.ASCII,
)
# https://www.crossref.org/blog/dois-and-matching-regular-expressions/; those based on a
# SICI have angle brackets: 10.1002/(SICI)1097-4571(199009)41:6<391::AID-ASI1>3.0.CO;2-9
_DOI = re.compile(r"10\.\d{4,9}/(?:[^\s\"<>{}|\\^`]|<[^\s\"<>{}|\\^`]{1,60}>(?=\d))+", re.ASCII)
_DOI_BREAK = re.compile(r"(?<=[\w)])\s+(?=[_/-][^\W_])|(?<=\d[_/-])\s+(?=\d)")
_URL = re.compile(
    r"https?://[^\s<>\"{}|\\^`]+"
    r"|(?<![\w@./-])(?:www\.|github\.com/|gitlab\.com/|huggingface\.co/)[^\s<>\"{}|\\^`]+",
    re.IGNORECASE,
)
# The scheme and host of most links: urlsplit takes five times as long.
_PLAIN_LINK = re.compile(r"(https?)://([a-z0-9.-]+)(?:[/?#][!-~]*)?")
_CODE_HOSTS = frozenset(
    ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "sourceforge.net", "git.sr.ht",
     "gitee.com", "anonymous.4open.science", "code.google.com")
)  # fmt: skip
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$", re.ASCII)


def parse_id(text: str) -> str:
    """Return an id without white space and leading signs, so that it is easy to type in a shell."""
    return re.sub(r"\s+", "-", clean(text)).lstrip("-+")[:120]


def parse_arxiv(text: str) -> str:
    """Return the arXiv identifier in a string or URL, without its version, or ""."""
    match = _ARXIV.search(text.strip()) if text else None
    return match[1] if match else ""


def sought_identifier(field: str, text: str, *, is_prefix: bool) -> tuple[str, bool]:
    """Return the identifier to search a field for, and whether it is a prefix.

    It is one if it is incomplete, so that identifiers are found while they are typed. A complete
    one may be written in several ways.
    """
    parsers = {"doi": parse_doi, "arxiv": parse_arxiv}
    complete = parsers[field](text) if field in parsers and not is_prefix else ""
    return (complete or text, is_prefix or (field in parsers and not complete))


_SIGNS = {"%2f": "/", "%3c": "<", "%3e": ">", "&lt;": "<", "&gt;": ">", "&amp;lt;": "<",
          "&amp;gt;": ">"}  # fmt: skip
_ENCODED = re.compile("|".join(_SIGNS), re.IGNORECASE)


def parse_doi(text: str) -> str:
    """Return the DOI in a string or URL, in its original case, or "".

    A space before `_37` was inserted by a line break. A DOI that ends with a sign is cut off: what
    is left of the DOI of a chapter would be that of the book.
    """
    if "doi.org/" in text:
        text = unquote(text)
    if "%" in text or "&" in text:  # SICIs have angle brackets, which some programs encode
        text = _ENCODED.sub(lambda match: _SIGNS[match[0].lower()], text)
    text = _DOI_BREAK.sub("", clean(text)) if text else ""
    match = _DOI.search(text) if text else None
    doi = match[0].rstrip(".,;)") if match else ""
    return doi if _DOI.fullmatch(doi) and doi[-1] not in "-_/" else ""


def parse_date(text: str | None) -> str | None:
    """Return an ISO 8601 date to the year, month or day, or None if it is not a valid date."""
    match = _DATE.match((text or "").strip()[:10])
    if not match:
        return None
    try:
        datetime.date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None
    if int(match[1]) < 1000:
        return None
    return match[0]


def web_url(text: str) -> str:
    """Return an http(s) URL that can be opened, or "" for anything else."""
    text = clean(text)
    if not text or " " in text or len(text) > 2000:
        return ""
    link = text if "://" in text else f"https://{text}"
    scheme, host = _scheme_and_host(link)
    return link if scheme in ("http", "https") and "." in host else ""


def _scheme_and_host(url: str) -> tuple[str, str]:
    """Return scheme and host of a URL in lower case, "" if it has none or is invalid."""
    if match := _PLAIN_LINK.fullmatch(url):
        return match[1], match[2]
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or ""
    except ValueError:
        return "", ""


def links_in(text: str) -> tuple[str, ...]:
    """Return the web links in a text, in order, without trailing punctuation."""
    lower = text.lower()
    if not ("://" in lower or "www." in lower or ".com/" in lower or ".co/" in lower):
        return ()  # as in most abstracts
    found = []
    for match in _URL.finditer(text):
        url = match[0].rstrip(".,;:!?'*]")
        while url.endswith(")") and url.count(")") > url.count("("):
            url = url[:-1].rstrip(".,;:!?'*]")
        found.append(web_url(url))
    return tuple(dict.fromkeys(url for url in found if url))


def is_code(url: str) -> bool:
    """Return whether a link leads to a host of source code."""
    host = _scheme_and_host(url)[1].removeprefix("www.")
    return host in _CODE_HOSTS or host.endswith((".github.com", ".gitlab.com"))
