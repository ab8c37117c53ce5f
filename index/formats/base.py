"""The types of formats: `Format` and the `Style` of an export."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from index.formats.bib.keeping import MARKS, is_note
from index.formats.citation_keys import ExportedKeys, check_pattern
from index.papers.citation import without_kept
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.paper import Paper


@dataclass(frozen=True, slots=True)
class Style:
    """The parts of a paper that are exported, and how they are written.

    `marks` includes `tags` and `note`, which can also be excluded separately. `keys` is the pattern
    of citation keys (see `citation_keys`), "" for the keys that papers were imported with. With
    `unicode`, LaTeX contains Unicode characters instead of commands. `template` is a Jinja template
    that replaces the format. `exported` holds the citation keys of earlier exports.

    Raises CarrelError for a pattern with unknown fields.
    """

    abstract: bool = True
    tags: bool = True
    note: bool = True
    marks: bool = True
    keys: str = ""
    unicode: bool = False
    template: Path | None = None
    exported: ExportedKeys | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.keys:
            check_pattern(self.keys)

    def of(self, paper: Paper) -> Paper:
        """Return a paper without the excluded parts."""
        if self.abstract and self.tags and self.note and self.marks:
            return paper
        return replace(
            paper,
            citation=without_kept(paper.citation, self._is_private),
            abstract=paper.abstract if self.abstract else "",
            tags=paper.tags if self.tags and self.marks else (),
            note=paper.note if self.note and self.marks else "",
            bookmarked=paper.bookmarked and self.marks,
            read=paper.read and self.marks,
            dismissed=paper.dismissed and self.marks,
            later=paper.later if self.marks else None,
        )

    def _is_private(self, name: str) -> bool:
        """Return whether a field kept from a file holds marks that are left out."""
        note, tags = self.note and self.marks, self.tags and self.marks
        return (is_note(name) and not note) or (name in MARKS and not tags)


USUAL = Style()
"""The default style: everything is exported."""


@dataclass(frozen=True, slots=True)
class Format:
    """One file format.

    `recognise` gets the decoded first 64 KiB of a file. `read` gets the open file and its origin;
    it never raises because of the content. `write` yields the text of a file in pieces; its papers
    already lack the parts that the style excludes. `endings` are lower-case file extensions with
    their dot.
    """

    name: str
    label: str
    endings: tuple[str, ...]
    recognise: Callable[[str], bool] | None = None
    read: Callable[[BinaryIO, Origin], Iterator[ParsedPaper | Skipped]] | None = None
    write: Callable[[Iterable[Paper], Style], Iterator[str]] | None = None
