"""The entries of BibTeX and BibLaTeX output.

The formats: https://ctan.org/pkg/btxdoc (O. Patashnik, BibTeXing), https://ctan.org/pkg/biblatex.
A paper that came from an entry goes back to its type and fields (see `keeping`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from index.formats.base import Style
from index.formats.bib.entries import BibRecord
from index.formats.bib.fields import (
    BIBLATEX_ONLY,
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
    is_field_name,
    is_note,
    is_safe,
    is_verbatim,
)
from index.formats.bib.links import arxiv_id, links
from index.formats.bib.names import is_standard, names, plain_form, written_form
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
from index.formats.citation_keys import with_citation_keys
from index.formats.entry_types import ARXIV, citable
from index.papers.identifiers import parse_arxiv
from index.papers.names import Name
from index.papers.paper import Paper
from index.text.cleaning import clean
from index.text.latex.decoding import plain
from index.text.latex.encoding import latex
from index.text.latex.reading import readable
from index.text.months import MONTHS

_ARXIV_CLASS = re.compile(
    r"(?:cs|math|stat|eess|econ|q-bio|q-fin|physics|cond-mat|astro-ph|nlin)\.[A-Za-z-]{2,}"
    r"|(?:hep-(?:th|ph|ex|lat)|nucl-(?:th|ex)|gr-qc|quant-ph|math-ph|cond-mat|astro-ph)"
)
_TYPE = re.compile(r"[a-z][a-z0-9_-]{0,40}")
_TITLES = ("title", "subtitle", "booktitle", "maintitle", "issuetitle")
_DATES = ("date", "year", "month", "day")
_EPRINTS = ("eprint", "archiveprefix", "primaryclass", "eprinttype", "eprintclass")
_KEYWORDS = ("keywords", "keyword", "author_keywords", "author-keywords")
_ARXIV_NAMES = {"eprinttype": "archiveprefix", "eprintclass": "primaryclass"}


def write(papers: Iterable[Paper], style: Style, *, biblatex: bool) -> Iterator[str]:
    """Yield one entry per paper under a unique citation key; only the keys are kept in memory."""
    for number, (key, paper) in enumerate(with_citation_keys(papers, style.keys, style.exported)):
        kind, fields = Entry(paper, style, biblatex).build()
        yield ("\n" if number else "") + _format_entry(kind, key, fields)


class Entry:
    """The entry of one paper in one dialect and style."""

    def __init__(self, paper: Paper, style: Style, biblatex: bool) -> None:
        self.paper = citable(paper)
        self.style = style
        self.biblatex = biblatex
        self.arxiv = paper.arxiv_id or (
            parse_arxiv(paper.venue) if ARXIV.match(paper.venue) else ""
        )
        self.is_divided = bool(paper.names)
        self.kept = paper.citation.kept_in("bibtex")
        fields: dict[str, list[str]] = {}
        for name, raw in self.kept.fields if self.kept else ():
            if is_field_name(name):
                fields.setdefault(name, []).append(raw)
        self.kind = self._kind(paper.type)
        self.came = BibRecord(self.kept.type if self.kept else self.kind, paper.id, 0, fields)
        """The kept fields, as an entry."""

    def _kind(self, csl: str) -> str:
        """Return the entry type: that which the paper came with if it still agrees."""
        genre = self.paper.citation.get("genre")
        came = self.kept.type if self.kept else ""
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
            "doi": verbatim(self.paper.doi) or self._kept("doi").get("doi", ""),
            **self._url(),
            **self._eprint(),
        }
        return self.kind, {
            **found,
            **self._rest(found),
            **self._keywords(),
            "abstract": self.text(self.paper.written_abstract),
            **self._note(),
        }

    # -- values that came with an entry ------------------------------------------------------------

    def text(self, words: str, *, title: bool = False) -> str:
        """Return a text as LaTeX in the style."""
        return latex(words, title=title, unicode=self.style.unicode)

    def _kept(self, *fields: str) -> dict[str, str]:
        """Return the kept values of some fields, as they came if that is harmless."""
        return {
            name: self._raw(name, self.came.first(name))
            for name in fields
            if self.came.first(name) and (self.biblatex or name not in BIBLATEX_ONLY)
        }

    def _raw(self, name: str, raw: str) -> str:
        path = is_verbatim(name) and "://" not in raw
        literal = path or (self.style.unicode and "\\" not in raw)
        if is_safe(name, raw) and (literal or (raw.isascii() and not self.style.unicode)):
            return raw
        if is_verbatim(name) and "\\" not in raw:
            return verbatim(raw)
        return self.text(plain(raw), title=name in _TITLES)

    # -- groups of fields --------------------------------------------------------------------------

    def _title(self) -> dict[str, str]:
        if self.came.first(*_TITLES) and readable(title_of(self.came)) == self.paper.title:
            fields = _TITLES if not self.came.first("title") else _TITLES[:2]
            if kept := self._kept(*fields):
                return kept
        return {"title": self.text(self.paper.written_title, title=True)}

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
        written = [plain_form(name, self.text) for name in map(clean, self.paper.authors) if name]
        return " and ".join([*written, "others"] if written and self.paper.et_al else written)

    def _names(self, field: str, people: tuple[Name, ...], et_al: bool) -> str:
        came = self.came.first(field)
        found, more = names(came) if came else ([], False)
        same = tuple(dict.fromkeys(found)) == people and more == et_al
        if same and is_standard(came, found) and (kept := self._kept(field)):
            return kept[field]
        written = [written_form(name, self.text) for name in people]
        return " and ".join([*written, "others"] if written and et_al else written)

    def _variables(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for variable, value in self.paper.citation.values:
            fields = fields_of(self.kind).get(variable, ())
            same = [f for f in fields if variable_value(variable, self.came.first(f)) == value]
            if kept := self._kept(*same[:1]):
                found |= kept
                found |= self._kept(*(f for f in fields if f not in same))
            elif name := field_for(variable, self.kind, biblatex=self.biblatex):
                found[name] = self._value(variable, value)
        order = {
            name: at for at, names in enumerate(fields_of(self.kind).values()) for name in names
        }
        return dict(sorted(found.items(), key=lambda item: _rank(item[0], order)))

    def _value(self, variable: str, value: str) -> str:
        if variable == "page":
            return self.text(value).replace("-", "--")
        if variable == "genre":
            if value == GENRES.get(self.kind, "?"):
                return ""
            if self.biblatex and self.kind in ("thesis", "report"):
                keys = {words: key for key, words in GENRE_KEYS.items()}
                return keys.get(value, self.text(value))
        if variable == "number" and self.arxiv and self.arxiv in value:
            return ""
        return self.text(value)

    def _date(self) -> dict[str, str]:
        year, date = self.paper.year, self.paper.date
        if self.came.first(*_DATES) and not ("date" in self.came.fields and not self.biblatex):
            fields = {name: self.came.every(name) for name in _DATES if self.came.first(name)}
            if year and not self.came.first("date", "year"):
                fields["year"] = [str(year)]
            if date_of(BibRecord("", "", 0, fields)) == (year, date):
                return {**({"year": fields["year"][0]} if "year" in fields else {}),
                        **self._kept(*_DATES)}  # fmt: skip
        came_as_year = self.kept and "date" not in self.came.fields and not date
        if self.biblatex and not came_as_year:
            same = date and date[:4] == str(year or date[:4])
            return {"date": verbatim(date or "") if same else str(year or "")}
        month, day = month_and_day(self.paper)
        return {"year": str(year or ""), "month": month, "day": day}

    def _url(self) -> dict[str, str]:
        url = self.paper.url
        came = links(self.came)
        if not url or url in came:
            if not url and not self.kept and self.arxiv:
                return {"url": verbatim(f"https://arxiv.org/abs/{self.arxiv}")}
            return self._kept("url")
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
            name: self._raw("eprint", self.came.first(name))
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
        if same and (kept := self._kept(*_KEYWORDS)):
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
        kept = self._kept(*(name for name in self.came.fields if name in fields))
        return kept, held if kept else ()

    def _keyword(self, word: str) -> str:
        written = self.text(word)
        return f"{{{written}}}" if re.search("[,;]", word) else written

    def _note(self) -> dict[str, str]:
        """Return the private note with its lines, none of which looks like an entry."""
        name = "annotation" if self.biblatex else "annote"
        if not self.paper.note:
            return {name: ""}
        if note_of(self.came) == self.paper.note:
            kept = self._kept(*(field for field in self.came.fields if is_note(field)))
            if kept and all("\n" not in raw for raw in kept.values()):
                return kept
        lines = (self.text(line) for line in clean(self.paper.note, lines=True).split("\n"))
        return {name: "\n".join(re.sub(r"^\s*@", "{@}", line) for line in lines)}

    def _rest(self, found: Mapping[str, str]) -> dict[str, str]:
        """Return the kept fields that no variable holds."""
        known = {*_TITLES[:2], "author", *ROLES, *_DATES, "url", "doi", *_EPRINTS, *_KEYWORDS}
        known |= MARKS | {
            field for fields in fields_of(self.came.kind).values() for field in fields
        }
        if self.paper.type in ("article", "document") and "container-title" not in dict(
            self.paper.citation.values
        ):
            known -= {"journal", "booktitle"}  # those of a preprint
        rest = [n for n in self.came.fields if n not in known and n not in found and not is_note(n)]
        kept = self._kept(*rest)
        if self.kind == "misc" and not self.kept and not self.arxiv:
            kept["howpublished"] = self._howpublished()
        return kept

    def _howpublished(self) -> str:
        venue = clean(self.paper.venue)
        return "" if venue in dict(self.paper.citation.values).values() else self.text(venue)


_BIBLATEX_EPRINTS = {"archiveprefix": "eprinttype", "primaryclass": "eprintclass"}
_BIBTEX_EPRINTS = {"archiveprefix": "archivePrefix", "primaryclass": "primaryClass",
                   "eprinttype": "archivePrefix", "eprintclass": "primaryClass"}  # fmt: skip


def _rank(field: str, order: Mapping[str, int]) -> int:
    """Return the place of a field: the container first, then the publisher, then the others."""
    first = ("journal", "journaltitle", "booktitle", "publisher", "school", "institution",
             "organization", "type")  # fmt: skip
    return first.index(field) if field in first else len(first) + order.get(field, 99)


def month_and_day(paper: Paper) -> tuple[str, str]:
    """Return the month as a BibTeX macro, `jul`, and the day; "" if unknown."""
    _, month, day = f"{paper.date or ''}--".split("-")[:3]
    if not month.isdecimal() or not 1 <= int(month) <= 12:
        return "", ""
    return MONTHS[int(month) - 1], str(int(day)) if day.isdecimal() else ""


def verbatim(link: str) -> str:
    """Return a link or identifier verbatim, with special characters percent-encoded."""
    return quote(clean(link), safe="%/:?#[]@!$&'()*+,;=~|<>")


def _format_entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    """Return the text of one entry; a month macro has no braces."""
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.middlewares.parsestack import default_unparse_stack
    from bibtexparser.model import Entry as BibEntry
    from bibtexparser.model import Field
    from bibtexparser.writer import BibtexFormat

    form = BibtexFormat()  # type: ignore[no-untyped-call]  # its __init__ has no annotations
    form.indent = "  "
    form.trailing_comma = True
    written = [Field(name, value) for name, value in fields.items() if value]
    for field in written:
        if field.key == "month" and field.value in MONTHS:
            field.enclosing = "no-enclosing"
    stack = default_unparse_stack(allow_inplace_modification=True)
    library = Library([BibEntry(kind, key, written)])
    return write_string(library, unparse_stack=stack, bibtex_format=form)
