"""Decoding of bytes: by byte order mark, else UTF-8, else Windows-1252."""

import codecs

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes) -> str:
    """Return bytes decoded by their byte order mark, else as UTF-8, else as Windows-1252.

    UTF-16 is detected without a mark too. Invalid bytes become U+FFFD; no error is raised.
    """
    encoding = detect_encoding(data[:4])
    if encoding:
        return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A file truncated within a character is still UTF-8.
        if error.start >= len(data) - 3 or data[: error.start].decode("utf-8") != data[
            : error.start
        ].decode("ascii", "ignore"):
            return data.decode("utf-8", "replace")
        return data.decode("cp1252", "replace")


def detect_encoding(head: bytes) -> str:
    """Return the encoding detected from the first four bytes, or "" if there is none.

    UTF-16 without a mark is detected from the zero bytes of two ASCII characters
    (https://www.rfc-editor.org/rfc/rfc4627, section 3).
    """
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    zeros = [byte == 0 for byte in head[:4]]
    if zeros == [True, False, True, False]:
        return "utf-16-be"
    return "utf-16-le" if zeros == [False, True, False, True] else ""
