"""Exports of papers, whose citation keys stay what they were in earlier exports."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.formats import USUAL, Style, write_papers
from index.formats.citation_keys import ExportedKeys
from index.papers.paper import PaperKey
from index.store import Database, PaperStore
from index.store.citation_keys import CitationKeyStore


class Exports:
    """Writes papers of a library in a format; thread-safe."""

    def __init__(self, database: Database, papers: PaperStore) -> None:
        self._papers = papers
        self._citation_keys = CitationKeyStore(database)

    def export(
        self, keys: Sequence[PaperKey], format: str, style: Style | None = None
    ) -> Iterator[str]:
        """Yield the text of an export, by default in the usual style; see `Library.export`."""
        style = style or USUAL
        exported = ExportedKeys(self._citation_keys.known(style.keys))
        written = write_papers(self._papers.each(keys), format, replace(style, exported=exported))
        return self._recorded(written, style.keys, exported)

    def _recorded(
        self, written: Iterator[str], pattern: str, exported: ExportedKeys
    ) -> Iterator[str]:
        """Yield the text of an export, then store the citation keys in it."""
        yield from written
        self._citation_keys.add(pattern, exported.new)
