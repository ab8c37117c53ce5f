"""BibLaTeX: like BibTeX, with fields for full dates and preprints.

The format: https://ctan.org/pkg/biblatex (section 2, database guide). The BibTeX reader reads it.
"""

from collections.abc import Iterable, Iterator

from index.formats.base import USUAL, Format, Style
from index.formats.bib import writing as writing
from index.papers.paper import Paper


def write(papers: Iterable[Paper], style: Style = USUAL) -> Iterator[str]:
    """Yield one entry per paper under a unique citation key; only the keys are kept in memory."""
    return writing.write(papers, style, biblatex=True)


FORMAT = Format(name="biblatex", label="BibLaTeX", endings=(".biblatex",), write=write)
