"""Hugging Face Daily Papers as JSON: API responses, and lists scraped from its pages.

The API: https://huggingface.co/docs/hub/api (`/api/daily_papers`, `/api/papers/ID`,
`/api/papers/search`).
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from index.formats.base import Format
from index.formats.records.json_records import read_papers
from index.formats.records.json_shapes import normalize_keys
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.identifiers import parse_arxiv, parse_date
from index.papers.identity import title_key
from index.papers.json_record import from_json
from index.papers.json_values import Shape, as_number, inner, inners, number, text, texts
from index.papers.paper import Paper, build_paper

_PAGE = "https://huggingface.co/papers/"
_SITE_LINKS = frozenset(
    f"https://github.com/{name}" for name in ("huggingface", "huggingface/huggingface.js")
)
_API_KEYS = frozenset(("paper", "summary", "publishedAt", "submittedOnDailyAt"))
_MAX_LISTED_AUTHORS = 5
"""The site's lists show no more authors, so a paper with this many may have more."""


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of a list; set its date on the origin if all have the same."""
    given = origin.date
    days: set[str] = set()

    def paper_of(shape: Shape) -> Paper:
        days.add(_day(shape))
        origin.date = given
        if len(days) == 1:
            (day,) = days
            origin.date = day if day.startswith(given) else given
        return _paper(shape)

    return read_papers(stream, paper_of)


def _day(shape: Shape) -> str:
    """Return the date that a paper was listed on; "" if unknown."""
    day = text(inner(shape, "paper"), "submittedOnDailyAt") or text(shape, "submittedOnDailyAt")
    return parse_date((day or text(shape, "scraped_date"))[:10]) or ""


def _paper(shape: Shape) -> Paper:
    if "details" in shape or _PAGE in text(shape, "paper_url"):
        return _scraped_paper(shape)
    is_of_api = not _API_KEYS.isdisjoint(shape)
    return api_paper(shape) if is_of_api else from_json(normalize_keys(shape))


def api_paper(shape: Shape) -> Paper:
    """Return the paper of an API object, which may be nested under `paper`."""
    paper = inner(shape, "paper") or shape
    own = text(paper, "id")
    votes = number(paper, "upvotes")
    return build_paper(
        title=text(paper, "title") or text(shape, "title"),
        abstract=text(paper, "summary") or text(shape, "summary"),
        authors=_authors(paper),
        date=(text(paper, "publishedAt") or text(shape, "publishedAt"))[:10],
        url=_PAGE + own if re.fullmatch(r"[\w./-]+", own) else "",
        urls=[text(paper, "githubRepo"), text(paper, "projectPage"), *texts(paper, "mediaUrls")],
        arxiv_id=own,
        keywords=texts(paper, "ai_keywords"),
        votes=number(shape, "upvotes") if votes is None else votes,
    )


def _authors(paper: Shape) -> list[str]:
    """Return the names of authors without the hidden ones, which are not authors."""
    people = [text(p, "name") for p in inners(paper, "authors") if p.get("hidden") is not True]
    alone = texts(paper, "authors") if isinstance(paper.get("authors"), list) else []
    return [name for name in people if name] or alone


def _scraped_paper(shape: Shape) -> Paper:
    """Return a paper of a scraped list, which repeats the title in place of a missing abstract."""
    details = inner(shape, "details")
    title = text(shape, "title") or text(details, "title")
    abstract = text(details, "abstract") or text(shape, "abstract")
    authors = texts(shape, "authors")
    page = text(shape, "paper_url") or text(details, "page_url")
    links = [url.rstrip("/") for url in texts(details, "github_links")]
    return build_paper(
        title=title,
        abstract="" if title_key(title).startswith(title_key(abstract)) else abstract,
        authors=authors,
        et_al=len(authors) >= _MAX_LISTED_AUTHORS,
        url=page,
        urls=[url for url in links if url not in _SITE_LINKS],
        arxiv_id=parse_arxiv(text(details, "arxiv_page_url"))
        or parse_arxiv(text(details, "pdf_url"))
        or parse_arxiv(page.rstrip("/").rsplit("/", 1)[-1]),
        votes=_count(shape.get("stars", shape.get("upvotes"))),
    )


def _count(value: object) -> int | None:
    """Return a count, which may be abbreviated: `1.2k`."""
    short = (
        re.fullmatch(r"\s*(\d{1,4})(?:\.(\d))?\s*[kK]\s*", value)
        if isinstance(value, str)
        else None
    )
    if short:
        return int(short[1]) * 1000 + int(short[2] or 0) * 100
    return as_number(value)


_OPENS = re.compile(r"\s*[\[{]")
_OWN = re.compile(
    r'"(?:submittedOnDailyAt|submittedOnDailyBy|ai_keywords)"\s*:|"upvotes"\s*:\s*\d+'
    r'|"paper_url"\s*:\s*"https?://(?:www\.)?huggingface\.co/papers/'
)


def recognise(head: str) -> bool:
    """Return whether a text is JSON with the keys of the site's lists."""
    return bool(_OPENS.match(head.lstrip("\ufeff")) and _OWN.search(head))


FORMAT = Format(
    name="huggingface",
    label="Hugging Face papers, JSON",
    endings=(),
    recognise=recognise,
    read=read,
)
