"""Files as text, piece by piece: whole, valid and in their own encoding as far as that is known."""

import codecs
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from index.text import encodings

CHUNK = 1 << 18
"""Bytes read at a time."""

LONGEST_LINE = 1_000_000
"""Characters kept of one line; the longest abstract of the field's archives has some 7,000."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,40}")


def chunks(stream: BinaryIO, declared: str = "") -> Iterator[str]:
    """Yield the text of a file in pieces, every line end made a newline.

    The encoding is that of its byte order mark, else UTF-8 where all of it is that, else the one
    the file declares, else Windows-1252. Bytes that mean nothing in it become U+FFFD.
    """
    encoding = encoding_of(stream, declared)
    stream.seek(0)
    decoder = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder(encoding)("replace"), translate=True
    )
    while data := stream.read(CHUNK):
        yield decoder.decode(data)
    yield decoder.decode(b"", final=True)


def lines(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """Yield each line's number, from 1, and text; what is over `LONGEST_LINE` is cut off."""
    number, size = 1, 0
    parts: list[str] = []
    for chunk in chunks(stream):
        *ended, rest = chunk.split("\n")
        for line in ended:
            yield number, ("".join(parts) + line)[:LONGEST_LINE]
            number, parts, size = number + 1, [], 0
        if size < LONGEST_LINE:
            parts.append(rest)
            size += len(rest)
    if size:
        yield number, "".join(parts)[:LONGEST_LINE]


def encoding_of(stream: BinaryIO, declared: str = "") -> str:
    """Return the name of a file's encoding; reads the file through, and not from where it is."""
    stream.seek(0)
    told = encodings.encoding_of(stream.read(4))
    if told:
        return told
    return "utf-8" if _is_utf8(stream) else _single_byte(declared)


def _is_utf8(stream: BinaryIO) -> bool:
    """Tell whether a file is UTF-8, be it cut off inside a character or damaged later on."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    stream.seek(0)
    seen = False
    while data := stream.read(CHUNK):
        try:
            seen = not decoder.decode(data).isascii() or seen
        except UnicodeDecodeError as error:
            return seen or not error.object[: error.start].isascii()
    return True


def _single_byte(declared: str) -> str:
    """Return a declared encoding that can be true of bytes that are not UTF-8."""
    try:
        if not _NAME.fullmatch(declared) or "<?xml".encode(declared) != b"<?xml":
            return "cp1252"
        codecs.getincrementaldecoder(declared)("replace").decode(bytes(range(256)))
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return "cp1252"
    # What calls itself Latin-1 is Windows-1252: https://encoding.spec.whatwg.org/#names-and-labels
    return "cp1252" if name in ("utf-8", "iso8859-1", "ascii") else name


def repaired(cleaning: str) -> str:
    """Return a text as it was meant where its UTF-8 was once taken for another encoding.

    A text of which all that is not ASCII makes sense as such bytes was never meant otherwise.

    >>> repaired("RamÃ­rez"), repaired("Ramírez")
    ('Ramírez', 'Ramírez')
    """
    if cleaning.isascii():
        return cleaning
    for encoding in ("latin-1", "cp1252"):
        try:
            return cleaning.encode(encoding).decode("utf-8")
        except ValueError:
            continue
    return cleaning
