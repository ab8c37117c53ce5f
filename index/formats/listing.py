"""Daily Papers pages as plain text: unlabelled titles and abstracts in alternation.

A saved page of https://huggingface.co/papers has a few lines of navigation, then a title, its
abstract, and so on. There may be blank lines in between, and either may be wrapped over several
lines. `segmentation` distinguishes them.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import BinaryIO

from index.formats.base import Format
from index.formats.pages.segmentation import GLUED, MAX_ABSTRACT_CHARS, PageLine, entries
from index.formats.pages.site import DATE, SITE, day, is_menu, is_site
from index.papers.entries import NO_TITLE, Origin, ParsedPaper, Skipped
from index.papers.paper import build_paper
from index.text.cleaning import clean
from index.text.encodings import decode


def _lines(text: str) -> Iterator[PageLine]:
    apart = False
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        blank = not (line.strip() if line.isprintable() else clean(line))
        if not blank:
            yield PageLine(number, line.strip("\ufeff \t\v\f\xa0"), apart)
        apart = blank


def _body(lines: Sequence[PageLine]) -> Iterator[PageLine]:
    """Yield the lines without the site's navigation."""
    run: list[PageLine] = []
    entered = known = False
    for line in lines:
        if is_site(line.text):
            known = known or not is_menu(line.text)
            run.append(line)
        else:
            if entered and not known:
                yield from run
            run, known, entered = [], False, True
            yield line


def _date(lines: Sequence[PageLine], known: str) -> str:
    """Return the date at the top of a page, with its year or that of `known`; else `known`."""
    for line in takewhile(lambda line: is_site(line.text), lines):
        match = DATE.fullmatch(line.text)
        if match and re.fullmatch(r"(?:\d{4})?", known):
            year = match[3] or known
            if known and known != year:
                break
            if found := day(match, year):
                return found
    return known


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of a page, with their titles and abstracts.

    The date of the page is not a date of papers; it is set on the origin.
    """
    lines = list(_lines(decode(stream.read()).rstrip("\ufffd")))
    origin.date = _date(lines, origin.date)
    body = list(_body(lines))
    position = 0
    for line, title, abstract in entries(body):
        if body[0].number == line:
            title = GLUED.sub("", title)
        paper = build_paper(title=title, abstract=abstract)
        if paper.title:
            position += 1
            yield ParsedPaper(paper, position, line)
        else:
            yield Skipped(line, NO_TITLE)


# The beginning of another format, or the links of a Markdown capture of the same page.
_FOREIGN = re.compile(
    r"\A\s*(?:<[!?a-z]|\{|\[\s*[\[{\"\]]|@\w+\s*[{(]|TY  ?-|PMID ?-|%0 |#!|---\s*\n)"
    r"|\]\(https://huggingface\.co/papers/|(?:\]\[\d+\][^\0]*?){3}",
    re.I,
)
_OTHER_TEXT = re.compile(
    r"^(?:#{1,6} |```|From: |Subject: |import \w+$|def \w+\(|TY  ?- |PMID ?- |@\w+\{)", re.M
)
MIN_SINGLE_ABSTRACT_CHARS = 400
"""A page with a single shorter abstract is not recognised."""

_RESEARCH = re.compile(
    r"\b(?:we|our|this (?:paper|work|study|article|survey)|propose[sd]?|models?|methods?"
    r"|experiments?|state-of-the-art|approach)\b",
    re.I,
)


def recognise(head: str) -> bool:
    """Return whether a text has the site's navigation, or alternating titles and abstracts."""
    if "\0" in head or _FOREIGN.search(head):
        return False
    lines = list(_lines(head))
    indented = sum(line[:1] in " \t*-+•>" for line in head.splitlines() if line)
    if any(SITE.match(line.text) and is_site(line.text) for line in lines):
        return True
    if _OTHER_TEXT.search(head) or indented > 0.1 * len(lines):
        return False
    read_as = list(entries(list(_body(lines))))
    good = [
        abstract
        for _, title, abstract in read_as
        if title
        and 100 <= len(abstract) <= 2 * MAX_ABSTRACT_CHARS
        and len(_RESEARCH.findall(abstract)) >= 2
    ]
    if len(read_as) == 1 and good:  # stricter, since any text may have two lines
        return len(good[0]) >= MIN_SINGLE_ABSTRACT_CHARS and len(_RESEARCH.findall(good[0])) >= 4
    return len(good) >= 2 and len(good) >= 0.6 * len(read_as)


FORMAT = Format(
    name="listing",
    label="Daily Papers page, plain text",
    endings=(".txt",),
    recognise=recognise,
    read=read,
)
