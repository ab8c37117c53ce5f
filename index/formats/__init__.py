"""The registry of formats, with lookup by content, file name or format name.

A format is one module with a `FORMAT` and one line in `MODULES`. Reading is a stream: a format
yields each paper as `ParsedPaper` and each unreadable entry as `Skipped`, so that a file of any
length is read in bounded memory and nothing is lost silently.
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
    "wos",
    "enw",
    "refworks",
    "nbib",
    "endnote_xml",
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
"""One module per format, in the order of detection: the JSON of services before general JSON.

The modules are imported on first use, because a search needs none of them.
"""

_PROSE = frozenset(("listing", "markdown"))

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
def _registries() -> dict[str, tuple[Format, ...] | dict[str, Format]]:
    formats = tuple(import_module(f"{__name__}.{module}").FORMAT for module in MODULES)
    return {
        "FORMATS": formats,
        "READERS": {form.name: form for form in formats if form.read},
        "WRITERS": {form.name: form for form in formats if form.write},
    }


def __getattr__(name: str) -> object:
    """Return one of the three registries; the first access imports all formats.

    See https://peps.python.org/pep-0562/.
    """
    if name not in ("FORMATS", "READERS", "WRITERS"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _registries()[name]


def detect(head: bytes, name: str = "") -> Format | None:
    """Return the format of a file by its first bytes, else by its name; None if none matches.

    Without a name, as for files found in a folder, only the content is checked. The name of a text
    or Markdown file says nothing, since any prose has it.
    """
    from index.formats import READERS

    text = decode(head)
    plain = text.replace("\x00", "")
    for form in READERS.values():
        if form.recognise and form.recognise(plain):
            return form
    if plain != text:  # binary, such as a picture or an archive
        return None
    named = (form for form in READERS.values() if form.name not in _PROSE)
    return next((form for form in named if name.lower().endswith(form.endings)), None)


def writer_for(path: str) -> Format | None:
    """Return the format that has the extension of a file; None if there is none."""
    from index.formats import WRITERS

    return next((form for form in WRITERS.values() if path.lower().endswith(form.endings)), None)


def write_papers(papers: Iterable[Paper], format: str, style: Style = USUAL) -> Iterator[str]:
    """Yield papers as text in a format of `WRITERS`, or in the style's template if it has one.

    Raises CarrelError for an unknown format.
    """
    from index.formats import WRITERS

    if style.template:
        from index.formats import template

        return template.write(map(style.of, papers), style.template, style.keys, style.exported)
    form = WRITERS.get(format)
    if form is None or form.write is None:
        known = ", ".join(WRITERS)
        raise CarrelError(f"cannot export to {format!r}: unknown format; try {known}")
    return form.write(map(style.of, papers), style)
