"""The shared parts of BibTeX and BibLaTeX output.

The formats: https://ctan.org/pkg/btxdoc (O. Patashnik, BibTeXing), https://ctan.org/pkg/biblatex.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote

from index.formats.base import Style
from index.formats.bib.names import SUFFIXES
from index.formats.entry_types import ARXIV
from index.papers.identifiers import parse_arxiv
from index.papers.paper import Paper
from index.text.cleaning import clean
from index.text.latex.encoding import latex
from index.text.months import MONTHS

_ARXIV_CLASS = re.compile(
    r"(?:cs|math|stat|eess|econ|q-bio|q-fin|physics|cond-mat|astro-ph|nlin)\.[A-Za-z-]{2,}"
    r"|(?:hep-(?:th|ph|ex|lat)|nucl-(?:th|ex)|gr-qc|quant-ph|math-ph|cond-mat|astro-ph)"
)


def arxiv_of(paper: Paper) -> str:
    """Return the arXiv id of a paper, which may be in its venue."""
    return paper.arxiv_id or (parse_arxiv(paper.venue) if ARXIV.match(paper.venue) else "")


def url_of(paper: Paper, arxiv: str) -> str:
    """Return the link of a paper, else that of its arXiv page."""
    return verbatim(paper.url or (f"https://arxiv.org/abs/{arxiv}" if arxiv else ""))


def category_of(paper: Paper, arxiv: str) -> str:
    """Return the primary arXiv category of a paper."""
    category = paper.categories[0] if arxiv and paper.categories else ""
    return category if _ARXIV_CLASS.fullmatch(category) else ""


def month_and_day(paper: Paper) -> tuple[str, str]:
    """Return the month as a BibTeX macro, `jul`, and the day; "" if unknown."""
    _, month, day = f"{paper.date or ''}--".split("-")[:3]
    if not month.isdecimal() or not 1 <= int(month) <= 12:
        return "", ""
    return MONTHS[int(month) - 1], str(int(day)) if day.isdecimal() else ""


def text(words: str, style: Style, *, title: bool = False) -> str:
    """Return a text as LaTeX in the given style."""
    return latex(words, title=title, unicode=style.unicode)


def note(paper: Paper, style: Style) -> str:
    """Return the private note with its lines, none of which looks like an entry."""
    lines = (text(line, style) for line in clean(paper.note, lines=True).split("\n"))
    return "\n".join(re.sub(r"^\s*@", "{@}", line) for line in lines)


def authors(paper: Paper, style: Style) -> str:
    """Return the names, joined by "and"."""
    names = [_name(clean(name), style) for name in paper.authors if clean(name)]
    return " and ".join([*names, "others"] if names and paper.et_al else names)


def _name(name: str, style: Style) -> str:
    """Return a name for BibTeX, in braces if BibTeX would split it."""
    front, comma, suffix = name.rpartition(", ")
    if comma and suffix.lower().strip(".") in SUFFIXES and "," not in front and " " in front:
        first, last = _split_name(front)
        return f"{text(last, style)}, {text(suffix, style)}, {text(first, style)}"
    list_like = re.search(r"(?i:(?:^|\s)and(?:\s|$)|^others$)|^\s*,|,\s*,|,\s*$|[;=]", name)
    written = text(name, style)
    return f"{{{written}}}" if list_like or name.count(",") > 2 else written


def _split_name(name: str) -> tuple[str, str]:
    """Return first and last names; particles belong to the last name: van der Berg."""
    words = name.split()
    start = len(words) - 1
    while start > 1 and words[start - 1].islower():
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:])


def keywords(paper: Paper, style: Style) -> str:
    """Return keywords and tags, in braces if they contain a comma or semicolon."""
    words = (clean(word) for word in (*paper.keywords, *paper.tags))
    return ", ".join(_keyword(word, style) for word in dict.fromkeys(words) if word)


def _keyword(word: str, style: Style) -> str:
    written = text(word, style)
    return f"{{{written}}}" if re.search("[,;]", word) else written


def verbatim(link: str) -> str:
    """Return a link or identifier verbatim, with special characters percent-encoded."""
    return quote(clean(link), safe="%/:?#[]@!$&'()*+,;=~|")


def entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    """Return the text of one entry; a month macro has no braces."""
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.middlewares.parsestack import default_unparse_stack
    from bibtexparser.model import Entry, Field
    from bibtexparser.writer import BibtexFormat

    form = BibtexFormat()  # type: ignore[no-untyped-call]  # its __init__ has no annotations
    form.indent = "  "
    form.trailing_comma = True
    written = [Field(name, value) for name, value in fields.items() if value]
    for field in written:
        if field.key == "month":
            field.enclosing = "no-enclosing"
    stack = default_unparse_stack(allow_inplace_modification=True)
    library = Library([Entry(kind, key, written)])
    return write_string(library, unparse_stack=stack, bibtex_format=form)
