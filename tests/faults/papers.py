"""Papers of generated words: which contain a word is known without an index."""

import json
import random
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from index import Paper

WORDS = tuple(
    f"{first}{middle}{last}"
    for first in ("kolu", "mira", "teva")
    for middle in ("mbo", "ndu", "rzi", "plo")
    for last in ("na", "to")
)
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "ne", "pi", "qo", "ru",
             "se", "ti")  # fmt: skip
LENGTH = 14
"""Words of an abstract."""


def paper(number: int) -> Paper:
    """Return the paper of a number, with a unique title; always the same."""
    chance = random.Random(number)
    name = "".join(SYLLABLES[number >> shift & 15] for shift in (16, 12, 8, 4, 0))
    title = f"{name}ra {' '.join(chance.choices(WORDS, k=3))}"
    return Paper(title, " ".join(chance.choices(WORDS, k=LENGTH)), id=f"p{number}")


def papers(first: int, stop: int) -> list[Paper]:
    return [paper(number) for number in range(first, stop)]


def write(path: Path, every: Iterable[Paper]) -> Path:
    """Write papers to a file that can be imported."""
    with path.open("w", encoding="utf-8") as file:
        for one in every:
            shape = {"id": one.id, "title": one.title, "abstract": one.abstract}
            file.write(json.dumps(shape) + "\n")
    return path


def holding(database: Path, word: str) -> set[str]:
    """Return the ids of the papers that contain a word, by a scan of the database."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT id, title, abstract FROM paper").fetchall()
    return {row[0] for row in rows if word in f"{row[1]} {row[2]}".lower().split()}


def marks(database: Path) -> frozenset[tuple[str, str, str]]:
    """Return all marks of a database: the id of the paper, kind and value."""
    query = "SELECT id, kind, value FROM mark JOIN paper ON paper.key = mark.paper"
    with closing(sqlite3.connect(database)) as connection:
        return frozenset(connection.execute(query).fetchall())
