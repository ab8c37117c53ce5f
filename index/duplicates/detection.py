"""Detection of near duplicates: preprint and published version, changed subtitle or spelling.

Papers with equal identifiers or titles are merged on import (`index.papers.identity`); this module
finds near duplicates. Blocking selects the pairs to compare: papers whose titles have the same
letters, the same text before the colon, or two of their rarest words in common. Numbers, authors,
identifiers and abstracts then decide whether a pair is a duplicate; in doubt it is not.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby, islice
from typing import Literal

from index.papers.matching.rules import PREPRINT_YEARS, has_no_venue
from index.papers.matching.titles import names_kind
from index.papers.paper import PaperKey
from index.store.merges import ComparedPaper
from index.text.folding import fold
from index.text.titles import WORD, Title

BLOCK_WORDS = 4
"""Number of a title's rarest words that form blocks, two words a block."""

MAX_BLOCK_PAPERS = 40
"""Papers in a block; larger blocks share words that are not distinctive."""

MIN_TITLE_WORDS = 3
"""Distinctive words that a title needs: many papers have the title "Related Work"."""

MIN_SIMILARITY_PERCENT = 85.0
"""Minimum similarity of two titles' letters, in percent."""

EQUAL_OVERLAP, SAME_OVERLAP, OTHER_OVERLAP = 0.8, 0.6, 0.25
"""Minimum overlap of abstracts that are equal or revised; below the last, they are different."""

_NEGATIONS = ("un", "in", "im", "non", "dis", "anti", "de", "re", "mono", "multi", "bi", "inter")

Titles = Literal["the same", "spelled differently", "different subtitle", "similar"]


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two papers that are likely duplicates, with the fields that agree and those that differ.

    `keep` is the paper retained by a merge. `rule` is why the pair is certain, or "" if the user
    must decide. Likelier pairs have a higher `score`.
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


def find_duplicates(
    records: Sequence[ComparedPaper],
    abstracts: Callable[[Iterable[PaperKey]], Mapping[PaperKey, str]],
    different: Iterable[tuple[PaperKey, PaperKey]] = (),
) -> list[DuplicatePair]:
    """Return the likely duplicates, the likeliest first.

    `abstracts` returns the abstracts of papers by key; `different` are pairs known not to be
    duplicates.
    """
    by_key = {record.key: record for record in records}
    titles = {record.key: Title(record.title) for record in records}
    known_different = set(different)
    near = [
        (one, other, titles_match)
        for one, other in _candidates(titles)
        if (one, other) not in known_different
        and (titles_match := _compare_titles(titles[one], titles[other]))
        and _is_plausible(by_key[one], by_key[other], titles_match)
    ]
    texts = abstracts({key for one, other, _ in near for key in (one, other)})
    pairs = (
        _judge(by_key[one], by_key[other], titles_match, overlap(texts[one], texts[other]))
        for one, other, titles_match in near
        if one in texts and other in texts
    )
    return sorted((pair for pair in pairs if pair), key=lambda pair: (-pair.score, pair.keys))


# -- blocking --------------------------------------------------------------------------------------


def _candidates(titles: Mapping[PaperKey, Title]) -> Iterator[tuple[PaperKey, PaperKey]]:
    """Yield the pairs of keys that share a block, the lower key first.

    Blocks are sorted as numbers rather than collected in lists: a million lists would block all
    threads whenever Python collects garbage.
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
        keys = sorted(PaperKey(owners[place]) for place in islice(places, MAX_BLOCK_PAPERS + 1))
        if 1 < len(keys) <= MAX_BLOCK_PAPERS:
            for one, other in combinations(keys, 2):
                if one << 32 | other not in known:
                    known.add(one << 32 | other)
                    yield one, other


def _blocks(title: Title, frequency: Mapping[str, int]) -> Iterator[object]:
    telling = title.content_words()
    if len(telling) >= MIN_TITLE_WORDS and not title.front_matter:
        yield title.letters
        yield "".join(title.main), None
        rare = sorted(telling, key=lambda word: (frequency[word], word))[:BLOCK_WORDS]
        yield from combinations(sorted(rare), 2)


# -- comparison ------------------------------------------------------------------------------------


def _compare_titles(one: Title, other: Title) -> Titles | None:
    """Return how similar two titles are, or None if they are not or their numbers differ."""
    from rapidfuzz import fuzz

    if one.letters == other.letters:
        return "the same"
    ratio = fuzz.ratio(one.letters, other.letters, score_cutoff=MIN_SIMILARITY_PERCENT)
    main = one.main == other.main  # before the colon: a name of one word (`Oreo: …`), or more
    if not (ratio or main) or one.numbers() != other.numbers():
        return None
    if ratio and _is_respelled(one.words, other.words):
        return "spelled differently"
    if main:
        return "different subtitle"
    return "similar" if ratio else None


def _is_respelled(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether the words of two titles differ by typing errors alone."""
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


def _is_plausible(one: ComparedPaper, other: ComparedPaper, titles_match: Titles) -> bool:
    """Return whether authors and identifiers are consistent with two papers being one."""
    authors = _author_overlap(one.authors, other.authors)
    if authors == 0.0:
        return False
    if one.identity.conflicts(other.identity):
        return titles_match in ("the same", "spelled differently") and (authors or 0) >= 0.5
    return True


def _author_overlap(one: Sequence[str], other: Sequence[str]) -> float | None:
    """Return the fraction of the shorter list's authors in the longer, None if unknown."""
    names, others = _names(one), _names(other)
    if not names or not others:
        return None
    return len(names & others) / min(len(names), len(others))


def _names(authors: Iterable[str]) -> set[tuple[str, str]]:
    """Return each author's last name and initial: `A. Lovelace` equals `Lovelace, Ada`."""
    names = set()
    for author in authors:
        last, comma, first = fold(author).partition(",")
        words = [*WORD.findall(first), *WORD.findall(last)] if comma else WORD.findall(last)
        if words:
            names.add((words[-1], words[0][0]))
    return names


def overlap(one: str, other: str) -> float | None:
    """Return the fraction of the shorter abstract's word trigrams that the longer contains.

    Returns None if an abstract is missing. See Broder, On the resemblance and containment of
    documents, 1997.
    """
    runs, others = _runs(one), _runs(other)
    if not runs or not others:
        return None
    return len(runs & others) / min(len(runs), len(others))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = WORD.findall(fold(text))
    return set(zip(words, words[1:], words[2:], strict=False))


def _judge(
    one: ComparedPaper, other: ComparedPaper, titles_match: Titles, text: float | None
) -> DuplicatePair | None:
    """Return the pair, or None if the papers are different."""
    authors = _author_overlap(one.authors, other.authors)
    apart = one.identity.conflicts(other.identity)
    close = titles_match in ("the same", "spelled differently")
    same_people, same_text = authors is not None and authors >= 0.5, (text or 0) >= SAME_OVERLAP
    if text is not None and text < OTHER_OVERLAP and not (close and same_people and not apart):
        return None
    if close:
        likely = same_text or (same_people and not apart) or (authors is None and text is None)
    elif titles_match == "different subtitle":
        likely = same_text or (same_people and (text is None or text >= OTHER_OVERLAP))
    else:
        likely = (text or 0) >= EQUAL_OVERLAP
    if not likely:
        return None
    is_certain = not apart and not _are_editions(one, other)
    rule = _rule(titles_match, same_people, text) if is_certain else ""
    keep, other = sorted((one, other), key=_retention_order)
    agrees, differs = _describe(keep, other, titles_match, authors, text)
    score = 2 * bool(rule) + close + (authors or 0) + (text or 0) - 2 * apart
    return DuplicatePair(keep.key, other.key, agrees, differs, rule, round(score, 4))


def _are_editions(one: ComparedPaper, other: ComparedPaper) -> bool:
    """Return whether years are too far apart for a preprint and its published version.

    Reports and editions of several years also have equal titles and authors.
    """
    if one.year is None or other.year is None or one.year == other.year:
        return False
    published = not (has_no_venue(one.venue) or has_no_venue(other.venue))
    return abs(one.year - other.year) > PREPRINT_YEARS or published or names_kind(one.title)


def _rule(titles_match: Titles, same_people: bool, text: float | None) -> str:
    """Return why two papers are certainly duplicates, or "" if that is not certain."""
    same_text = (text or 0) >= SAME_OVERLAP
    if titles_match in ("the same", "spelled differently"):
        if same_people and (text is None or same_text):
            return "same title except for spelling, same authors"
        return "same title except for spelling, same abstract" if same_text else ""
    if (text or 0) >= EQUAL_OVERLAP and same_people:
        return "similar titles, same authors, same abstract"
    return ""


def _retention_order(record: ComparedPaper) -> tuple[bool, int]:
    """Return a sort key that places the retained paper first: the published, then the older one."""
    return not record.identity.doi, record.key


def _describe(
    keep: ComparedPaper,
    other: ComparedPaper,
    titles_match: Titles,
    authors: float | None,
    text: float | None,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the fields that agree and those that differ, as text."""
    agrees: list[str] = []
    differs: list[str] = []
    (agrees if titles_match == "the same" else differs).append(
        "title" if titles_match == "the same" else f"title ({titles_match})"
    )
    if authors is not None:
        (agrees if authors >= 0.5 else differs).append("authors")
    if text is not None:
        (agrees if text >= SAME_OVERLAP else differs).append(f"abstract ({text:.0%} overlap)")
    if keep.year and other.year:
        (agrees if keep.year == other.year else differs).append("year")
    for name, own, others in (
        ("arXiv id", keep.identity.arxiv, other.identity.arxiv),
        ("DOI", keep.identity.doi, other.identity.doi),
    ):
        if own and others:
            (agrees if own == others else differs).append(name)
    return tuple(agrees), tuple(differs)
