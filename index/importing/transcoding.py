"""Conversion of a file to UTF-8, from the encoding that the user or the file names, or a guess."""

import codecs
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from index.errors import CarrelError
from index.text.encodings import (
    DECLARED_BYTES,
    codec_name,
    declared_encoding,
    detect_encoding,
    guess_encoding,
)

CHUNK_BYTES = 1 << 18
SAMPLE_BYTES = 65_536
"""Bytes of lines that are not ASCII from which an encoding is guessed."""

MAX_LINE_BYTES = 1 << 20
MIN_UTF8_EXTRA_BYTES = 12
"""Bytes of valid UTF-8 that outweigh a declaration of another multi-byte encoding."""

_FIRST_BYTES = bytes(range(0xC0, 0x100))
"""Bytes that begin a character of UTF-8 outside ASCII."""

_MULTIBYTE = frozenset("gb18030 big5hkscs cp932 euc_jp cp949 johab".split())
_XML_ENCODING = re.compile(rb"(?<=encoding)(\s*=\s*[\"'])[\w.:-]{2,40}(?=[\"'])")


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a file; `guessed` if neither the user nor the file named it."""

    name: str = ""
    guessed: bool = False


@dataclass(slots=True)
class _Scan:
    """A file as UTF-8: how many more bytes than characters, and lines that are not UTF-8."""

    extra: int = 0
    good_lines: int = 0
    bad_lines: int = 0
    sample: bytes = b""


def check_encoding(name: str) -> str:
    """Return the codec of an encoding named by the user; raise CarrelError if there is none."""
    known = codec_name(name)
    if name and not known:
        raise CarrelError(
            f"cannot read the encoding {name!r}: unknown name; try utf-8, windows-1252 or shift_jis"
        )
    return known


def to_utf8(stream: BinaryIO, asked: str = "") -> tuple[BinaryIO, Encoding]:
    """Return a stream in UTF-8 (or UTF-16 and UTF-32, which readers decode) and its encoding.

    `asked` is a codec that the user named. A declaration counts unless the file is in fact UTF-8,
    as when an editor changed its encoding. Lines of UTF-8 in a file of another encoding are read as
    UTF-8.
    """
    if asked:
        return _converted(stream, asked), Encoding(asked)
    head = stream.read(DECLARED_BYTES)
    stream.seek(0)
    if marked := detect_encoding(head[:4]):
        return stream, Encoding(marked.removesuffix("-sig"))
    declared = declared_encoding(head)
    if declared.startswith(("utf-16", "utf-32")):
        declared = ""  # without its zero bytes
    scan = _scan(stream)
    if not scan.bad_lines and not _overruled(scan, declared):
        return stream, Encoding("utf-8")
    if declared == "utf-8" or (not declared and scan.good_lines > 4 * scan.bad_lines):
        return _mixed(stream, "cp1252"), Encoding("utf-8")
    name = declared or guess_encoding([scan.sample])
    if scan.good_lines and not _decodes(stream, name if declared else ""):
        return _mixed(stream, name), Encoding(name, not declared)
    return _converted(stream, name), Encoding(name, not declared)


def _overruled(scan: _Scan, declared: str) -> bool:
    """Return whether a declared encoding counts for a file that is valid UTF-8."""
    if not scan.extra:
        return declared.startswith("iso2022") or declared == "hz"  # seven-bit encodings
    return declared in _MULTIBYTE and scan.extra < MIN_UTF8_EXTRA_BYTES


def _scan(stream: BinaryIO) -> _Scan:
    extra = _extra_bytes(stream)
    if extra is not None:
        return _Scan(extra=extra, good_lines=1)
    scan = _Scan()
    for line in _lines(stream):
        if line.isascii():
            continue
        if _is_utf8(line):
            scan.extra += len(line) - len(line.decode("utf-8", "replace"))
            scan.good_lines += 1
        else:
            scan.bad_lines += 1
            if len(scan.sample) < SAMPLE_BYTES:
                scan.sample += line[:SAMPLE_BYTES]
    return scan


def _extra_bytes(stream: BinaryIO) -> int | None:
    """Return how many more bytes than characters a file of UTF-8 has; None if it is not UTF-8."""
    decoder, extra = codecs.getincrementaldecoder("utf-8")(), 0
    stream.seek(0)
    try:
        while chunk := stream.read(CHUNK_BYTES):
            if not chunk.isascii() or decoder.getstate()[0]:
                extra += len(chunk) - len(decoder.decode(chunk))
    except UnicodeDecodeError:
        return None
    finally:
        stream.seek(0)
    return max(0, extra)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a stream from its beginning; long ones end between characters of UTF-8."""
    stream.seek(0)
    rest = b""
    while line := stream.readline(MAX_LINE_BYTES):
        line, rest = rest + line, b""
        if not line.endswith(b"\n"):
            cut = next((at for at in range(1, 4) if line[-at:][:1] >= b"\xc0"), 0)
            line, rest = line[: len(line) - cut], line[len(line) - cut :]
        yield line
    if rest:
        yield rest
    stream.seek(0)


def _decodes(stream: BinaryIO, name: str) -> bool:
    """Return whether the whole stream is valid in an encoding."""
    if not name:
        return False
    decoder = codecs.getincrementaldecoder(name)()
    stream.seek(0)
    try:
        for chunk in iter(lambda: stream.read(CHUNK_BYTES), b""):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        stream.seek(0)
    return True


def _converted(stream: BinaryIO, name: str) -> BinaryIO:
    """Return a copy of a stream in UTF-8."""

    def pieces() -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(name)("replace")
        stream.seek(0)
        while chunk := stream.read(CHUNK_BYTES):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)

    return _spooled(pieces())


def _mixed(stream: BinaryIO, name: str) -> BinaryIO:
    """Return a copy in UTF-8 of a stream whose lines are in UTF-8 or another encoding."""
    return _spooled(_decode_line(line, name) for line in _lines(stream))


def _decode_line(line: bytes, name: str) -> str:
    return line.decode("utf-8" if _is_utf8(line) else name, "replace")


def _is_utf8(line: bytes) -> bool:
    """Return whether a line is UTF-8, perhaps damaged: with more valid characters than others."""
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(line)  # it may be cut off
    invalid = text.count("\ufffd")
    return not invalid or sum(not character.isascii() for character in text) > 2 * invalid


def _spooled(pieces: Iterator[str]) -> BinaryIO:
    """Return texts as a temporary file in UTF-8, with the XML declaration changed to match."""
    copy = tempfile.TemporaryFile()  # noqa: SIM115  # the caller closes it
    first = next(pieces, "").encode("utf-8", "replace")
    if first.lstrip()[:5].lower() == b"<?xml":
        first = _XML_ENCODING.sub(rb"\1utf-8", first[:DECLARED_BYTES], 1) + first[DECLARED_BYTES:]
    copy.write(first)
    for piece in pieces:
        copy.write(piece.encode("utf-8", "replace"))
    copy.seek(0)
    return cast("BinaryIO", copy)
