"""Shorter escape sequences: only the changes of style from one text to the next are written.

Textual starts and ends the style of every piece of text, which is most of what a key writes to the
terminal. Styles are "Select Graphic Rendition" sequences of ECMA-48, section 8.3.117.
"""

import re
from functools import lru_cache

_SGR = re.compile(r"\x1b\[([0-9;]*)m")
_REPLACED_MOVE = re.compile(r"(?:\x1b\[\d+;\d+H|\r?\n)+(?=\x1b\[\d+;\d+H)")
"""Moves of the cursor before another move."""

_UNPRINTED = re.compile(r"(?:\x1b\[[0-9;?]*[A-Hfhlsu]|\r?\n)*")
"""Sequences that print nothing, such as moves of the cursor."""

_OFF = {
    "fg": "39", "bg": "49", "1": "22", "2": "22", "3": "23", "4": "24", "21": "24", "5": "25",
    "6": "25", "7": "27", "8": "28", "9": "29", "53": "55",
}  # fmt: skip
"""The parameter that ends each part of a style."""

_EXTENDED = {"38": "fg", "48": "bg"}
_EXTENDED_COLOR = re.compile(r"[34]8;(?:2;\d+;\d+;\d+|5;\d+);?")

Style = dict[str, str]
"""The parameters of a style: of the colours "fg" and "bg", and of each attribute, by itself."""


@lru_cache(maxsize=4_096)
def _parse(parameters: str) -> Style | None:
    """Return the style of an SGR sequence; None if it has parameters other than Textual's."""
    style: Style = {}
    codes = parameters.split(";") if parameters else []
    while codes:
        code = codes.pop(0)
        if code in _EXTENDED:
            length = {"2": 4, "5": 2}.get(codes[0] if codes else "", 0)
            if not length or len(codes) < length:
                return None
            style[_EXTENDED[code]] = ";".join([code, *codes[:length]])
            del codes[:length]
        elif re.fullmatch("3[0-79]|9[0-7]", code):
            style["fg"] = code
        elif re.fullmatch("4[0-79]|10[0-7]", code):
            style["bg"] = code
        elif re.fullmatch("[1-9]|21|53", code):
            style[code] = code
        else:
            return None
    return style


def _change(before: Style, after: Style) -> str:
    """Return the shortest sequence that changes one style into another."""
    if before == after:
        return ""
    if not after:
        return "\x1b[0m"
    ended = {_OFF[name] for name in before if name not in after}
    # An end may be shared, as by bold and dim; what it ends of the new style is written again.
    codes = sorted(ended) + [
        code for name, code in after.items() if before.get(name) != code or _OFF[name] in ended
    ]
    return f"\x1b[{';'.join(codes)}m"


def shorten(data: str) -> str:
    """Return output that looks the same with fewer style sequences.

    It starts and ends without a style, as the output of Textual does. Output with sequences of
    other kinds is returned unchanged.
    """
    parts = _SGR.split(data)
    if len(parts) < 3:
        return data
    shown: Style = {}
    wanted: Style = {}
    written = [parts[0]]
    for parameters, text in zip(parts[1::2], parts[2::2], strict=True):
        if parameters in ("", "0"):
            wanted = {}
        elif (style := _parse(parameters)) is None:
            return data
        else:
            wanted = {**wanted, **style}
        if not text:
            continue
        if _UNPRINTED.fullmatch(text) is None:
            written.append(_change(shown, wanted))
            shown = wanted
        written.append(text)
    written.append(_change(shown, {}))
    return _REPLACED_MOVE.sub("", "".join(written))


MIN_BLANKS = 12
"""Spaces in a row that take more bytes than erasing them."""

_BLANKS = re.compile(rf"\x1b\[(?P<codes>[0-9;]*)m| {{{MIN_BLANKS},}}")
_LINES = {
    "": False,
    "0": False,
    "4": True,
    "24": False,
    "7": True,
    "27": False,
    "9": True,
    "29": False,
}
"""Parameters after which blanks look different from erased cells, or the same again."""


def erase_blanks(data: str) -> str:
    """Return output in which long runs of spaces are erased cells, and the cursor moves over them.

    It looks the same on a terminal whose erased cells have the current background, as those of
    xterm do ("bce" of terminfo). `data` is without a style at its start.
    """
    has_lines = False

    def replace(match: re.Match[str]) -> str:
        nonlocal has_lines
        if match["codes"] is None:
            cells = len(match[0])
            return match[0] if has_lines else f"\x1b[{cells}X\x1b[{cells}C"
        for code in _EXTENDED_COLOR.sub("", match["codes"]).split(";"):
            has_lines = _LINES.get(code, has_lines)
        return match[0]

    return _BLANKS.sub(replace, data)
