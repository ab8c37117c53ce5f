"""The entries of BibTeX and BibLaTeX output.

The formats: https://ctan.org/pkg/btxdoc (O. Patashnik, BibTeXing), https://ctan.org/pkg/biblatex.
A paper that came from an entry goes back to its type and fields (see `kept_entry`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from index.formats.base import Style
from index.formats.bib.entries import BibRecord
from index.formats.bib.entry_text import format_entry, month_and_day, verbatim
from index.formats.bib.fields import (
    CSL_TYPES,
    GENRE_KEYS,
    GENRES,
    NO_PAPERS,
    ROLES,
    entry_type,
    field_for,
    fields_of,
    in_bibtex,
)
from index.formats.bib.groups import Groups, tags
from index.formats.bib.keeping import (
    MARKS,
    READ_STATES,
    is_note,
)
from index.formats.bib.kept_entry import TITLES, KeptEntry
from index.formats.bib.links import arxiv_id, links
from index.formats.bib.names import is_standard, names
from index.formats.bib.papers import (
    ET_AL,
    csl_type,
    date_of,
    is_read,
    keywords_of,
    note_of,
    tags_of,
    title_of,
    variable_value,
)
from index.formats.bib.written_names import plain_form, written_form
from index.formats.citation_keys import with_citation_keys
from index.formats.entry_types import ARXIV, citable
from index.papers.identifiers import parse_arxiv
from index.papers.names import Name
from index.papers.paper import Paper
from index.text.cleaning import clean
from index.text.latex.reading import readable

_ARXIV_CLASS = re.compile(
    r"(?:cs|math|stat|eess|econ|q-bio|q-fin|physics|cond-mat|astro-ph|nlin)\.[A-Za-z-]{2,}"
    r"|(?:hep-(?:th|ph|ex|lat)|nucl-(?:th|ex)|gr-qc|quant-ph|math-ph|cond-mat|astro-ph)"
)
_TYPE = re.compile(r"[a-z][a-z0-9_-]{0,40}")
_DATES = ("date", "year", "month", "day")
_EPRINTS = ("eprint", "archiveprefix", "primaryclass", "eprinttype", "eprintclass")
_KEYWORDS = ("keywords", "keyword", "author_keywords", "author-keywords")
_ARXIV_NAMES = {"eprinttype": "archiveprefix", "eprintclass": "primaryclass"}


def write(papers: Iterable[Paper], style: Style, *, biblatex: bool) -> Iterator[str]:
    """Yield one entry per paper under a unique citation key; only the keys are kept in memory."""
    for number, (key, paper) in enumerate(with_citation_keys(papers, style.keys, style.exported)):
        kind, fields = Entry(paper, style, biblatex).build()
        yield ("\n" if number else "") + format_entry(kind, key, fields)


class Entry:
    """The entry of one paper in one dialect and style."""

    def __init__(self, paper: Paper, style: Style, biblatex: bool) -> None:
        self.paper = citable(paper)
        self.biblatex = biblatex
        self.arxiv = paper.arxiv_id or (
            parse_arxiv(paper.venue) if ARXIV.match(paper.venue) else ""
        )
        self.is_divided = bool(paper.names)
        self.kept = KeptEntry(paper, style, biblatex)
        self.came = self.kept.entry
        self.kind = self._kind(paper.type)

    def _kind(self, csl: str) -> str:
        """Return the entry type: that which the paper came with if it still agrees."""
        genre = self.paper.citation.get("genre")
        came = self.came.kind
        if _TYPE.fullmatch(came) and came not in NO_PAPERS:
            same = csl in (csl_type(came, preprint=False), csl_type(came, preprint=True))
            if same or (not csl and came not in CSL_TYPES):
                return came if self.biblatex else in_bibtex(came, genre)
        url = bool(self.paper.url or self.arxiv) and not clean(self.paper.venue).strip()
        return entry_type(
            self.paper.type,
            genre,
            preprint=bool(self.arxiv),
            url=url,
            biblatex=self.biblatex,
        )

    def build(self) -> tuple[str, Mapping[str, str]]:
        """Return the entry type, and the fields in the order in which they are written."""
        found = {
            **self._title(),
            "author": self._authors(),
            **self._people(),
            **self._variables(),
            **self._date(),
            "doi": verbatim(self.paper.doi) or self.kept.of("doi").get("doi", ""),
            **self._url(),
            **self._eprint(),
        }
        return self.kind, {
            **found,
            **self._rest(found),
            **self._keywords(),
            "abstract": self.kept.text(self.paper.written_abstract),
            **self._note(),
        }

    # -- groups of fields --------------------------------------------------------------------------

    def _title(self) -> dict[str, str]:
        if self.came.first(*TITLES) and readable(title_of(self.came)) == self.paper.title:
            fields = TITLES if not self.came.first("title") else TITLES[:2]
            if kept := self.kept.of(*fields):
                return kept
        return {"title": self.kept.text(self.paper.written_title, title=True)}

    def _people(self) -> dict[str, str]:
        found = {}
        for field, role in ROLES.items():
            if not self.paper.citation.names(role):
                continue
            people = self.paper.citation.names(role)
            found[field] = self._names(
                field, tuple(n for n in people if n != ET_AL), ET_AL in people
            )
        return found

    def _authors(self) -> str:
        if self.is_divided or not self.paper.authors:
            return self._names("author", self.paper.names, self.paper.et_al)
        written = [
            plain_form(name, self.kept.text) for name in map(clean, self.paper.authors) if name
        ]
        return " and ".join([*written, "others"] if written and self.paper.et_al else written)

    def _names(self, field: str, people: tuple[Name, ...], et_al: bool) -> str:
        came = self.came.first(field)
        found, more = names(came) if came else ([], False)
        same = tuple(dict.fromkeys(found)) == people and more == et_al
        if same and is_standard(came, found) and (kept := self.kept.of(field)):
            return kept[field]
        written = [written_form(name, self.kept.text) for name in people]
        return " and ".join([*written, "others"] if written and et_al else written)

    def _variables(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for variable, value in self.paper.citation.values:
            fields = fields_of(self.kind).get(variable, ())
            same = [f for f in fields if variable_value(variable, self.came.first(f)) == value]
            if kept := self.kept.of(*same[:1]):
                found |= kept
                found |= self.kept.of(*(f for f in fields if f not in same))
            elif name := field_for(variable, self.kind, biblatex=self.biblatex):
                found[name] = self._value(variable, value)
        order = {
            name: at for at, names in enumerate(fields_of(self.kind).values()) for name in names
        }
        return dict(sorted(found.items(), key=lambda item: _rank(item[0], order)))

    def _value(self, variable: str, value: str) -> str:
        if variable == "page":
            return self.kept.text(value).replace("-", "--")
        if variable == "genre":
            if value == GENRES.get(self.kind, "?"):
                return ""
            if self.biblatex and self.kind in ("thesis", "report"):
                keys = {words: key for key, words in GENRE_KEYS.items()}
                return keys.get(value, self.kept.text(value))
        if variable == "number" and self.arxiv and self.arxiv in value:
            return ""
        return self.kept.text(value)

    def _date(self) -> dict[str, str]:
        year, date = self.paper.year, self.paper.date
        if self.came.first(*_DATES) and not ("date" in self.came.fields and not self.biblatex):
            fields = {name: self.came.every(name) for name in _DATES if self.came.first(name)}
            if year and not self.came.first("date", "year"):
                fields["year"] = [str(year)]
            if date_of(BibRecord("", "", 0, fields)) == (year, date):
                return {**({"year": fields["year"][0]} if "year" in fields else {}),
                        **self.kept.of(*_DATES)}  # fmt: skip
        came_as_year = self.kept.exists and "date" not in self.came.fields and not date
        if self.biblatex and not came_as_year:
            same = date and date[:4] == str(year or date[:4])
            return {"date": verbatim(date or "") if same else str(year or "")}
        month, day = month_and_day(self.paper)
        return {"year": str(year or ""), "month": month, "day": day}

    def _url(self) -> dict[str, str]:
        url = self.paper.url
        came = links(self.came)
        if not url or url in came:
            if not url and not self.kept.exists and self.arxiv:
                return {"url": verbatim(f"https://arxiv.org/abs/{self.arxiv}")}
            return self.kept.of("url")
        return {"url": verbatim(url)}

    def _eprint(self) -> dict[str, str]:
        kept = self._kept_eprint()
        if not self.arxiv or (not kept and self.arxiv == arxiv_id(self.came)):
            return kept
        if self.biblatex:
            own = {"eprinttype": "arxiv", "eprintclass": self._category()}
            kept = {_BIBLATEX_EPRINTS.get(name, name): raw for name, raw in kept.items()}
        else:
            own = {"archivePrefix": "arXiv", "primaryClass": self._category()}
            kept = {_BIBTEX_EPRINTS.get(name, name): raw for name, raw in kept.items()}
        return {"eprint": verbatim(self.arxiv), **own, **kept}

    def _kept_eprint(self) -> dict[str, str]:
        """Return the fields of an identifier in an archive, if it is still the same."""
        if self.arxiv and self.arxiv != (arxiv_id(self.came) or self.arxiv):
            return {}
        return {
            name: self.kept.raw("eprint", self.came.first(name))
            for name in _EPRINTS
            if self.came.first(name)
        }

    def _category(self) -> str:
        """Return the primary arXiv category of the paper."""
        category = self.paper.categories[0] if self.paper.categories else ""
        return category if _ARXIV_CLASS.fullmatch(category) else ""

    def _keywords(self) -> dict[str, str]:
        marks = self._marks()
        shown = [tag for tag in self.paper.tags if tag not in marks[1]]
        same = keywords_of(self.came) == list(self.paper.keywords) and not shown
        if same and (kept := self.kept.of(*_KEYWORDS)):
            return {**kept, **marks[0]}
        words = (clean(word) for word in (*self.paper.keywords, *shown))
        return {"keywords": ", ".join(map(self._keyword, dict.fromkeys(filter(None, words)))),
                **marks[0]}  # fmt: skip

    def _marks(self) -> tuple[dict[str, str], tuple[str, ...]]:
        """Return the kept fields of groups and read states that still hold, and their tags."""
        ends = {tag.rpartition("/")[2] for tag in tags(tags_of(self.came, Groups()))}
        held = tuple(tag for tag in self.paper.tags if tag.rpartition("/")[2] in ends)
        fields = {*MARKS} if len(held) == len(ends) else {*READ_STATES}
        if is_read(self.came) != self.paper.read:
            fields -= READ_STATES
        kept = self.kept.of(*(name for name in self.came.fields if name in fields))
        return kept, held if kept else ()

    def _keyword(self, word: str) -> str:
        written = self.kept.text(word)
        return f"{{{written}}}" if re.search("[,;]", word) else written

    def _note(self) -> dict[str, str]:
        """Return the private note with its lines, none of which looks like an entry."""
        name = "annotation" if self.biblatex else "annote"
        if not self.paper.note:
            return {name: ""}
        if note_of(self.came) == self.paper.note:
            kept = self.kept.of(*(field for field in self.came.fields if is_note(field)))
            if kept and all("\n" not in raw for raw in kept.values()):
                return kept
        lines = (self.kept.text(line) for line in clean(self.paper.note, lines=True).split("\n"))
        return {name: "\n".join(re.sub(r"^\s*@", "{@}", line) for line in lines)}

    def _rest(self, found: Mapping[str, str]) -> dict[str, str]:
        """Return the kept fields that no variable holds."""
        known = {*TITLES[:2], "author", *ROLES, *_DATES, "url", "doi", *_EPRINTS, *_KEYWORDS}
        known |= MARKS | {
            field for fields in fields_of(self.came.kind).values() for field in fields
        }
        if self.paper.type in ("article", "document") and "container-title" not in dict(
            self.paper.citation.values
        ):
            known -= {"journal", "booktitle"}  # those of a preprint
        rest = [n for n in self.came.fields if n not in known and n not in found and not is_note(n)]
        kept = self.kept.of(*rest)
        if self.kind == "misc" and not self.kept.exists and not self.arxiv:
            kept["howpublished"] = self._howpublished()
        return kept

    def _howpublished(self) -> str:
        venue = clean(self.paper.venue)
        return "" if venue in dict(self.paper.citation.values).values() else self.kept.text(venue)


_BIBLATEX_EPRINTS = {"archiveprefix": "eprinttype", "primaryclass": "eprintclass"}
_BIBTEX_EPRINTS = {"archiveprefix": "archivePrefix", "primaryclass": "primaryClass",
                   "eprinttype": "archivePrefix", "eprintclass": "primaryClass"}  # fmt: skip


def _rank(field: str, order: Mapping[str, int]) -> int:
    """Return the place of a field: the container first, then the publisher, then the others."""
    first = ("journal", "journaltitle", "booktitle", "publisher", "school", "institution",
             "organization", "type")  # fmt: skip
    return first.index(field) if field in first else len(first) + order.get(field, 99)
