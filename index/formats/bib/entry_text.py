"""The text of an entry of BibTeX or BibLaTeX, and values that are written without LaTeX."""

from collections.abc import Mapping
from urllib.parse import quote

from index.papers.paper import Paper
from index.text.cleaning import clean
from index.text.months import MONTHS


def month_and_day(paper: Paper) -> tuple[str, str]:
    """Return the month as a BibTeX macro, `jul`, and the day; "" if unknown."""
    _, month, day = f"{paper.date or ''}--".split("-")[:3]
    if not month.isdecimal() or not 1 <= int(month) <= 12:
        return "", ""
    return MONTHS[int(month) - 1], str(int(day)) if day.isdecimal() else ""


def verbatim(link: str) -> str:
    """Return a link or identifier verbatim, with special characters percent-encoded."""
    return quote(clean(link), safe="%/:?#[]@!$&'()*+,;=~|<>")


def format_entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
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
