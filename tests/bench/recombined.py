"""More papers than the corpus has, recombined from its own, the same for the same number.

A title is the beginning of one and the end of another, an abstract the sentences of two in turn.
Some papers coin a word and the authors have new initials, so that words and names grow in number
as they do in real libraries, not only papers.
"""

import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

COINED = 0.5
"""The share of papers that coin a word."""

RENAMED = 0.4
"""The share of authors that are other people."""

INITIALS = "ABCDEFGHIJKLMNOPRSTW"


def recombined(papers: Sequence[dict[str, Any]], count: int, seed: int = 11) -> Iterator[str]:
    """Yield `count` lines of JSON, each a paper with values of those given."""
    draw = random.Random(seed)
    for number in range(count):
        one, other = draw.choice(papers), draw.choice(papers)
        coined = _coined(draw, one, other) if draw.random() < COINED else ""
        yield (
            json.dumps(
                {
                    **other,
                    "id": f"mixed-{seed}-{number}",
                    "title": _title(one["title"], other["title"], coined, number),
                    "abstract": _abstract(one["abstract"], other["abstract"], coined),
                    "authors": [_author(draw, name) for name in other["authors"]],
                    "url": "",
                    "doi": "",
                    "arxiv_id": "",
                }
            )
            + "\n"
        )


def _title(one: str, other: str, coined: str, number: int) -> str:
    """Return a title; those without a coined word end in a number, so that none is taken twice."""
    first, last = one.partition(": ")[2] or one, other.split()
    words = first.split()
    mixed = " ".join((*words[: (len(words) + 1) // 2], *last[len(last) // 2 :]))
    return f"{coined}: {mixed}" if coined else f"{mixed} {number}"


def _abstract(one: str, other: str, coined: str) -> str:
    pair = one.split(". "), other.split(". ")
    sentences = [each for both in zip(*pair, strict=False) for each in both]
    wanted = max(1, (len(pair[0]) + len(pair[1])) // 2)
    text: str = ". ".join(sentences[:wanted]).rstrip(".") or one or other
    return f"{text}. {coined} is our method." if coined else text


def _coined(draw: random.Random, one: dict[str, Any], other: dict[str, Any]) -> str:
    words: list[str] = [
        draw.choice([word for word in paper["title"].split() if word.isalpha()] or ["carrel"])
        for paper in (one, other)
    ]
    start, end = words[0][: draw.randint(2, 6)], words[1][-draw.randint(2, 6) :]
    return (start + draw.choice("aeiou") + end).capitalize()


def _author(draw: random.Random, name: str) -> str:
    first, _, rest = name.partition(" ")
    if rest and draw.random() < RENAMED:
        return f"{first} {draw.choice(INITIALS)}. {rest}"
    return name
