"""Papers in Markdown: captured Daily Papers pages, Carrel's own exports, lists of linked papers.

Links distinguish these kinds of files. A heading or a list item is a paper if it links to a host of
papers or if Carrel wrote the file; other Markdown has no papers.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

from index.errors import CarrelError
from index.formats.linkrefs import has_site_lines
from index.formats.pages.cards import page_id, read_capture
from index.formats.pages.paper_page import is_paper_page, read_paper_page
from index.formats.pages.pieces import PagePiece, pieces
from index.formats.records.names import join_suffixes
from index.papers.entries import NO_TITLE, Origin, ParsedPaper, Skipped
from index.papers.identifiers import parse_date
from index.papers.paper import Paper, build_paper
from index.papers.tags import normalize_tag
from index.text.cleaning import clean
from index.text.encodings import decode

if TYPE_CHECKING:
    from markdown_it.token import Token

MAX_SECTION_CHARS = 100_000
"""The abstract and the note of an export have about 10,000."""

_PAPER_HOSTS = (
    r"(?:arxiv\.org/|(?:dx\.)?doi\.org/10\.|aclanthology\.org/|(?:www\.)?aclweb\.org/anthology"
    r"|openreview\.net/|proceedings\.mlr\.press/|(?:papers|proceedings)\.n(?:eur)?ips\.cc/"
    r"|openaccess\.thecvf\.com/|dl\.acm\.org/|ieeexplore\.ieee\.org/|(?:www\.)?jmlr\.org/"
    r"|(?:www\.)?(?:bio|med)rxiv\.org/|(?:www\.)?semanticscholar\.org/paper/|link\.springer\.com/"
    r"|(?:www\.)?nature\.com/articles/|(?:www\.)?sciencedirect\.com/science/|pubmed\.ncbi\.nlm\.nih"
    r"|(?:huggingface|hf)\.co/papers/\d|(?:www\.)?isca-archive\.org/|ojs\.aaai\.org/)"
)
_TO_PAPER = re.compile(rf"https?://{_PAPER_HOSTS}", re.I)
_OF_SITE = re.compile(
    r"\]\(<?(?:https?://(?:www\.)?(?:huggingface|hf)\.co)?/papers/\d{4}\.\d{4,5}"
    r"|^<?https?://(?:huggingface|hf)\.co/papers/\d{4}\.\d{4,5}>?[ \t]*$"
    r"|href=[\"'](?:https?://huggingface\.co)?/papers/\d{4}\.\d{4,5}",
    re.M | re.I,
)
_HEADING = re.compile(r"^#{1,6}[ \t]+(.*?)[ \t]*$", re.M)
_OWN_HEADING = re.compile(r"^## \[.*\]\(<https?://[^<>\s]+>\)$", re.M)
_OWN_ID = re.compile(r"^## \S.*\n\n(?:\S.*\n\n)?- Id: \S+$", re.M)
_LINKED_HEADING = re.compile(rf"^#{{2,6}} \[.*\]\(<?https?://{_PAPER_HOSTS}", re.M | re.I)
_ITEM = re.compile(r"^[ \t]*(?:[-*+]|\d{1,4}\.)[ \t]+(?=\S)", re.M)
_ITEM_TO_PAPER = re.compile(rf"\]\(<?https?://{_PAPER_HOSTS}", re.I)
# Labels of links beside a title.
_LABEL = re.compile(
    r"\W*(?:paper|pdf|arxiv(?:[ :]?\d{4}\.\d{4,5}(?:v\d+)?)?|abs|doi|link|html|here|code|url"
    r"|project|paper link|openreview|acl|full text|article|preprint|\d+)\W*",
    re.I,
)
_STRONG = re.compile(r"\*\*(.+?)\*\*|__(.+?)__")
_FOREIGN = re.compile(r"\A\s*(?:<[!?a-z]|\{|@\w+\s*\{|\[\s*[\[{\"])", re.I)

TOO_LONG = f"longer than {MAX_SECTION_CHARS:,} characters; split the section"


def recognise(head: str) -> bool:
    """Return whether a text is Markdown with papers."""
    if _FOREIGN.match(head):
        return False
    return is_paper_page(head) or _is_page(head) or _has_sections(head) or _is_list(head)


def _is_page(head: str) -> bool:
    """Return whether a text was captured from the Daily Papers site."""
    if _OWN_HEADING.search(head):
        return False
    if has_site_lines(head):
        return bool(_OF_SITE.search(head)) or len(_HEADING.findall(head)) > 3
    return len(set(_OF_SITE.findall(head))) > 1


def _has_sections(head: str) -> bool:
    """Return whether headings are papers: linked as in Carrel, or to hosts of papers."""
    if _OWN_HEADING.search(head) or _OWN_ID.search(head) or len(_LINKED_HEADING.findall(head)) > 1:
        return True
    headings = len(_HEADING.findall(head))
    quoted = len(re.findall(r"\n\n> .+", head))
    return head.startswith("## ") and 0 < headings <= 2 * quoted


def _is_list(head: str) -> bool:
    """Return whether most list items of a text link to papers."""
    items = list(_items(head))
    return sum(1 for _, item in items if _ITEM_TO_PAPER.search(item)) > max(2, len(items) // 2)


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of a page, of sections or of lists."""
    text = decode(stream.read())
    if is_paper_page(text[:MAX_SECTION_CHARS]) and not _has_sections(text):
        line, shown = read_paper_page(text[:MAX_SECTION_CHARS])
        yield ParsedPaper(shown, 1, line) if shown.title else Skipped(line, NO_TITLE)
        return
    if _is_page(text):
        yield from read_capture(text, origin)
        return
    sections = _has_sections(text)
    position = 0
    for line, paper in _read_sections(text) if sections else _read_items(text):
        if isinstance(paper, Paper):
            position += 1
            yield ParsedPaper(paper, position, line)
        else:
            yield Skipped(line, paper)


# -- list items ------------------------------------------------------------------------------------


def _items(text: str) -> Iterator[tuple[int, str]]:
    """Yield each list item of a text with its line."""
    starts = [match.start() for match in _ITEM.finditer(text)]
    line, counted = 1, 0
    for start, end in pairwise([*starts, len(text)]):
        line += text.count("\n", counted, start)
        counted = start
        yield line, text[start:end].split("\n\n", 1)[0].split("\n#", 1)[0]


def _read_items(text: str) -> Iterator[tuple[int, Paper | str]]:
    for line, item in _items(text):
        if _ITEM_TO_PAPER.search(item):
            yield line, _item_paper(item[:MAX_SECTION_CHARS])


def _item_paper(item: str) -> Paper | str:
    """Return the paper of an item; its title is the linked text, else the strong text."""
    parts = list(pieces(item))
    leading = [part for part in parts if _TO_PAPER.match(part.target)]
    titled = [part for part in leading if not _LABEL.fullmatch(part.text)]
    strong = _STRONG.search(item)
    if titled:
        title = titled[0].text.strip(" *_")
    elif strong and not _LABEL.fullmatch(strong[1] or strong[2]):
        title = _strip_link(strong[1] or strong[2])
    else:
        return NO_TITLE
    return _linked(title, [part.target for part in (*titled, *leading, *parts) if part.target])


def _strip_link(title: str) -> str:
    """Return a strong title without its link or brackets."""
    parts: list[PagePiece] = list(pieces(title))
    return " ".join(part.text for part in parts).strip(" []:")


def _linked(title: str, targets: Sequence[str]) -> Paper:
    known = next(filter(None, map(page_id, targets)), "")
    arxiv = known or next((url for url in targets if "arxiv.org/" in url), "")
    return build_paper(
        title=title,
        url=targets[0] if targets else "",
        urls=targets,
        arxiv_id=arxiv,
        doi=next((url for url in targets if "doi.org/" in url), ""),
    )


# -- sections --------------------------------------------------------------------------------------


def _read_sections(text: str) -> Iterator[tuple[int, Paper | str]]:
    """Yield the paper of each section in the layout of Carrel."""
    own = bool(_OWN_HEADING.search(text) or _OWN_ID.search(text)) or text.startswith("## ")
    starts = [match.start() for match in _HEADING.finditer(text)]
    line, counted = 1, 0
    for start, end in pairwise([*starts, len(text)]):
        line += text.count("\n", counted, start)
        counted = start
        linked = _LINKED_HEADING.match(text, start)
        if linked or (own and text.startswith("## ", start)):
            yield (
                line,
                _section_paper(text[start:end]) if end - start <= MAX_SECTION_CHARS else TOO_LONG,
            )


def _section_paper(section: str) -> Paper | str:
    from markdown_it import MarkdownIt

    blocks = _Blocks(MarkdownIt("commonmark", {"html": False}).parse(section))
    if not clean(blocks.title):
        return NO_TITLE
    paper = _linked(blocks.title, [blocks.link] if blocks.link else [])
    authors, date, venue = _split_facts(blocks.facts)
    et_al = authors[-1:] == ["et al."]
    shown = build_paper(
        id=blocks.id,
        title=paper.title,
        url=paper.url,
        arxiv_id=paper.arxiv_id,
        doi=paper.doi,
        abstract=" ".join(blocks.quoted),
        authors=authors[:-1] if et_al else authors,
        et_al=et_al,
        date=date,
        venue=venue,
    )
    if shown.date and len(shown.date) == 4:
        shown = replace(shown, date=None)  # a year alone
    note = clean("\n\n".join(blocks.note), lines=True)
    return replace(shown, tags=tuple(dict.fromkeys(_tags(blocks.tags))), note=note)


def _split_facts(facts: str) -> tuple[list[str], str, str]:
    """Return authors, date and venue of a line `authors · date · venue`."""
    parts = facts.split(" · ") if facts else []
    at = next((at for at, part in enumerate(parts) if parse_date(part) == part), None)
    if at is None:
        return _names(parts[0] if parts else ""), "", " · ".join(parts[1:])
    return _names(" · ".join(parts[:at])), parts[at], " · ".join(parts[at + 1 :])


def _names(written: str) -> list[str]:
    return join_suffixes(written.split(", ")) if written else []


def _tags(names: str) -> Iterator[str]:
    for name in filter(None, names.split(", ")):
        with suppress(CarrelError):
            yield normalize_tag(name)


class _Blocks:
    """The blocks of a section: heading, facts, id, tags, note and quoted abstract."""

    def __init__(self, tokens: "Sequence[Token]") -> None:
        self.title = self.link = self.facts = self.tags = self.id = ""
        self.quoted: list[str] = []
        self.note: list[str] = []
        inside: list[str] = []
        noting = False
        for token in tokens:
            if token.nesting == 1:
                inside.append(token.type)
                noting = noting and token.type != "list_item_open"
            elif token.nesting == -1 and inside:
                inside.pop()
            elif token.type == "inline":
                noting = self._take(token, inside, noting)

    def _take(self, token: "Token", inside: Sequence[str], noting: bool) -> bool:
        text = _text(token)
        if inside[:1] == ["heading_open"]:
            links = [child.attrs.get("href") for child in token.children or () if child.attrs]
            self.title, self.link = text, str(links[0]) if links else ""
        elif "blockquote_open" in inside:
            self.quoted.append(text)
        elif "list_item_open" in inside:
            if noting or text.startswith("Note: "):
                self.note.append(text if noting else text.removeprefix("Note: "))
                return True
            if text.startswith("Id: "):
                self.id = self.id or text.removeprefix("Id: ")
            self.tags = self.tags or text.removeprefix("Tags: ") * text.startswith("Tags: ")
        elif not (self.facts or self.quoted or self.tags or self.note or self.id):
            self.facts = text
        return noting


def _text(token: "Token") -> str:
    """Return the visible text of a block with its hard line breaks."""
    breaks = {"softbreak": " ", "hardbreak": "\n"}
    return "".join(breaks.get(part.type, part.content) for part in token.children or ())
