"""Lists the pairs of records with equal titles, and whether each is one paper, with the rule.

`python -m tests.bench.titles [FILE...]`, by default the corpus; --sample N lists N pairs drawn at
random. A bench rather than a test: a person judges the sample.
"""

import argparse
import lzma
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from index.formats import detect
from index.papers.entries import Origin, ParsedPaper
from index.papers.matching.abstracts import overlap
from index.papers.matching.rules import Record, Verdict, compare
from index.papers.paper import Paper
from tests.bench import corpus

HEAD_BYTES = 65_536


class TitlePair(NamedTuple):
    """Two records with equal titles, and whether they are one paper."""

    one: Paper
    other: Paper
    verdict: Verdict


def papers_of(path: Path) -> Iterator[Paper]:
    """Yield the papers of a file of any format that Carrel reads; .xz is decompressed."""
    content = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    form = detect(content[:HEAD_BYTES], path.name.removesuffix(".xz"))
    if form and form.read:
        for entry in form.read(BytesIO(content), Origin(path.name)):
            if isinstance(entry, ParsedPaper):
                yield entry.paper


def pairs_of(papers: Sequence[Paper]) -> list[TitlePair]:
    """Return every pair of records with equal titles."""
    by_title: dict[str, list[Record]] = defaultdict(list)
    for paper in papers:
        record = Record(paper)
        by_title[record.identity.title].append(record)
    return [
        TitlePair(one.paper, other.paper, compare(one, other, is_only=len(records) == 2))
        for records in by_title.values()
        for one, other in combinations(records, 2)
    ]


def lines(pair: TitlePair) -> Iterator[str]:
    """Yield a pair as text: the decision and its reason, then both records."""
    one, other, verdict = pair
    decision = f"one: {verdict.rule}" if verdict.rule else f"two: {verdict.contradiction or '-'}"
    text = overlap(one.abstract, other.abstract, one.title)
    yield f"{decision}{'' if text is None else f' · abstracts {text:.0%}'}"
    yield f"  {one.title}"
    for paper in (one, other):
        names = ", ".join(paper.authors[:5]) or "no authors"
        ids = " ".join(filter(None, (paper.arxiv_id, paper.doi)))
        yield f"  {paper.year or '----'} {names} · {paper.venue or 'no venue'} · {ids or paper.id}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the pairs, then the numbers of each rule."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.titles", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[corpus.CORPUS])
    parser.add_argument("--sample", type=int, default=0, help="pairs drawn at random; 0 lists all")
    options = parser.parse_args(arguments)
    pairs = pairs_of([paper for file in options.files for paper in papers_of(file)])
    shown = pairs
    if 0 < options.sample < len(pairs):
        shown = random.Random(1).sample(pairs, options.sample)
    for pair in shown:
        print(*lines(pair), sep="\n")
    counts = Counter(p.verdict.rule or f"two: {p.verdict.contradiction or '-'}" for p in pairs)
    print(f"\n{len(pairs):,} pairs of equal titles")
    for rule, count in counts.most_common():
        print(f"  {count:>6,}  {rule}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
