"""Daily Papers pages as plain text: titles and abstracts in turn, and nothing that says which.

A saved page of https://huggingface.co/papers has a few lines of the site's own, then a line for a
title, a line for its abstract, and so on; blank lines may stand between them, and either may be
broken over several lines. `segmentation` tells which is which.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import BinaryIO

from index.formats.base import Format
from index.formats.pages.segmentation import GLUED, LONGEST_ABSTRACT, PageLine, entries
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
    """Yield the lines that are not the site's own."""
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
    """Return the date at the head of a page, of the year it or `known` tells; else `known`."""
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
        paper = build_paper(title=title, abstract=abstract)
        if paper.title:
            position += 1
            yield ParsedPaper(paper, position, line)
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
LONE = 400
"""Characters from which on an abstract on its own is known for one."""

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
    if any(SITE.match(line.text) and is_site(line.text) for line in lines):
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
    if len(read_as) == 1 and good:  # an abstract with its title, and not any text of two lines
        return len(good[0]) >= LONE and len(_RESEARCH.findall(good[0])) >= 4
    return len(good) >= 2 and len(good) >= 0.6 * len(read_as)


FORMAT = Format(
    name="listing",
    label="Daily Papers page, plain text",
    endings=(".txt",),
    recognise=recognise,
    read=read,
)
