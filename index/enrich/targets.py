"""The papers to complete, looked up by title and identifier for every record of a file."""

from collections.abc import Iterable, Iterator
from itertools import chain

from index.enrich.matching import MIN_SIMILARITY, key_similarity
from index.papers.identifiers import parse_arxiv, parse_doi
from index.papers.identity import identity, title_key
from index.papers.paper import Paper, PaperKey

BLOCK_CHARS = 12
"""Number of letters that similar titles share at the beginning or the end."""


class Targets:
    """Papers by folded title, arXiv id and DOI; a lookup is cheap enough for millions of records.

    Similar titles are compared only if they begin or end alike, since a misprint leaves one end of
    a title as it is.
    """

    def __init__(self, papers: Iterable[Paper]) -> None:
        self._titles: dict[str, list[PaperKey]] = {}
        self._identifiers: dict[str, list[PaperKey]] = {}
        self._blocks: dict[str, list[tuple[str, PaperKey]]] = {}
        for paper in papers:
            keys = identity(paper)
            self._titles.setdefault(keys.title, []).append(paper.key)
            for value in filter(None, (keys.arxiv, keys.doi)):
                self._identifiers.setdefault(value, []).append(paper.key)
            for block in _blocks(keys.title):
                self._blocks.setdefault(block, []).append((keys.title, paper.key))

    def of(self, record: Paper) -> list[PaperKey]:
        """Return the papers that a record may describe."""
        keys = identity(record)
        found = chain(
            self._identifiers.get(keys.arxiv, ()),
            self._identifiers.get(keys.doi, ()),
            self._of_title(keys.title),
        )
        return list(dict.fromkeys(found))

    def has_title(self, title: str) -> bool:
        """Return whether a title is, or is similar to, that of a paper."""
        return any(True for _ in self._of_title(title_key(title)))

    @property
    def have_identifiers(self) -> bool:
        """Whether any of the papers has an arXiv id or a DOI."""
        return bool(self._identifiers)

    def has_identifier(self, text: str) -> bool:
        """Return whether a text is the arXiv id or DOI of a paper."""
        found = parse_arxiv(text).lower(), parse_doi(text).lower()
        return any(value in self._identifiers for value in found if value)

    def _of_title(self, key: str) -> Iterator[PaperKey]:
        yield from self._titles.get(key, ())
        for block in _blocks(key):
            for known, paper in self._blocks.get(block, ()):
                if key_similarity(key, known) >= MIN_SIMILARITY:
                    yield paper


def _blocks(key: str) -> tuple[str, str]:
    return f"^{key[:BLOCK_CHARS]}", f"{key[-BLOCK_CHARS:]}$"
