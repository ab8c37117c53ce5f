"""The entry that a paper came from, whose fields an export restores.

`keeping` decides what is kept, and whether it is harmless.
"""

from index.formats.base import Style
from index.formats.bib.entries import BibRecord
from index.formats.bib.entry_text import verbatim
from index.formats.bib.fields import BIBLATEX_ONLY
from index.formats.bib.keeping import is_field_name, is_safe, is_verbatim
from index.papers.paper import Paper
from index.text.latex.decoding import plain
from index.text.latex.encoding import latex

TITLES = ("title", "subtitle", "booktitle", "maintitle", "issuetitle")
"""Fields in which braces keep capitals."""


class KeptEntry:
    """The kept fields of a paper as an entry, written in one dialect and style.

    `exists` is whether the paper came from an entry at all.
    """

    def __init__(self, paper: Paper, style: Style, biblatex: bool) -> None:
        kept = paper.citation.kept_in("bibtex")
        fields: dict[str, list[str]] = {}
        for name, raw in kept.fields if kept else ():
            if is_field_name(name):
                fields.setdefault(name, []).append(raw)
        self.exists = kept is not None
        self.entry = BibRecord(kept.type if kept else "", paper.id, 0, fields)
        self._unicode = style.unicode
        self._biblatex = biblatex

    def text(self, words: str, *, title: bool = False) -> str:
        """Return a text as LaTeX in the style."""
        return latex(words, title=title, unicode=self._unicode)

    def of(self, *fields: str) -> dict[str, str]:
        """Return the kept values of some fields, as they came if that is harmless."""
        return {
            name: self.raw(name, self.entry.first(name))
            for name in fields
            if self.entry.first(name) and (self._biblatex or name not in BIBLATEX_ONLY)
        }

    def raw(self, name: str, raw: str) -> str:
        """Return the value of a field as it came if that is harmless, else encoded again."""
        path = is_verbatim(name) and "://" not in raw
        literal = path or (self._unicode and "\\" not in raw)
        if is_safe(name, raw) and (literal or (raw.isascii() and not self._unicode)):
            return raw
        if is_verbatim(name) and "\\" not in raw:
            return verbatim(raw)
        return self.text(plain(raw), title=name in TITLES)
