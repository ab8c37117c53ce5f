"""The registry of formats: found by content, by file name or by their own name.

A format is one module with a `FORMAT` and one line in `FORMATS`. Reading is a stream: a format
yields each paper as `Found` and each entry it cannot take as `Skipped`, so that a file of any
length passes through bounded memory and nothing disappears in silence.
"""

from index.formats import biblatex, bibtex, csv, jsonl, listing, markdown, text
from index.formats.base import USUAL, Format, Found, Origin, Skipped, Style
from index.text import decode

FORMATS: tuple[Format, ...] = (
    jsonl.FORMAT,
    listing.FORMAT,
    bibtex.FORMAT,
    markdown.FORMAT,
    csv.FORMAT,
    text.FORMAT,
    biblatex.FORMAT,
)

READERS = {form.name: form for form in FORMATS if form.read}
WRITERS = {form.name: form for form in FORMATS if form.write}

__all__ = ["FORMATS", "READERS", "USUAL", "WRITERS", "Format", "Found", "Origin", "Skipped",
           "Style", "detect", "writer_for"]  # fmt: skip


def detect(head: bytes, name: str) -> Format | None:
    """Return the format of a file from its first bytes, else from its name; None if none fits."""
    text = decode(head)
    if "\x00" in text:
        return None
    for form in READERS.values():
        if form.recognise and form.recognise(text):
            return form
    return next((form for form in READERS.values() if name.lower().endswith(form.endings)), None)


def writer_for(path: str) -> Format | None:
    """Return the format that a file's ending asks for; None where no format has that ending."""
    return next((form for form in WRITERS.values() if path.lower().endswith(form.endings)), None)
