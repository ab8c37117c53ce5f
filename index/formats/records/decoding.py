"""Streams of decoded text, in the detected or declared encoding of a file."""

import codecs
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from index.text import encodings

CHUNK_BYTES = 1 << 18
"""Bytes read at once."""

MAX_LINE_CHARS = 1_000_000
"""Longer lines are truncated; the longest abstracts have about 7,000 characters."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,40}")


def chunks(stream: BinaryIO, declared: str = "") -> Iterator[str]:
    """Yield the text of a file in pieces, with line ends normalized to newlines.

    The encoding is that of the byte order mark, else UTF-8 if valid, else the declared one, else
    Windows-1252. Invalid bytes become U+FFFD.
    """
    encoding = encoding_of(stream, declared)
    stream.seek(0)
    decoder = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder(encoding)("replace"), translate=True
    )
    while data := stream.read(CHUNK_BYTES):
        yield decoder.decode(data)
    yield decoder.decode(b"", final=True)


def lines(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """Yield the number, from 1, and text of each line, truncated to `MAX_LINE_CHARS`."""
    number, size = 1, 0
    parts: list[str] = []
    for chunk in chunks(stream):
        *ended, rest = chunk.split("\n")
        for line in ended:
            yield number, ("".join(parts) + line)[:MAX_LINE_CHARS]
            number, parts, size = number + 1, [], 0
        if size < MAX_LINE_CHARS:
            parts.append(rest)
            size += len(rest)
    if size:
        yield number, "".join(parts)[:MAX_LINE_CHARS]


def encoding_of(stream: BinaryIO, declared: str = "") -> str:
    """Return the name of a file's encoding; this may read the whole file from its beginning."""
    stream.seek(0)
    encoding = encodings.detect_encoding(stream.read(4))
    if encoding:
        return encoding
    return "utf-8" if _is_utf8(stream) else _single_byte(declared)


def _is_utf8(stream: BinaryIO) -> bool:
    """Return whether a file is UTF-8, even if truncated or damaged later on."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    stream.seek(0)
    seen = False
    while data := stream.read(CHUNK_BYTES):
        try:
            seen = not decoder.decode(data).isascii() or seen
        except UnicodeDecodeError as error:
            return seen or not error.object[: error.start].isascii()
    return True


def _single_byte(declared: str) -> str:
    """Return the declared encoding if it is a single-byte one."""
    try:
        if not _NAME.fullmatch(declared) or "<?xml".encode(declared) != b"<?xml":
            return "cp1252"
        codecs.getincrementaldecoder(declared)("replace").decode(bytes(range(256)))
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return "cp1252"
    # Files declared as Latin-1 are Windows-1252: https://encoding.spec.whatwg.org/#names-and-labels
    return "cp1252" if name in ("utf-8", "iso8859-1", "ascii") else name


def repair_mojibake(cleaning: str) -> str:
    """Return a text with mojibake repaired: UTF-8 that was decoded in another encoding.

    A text is mojibake if all of its non-ASCII characters encode to valid UTF-8.

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
