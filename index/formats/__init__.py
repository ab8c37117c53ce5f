"""The registry of formats: found by content, by file name or by their own name.

A format is one module with a `FORMAT` and one line in `FORMATS`. Reading is a stream: a format
yields each paper as `Found` and each entry it cannot take as `Skipped`, so that a file of any
length passes through bounded memory and nothing disappears in silence.
"""

from index.formats import (
    acl,
    arxiv,
    arxiv_listing,
    arxiv_snapshot,
    biblatex,
    bibtex,
    crossref,
    csl,
    csv,
    html,
    huggingface,
    json,
    jsonl,
    linkrefs,
    listing,
    markdown,
    nbib,
    openalex,
    org,
    pubmed,
    ris,
    semantic_scholar,
    text,
)
from index.formats.base import USUAL, Format, Found, Origin, Skipped, Style
from index.text import decode

FORMATS: tuple[Format, ...] = (
    bibtex.FORMAT,
    biblatex.FORMAT,
    ris.FORMAT,
    nbib.FORMAT,
    pubmed.FORMAT,
    csv.FORMAT,
    acl.FORMAT,
    arxiv.FORMAT,
    arxiv_listing.FORMAT,
    arxiv_snapshot.FORMAT,
    huggingface.FORMAT,
    semantic_scholar.FORMAT,
    openalex.FORMAT,
    crossref.FORMAT,
    csl.FORMAT,
    html.FORMAT,
    linkrefs.FORMAT,
    markdown.FORMAT,
    listing.FORMAT,
    json.FORMAT,
    jsonl.FORMAT,
    org.FORMAT,
    text.FORMAT,
)
"""In the order they are looked for in a file: a service's own JSON before the general kinds."""

READERS = {form.name: form for form in FORMATS if form.read}
WRITERS = {form.name: form for form in FORMATS if form.write}

__all__ = ["FORMATS", "READERS", "USUAL", "WRITERS", "Format", "Found", "Origin", "Skipped",
           "Style", "detect", "writer_for"]  # fmt: skip


def detect(head: bytes, name: str = "") -> Format | None:
    """Return the format of a file from its first bytes, else from its name; None if none fits.

    Without a name only the content counts, as for what is found in a folder.
    """
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
    return next((form for form in WRITERS.values() if path.lower().endswith(form.endings)), None)
