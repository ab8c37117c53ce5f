"""Bytes as text: by byte order mark, else UTF-8, else Windows-1252."""

import codecs

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes) -> str:
    """Return the text of a file: by its byte order mark, else UTF-8, else Windows-1252.

    UTF-16 is known without its mark as well. Bytes that mean nothing in the encoding become U+FFFD;
    nothing is raised.
    """
    encoding = detect_encoding(data[:4])
    if encoding:
        return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A file cut off inside a character is still UTF-8.
        if error.start >= len(data) - 3 or data[: error.start].decode("utf-8") != data[
            : error.start
        ].decode("ascii", "ignore"):
            return data.decode("utf-8", "replace")
        return data.decode("cp1252", "replace")


def detect_encoding(head: bytes) -> str:
    """Return the encoding that the first four bytes tell, "" where they tell none.

    Two ASCII characters in UTF-16 show by their zeros (https://www.rfc-editor.org/rfc/rfc4627,
    section 3).
    """
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    zeros = [byte == 0 for byte in head[:4]]
    if zeros == [True, False, True, False]:
        return "utf-16-be"
    return "utf-16-le" if zeros == [False, True, False, True] else ""
