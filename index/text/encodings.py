"""Encodings of files: by byte order mark, as declared in the file, or guessed.

Declarations are obeyed in BibTeX (`% Encoding: windows-1251` of JabRef, `-*- coding: … -*-` of
Emacs), HTML (`<meta charset>`) and XML.
"""

import codecs
import re
from collections.abc import Iterable

DECLARED_BYTES = 16_384
"""The beginning of a file in which a declaration counts."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARATIONS = (
    re.compile(rb"\A\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})[\"']", re.I),
    re.compile(rb"<meta\s[^<>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I),
    re.compile(rb"^[ \t%]*Encoding:[ \t]*([\w.:-]{2,40})[ \t\r]*$", re.I | re.M),
    re.compile(rb"\A(?:[^\n]*\n)?[^\n]*-\*-[^\n]{0,200}?\bcoding:\s*([\w.:-]{2,40})", re.I),
    re.compile(rb"^[%#/ ]*(?:vim?|ex):[^\n]{0,200}?\bf(?:ile)?enc(?:oding)?=([\w.:-]{2,40})", re.M),
)
# Names are read as browsers do: https://encoding.spec.whatwg.org/#names-and-labels; and some that
# only JabRef, Emacs and LaTeX use.
_ALIASES = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874",
    "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
    "euc_kr": "cp949", "big5": "big5hkscs", "utf-8-sig": "utf-8", "euc_jis_2004": "euc_jp",
}  # fmt: skip
_OTHER_NAMES = {
    "ansinew": "cp1252", "applemac": "mac_roman", "macroman": "mac_roman",
    "x-mac-roman": "mac_roman", "mac": "mac_roman", "utf8x": "utf-8", "x-sjis": "cp932",
    "sjis": "cp932", "x-euc-jp": "euc_jp", "x-gbk": "gb18030", "ks_c_5601-1987": "cp949",
    "koi8": "koi8_r", "iso-8859-8-i": "iso8859-8",
    "x-user-defined": "", "mule-utf-8": "utf-8", "prefer-utf-8": "utf-8", "undecided": "",
}  # fmt: skip
_EMACS_ENDS = re.compile(r"-(?:unix|dos|mac)$")
_GUESSED = ["cp1252", "cp1250", "iso8859_2", "cp1254", "cp1251", "koi8_r", "cp932", "euc_jp",
            "gb18030", "big5", "cp949", "cp1253", "cp1255", "cp1256"]  # fmt: skip
_LATIN = frozenset(("cp1252", "cp1250", "iso8859_2", "cp1254"))
_RUN = re.compile(rb"[\x80-\xff]+")
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC_WORD = re.compile(r"[\u0400-\u042f]?[\u0430-\u045f]+|[\u0400-\u042f]+")
_MIN_GUESSED_BYTES = 30
# Signs of Windows-1252 inside a word are letters of another encoding: ³, ¹, ¿ for ł, ą, ż.
_SIGN_IN_WORD = re.compile(r"[^\W\d_][¹³¿¾¼£¥]|[¹³¿¾¼£¥»®][^\W\d_]")


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


def decode_declared(data: bytes, charset: str = "") -> str:
    """Return decoded bytes: as they or `charset` declare their encoding, else as `decode` does."""
    name = declared_encoding(data[:DECLARED_BYTES]) or codec_name(charset)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        if name and not detect_encoding(data[:4]):
            return data.decode(name, "replace")
    return decode(data)


def detect_encoding(head: bytes) -> str:
    """Return the encoding detected from the first four bytes, or "" if there is none.

    UTF-16 without a mark is detected from the zero bytes of two ASCII characters
    (https://www.rfc-editor.org/rfc/rfc4627, section 3).
    """
    if head[:4].isascii() and b"\0" not in head[:4]:  # as most lines of a file begin
        return ""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    zeros = [byte == 0 for byte in head[:4]]
    if zeros == [True, False, True, False]:
        return "utf-16-be"
    return "utf-16-le" if zeros == [False, True, False, True] else ""


def codec_name(name: str) -> str:
    """Return the codec of a named encoding, as browsers read the name; "" if there is none.

    >>> codec_name("GB2312"), codec_name("latin1"), codec_name("utf-7"), codec_name("hex")
    ('gb18030', 'cp1252', '', '')
    """
    name = re.sub(r"^latin-(?=\d)", "latin", _EMACS_ENDS.sub("", name.strip().lower()))
    name = _OTHER_NAMES.get(name, name)
    try:
        found = codecs.lookup(name).name
        text = "<?xml é".encode(found, "ignore").decode(found)  # refuses codecs without text
    except (LookupError, ValueError, TypeError, AttributeError):
        return ""
    # Escapes and UTF-7 can spell characters that are no characters of the file.
    if not text.startswith("<?xml") or found in ("utf-7", "idna", "punycode") or "escape" in found:
        return ""
    return _ALIASES.get(found, found)


def encoding_label(codec: str) -> str:
    """Return the usual name of a codec: windows-1251 for cp1251."""
    named = {"cp932": "shift_jis", "cp949": "euc-kr", "cp874": "tis-620", "big5hkscs": "big5"}
    return named.get(codec, codec.replace("cp125", "windows-125").replace("_", "-"))


def declared_encoding(head: bytes) -> str:
    """Return the codec that the beginning of a file declares; "" if none is known."""
    for declaration in _DECLARATIONS:
        match = declaration.search(head[:DECLARED_BYTES])
        if match and (name := codec_name(match[1].decode("ascii", "ignore"))):
            return name
    return ""


def guess_encoding(lines: Iterable[bytes]) -> str:
    """Return the likeliest codec of lines that are not UTF-8, by charset-normalizer.

    Its guess is checked by what words look like in Cyrillic, Japanese and with Latin letters, since
    bibliographies have few of them. Of encodings of Latin letters it is Windows-1252 unless that
    puts signs into words.
    """
    from charset_normalizer import from_bytes

    sample = b"".join(lines)
    if found := _cyrillic(sample) or _japanese(sample):
        return found
    best = from_bytes(sample, cp_isolation=_GUESSED).best()
    found = codec_name(best.encoding) if best else ""
    runs = _RUN.findall(sample)
    alone = sum(len(run) == 1 for run in runs) > 0.6 * len(runs)
    if found and best and best.encoding not in _LATIN and not alone:
        return found
    western = sample.decode("cp1252", "replace")
    if "\ufffd" in western or _SIGN_IN_WORD.search(western):
        return _central_european(sample)
    is_long = sum(map(len, runs)) >= _MIN_GUESSED_BYTES
    certain = best and best.encoding in _LATIN and best.coherence > 0 and is_long
    return found if certain else "cp1252"


def _cyrillic(sample: bytes) -> str:
    """Return the codec in which words are Cyrillic, most of them in lower case with a capital."""
    for codec in ("cp1251", "koi8_r"):
        words = _WORD.findall(sample.decode(codec, "replace"))
        foreign = [word for word in words if not word.isascii()]
        good = sum(bool(_CYRILLIC_WORD.fullmatch(word)) for word in foreign)
        letters = "".join(foreign)
        capitals = sum(map(str.isupper, letters))
        longest = max(map(len, foreign), default=0)
        if good >= 0.9 * len(foreign) and 0 < capitals < len(letters) / 2 and longest > 3:
            return codec
    return ""


def _japanese(sample: bytes) -> str:
    """Return the codec in which a fifth of the characters are kana."""
    for codec in ("euc_jp", "cp932"):
        text = [one for one in sample.decode(codec, "replace") if not one.isascii()]
        kana = sum("\u3041" <= one <= "\u30fe" for one in text)
        if len(text) > 3 and "\ufffd" not in text and kana >= 0.2 * len(text):
            return codec
    return ""


def _central_european(sample: bytes) -> str:
    """Return Windows-1250, or ISO 8859-2 if Windows-1250 puts signs into words."""
    text = sample.decode("cp1250", "replace")
    return "iso8859-2" if "\ufffd" in text or _SIGN_IN_WORD.search(text) else "cp1250"
