"""The registry of formats: found by content, by file name or by their own name.

A format is one module with a `FORMAT` and one line in `MODULES`. Reading is a stream: a format
yields each paper as `ParsedPaper` and each entry it cannot take as `Skipped`, so that a file of any
length passes through bounded memory and nothing disappears in silence.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module

from index.errors import CarrelError
from index.formats.base import USUAL, Format, Style
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.paper import Paper
from index.text.encodings import decode

MODULES = (
    "bibtex",
    "biblatex",
    "ris",
    "nbib",
    "pubmed",
    "csv",
    "acl",
    "arxiv",
    "arxiv_listing",
    "arxiv_snapshot",
    "huggingface",
    "semantic_scholar",
    "openalex",
    "crossref",
    "csl",
    "html",
    "linkrefs",
    "markdown",
    "listing",
    "json",
    "jsonl",
    "org",
    "text",
)
"""One a format, in the order they are looked for in a file: a service's own JSON before the general
kinds. They are loaded when a format is first asked for: a search asks for none.
"""

FORMATS: tuple[Format, ...]
READERS: dict[str, Format]
WRITERS: dict[str, Format]

__all__ = [
    "FORMATS",
    "READERS",
    "USUAL",
    "WRITERS",
    "Format",
    "Origin",
    "ParsedPaper",
    "Skipped",
    "Style",
    "detect",
    "write_papers",
    "writer_for",
]  # fmt: skip


@cache
def _registers() -> dict[str, tuple[Format, ...] | dict[str, Format]]:
    every = tuple(import_module(f"{__name__}.{module}").FORMAT for module in MODULES)
    return {
        "FORMATS": every,
        "READERS": {form.name: form for form in every if form.read},
        "WRITERS": {form.name: form for form in every if form.write},
    }


def __getattr__(name: str) -> object:
    """Return one of the three registers; all formats are loaded when the first of them is named.

    See https://peps.python.org/pep-0562/.
    """
    if name not in ("FORMATS", "READERS", "WRITERS"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _registers()[name]


def detect(head: bytes, name: str = "") -> Format | None:
    """Return the format of a file from its first bytes, else from its name; None if none fits.

    Without a name only the content counts, as for what is found in a folder.
    """
    from index.formats import READERS

    text = decode(head)
    plain = text.replace("\x00", "")
    for form in READERS.values():
        if form.recognise and form.recognise(plain):
            return form
    if plain != text:  # a picture or an archive, whatever it is called
        return None
    return next((form for form in READERS.values() if name.lower().endswith(form.endings)), None)


def writer_for(path: str) -> Format | None:
    """Return the format that a file's ending asks for; None where no format has that ending."""
    from index.formats import WRITERS

    return next((form for form in WRITERS.values() if path.lower().endswith(form.endings)), None)


def write_papers(papers: Iterable[Paper], format: str, style: Style = USUAL) -> Iterator[str]:
    """Yield the text of papers in a format of `WRITERS`, or by the template of a style.

    Raises CarrelError for an unknown format.
    """
    from index.formats import WRITERS

    if style.template:
        from index.formats import template

        return template.write(map(style.of, papers), style.template, style.keys)
    form = WRITERS.get(format)
    if form is None or form.write is None:
        known = ", ".join(WRITERS)
        raise CarrelError(f"nothing is exported as {format!r}; write one of {known}")
    return form.write(map(style.of, papers), style)
