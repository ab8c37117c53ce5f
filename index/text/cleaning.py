"""Cleaning of text from files: escape sequences, control characters, white space.

Text passes three stages: `decode` turns bytes into text, `clean` removes everything that could
affect a terminal, and `fold` maps different spellings of a word to the same letters.
"""

import re
import unicodedata

MAX_FIELD_CHARS = 200_000
"""Maximum length of a field; the longest known abstract has about 7,000 characters."""


# Escape sequences of ECMA-48: CSI, OSC/DCS/SOS/PM/APC strings, and two-byte escapes.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]{0,4096}(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)
# Control characters except tab and newline; bidi controls (UAX #9), zero-width and other invisible
# characters but joiners, surrogates, interlinear annotation, tags and noncharacters.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0"
    r"\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
# Scripts whose spelling needs joiners (https://www.unicode.org/reports/tr31/, section 2.3): Arabic
# to Mandaic, Devanagari to Sinhala, Tibetan and Myanmar, Khmer and Mongolian, presentation forms.
_JOINED = (
    "\u0620-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1b00-\u1b7f\ua840-\ua87f\ua8e0-\ua8ff"
    "\ufb50-\ufdff\ufe70-\ufefe"
)
_VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca"
_PICTURES = "\u2190-\u2bff\U0001f000-\U0001faff"
# A joiner is removed unless it joins two letters or two pictures, or follows a virama.
_JOINERS = re.compile(r"[\u200c\u200d]{2,}")
_LOST_JOINER = re.compile(
    rf"(?<![{_JOINED}{_PICTURES}])[\u200c\u200d]|(?<=[{_PICTURES}])\u200c"
    rf"|(?<=[{_PICTURES}])\u200d(?![{_PICTURES}])"
    rf"|(?<=[{_JOINED}])(?<![{_VIRAMAS}])[\u200c\u200d](?![{_JOINED}])"
)
_LINE_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x85]")
# Candidates for too many combining marks, which are not word characters in any script.
_LONG_RUN = re.compile(r"[^\x00-\x7f]{5}")  # found much faster than what it may contain
_MANY_MARKS = re.compile(r"[^\w\s\x00-\x7f]{5,}")
MAX_COMBINING_MARKS = 4
"""Combining marks per letter; Hebrew and Vietnamese need three."""


def clean(text: str, *, lines: bool = False) -> str:
    """Return text in NFC without anything that could affect a terminal.

    Removes escape sequences and control, bidi and invisible characters, except joiners inside words
    of Persian, Sinhala and others and inside emoji. Limits combining marks to
    `MAX_COMBINING_MARKS` per letter, collapses white space (with `lines`, newlines are preserved)
    and cuts the text after `MAX_FIELD_CHARS` characters.
    """
    if not text:  # as many fields are
        return ""
    text = text[: 2 * MAX_FIELD_CHARS]
    if not text.isascii() or not text.isprintable():
        text = _clean_unicode(text)
    elif "  " not in text and not lines:  # its only white space is " ", and collapsed
        return text.strip()[:MAX_FIELD_CHARS].rstrip()
    if lines:
        text = "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")
    else:
        text = " ".join(text.split())
    return text[:MAX_FIELD_CHARS].rstrip()


def _clean_unicode(text: str) -> str:
    """Return text in NFC, without characters that are invisible or act on a terminal."""
    if not text.isprintable():  # as line breaks, escape sequences and joiners are not
        text = _ESCAPES.sub("", _LINE_BREAKS.sub("\n", text))
        text = _INVISIBLE.sub("", text)
        if "\u200c" in text or "\u200d" in text:
            text = _LOST_JOINER.sub("", _JOINERS.sub(lambda run: run[0][0], text))
    else:
        text = _INVISIBLE.sub("", text)
    normal = unicodedata.normalize("NFC", _limit_all_marks(text))
    # Some marks decompose into two, so that normalization may exceed the limit again.
    return normal if normal == text else _limit_all_marks(normal)


def _limit_all_marks(text: str) -> str:
    return _MANY_MARKS.sub(_limit_marks, text) if _LONG_RUN.search(text) else text


def _limit_marks(run: re.Match[str]) -> str:
    chars, marks = [], 0
    for character in run[0]:
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else marks if category == "Cf" else 0
        if marks <= MAX_COMBINING_MARKS:
            chars.append(character)
    return "".join(chars)


def shown_path(path: str) -> str:
    r"""Return the path of a file as it is shown and stored: `\\n`, `\\x1b` and `\\xff` for bytes.

    Names of files may have any bytes; those that are not UTF-8 are surrogates in Python (PEP 383).
    """
    if path.isprintable() and clean(path) == path:
        return path
    return "".join(
        character if character == clean(character) or character == " " else _escaped(character)
        for character in unicodedata.normalize("NFC", path)
    )


def _escaped(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return ascii(character)[1:-1] if code != 0x27 else character


def one_line(text: str, width: int = 80) -> str:
    """Return the text as one line of at most `width` characters, for messages and logs."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def format_count(number: int, noun: str, plural: str = "s") -> str:
    """Return a number with its noun: `1 paper`, `2,000 papers`, `2 searches`."""
    return f"{number:,} {noun}{'' if number == 1 else plural}"
