"""Known items: papers that a reader remembers in part, searched for by realistic queries.

Each kind of query is made from every one of a fixed sample of papers; success at N is the share of
queries that list their paper among the first N.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from statistics import fmean

from index import Library, Paper
from index.text.analysis import find_words, is_stop_word
from tests.bench.baselines import Fts5
from tests.bench.table import Row

SAMPLE = 300
SEED = 18
DEPTH = 10

MARGIN = 0.02
"""How far below FTS5 success at 10 may be, except for the kinds of `HARDER`."""

MIN_LETTERS = 4
"""Letters of the shortest word of a title that a reader would remember."""

MIN_MISSPELT_LETTERS = 6

Draw = random.Random
Kind = Callable[[Paper, Draw], str]


def title_words(paper: Paper, draw: Draw, count: int) -> list[str]:
    """Return words of a title, in order, or none if it has fewer."""
    return _sample(paper.title, draw, count)


def _sample(text: str, draw: Draw, count: int) -> list[str]:
    words = [word for word, _, _ in find_words(text)]
    words = [w for w in words if len(w) >= MIN_LETTERS and w.isalpha() and not is_stop_word(w)]
    words = list(dict.fromkeys(words))
    if len(words) < count:
        return []
    return [words[at] for at in sorted(draw.sample(range(len(words)), count))]


def misspelt(word: str, draw: Draw) -> str:
    """Return a word with two letters swapped, or one replaced, doubled or left out."""
    at = draw.randrange(1, len(word) - 2)
    one, two = word[at], word[at + 1]
    middle = draw.choice((two + one, draw.choice("aeinorst") + two, one + one + two, two))
    return word[:at] + middle + word[at + 2 :]


def _three_misspelt(paper: Paper, draw: Draw) -> str:
    words = title_words(paper, draw, 3)
    long = [word for word in words if len(word) >= MIN_MISSPELT_LETTERS]
    if not long:
        return ""
    chosen = draw.choice(long)
    return " ".join(misspelt(word, draw) if word == chosen else word for word in words)


def _family_name(paper: Paper, draw: Draw) -> str:
    """Return the last word of an author's name, or "" without authors."""
    names = [author.split()[-1] for author in paper.authors if author.strip()]
    return draw.choice(names) if names else ""


def _author_and_title(paper: Paper, draw: Draw, count: int) -> str:
    name, words = _family_name(paper, draw), title_words(paper, draw, count)
    return " ".join([name, *words]) if name and words else ""


def _author_and_year(paper: Paper, draw: Draw) -> str:
    name = _family_name(paper, draw)
    return f"{name} {paper.year}" if name and paper.year else ""


def _name_before_colon(paper: Paper, draw: Draw) -> str:
    del draw  # there is only one
    name, colon, _ = paper.title.partition(": ")
    return name if colon and 1 <= len(name.split()) <= 3 and len(name) > 2 else ""


def _title_and_abstract(paper: Paper, draw: Draw) -> str:
    words = [*title_words(paper, draw, 1), *_sample(paper.abstract, draw, 2)]
    return " ".join(words) if len(words) == 3 else ""


KINDS: dict[str, Kind] = {
    "three title words": lambda paper, draw: " ".join(title_words(paper, draw, 3)),
    "two title words": lambda paper, draw: " ".join(title_words(paper, draw, 2)),
    "three, one misspelt": _three_misspelt,
    "author, one title word": lambda paper, draw: _author_and_title(paper, draw, 1),
    "author, two title words": lambda paper, draw: _author_and_title(paper, draw, 2),
    "author and year": _author_and_year,
    "name before the colon": _name_before_colon,
    "one title, two abstract words": _title_and_abstract,
}
HARDER = ("three title words", "two title words", "three, one misspelt")
"""The kinds that Carrel must find more often than FTS5."""


def queries(papers: Sequence[Paper], seed: int = SEED) -> dict[str, list[tuple[str, str]]]:
    """Return the queries of each kind, each with the id of its paper."""
    draw = random.Random(seed)
    sample = draw.sample(list(papers), min(SAMPLE, len(papers)))
    made: dict[str, list[tuple[str, str]]] = {}
    for kind, make in KINDS.items():
        made[kind] = [(text, paper.id) for paper in sample if (text := make(paper, draw))]
    return made


def measured(library: Library, papers: Sequence[Paper], baseline: Fts5) -> Iterator[Row]:
    """Measure success at 1 and 10 for each kind of query, with Carrel and a baseline."""

    def carrel(text: str) -> list[str]:
        return [hit.id for hit in library.search(text, limit=DEPTH).hits]

    def other(text: str) -> list[str]:
        words = [word for word, _, _ in find_words(text)]
        full = baseline.ranked(words, DEPTH, all_words=True)
        return list(dict.fromkeys([*full, *baseline.ranked(words, DEPTH)]))[:DEPTH]

    for kind, asked in queries(papers).items():
        if not asked:
            continue
        ranks = [[_rank(way(text), paper) for text, paper in asked] for way in (carrel, other)]
        for depth in (1, DEPTH):
            figure, rival = (fmean(rank <= depth for rank in way) for way in ranks)
            row = Row(f"{kind}: success at {depth}", "of 1", figure, {baseline.name: rival})
            if depth == DEPTH:
                row.bar = rival if kind in HARDER else rival - MARGIN
            yield row


def _rank(found: Sequence[str], paper: str) -> int:
    return found.index(paper) + 1 if paper in found else DEPTH + 1
