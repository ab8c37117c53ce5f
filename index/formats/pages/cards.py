"""The papers of a Daily Papers page, from the pieces of any kind of capture.

A card of the page has votes, a title linked to the paper's page, perhaps an abstract, and a footer
of authors, organization, date, code and comments. Pages of trending papers contain each card twice,
for wide and for narrow windows; duplicates are dropped.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from index.formats.pages.pieces import PagePiece, pieces
from index.formats.pages.site import DATE, SITE, day, is_site
from index.papers.entries import NO_TITLE, Origin, ParsedPaper, Skipped
from index.papers.identifiers import is_code
from index.papers.identity import title_key
from index.papers.paper import build_paper

SITE_URL = "https://huggingface.co/papers/"
HEAD_CHARS = 4000
"""The beginning of a page may contain its address and the time of capture."""
MAX_PAGE_CHARS = 4_000_000
"""The page of a month has about 500,000."""

_PAPER = re.compile(
    r"(?:https?://(?:www\.)?(?:huggingface\.co|hf\.co|hf-mirror\.com))?/papers/(\d{4}\.\d{4,5})/?",
    re.I,
)
_VOTED = re.compile(r"/login\?next=(?:%2F|/)papers(?:%2F|/)(\d{4}\.\d{4,5})", re.I)
_VOTES = re.compile(r"(?:-\s*)?(?:\[[-x ]?\]\s*)?(?:Upvote\s*)?(\d[\d,.]*k?|-)(?:\s*\+\d+)?", re.I)
_AUTHORS = re.compile(r"\W*\d+ authors?", re.I)
_FOOT = re.compile(
    r"(?:[-*·•]\s*)?(?:[·•]|Submitted by\b.*|Upvote\b.*|Published on .*|(?:LINK: )?GitHub\b.{0,20}"
    r"|(?:View )?(?:arXiv(?: page)?|PDF)|Project page|\d+ comments?|Organization.*)",
    re.I | re.S,
)
_CUT_OFF = re.compile(r"\W*(?:(?:content )?truncated)?\W*", re.I)  # no words of the page
_BEFORE_DATE = re.compile(r"^[·•\s]*(?:Published on )?")
_MAX_TITLE_CHARS = 400
_MIN_ABSTRACT_CHARS = 150  # for links, whose target the capture may lack
_CAPTURED = re.compile(
    r"^(?:- )?(?:retrieved|captured|fetched|date|exported|crawled|scraped|published time)"
    r"[^:\n]{0,20}:\s*\"?(\d{4}-\d\d-\d\d)",
    re.I | re.M,
)
# The address of a captured page, such as https://huggingface.co/papers/date/2026-10-01.
_ADDRESS = r"\b(?:url|source|canonical|link)[^\n]{0,40}?huggingface\.co/papers"
_PERIOD = re.compile(_ADDRESS + r"(?:/(?:date|month)/|\?date=)(\d{4}-\d\d(?:-\d\d)?)\b", re.I)
_OF_SITE = re.compile(_ADDRESS, re.I)


@dataclass(slots=True)
class _Card:
    line: int
    title: str
    paper_id: str = ""
    abstract: str = ""
    date: str = ""
    votes: int | None = None
    links: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    closed: bool = False  # the footer has begun, so no abstract follows


def page_id(target: str) -> str:
    """Return the arXiv id in a link to a paper's page on the site; "" for other links."""
    match = _PAPER.fullmatch(target.split("?")[0])
    return match[1] if match else ""


def number(text: str) -> int | None:
    """Return a count in the notation of the site: 65, 1,024 or 1.02k."""
    thousands = text[-1:].lower() == "k"
    digits = text[:-1] if thousands else text.replace(",", "")
    try:
        return round(float(digits) * 1000) if thousands else int(digits)
    except ValueError:
        return None


def read_capture(text: str, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of a page captured as text."""
    yield from read_cards(list(pieces(text[:MAX_PAGE_CHARS])), text[:HEAD_CHARS], origin)
    if len(text) > MAX_PAGE_CHARS:
        line = text.count("\n", 0, MAX_PAGE_CHARS) + 1
        yield Skipped(line, f"the page is longer than {MAX_PAGE_CHARS:,} characters; split it")


def read_cards(
    page: Sequence[PagePiece], head: str, origin: Origin
) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of a page; `head` is its beginning, which may have the time of capture."""
    captured = _CAPTURED.search(head)
    today = captured[1] if captured else ""
    origin.date = _date(page, head, origin.date, today)
    of_site = _OF_SITE.search(head) or any(
        SITE.match(piece.text) or _VOTED.search(piece.target) for piece in page
    )
    position = 0
    for card in _cards(page):
        # On other pages, the text below a title linked to the site is a comment, not an abstract.
        abstract = card.abstract or (" ".join(card.paragraphs) if of_site else "")
        paper = build_paper(
            title=card.title,
            abstract=abstract,
            arxiv_id=card.paper_id,
            url=SITE_URL + card.paper_id if card.paper_id else "",
            urls=card.links,
            date=_complete_date(card.date, today),
            votes=card.votes,
        )
        if paper.title:
            position += 1
            yield ParsedPaper(paper, position, card.line)
        else:
            yield Skipped(card.line, NO_TITLE)


def _date(page: Iterable[PagePiece], head: str, known: str, today: str) -> str:
    """Return the date of a page: given, from its address, or from its beginning."""
    if known and not re.fullmatch(r"\d{4}", known):
        return known
    period = _PERIOD.search(head)
    if period and period[1].startswith(known):
        return period[1]
    for piece in page:
        match = DATE.fullmatch(piece.text)
        if match and (not known or match[3] in (None, known)):
            found = day(match, known)
            return (_complete_date(found, today) or found) if found else known
        if page_id(piece.target) or (piece.level and not is_site(piece.text) and piece.level > 2):
            break
    return known


def _complete_date(found: str, today: str) -> str:
    """Return a date in full; one without a year is the last such day before the capture."""
    if not found.startswith("--"):
        return found
    if not today:
        return ""
    year = int(today[:4]) - (found[2:] > today[5:])
    try:
        return date(year, int(found[2:4]), int(found[5:])).isoformat()
    except ValueError:
        return ""


def _cards(page: Sequence[PagePiece]) -> Iterator[_Card]:
    titles = _titles(page)
    cards: dict[str, _Card] = {}
    votes: dict[str, int] = {}
    card: _Card | None = None
    before: int | None = None  # votes above the title they belong to
    for piece in page:
        voted = _VOTED.search(piece.target)
        count = _VOTES.fullmatch(piece.text)
        if piece in titles:
            key = page_id(piece.target) or title_key(piece.text)
            again = key in cards
            card = cards.setdefault(key, _Card(piece.line, "", page_id(piece.target)))
            _add_link(card, piece, again)
            if before is not None and card.votes is None:
                card.votes, before = before, None
        elif voted:
            found = number(count[1]) if count else None
            if found is not None:
                votes.setdefault(voted[1], found)
            if card:
                card.closed = True
        elif count and piece.target and piece.apart and not _counts_else(piece.target):
            before = number(count[1])
            if card:
                card.closed = True
        elif card:
            _add_text(card, piece)
    for card in cards.values():
        card.votes = votes.get(card.paper_id, card.votes)
        yield card


def _titles(page: Iterable[PagePiece]) -> set[PagePiece]:
    """Return the pieces that may be titles: links to papers' pages, else headings."""
    leading = {p for p in page if page_id(p.target) and not _is_chrome(p)}
    numbered = {p for p in page if p.level and p.target.startswith("[") and not _is_chrome(p)}
    if leading or numbered:
        return leading | numbered
    inside = False
    headings = []
    for piece in page:
        inside = inside or bool(SITE.match(piece.text))
        if inside and piece.level and not piece.target and not _is_chrome(piece):
            headings.append(piece)
    levels = Counter(piece.level for piece in headings)
    level = levels.most_common(1)[0][0] if levels else 0
    return {piece for piece in headings if piece.level == level}


def _is_chrome(piece: PagePiece) -> bool:
    text = piece.text
    return bool(
        (not text and not piece.level)
        or _VOTES.fullmatch(text)
        or _AUTHORS.fullmatch(text)
        or _FOOT.fullmatch(text)
        or is_site(text)
    )


def _counts_else(target: str) -> bool:
    """Return whether a number with this link counts stars or comments, not votes."""
    return is_code(target) or bool(page_id(target.partition("#")[0]))


def _add_link(card: _Card, piece: PagePiece, again: bool) -> None:
    """Add a link to the paper's page: the title first, then the abstract."""
    text = " ".join(piece.text.strip(" *_").split())
    if not card.title and len(text) <= _MAX_TITLE_CHARS and (piece.level or not again):
        card.title, card.line = text, piece.line
        card.closed = again and bool(card.abstract or card.paragraphs)
        return
    if not card.abstract and title_key(text) != title_key(card.title):
        card.abstract = text
    card.closed = True


def _add_text(card: _Card, piece: PagePiece) -> None:
    """Add a piece below a title, to the abstract or the footer."""
    text = piece.text
    if is_code(piece.target):
        card.links.append(piece.target)
    dated = DATE.fullmatch(_BEFORE_DATE.sub("", text))
    if dated:
        card.date = card.date or day(dated)
    is_footer = piece.target and piece.apart and len(text) < _MIN_ABSTRACT_CHARS
    if dated or piece.level or is_footer or _is_chrome(piece):
        card.closed = True
    elif not card.closed and not _CUT_OFF.fullmatch(text):
        card.paragraphs.append(text)
