"""What a format is: a name, how to know it, how to read it, how to write it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from index.formats.citation_keys import check_pattern
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.paper import Paper


@dataclass(frozen=True, slots=True)
class Style:
    """What of a paper goes into a file, and how it is written there.

    `marks` are all that the reader added; `tags` and `note` can be left out by themselves. `keys`
    is the pattern of citation keys (see `citation_keys`), "" for the key that a paper came with.
    With `unicode`, letters and signs stand in LaTeX as they are, and not as commands. `template` is
    a file of the reader's own that writes the papers in place of a format.

    Raises CarrelError for a pattern that asks for what no paper has.
    """

    abstract: bool = True
    tags: bool = True
    note: bool = True
    marks: bool = True
    keys: str = ""
    unicode: bool = False
    template: Path | None = None

    def __post_init__(self) -> None:
        if self.keys:
            check_pattern(self.keys)

    def of(self, paper: Paper) -> Paper:
        """Return a paper without what is to be left out."""
        if self.abstract and self.tags and self.note and self.marks:
            return paper
        return replace(
            paper,
            abstract=paper.abstract if self.abstract else "",
            tags=paper.tags if self.tags and self.marks else (),
            note=paper.note if self.note and self.marks else "",
            bookmarked=paper.bookmarked and self.marks,
            read=paper.read and self.marks,
        )


USUAL = Style()
"""How files are written where nobody says otherwise: with all there is."""


@dataclass(frozen=True, slots=True)
class Format:
    """One file format.

    `recognise` gets the decoded first 64 KiB of a file. `read` gets the open file and its origin;
    it never raises for what the file says. `write` yields the text of a file, piece by piece; what
    the style leaves out is gone from the papers it gets.
    `endings` are file-name endings with their dot, in lower case.
    """

    name: str
    label: str
    endings: tuple[str, ...]
    recognise: Callable[[str], bool] | None = None
    read: Callable[[BinaryIO, Origin], Iterator[ParsedPaper | Skipped]] | None = None
    write: Callable[[Iterable[Paper], Style], Iterator[str]] | None = None
