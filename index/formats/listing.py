"""Daily Papers pages as plain text: titles and abstracts in turn, and nothing that says which.

A saved page of https://huggingface.co/papers has a few lines of the site's own, then a line for a
title, a line for its abstract, and so on; blank lines may stand between them, and either may be
broken over several lines. `segmentation` tells which is which.
"""

import datetime
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import takewhile
from typing import BinaryIO

from index.formats.base import Format, Found, Origin, Skipped
from index.formats.segmentation import GLUED, LONGEST_ABSTRACT, Line, entries
from index.paper import made
from index.text import clean, decode

NO_TITLE = "an abstract without a title; put its title on the line before"

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DATE = re.compile(
    rf"(?:[a-z]{{3,9}}, )?({'|'.join(_MONTHS)})[a-z]{{0,6}}\.? (\d{{1,2}})(?:,? (\d{{4}}))?", re.I
)
# What only the site writes is known wherever it stands, the words of its menus beside that or at
# either end of the page.
_SITE = re.compile(
    r"(?:Subscribe ?)?(?:Get trending papers in your email inbox\b.{0,20}"
    r"|by ?.{0,20}AK(?:haliq)?,? ?(?:and|&) the research community"
    r"|Trending Papers ranked by GitHub stars activity|Daily Papers(?: - Hugging Face)?)",
    re.I,
)
_MENU = frozenset(
    "new|subscribe|by ak|byak|ak|daily|weekly|monthly|daily weekly monthly|dailyweeklymonthly"
    "|papers|trending papers|previous|next|previous next|previousnext|company|tos|privacy|about"
    "|careers|website|models|datasets|spaces|buckets|buckets new|pricing|docs|enterprise|community"
    "|solutions|log in|sign up|hugging face|hugging face's logo|system theme|© hugging face".split(
        "|"
    )
)


def _lines(text: str) -> Iterator[Line]:
    apart = False
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        blank = not (line.strip() if line.isprintable() else clean(line))
        if not blank:
            yield Line(number, line.strip("\ufeff \t\v\f\xa0"), apart)
        apart = blank


def _is_menu(line: Line) -> bool:
    return line.text[:40].casefold() in _MENU


def _is_site(line: Line) -> bool:
    return _is_menu(line) or bool(_SITE.fullmatch(line.text) or _DATE.fullmatch(line.text))


def _body(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines that are not the site's own."""
    run: list[Line] = []
    entered = known = False
    for line in lines:
        if _is_site(line):
            known = known or not _is_menu(line)
            run.append(line)
        else:
            if entered and not known:
                yield from run
            run, known, entered = [], False, True
            yield line


def _date(lines: Sequence[Line], known: str) -> str:
    """Return the date at the head of a page, of the year it or `known` tells; else `known`."""
    for line in takewhile(_is_site, lines):
        match = _DATE.fullmatch(line.text)
        if match and re.fullmatch(r"(?:\d{4})?", known):
            year = match[3] or known
            if known and known != year:
                break
            month, day = _MONTHS.index(match[1].lower()) + 1, int(match[2])
            with suppress(ValueError):
                return f"{year or '-'}-{datetime.date(int(year or 2000), month, day):%m-%d}"
    return known


def read(stream: BinaryIO, origin: Origin) -> Iterator[Found | Skipped]:
    """Yield the papers of a page, with a title and, where it stands below, an abstract.

    Nothing else is known of them: the page's date is no paper's, and is set on the origin.
    """
    lines = list(_lines(decode(stream.read()).rstrip("\ufffd")))
    origin.date = _date(lines, origin.date)
    body = list(_body(lines))
    position = 0
    for line, title, abstract in entries(body):
        if body[0].number == line:
            title = GLUED.sub("", title)
        paper = made(title=title, abstract=abstract)
        if paper.title:
            position += 1
            yield Found(paper, position, line)
        else:
            yield Skipped(line, NO_TITLE)


# Begins another format, or has the marks of a Markdown capture of the same page.
_FOREIGN = re.compile(
    r"\A\s*(?:<[!?a-z]|\{|\[\s*[\[{\"\]]|@\w+\s*[{(]|TY  ?-|PMID ?-|%0 |#!|---\s*\n)"
    r"|\]\(https://huggingface\.co/papers/|(?:\]\[\d+\][^\0]*?){3}",
    re.I,
)
_OTHER_TEXT = re.compile(
    r"^(?:#{1,6} |```|From: |Subject: |import \w+$|def \w+\(|TY  ?- |PMID ?- |@\w+\{)", re.M
)
_RESEARCH = re.compile(
    r"\b(?:we|our|this (?:paper|work|study|article|survey)|propose[sd]?|models?|methods?"
    r"|experiments?|state-of-the-art|approach)\b",
    re.I,
)


def recognise(head: str) -> bool:
    """Tell whether a text has the site's own lines, or titles and abstracts of research in turn."""
    if "\0" in head or _FOREIGN.search(head):
        return False
    lines = list(_lines(head))
    indented = sum(line[:1] in " \t*-+•>" for line in head.splitlines() if line)
    if any(_SITE.match(line.text) and _is_site(line) for line in lines):
        return True
    if _OTHER_TEXT.search(head) or indented > 0.1 * len(lines):
        return False
    read_as = list(entries(list(_body(lines))))
    good = [
        abstract
        for _, title, abstract in read_as
        if title
        and 100 <= len(abstract) <= 2 * LONGEST_ABSTRACT
        and len(_RESEARCH.findall(abstract)) >= 2
    ]
    return len(good) >= 2 and len(good) >= 0.6 * len(read_as)


FORMAT = Format(
    name="listing",
    label="Daily Papers page, plain text",
    endings=(".txt",),
    recognise=recognise,
    read=read,
)
