"""Segmentation of unlabelled lines into titles and abstracts.

With counted lines, one damaged entry would spoil all that follow. So each line is scored by its
wording and position, and the most likely reading of the whole page is computed, by a hidden
semi-Markov model of two states, in a title and in an abstract (Yu 2010,
doi:10.1016/j.artint.2009.11.011). Its probabilities were counted on 12,000 arXiv and ACL abstracts,
whole and wrapped at 60 to 120 columns.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from math import log
from operator import itemgetter
from typing import NamedTuple

MAX_ABSTRACT_CHARS = 1950
"""arXiv accepts 1,920 (https://info.arxiv.org/help/prep.html)."""

MAX_TITLE_CHARS, MIN_ABSTRACT_CHARS = 250, 80
"""The limits of unambiguous titles and abstracts."""

# The label of a button before the first title: `SubscribeOreo: A Plug-in …`.
GLUED = re.compile(r"^Subscribe(?! |rs?\b|d\b|$)")

_MIN_PAGE_COLUMNS, _MAX_PAGE_COLUMNS = 20, 400  # possible widths of a wrapped page

_OPENINGS = {
    "lower": re.compile(r"^https?://|^[a-z]+(?:-[a-z]+)*[,.;:]?(?: |$)"),
    "sign": re.compile(r"^\W"),
    "first": re.compile(  # first sentences of abstracts
        r"^(?:We|This|In this|In recent|Recent|Recently,|Despite|Although|There|While|Existing"
        r"|Current|Currently,|Many|Modern|Nous|Cet|Cette|Dans) [a-z]"
    ),
    "later": re.compile(  # other sentences
        r"^(?:However|Moreover|Furthermore|Additionally|Our|These|Experiments|Experimental|Extensive"
        r"|Finally|Specifically|Results|First|Second|Then|Code|Notably|Thus|Therefore|Consequently"
        r"|Here|Overall|Such|They|Across|Through|Further|Instead|Yet|Unlike|Empirical|On|Each|All"
        r"|Together|Compared|It|Project|Hence|Importantly|Evaluated)\b"
    ),
}
_ENDINGS = {
    "link": re.compile(
        r"(?:https?://|www\.|github|huggingface|\.(?:com|io|org|ai|cn|net))(?:\S*[^\s-])?$"
    ),
    "question": re.compile(r"[?!]$"),
    "stop": re.compile(r"""[.!?。…][)\]}"'”’*$]*$"""),
    "hanging": re.compile(
        r"(?:[,;:(\-–—&/+=]|(?<![\w-])(?:an?|the|of|for|and|or|to|in|on|with|by|from|at|as|via|is"
        r"|are|we|our|that|which|its|their|this|these|than|into|between|be|can|has|have|not|such"
        r"|using|while|it|but))$",
        re.I,
    ),
}
_LONG_WORD = re.compile(r"(?<![\w-])[A-Za-z]\w{3,}")
_TELLING = re.compile(
    r"(?<![\w-])(?:we|our|is|are|was|were|this|these|that|which|it|its|has|have|been|be|their|they"
    r"|such|can|also|propose|show|paper|study|by)(?![\w-])",
    re.I,
)
_SENTENCES = re.compile(r"[a-z)\]%\d][.?!] [A-Z]")
_BROKEN_WORD = re.compile(r"\w(?:-{1,3}\n|\n--\w)")
_SUSPENDED = re.compile(r"(?:and|or|to|und|et)(?: |$)")


def _logs(kinds: str, **shares: tuple[float, ...]) -> dict[str, dict[str, float]]:
    return {
        place: dict(zip(kinds.split(), map(log, each), strict=True))
        for place, each in shares.items()
    }


# How often titles, abstracts and lines within them begin and end in these ways.
_BEGINS = _logs(
    "lower sign first later plain",
    title=(0.002, 0.005, 0.003, 0.002, 0.988),
    abstract=(0.0005, 0.0035, 0.3, 0.006, 0.69),
    in_title=(0.145, 0.01, 0.002, 0.005, 0.838),
    in_abstract=(0.88, 0.026, 0.007, 0.014, 0.073),
)
_STOPS = _logs(
    "link question stop hanging plain",
    title=(0.0005, 0.0157, 0.001, 0.001, 0.98),
    abstract=(0.14, 0.001, 0.85, 0.0005, 0.009),
    in_title=(0.0005, 0.002, 0.001, 0.288, 0.71),
    in_abstract=(0.001, 0.001, 0.031, 0.376, 0.591),
)
_ALONE = log(0.01)
"""Log odds of a title without an abstract, and of an abstract without a title."""


class PageLine(NamedTuple):
    """A line that is not blank: its number in the file, and whether it follows a blank line."""

    number: int
    text: str
    apart: bool


class _Mark(NamedTuple):
    """The beginning of a "title" or "abstract", linked to the previous one."""

    line: int
    state: str
    before: "_Mark | None"


class _Reading(NamedTuple):
    """A reading of the page so far: its log likelihood, and the length of its last part."""

    score: float
    length: int
    mark: _Mark


def entries(lines: Sequence[PageLine]) -> Iterator[tuple[int, str, str]]:
    """Yield the line, the title and the abstract of each entry, "" if missing."""
    marks = (_alternating_marks(lines) or _marks(lines)) if lines else []
    bounds = [*(mark.line for mark in marks), len(lines)]
    line, title = 0, ""
    for mark, (start, stop) in zip(marks, pairwise(bounds), strict=True):
        text = _join_lines(lines[start:stop])
        if mark.state == "title":
            if title:
                yield line, title, ""
            line, title = lines[start].number, text
        else:
            yield line if title else lines[start].number, title, text
            title = ""
    if title:
        yield line, title, ""


def _join_lines(lines: Sequence[PageLine]) -> str:
    """Return the text of wrapped lines; words split at their own hyphen are joined."""
    text = lines[0].text
    parts = [text]
    for before, after in pairwise(line.text for line in lines):
        whole = _BROKEN_WORD.search(f"{before[-4:]}\n{after[:3]}") and not _SUSPENDED.match(after)
        parts += [after] if whole else [" ", after]
    return "".join(parts)


def _width(lines: Sequence[PageLine]) -> int | None:
    """Return the column the page is wrapped at; None if most lines are paragraphs.

    The first word of the next line does not fit on a wrapped line, which leaves only a few columns
    per line; the result is the column that most lines agree on.
    """
    changes = [0] * (_MAX_PAGE_COLUMNS + 2)
    for line, after in pairwise(lines):
        length = len(line.text)
        if _MIN_PAGE_COLUMNS <= length <= _MAX_PAGE_COLUMNS:
            changes[length] += 1
            changes[min(length + _first_word(after), _MAX_PAGE_COLUMNS) + 1] -= 1
    agreeing = list(accumulate(changes))
    most = max(agreeing)
    return agreeing.index(most) if most >= max(4, 0.4 * len(lines)) else None


def _first_word(line: PageLine) -> int:
    return len(line.text.split(" ", 1)[0])


def _last_word(text: str) -> str:
    return text[-100:].rsplit(" ", 1)[-1]


def _seams(lines: Sequence[PageLine], width: int | None) -> list[float]:
    """Return for each line the log odds that a part begins with it, by position only.

    Evidence is the width (a line with room for the next word ends its part) and blank lines, if
    they are significant on this page.
    """
    seams = [0.0] + [_room(line, after, width) for line, after in pairwise(lines)]
    if len(lines) > 1:
        bare = lines[0]._replace(text=GLUED.sub("", lines[0].text))
        seams[1] = min(seams[1], _room(bare, lines[1], width))
    between = list(zip(seams[1:], (line.apart for line in lines[1:]), strict=True))
    breaks = _share([apart for seam, apart in between if seam >= 0])
    insides = _share([apart for seam, apart in between if seam < 0])
    blank, none = log(breaks / insides), log((1 - breaks) / (1 - insides))
    return [seam + (blank if line.apart else none) for seam, line in zip(seams, lines, strict=True)]


def _room(line: PageLine, after: PageLine, width: int | None) -> float:
    if width is None:
        return 0.0
    # A line wider than the page was not wrapped, unless it is one long word.
    unwrapped = any(len(each.text) > width and " " in each.text for each in (line, after))
    word = _first_word(after) + 1
    if unwrapped or len(line.text) + word <= width:
        return log(0.9 / 0.001)
    return log(min(word / width, 0.9))


def _share(flags: Sequence[bool]) -> float:
    return min(max(sum(flags) / len(flags) if flags else 0.0, 0.02), 0.98)


def _kind(text: str, kinds: dict[str, re.Pattern[str]]) -> str:
    for kind, pattern in kinds.items():
        if pattern.search(text):
            return kind
    return "plain"


def _title_odds(text: str) -> float:
    """Return the log odds that a line belongs to a title, not an abstract, by its words."""
    words = _LONG_WORD.findall(text[:300])[:24]
    capital = sum(word[0].isupper() for word in words)
    small = len(words) - capital
    # Three in four titles are in title case, and some lines of abstracts are full of names.
    title = 0.75 * 0.93**capital * 0.07**small + 0.25 * 0.25**capital * 0.75**small
    abstract = 0.95 * 0.1**capital * 0.9**small + 0.05 * 0.5 ** len(words)
    odds = log(title / abstract)
    odds += log(0.05 / 0.6) if _TELLING.search(text[:300]) else log(0.95 / 0.4)
    odds += log(0.02 / 0.35) if _SENTENCES.search(text[:300]) else log(0.98 / 0.65)
    return min(0.6 * odds, 4.0)  # reduced, since words are not independent


def _final_score(reading: _Reading, ending: str, *, is_truncated: bool = False) -> float:
    """Return the score of a reading whose last part ends here, by its ending and length.

    Lengths are log-normal, with a wider distribution for outliers.
    """
    title = reading.mark.state == "title"
    middle, spread, wider = (4.36, 0.33, 0.8) if title else (7.08, 0.37, 1.0)
    off = log(reading.length) - middle
    if title and off < 0:
        spread = 0.45
    odds = max(-((off / spread) ** 2) / 2, -((off / wider) ** 2) / 2 - 2.5)
    if not title and reading.length > MAX_ABSTRACT_CHARS:
        odds -= 4
    odds += _STOPS[reading.mark.state][ending]
    return reading.score + (max(odds, -6.0) if is_truncated and not title else odds)


def _alternating_marks(lines: Sequence[PageLine]) -> list[_Mark]:
    """Return the reading of an unambiguous page, in which every second line is an abstract.

    The model would take short abstracts for parts of longer ones. The last entry may be truncated.
    """
    pairs = list(zip(lines[::2], lines[1::2], strict=False))
    whole = pairs[: len(pairs) - 1] if len(pairs) > 2 else pairs
    if not whole or not all(_is_entry(title.text, text.text) for title, text in whole):
        return []
    states = ("title", "abstract")
    return [_Mark(number, states[number % 2], None) for number in range(len(lines))]


def _is_entry(title: str, abstract: str) -> bool:
    return (
        len(title) <= MAX_TITLE_CHARS
        and len(abstract) > max(MIN_ABSTRACT_CHARS, len(title))
        and _kind(_last_word(title), _ENDINGS) in ("plain", "question")
        and _kind(_last_word(abstract), _ENDINGS) in ("stop", "link")
        and "lower" not in (_kind(title, _OPENINGS), _kind(abstract, _OPENINGS))
    )


def _marks(lines: Sequence[PageLine]) -> list[_Mark]:
    """Return the beginnings of titles and abstracts in the most likely reading of a page."""
    width = _width(lines)
    lower = sum(_OPENINGS["lower"].match(line.text) is not None for line in lines) / len(lines)
    broken = min(max(lower, 0.005), 0.5)
    going = (0.1 * broken, broken) if width is None else (0.35, 0.95)
    first, titled = len(lines[0].text) + 1, _title_odds(lines[0].text)
    readings = [
        _Reading(titled, first, _Mark(0, "title", None)),
        _Reading(_ALONE, first, _Mark(0, "abstract", None)),
    ]
    seams = _seams(lines, width)
    ending = _kind(_last_word(lines[0].text), _ENDINGS)
    for number, line in enumerate(lines[1:], 1):
        readings = _extend_readings(readings, number, line.text, ending, seams[number], going)
        ending = _kind(_last_word(line.text), _ENDINGS)
    # The page may be truncated, so the last abstract may end in any way.
    best = max(readings, key=lambda reading: _final_score(reading, ending, is_truncated=True))
    marks = []
    mark: _Mark | None = best.mark
    while mark:
        marks.append(mark)
        mark = mark.before
    return marks[::-1]


def _extend_readings(
    readings: Sequence[_Reading],
    number: int,
    text: str,
    ending: str,
    seam: float,
    going: tuple[float, float],
) -> list[_Reading]:
    """Return the readings extended by a line that continues, or begins a title or abstract."""
    opening, titled = _kind(text, _OPENINGS), _title_odds(text)
    size = len(text) + 1
    onward = []
    ended = []
    for reading in readings:
        state = reading.mark.state
        title = state == "title"
        on = going[0] if title else going[1]
        inside = f"in_{state}"
        score = reading.score + log(on) + _STOPS[inside][ending] + _BEGINS[inside][opening]
        if title:
            score += min(titled, 1.0)
        onward.append(_Reading(score, reading.length + size, reading.mark))
        ended.append((_final_score(reading, ending) + seam + log(1 - on), reading.mark))
    for state, odds in (("title", titled), ("abstract", 0.0)):
        score, mark = max(
            ((score + _ALONE * (mark.state == state), mark) for score, mark in ended),
            key=itemgetter(0),
        )
        score += odds + _BEGINS[state][opening]
        onward.append(_Reading(score, size, _Mark(number, state, mark)))
    onward.sort(key=itemgetter(0), reverse=True)
    return [reading for reading in onward[:6] if reading.score > onward[0].score - 15]
