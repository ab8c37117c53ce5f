"""Acronyms of the library: the long form of a word in a query, and the acronym of its words.

They are read from the texts that were found, where authors define them: "large language models
(LLMs)".
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from index.papers.paper import Paper
from index.query import Query, QueryNote, WrittenWord
from index.text.folding import fold
from index.text.phrases import phrase_key

MAX_PAPERS = 50
"""Papers found that are read for definitions."""

MIN_PAPERS = 2
"""Minimum number of papers that define an acronym in the same way."""

MAX_ACRONYM_LETTERS = 8
MAX_LONG_WORDS = 6

MAX_QUERY_WORDS = 12
"""Words of the longest query that is examined; pasted texts are longer."""

_DEFINITION = re.compile(r"((?:[\w'’-]+[ ]){1,12})\(([A-Za-z][\w-]{1,9})[);,]")
_WORD = re.compile(r"[\w'’-]+")


class Definition(NamedTuple):
    """An acronym and its long form, as written."""

    acronym: str
    long: str


def find_definitions(text: str) -> Iterator[Definition]:
    """Yield the acronyms that a text defines in brackets, with their long forms."""
    for match in _DEFINITION.finditer(text):
        acronym = match[2]
        if acronym.endswith("s") and acronym[:-1].isupper():
            acronym = acronym[:-1]
        if sum(map(str.isupper, acronym)) >= 2 and len(acronym) <= MAX_ACRONYM_LETTERS:
            long = _long_form(acronym, match[1].rstrip())
            if long and acronym.lower() not in long.lower().split():
                yield Definition(acronym, long)


def _long_form(acronym: str, before: str) -> str:
    """Return the shortest end of a text that spells an acronym, or "" if none does.

    Schwartz and Hearst, A Simple Algorithm for Identifying Abbreviation Definitions in Biomedical
    Text, 2003.
    """
    at = len(before)
    letters = [letter for letter in acronym.lower() if letter.isalnum()]
    for place, letter in reversed(list(enumerate(letters))):
        at -= 1
        while at >= 0 and not (
            before[at].lower() == letter and (place or at == 0 or not before[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return ""
    start = max(before.rfind(" ", 0, at + 1), before.rfind("-", 0, at + 1)) + 1
    words = len(_WORD.findall(before[start:]))
    return before[start:] if 2 <= words <= min(MAX_LONG_WORDS, len(letters) + 5) else ""


def offer_acronyms(query: Query, papers: Iterable[Paper]) -> list[QueryNote]:
    """Return notes that offer the other form of each acronym or long form in a query."""
    runs = _runs(query)
    defined: defaultdict[str, Counter[Definition]] = defaultdict(Counter)
    for paper in papers:
        for found in {*find_definitions(paper.title), *find_definitions(paper.abstract)}:
            defined[fold(found.acronym)][found] += 1
            defined[phrase_key(found.long)][found] += 1
    asked = phrase_key(query.text)
    notes = []
    for key, start, end, quoted in runs:
        is_acronym = key in defined and fold(query.text[start:end]) == key
        other = _likeliest(defined[key], is_acronym) if key in defined else ""
        if other and phrase_key(other) not in asked:
            notes.append(_note(query, start, end, other, quoted=quoted))
    return notes[:1]


def _note(query: Query, start: int, end: int, other: str, *, quoted: bool) -> QueryNote:
    start, end = (start - 1, end + 1) if quoted else (start, end)
    shown = f'"{other}"' if " " in other else other
    return QueryNote(f"also: {other}", start, end, (f"({query.text[start:end]} OR {shown})",))


def _likeliest(found: Counter[Definition], is_acronym: bool) -> str:
    """Return the other form that most papers use, if enough do."""
    forms: Counter[str] = Counter()
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for definition, count in found.items():
        text = definition.long if is_acronym else definition.acronym
        key = phrase_key(text) or fold(text)
        forms[key] += count
        written[key][text.lower() if is_acronym else text] += count
    (key, count), *_ = forms.most_common(1)
    return written[key].most_common(1)[0][0] if count >= MIN_PAPERS else ""


def _runs(query: Query) -> list[tuple[str, int, int, bool]]:
    """Return the words of a query, and the runs of its words, that may be either form.

    Each with its key, its span, and whether it is a whole phrase in quotes. Long runs come first.
    """
    words = [word for word in query.words if not word.word.field]
    if len(words) != len(query.words) or len(words) > MAX_QUERY_WORDS:
        return []
    found = [
        (fold(w.word.text), w.start, w.end, False)
        for w in words
        if not w.quoted and 2 <= len(w.word.text) <= MAX_ACRONYM_LETTERS
    ]
    for quoted, group in groupby(words, key=lambda written: written.quoted):
        found += _long_runs(query.text, list(group), quoted=quoted)
    return sorted(found, key=lambda run: run[1] - run[2])


def _long_runs(
    text: str, words: list[WrittenWord], *, quoted: bool
) -> Iterator[tuple[str, int, int, bool]]:
    for first, one in enumerate(words):
        for last in words[first + 1 : first + MAX_LONG_WORDS]:
            start, end = one.start, last.end
            whole = not quoted or (text[:start][-1:] == '"' and text[end:][:1] == '"')
            if whole and '"' not in text[start:end]:
                yield phrase_key(text[start:end]), start, end, quoted


def may_have_acronyms(query: Query) -> bool:
    """Return whether a query has words that may be an acronym or its long form."""
    return bool(_runs(query))
