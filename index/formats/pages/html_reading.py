"""Papers in pages saved from a browser: Daily Papers pages, pages of one paper, Carrel's exports.

Metadata is more reliable than visible text. In order of preference: the data for the scripts of the
Daily Papers site together with the visible text; the tags for search engines; microdata
(https://schema.org/ScholarlyArticle), as in Carrel's own pages; the visible text.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from index.errors import CarrelError
from index.formats.pages.cards import HEAD_CHARS, read_cards
from index.formats.pages.html_tokens import End, Start, TextToken, Token, tokens
from index.formats.pages.hydrated import Properties, properties
from index.formats.pages.pieces import PagePiece
from index.formats.pages.scholar import Tags
from index.papers.entries import NO_TITLE, Origin, ParsedPaper, Skipped
from index.papers.identifiers import parse_arxiv, parse_doi
from index.papers.paper import Paper, build_paper
from index.papers.tags import normalize_tag
from index.text.cleaning import clean
from index.text.encodings import decode, decode_declared

_HTML = re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.I)
_SIGNS = re.compile(
    r"data-target=[\"']DailyPapers|SVELTE_HYDRATER|<meta\s[^<>]{0,80}[\"']citation_title[\"']"
    r"|<article\s[^<>]{0,300}schema\.org/ScholarlyArticle|href=[\"'][^\"']{0,40}/papers/\d{4}\.\d{4,5}",
    re.I,
)
_ARCHIVE = re.compile(r"^Content-Type:\s*multipart/related", re.I | re.M)
_OTHER = re.compile(r"\A\s*(?:<\?xml(?![\s\S]{0,2000}<html)|<(?:rss|feed|rdf|PubmedArticle))", re.I)
_OF_SITE = re.compile(r"huggingface\.co|SVELTE_HYDRATER", re.I)
_ARTICLE = re.compile(r"schema\.org/ScholarlyArticle$", re.I)
_BLOCKS = frozenset(
    "p div h1 h2 h3 h4 h5 h6 li ul ol article section header footer main nav aside button label "
    "table tr td th dl dt dd blockquote figure time form".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_UNSEEN = frozenset(("script", "style", "title", "textarea", "iframe", "noembed", "xmp"))
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_SHOWN = frozenset(("author", "headline", "name"))  # the value is the text, even of a link
MAX_DEPTH = 100
"""Nested elements with microdata."""


def recognise(head: str) -> bool:
    """Return whether a file is an HTML page, or a web archive of one."""
    if _OTHER.match(head):
        return False
    if _ARCHIVE.search(head[:3000]):
        return True
    start = head.lstrip("\ufeff \t\r\n")
    return start.startswith("<") and bool(_HTML.search(head[:5000]) or _SIGNS.search(head))


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of a page with all of their metadata."""
    text = _page(stream.read())
    page = _Page()
    for token in tokens(text):
        page.add(token)
    if page.papers:
        if page.date and len(origin.date) in (0, 4) and page.date.startswith(origin.date):
            origin.date = page.date
        shown = page.visible_pieces() if page.is_list else []
        yield from _numbered([*page.papers, *_visible_papers(shown, page.papers, text, origin)])
    elif paper := page.tags.paper():
        yield ParsedPaper(paper, 1, 1)
    elif page.articles:
        yield from _numbered([(one.line, one.paper()) for one in page.articles])
    elif _OF_SITE.search(text):
        yield from read_cards(page.visible_pieces(), text[:HEAD_CHARS], origin)


def _page(data: bytes) -> str:
    """Return the HTML of a page, which may be in a web archive (RFC 2557)."""
    text = decode(data)
    if not _ARCHIVE.search(text[:3000]):
        return text
    from email import message_from_bytes, policy

    message = message_from_bytes(data, policy=policy.compat32)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            charset = str(part.get_content_charset() or "")
            return decode_declared(body, charset) if isinstance(body, bytes) else ""
    return ""


def _numbered(found: Sequence[tuple[int, Paper | str]]) -> Iterator[ParsedPaper | Skipped]:
    position = 0
    for line, paper in found:
        if isinstance(paper, Paper):
            position += 1
            yield ParsedPaper(paper, position, line)
        else:
            yield Skipped(line, paper)


def _visible_papers(
    shown: Sequence[PagePiece], known: Sequence[tuple[int, Paper | str]], text: str, origin: Origin
) -> Iterator[tuple[int, Paper | str]]:
    """Yield the papers in the visible text of a page that its data lacks."""
    known_ids = {paper.arxiv_id for _, paper in known if isinstance(paper, Paper)}
    for card in read_cards(shown, text[:HEAD_CHARS], origin):
        if (
            isinstance(card, ParsedPaper)
            and card.paper.arxiv_id
            and card.paper.arxiv_id not in known_ids
        ):
            yield card.line, card.paper


@dataclass(slots=True)
class _Article:
    """The microdata of an article: texts by property name."""

    line: int
    depth: int
    values: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, value: str) -> None:
        for one in name.split():
            self.values.setdefault(one, []).append(value)

    def _all(self, *names: str) -> list[str]:
        return next((self.values[name] for name in names if name in self.values), [])

    def _first(self, *names: str) -> str:
        return next(iter(self._all(*names)), "")

    def paper(self) -> Paper | str:
        title = self._first("headline", "name")
        if not clean(title):
            return NO_TITLE
        authors = [clean(name) for name in self._all("author")]
        links = [*self._all("url"), *self._all("sameas")]
        identifiers = [*links, *self._all("identifier")]
        paper = build_paper(
            title=title,
            abstract=self._first("abstract", "description"),
            authors=[name for name in authors if name != "et al."],
            et_al="et al." in authors,
            date=self._first("datepublished"),
            venue=self._first("ispartof", "publisher"),
            url=links[0] if links else "",
            urls=links[1:],
            arxiv_id=next(filter(None, map(parse_arxiv, identifiers)), ""),
            doi=next(filter(None, map(parse_doi, sorted(identifiers, key=_no_doi))), ""),
            keywords=self._all("keywords"),
            categories=self._all("about"),
        )
        tags = dict.fromkeys(self._tags())
        return replace(paper, tags=tuple(tags), note=clean(self._first("note"), lines=True))

    def _tags(self) -> Iterator[str]:
        for name in self._all("tag"):
            with suppress(CarrelError):
                yield normalize_tag(name)


def _no_doi(link: str) -> bool:
    """Return whether a link is not a DOI link."""
    return "://" in link and "doi.org/" not in link


class _Page:
    """The contents of a page, collected from its tokens."""

    def __init__(self) -> None:
        self.papers: list[tuple[int, Paper | str]] = []
        self.is_list = False
        self.date = ""
        self.tags = Tags()
        self.articles: list[_Article] = []
        self._pieces: list[PagePiece] = []
        self._words: list[str] = []
        self._first_line = 1
        self._href = ""
        self._level = 0
        self._article: _Article | None = None
        self._open: list[str] = []  # open elements of the article
        self._telling: tuple[str, int, list[str]] | None = None  # the open property

    def add(self, token: Token) -> None:
        """Add the next token."""
        match token:
            case Start():
                self._start(token)
            case End(name):
                self._end(name)
            case TextToken(line, text):
                if self._telling:
                    self._telling[2].append(text)
                if not self._words:
                    self._first_line = line + text[: len(text) - len(text.lstrip())].count("\n")
                self._words.append(text)

    def visible_pieces(self) -> list[PagePiece]:
        """Return the visible pieces."""
        self._flush()
        return self._pieces

    def _flush(self) -> None:
        words = " ".join("".join(self._words).split())
        self._words.clear()
        if words or (self._level and self._href):
            self._pieces.append(PagePiece(self._first_line, words, self._href, self._level))

    def _start(self, token: Start) -> None:
        name, attributes = token.name, token.attributes
        if props := attributes.get("data-props"):
            self._add_properties(token.line, properties(props))
        if name == "meta":
            self.tags.add(attributes.get("name") or attributes.get("property", ""),
                          attributes.get("content", ""))  # fmt: skip
        if name in _BLOCKS or name == "a":
            self._flush()
            self._first_line = token.line
        if name == "a":
            self._href = attributes.get("href", "")
        elif name == "br":
            self._words.append("\n")
        self._level = _HEADINGS.get(name, self._level)
        self._open_element(token)

    def _end(self, name: str) -> None:
        if name in _BLOCKS or name == "a" or name in _UNSEEN:
            if name in _UNSEEN:
                self._words.clear()
            self._flush()
        if name == "a":
            self._href = ""
        if name in _HEADINGS:
            self._level = 0
        if self._article and name in self._open:
            while self._open.pop() != name:
                pass
            self._close_elements()

    def _add_properties(self, line: int, data: Properties) -> None:
        if data.papers and not self.papers:
            self.papers = [(line, paper) for paper in data.papers]
            self.is_list = len(data.papers) > 1
        self.date = self.date or data.date

    def _open_element(self, token: Start) -> None:
        """Open an article, or a property of one."""
        attributes = token.attributes
        if self._article is None:
            if "itemscope" in attributes and _ARTICLE.search(attributes.get("itemtype", "")):
                self._article = _Article(token.line, 0)
                self.articles.append(self._article)
                self._open = [token.name]
            return
        name = attributes.get("itemprop", "").lower()
        value = attributes.get("content") or attributes.get("datetime")
        if name and name not in _SHOWN:
            value = value or attributes.get("href")
        if name and value:
            self._article.add(name, value)
        if token.name in _VOID:
            return
        if len(self._open) >= MAX_DEPTH:
            self._open.clear()
            self._close_elements()
            return
        self._open.append(token.name)
        if name and not value and not self._telling:
            self._telling = (name, len(self._open), [])

    def _close_elements(self) -> None:
        """Close the property and the article whose elements have ended."""
        if self._telling and len(self._open) < self._telling[1]:
            if self._article:
                self._article.add(self._telling[0], "".join(self._telling[2]))
            self._telling = None
        if not self._open:
            self._article = None
