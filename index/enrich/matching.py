"""Whether a record found for a paper describes that paper: certain, unsure or unknown.

Titles are compared folded. The abstract decides, since few tools have it: of 441 titles on listing
pages, 36 are equal to one of 98,830 papers, and all of these abstracts share at least .99 of their
words; the most similar title of another paper shares .48. The score of a service is never used.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from index.papers.found_record import FoundRecord
from index.papers.identity import title_key, title_words
from index.papers.matching.rules import Record, compare
from index.papers.matching.titles import names_kind
from index.papers.paper import Paper
from index.text.folding import fold

Outcome = Literal["certain", "unsure", "unknown"]

CERTAIN_OVERLAP, UNSURE_OVERLAP = 0.5, 0.3
"""Proportion of words that the abstracts of one paper share at least, and of similar papers."""

MIN_SIMILARITY = 0.9
"""Similarity of titles that differ by a misprint or a word."""

LONG_TITLE_WORDS = 6
"""Words of a title that identifies a paper without its abstract."""

MAX_CANDIDATES = 5
"""Candidates of a paper that are offered for a choice."""

_WORD = re.compile(r"[^\W_]+")
_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[\.\.\.\]|\[…\])\s*$")


class Judgement(NamedTuple):
    """The outcome for one paper with its reason.

    `matches` are the records that certainly describe the paper, `candidates` those that may, the
    most similar first.
    """

    outcome: Outcome
    reason: str
    matches: tuple[FoundRecord, ...] = ()
    candidates: tuple[FoundRecord, ...] = ()


class _Comparison(NamedTuple):
    """How a record compares with a paper."""

    outcome: Outcome
    reason: str
    candidate: FoundRecord
    is_titled: bool = False


def judge(paper: Paper, found: Iterable[tuple[Paper, str]]) -> Judgement:
    """Return whether records, each with its source, describe a paper.

    Several records of one work, such as a preprint and its published version, all match. If records
    of different works match, the outcome is unsure.
    """
    compared = [compare_record(paper, record, source) for record, source in found]
    titled = [each.candidate for each in compared if each.is_titled]
    has_rival = _are_different(titled)
    certain: list[_Comparison] = []
    unsure: list[_Comparison] = []
    for each in compared:
        if each.outcome == "certain" and each.reason == LONG_TITLE and has_rival:
            each = each._replace(outcome="unsure", reason="several papers have this title")
        if each.outcome != "unknown":
            (certain if each.outcome == "certain" else unsure).append(each)
    if certain and _are_different([each.candidate for each in certain]):
        tied = _ranked(certain)
        return Judgement("unsure", "several papers match equally well", (), tied)
    if certain:
        return Judgement("certain", certain[0].reason, _ranked(certain))
    if unsure:
        reason = max(unsure, key=lambda each: each.candidate.score).reason
        return Judgement("unsure", reason, (), _ranked(unsure)[:MAX_CANDIDATES])
    nearest = max(compared, key=lambda each: each.candidate.score, default=None)
    return Judgement("unknown", nearest.reason if nearest else "no paper has this title")


LONG_TITLE = "same title"
"""The reason for a match by a long title alone; a second paper of that title makes it unsure."""


def compare_record(paper: Paper, record: Paper, source: str = "") -> _Comparison:
    """Return whether a record describes a paper, judged without other records."""
    ours, theirs = Record(paper), Record(record)
    verdict = compare(ours, theirs)
    is_equal = ours.identity.title == theirs.identity.title
    text = abstract_overlap(paper.abstract, record.abstract)
    likeness = 1.0 if is_equal else title_similarity(paper.title, record.title)
    score = round(likeness if text is None else (likeness + text) / 2, 3)
    candidate = FoundRecord(record, source, score)
    if verdict.rank in (1, 2):
        return _Comparison("certain", verdict.rule, candidate)
    outcome, reason = _by_title(paper, likeness, text, verdict.contradiction)
    return _Comparison(outcome, reason, candidate, is_equal)


def _by_title(
    paper: Paper, likeness: float, text: float | None, contradiction: str
) -> tuple[Outcome, str]:
    is_equal = likeness == 1.0
    identified = contradiction.startswith(("different ", "same arXiv id", "same DOI"))
    if is_equal and text is not None and text >= CERTAIN_OVERLAP:
        if identified:
            return "unsure", f"same title and abstract, but {contradiction}"
        return "certain", "same title and abstract"
    if is_equal and text is None and not contradiction:
        if _is_long(paper.title):
            return "certain", LONG_TITLE
        return "unsure", "same short title, and no abstract to compare"
    if identified or (is_equal and text is None):
        return "unknown", contradiction
    if likeness >= MIN_SIMILARITY and text is not None and text >= UNSURE_OVERLAP:
        title = "same title" if is_equal else "similar title"
        return "unsure", f"{title}, and {text:.0%} of the words of the abstracts in common"
    if is_equal:
        return "unknown", f"same title, but only {text:.0%} of the words of the abstracts in common"
    return "unknown", "no paper has this title"


def _is_long(title: str) -> bool:
    return len(title_words(title)) >= LONG_TITLE_WORDS and not names_kind(title)


def _are_different(candidates: Sequence[FoundRecord]) -> bool:
    """Return whether some of the records are of different papers."""
    records = [Record(candidate.record) for candidate in candidates]
    for at, one in enumerate(records):
        for other in records[at + 1 :]:
            if one.paper == other.paper:
                continue
            verdict = compare(one, other)
            text = abstract_overlap(one.paper.abstract, other.paper.abstract)
            if verdict.contradiction or not (verdict.rule or (text or 0) >= CERTAIN_OVERLAP):
                return True
    return False


def _ranked(compared: Iterable[_Comparison]) -> tuple[FoundRecord, ...]:
    found = {each.candidate.record: each.candidate for each in compared}
    return tuple(sorted(found.values(), key=lambda candidate: -candidate.score))


def title_similarity(one: str, other: str) -> float:
    """Return the similarity of two titles when folded, from 0 to 1."""
    return key_similarity(title_key(one), title_key(other))


def key_similarity(key: str, other: str) -> float:
    """Return the similarity of two folded titles by their edit distance; less than .9 as 0."""
    from rapidfuzz import fuzz

    if key == other:
        return 1.0
    return min(0.999, fuzz.ratio(key, other, score_cutoff=100 * MIN_SIMILARITY) / 100)


def abstract_overlap(one: str, other: str) -> float | None:
    """Return the Jaccard index of the words of two abstracts, or None if one is missing.

    An abstract that is cut off is compared with as many words of the other.

    https://en.wikipedia.org/wiki/Jaccard_index
    """
    words, others = _WORD.findall(fold(one)), _WORD.findall(fold(other))
    if not words or not others:
        return None
    if _CUT_OFF.search(one) and len(words) < len(others):
        others = others[: len(words)]
    elif _CUT_OFF.search(other) and len(others) < len(words):
        words = words[: len(others)]
    mine, theirs = set(words), set(others)
    return len(mine & theirs) / len(mine | theirs)
