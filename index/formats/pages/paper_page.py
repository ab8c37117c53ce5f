"""The page of one paper on the Daily Papers site, captured as Markdown or text.

It has the title as a heading, votes, authors after "Authors:", and the abstract under a heading.
"""

import re
from collections.abc import Iterator, Sequence

from index.formats.pages.cards import number
from index.formats.pages.pieces import PagePiece, pieces
from index.formats.pages.site import DATE, day, is_site
from index.papers.identifiers import is_code, parse_arxiv
from index.papers.paper import Paper, build_paper

_ID = re.compile(r"^[^\w\n]*arxiv:\s*\[?(\d{4}\.\d{4,5})\b", re.I | re.M)
_TITLE = re.compile(r"^# +\S", re.M)
_ABSTRACT = re.compile(r"^#{2,4} +Abstract\s*$", re.I | re.M)
_VOTED = re.compile(r"/login\?next=(?:%2F|/)papers(?:%2F|/)\d{4}\.\d{4,5}$", re.I)
_COUNT = re.compile(r"\D*(\d[\d,.]*k?)\D*", re.I)
_PUBLISHED = re.compile(r"^[·•\s]*Published on ", re.I)
_AUTHORS = re.compile(r"Authors?:\s*", re.I)
_NO_AUTHOR = re.compile(r"\+?\d+ authors?|view all|,|·|•", re.I)
_FOOT = re.compile(
    r"(?:View )?(?:arXiv|PDF)(?: page)?|Project page|GitHub\b.*|Add to collection", re.I
)
_MAX_NAME_CHARS = 60


def is_paper_page(text: str) -> bool:
    """Return whether a text is a captured page of one paper."""
    return bool(_ID.search(text) and _TITLE.search(text) and _ABSTRACT.search(text))


def read_paper_page(text: str) -> tuple[int, Paper]:
    """Return the paper of a page, and the line of its title."""
    page = list(pieces(text))
    titles = (piece for piece in page if piece.level == 1 and not is_site(piece.text))
    title = next(titles, PagePiece(1, ""))
    end = next((at for at, p in enumerate(page) if p.level and p.text == "Abstract"), len(page))
    abstract = list(_abstract(page[end + 1 :]))
    found = _ID.search(text)
    identifier = parse_arxiv(found[1]) if found else ""
    dates = (DATE.fullmatch(_PUBLISHED.sub("", p.text)) for p in page if _PUBLISHED.match(p.text))
    date = next((day(match) for match in dates if match), "")
    counts = (_COUNT.fullmatch(piece.text) for piece in page if _VOTED.search(piece.target))
    return title.line, build_paper(
        title=title.text,
        abstract=" ".join(abstract),
        authors=_authors(page[:end]),
        date=date,
        url=f"https://huggingface.co/papers/{identifier}",
        urls=[piece.target for piece in page[end:] if is_code(piece.target)],
        arxiv_id=identifier,
        votes=next((number(count[1]) for count in counts if count), None),
    )


def _authors(page: Sequence[PagePiece]) -> Iterator[str]:
    inside = False
    for piece in page:
        opening = _AUTHORS.match(piece.text)
        inside = inside or bool(opening)
        if inside:
            for name in piece.text[opening.end() if opening else 0 :].split(","):
                if len(name) <= _MAX_NAME_CHARS and not _NO_AUTHOR.fullmatch(name.strip()):
                    yield name.strip()


def _abstract(page: Sequence[PagePiece]) -> Iterator[str]:
    for piece in page:
        if piece.level or _FOOT.fullmatch(piece.text):
            return
        yield piece.text
