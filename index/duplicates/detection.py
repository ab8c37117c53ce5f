"""Papers that are likely one: preprint and published, another subtitle, another way of writing.

Equal identifiers and equal titles merge when papers come in (`index.papers.identity`); what is left
are near ones. Blocking finds those worth comparing: papers whose titles share their letters, what
stands before the colon, or two of their rarest words. Numbers, authors, identifiers and abstracts
then say whether two are one; in doubt they are not.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby, islice
from typing import Literal

from index.papers.paper import PaperKey
from index.store.merges import ComparedPaper
from index.text.folding import fold
from index.text.titles import WORD, Title

RAREST = 4
"""Of a title's words, those that are looked up by: two shared ones make a pair."""

LARGEST_BLOCK = 40
"""Papers that may share a block; more share words that tell nothing."""

LEAST_WORDS = 3
"""Telling words that a title needs: "Related Work" is many papers'."""

ALIKE = 85.0
"""Percent of letters from which on titles are alike."""

EQUAL, SAME, OTHER = 0.8, 0.6, 0.25
"""Shares of an abstract: the same text, a text worked over, another text below."""

_NEGATIONS = ("un", "in", "im", "non", "dis", "anti", "de", "re", "mono", "multi", "bi", "inter")

Titles = Literal["the same", "spelled differently", "with another subtitle", "alike"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two papers that are likely one: what agrees, and why `certain`, "" where a reader must say.

    `keep` is the paper that stays where they are merged. `score` is highest for the likeliest.
    """

    keep: PaperKey
    other: PaperKey
    agrees: tuple[str, ...]
    differs: tuple[str, ...]
    rule: str
    score: float

    @property
    def keys(self) -> tuple[PaperKey, PaperKey]:
        """The keys of both, the lower first."""
        return min(self.keep, self.other), max(self.keep, self.other)


def found(
    records: Sequence[ComparedPaper],
    abstracts: Callable[[Iterable[PaperKey]], Mapping[PaperKey, str]],
    different: Iterable[tuple[PaperKey, PaperKey]] = (),
) -> list[Pair]:
    """Return the pairs that are likely one paper each, the likeliest first.

    `abstracts` gives those of some keys; `different` are pairs that are known to be two.
    """
    by_key = {record.key: record for record in records}
    titles = {record.key: Title(record.title) for record in records}
    told = set(different)
    near = [
        (one, other, likeness)
        for one, other in _candidates(titles)
        if (one, other) not in told
        and (likeness := _likeness(titles[one], titles[other]))
        and _may_be_one(by_key[one], by_key[other], likeness)
    ]
    texts = abstracts({key for one, other, _ in near for key in (one, other)})
    pairs = (
        _judged(by_key[one], by_key[other], likeness, shared(texts[one], texts[other]))
        for one, other, likeness in near
        if one in texts and other in texts
    )
    return sorted((pair for pair in pairs if pair), key=lambda pair: (-pair.score, pair.keys))


# -- which to compare ------------------------------------------------------------------------------


def _candidates(titles: Mapping[PaperKey, Title]) -> Iterator[tuple[PaperKey, PaperKey]]:
    """Yield the pairs of keys that share a block, the lower key first.

    Blocks are sorted as numbers, not gathered in lists: a million lists would hold up every thread
    whenever Python looks for garbage.
    """
    import numpy as np

    frequency = Counter(word for title in titles.values() for word in title.content_words())
    blocks, owners = array("q"), array("q")
    for key, title in titles.items():
        for block in _blocks(title, frequency):
            blocks.append(hash(block))
            owners.append(key)
    order = np.argsort(np.array(blocks, np.int64))
    known: set[int] = set()
    for _, places in groupby(order, key=blocks.__getitem__):
        keys = sorted(PaperKey(owners[place]) for place in islice(places, LARGEST_BLOCK + 1))
        if 1 < len(keys) <= LARGEST_BLOCK:
            for one, other in combinations(keys, 2):
                if one << 32 | other not in known:
                    known.add(one << 32 | other)
                    yield one, other


def _blocks(title: Title, frequency: Mapping[str, int]) -> Iterator[object]:
    telling = title.content_words()
    if len(telling) >= LEAST_WORDS and not title.front_matter:
        yield title.letters
        yield "".join(title.main), None
        rare = sorted(telling, key=lambda word: (frequency[word], word))[:RAREST]
        yield from combinations(sorted(rare), 2)


# -- what is likely one ----------------------------------------------------------------------------


def _likeness(one: Title, other: Title) -> Titles | None:
    """Return how two titles are alike, None where they are not or where their numbers differ."""
    from rapidfuzz import fuzz

    if one.letters == other.letters:
        return "the same"
    ratio = fuzz.ratio(one.letters, other.letters, score_cutoff=ALIKE)
    main = one.main == other.main  # before the colon: a name of one word (`Oreo: …`), or more
    if not (ratio or main) or one.numbers() != other.numbers():
        return None
    if ratio and _spelled_alike(one.words, other.words):
        return "spelled differently"
    if main:
        return "with another subtitle"
    return "alike" if ratio else None


def _spelled_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether word for word the titles differ by slips of the pen alone."""
    from rapidfuzz.distance import OSA

    if len(one) != len(other):
        return False
    for word, meant in zip(one, other, strict=True):
        if word == meant:
            continue
        longer, shorter = sorted((word, meant), key=len, reverse=True)
        negated = any(longer == start + shorter for start in _NEGATIONS)
        if len(shorter) < 6 or word[0] != meant[0] or negated or OSA.distance(word, meant) > 1:
            return False
    return True


def _may_be_one(one: ComparedPaper, other: ComparedPaper, likeness: Titles) -> bool:
    """Tell whether authors and identifiers allow that two papers are one."""
    authors = _common(one.authors, other.authors)
    if authors == 0.0:
        return False
    if one.identity.conflicts(other.identity):
        return likeness in ("the same", "spelled differently") and (authors or 0) >= 0.5
    return True


def _common(one: Sequence[str], other: Sequence[str]) -> float | None:
    """Return the share of the shorter list's authors that the longer has; None where unknown."""
    names, others = _names(one), _names(other)
    if not names or not others:
        return None
    return len(names & others) / min(len(names), len(others))


def _names(authors: Iterable[str]) -> set[tuple[str, str]]:
    """Return the last name and the first letter of each: `A. Lovelace` is `Lovelace, Ada`."""
    names = set()
    for author in authors:
        last, comma, first = fold(author).partition(",")
        words = [*WORD.findall(first), *WORD.findall(last)] if comma else WORD.findall(last)
        if words:
            names.add((words[-1], words[0][0]))
    return names


def shared(one: str, other: str) -> float | None:
    """Return the share of the shorter abstract's runs of three words that the longer has.

    None where one has no abstract. See Broder, On the resemblance and containment of documents,
    1997.
    """
    runs, others = _runs(one), _runs(other)
    if not runs or not others:
        return None
    return len(runs & others) / min(len(runs), len(others))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = WORD.findall(fold(text))
    return set(zip(words, words[1:], words[2:], strict=False))


def _judged(
    one: ComparedPaper, other: ComparedPaper, likeness: Titles, text: float | None
) -> Pair | None:
    """Return two papers as a pair, None where they are two."""
    authors = _common(one.authors, other.authors)
    apart = one.identity.conflicts(other.identity)
    close = likeness in ("the same", "spelled differently")
    same_people, same_text = authors is not None and authors >= 0.5, (text or 0) >= SAME
    if text is not None and text < OTHER and not (close and same_people and not apart):
        return None
    if close:
        likely = same_text or (same_people and not apart) or (authors is None and text is None)
    elif likeness == "with another subtitle":
        likely = same_text or (same_people and (text is None or text >= OTHER))
    else:
        likely = (text or 0) >= EQUAL
    if not likely:
        return None
    rule = "" if apart else _rule(likeness, same_people, text)
    keep, gone = sorted((one, other), key=_stays)
    agrees, differs = _told(keep, gone, likeness, authors, text)
    score = 2 * bool(rule) + close + (authors or 0) + (text or 0) - 2 * apart
    return Pair(keep.key, gone.key, agrees, differs, rule, round(score, 4))


def _rule(likeness: Titles, same_people: bool, text: float | None) -> str:
    """Return why two papers are one for certain, "" where they may be two."""
    same_text = (text or 0) >= SAME
    if likeness in ("the same", "spelled differently"):
        if same_people and (text is None or same_text):
            return "same title but for its spelling, same authors"
        return "same title but for its spelling, same abstract" if same_text else ""
    if (text or 0) >= EQUAL and same_people:
        return "titles alike, same authors, same abstract"
    return ""


def _stays(record: ComparedPaper) -> tuple[bool, int]:
    """Return what sorts first the paper that stays: the published one, then the one known first."""
    return not record.identity.doi, record.key


def _told(
    keep: ComparedPaper,
    gone: ComparedPaper,
    likeness: Titles,
    authors: float | None,
    text: float | None,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what agrees and what differs, in words."""
    agrees: list[str] = []
    differs: list[str] = []
    (agrees if likeness == "the same" else differs).append(
        "title" if likeness == "the same" else f"title ({likeness})"
    )
    if authors is not None:
        (agrees if authors >= 0.5 else differs).append("authors")
    if text is not None:
        (agrees if text >= SAME else differs).append(f"abstract ({text:.0%} shared)")
    if keep.year and gone.year:
        (agrees if keep.year == gone.year else differs).append("year")
    for name, own, others in (
        ("arXiv id", keep.identity.arxiv, gone.identity.arxiv),
        ("DOI", keep.identity.doi, gone.identity.doi),
    ):
        if own and others:
            (agrees if own == others else differs).append(name)
    return tuple(agrees), tuple(differs)
