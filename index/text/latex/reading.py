"""The LaTeX in texts of any source, decoded for reading: `Poincar\\'e`, `M$^2$D`, `40\\%`.

Unlike `decoding.plain`, which reads a LaTeX source, this leaves everything else as it is: braces,
hyphens, quotes and the dollars of prices.
"""

import html
import re
from collections.abc import Iterator
from functools import lru_cache

from index.text.cleaning import clean
from index.text.latex import symbols
from index.text.latex.decoding import ACCENTED, apply_accent
from index.text.latex.math import math_text

_BODY = r"(?:[^$\\]|\\.)"
_GROUP = r"\{[^{}]{0,200}(?:\{[^{}]{0,100}\}[^{}]{0,200}){0,3}\}"
_SHIFTS = rf"(?:[\^_](?:{_GROUP}|[A-Za-z0-9](?![A-Za-z0-9])))"
# Commands for letters of words, which end at a space that is not shown: \ae on.
_IN_WORDS = frozenset("ss SS ae AE oe OE o O l L aa AA dh DH th TH dj DJ ng NG i j".split())
_SPECIAL = re.compile(r"[\\$^_`~{}]")
_TOKEN = re.compile(
    rf"\$\$(?P<display>{_BODY}{{1,1000}}+)\$\$"
    rf"|\$(?P<math>{_BODY}{{1,1000}}+)\$"
    r"|\\\((?P<inline>(?:[^\\]|\\[^()]){1,1000}+)\\\)"
    r"|\\\[(?P<block>(?:[^\\]|\\[^\[\]]){1,1000}+)\\\]"
    rf"|(?P<accented>{ACCENTED})"
    rf"|\\(?P<structure>(?:d|t|c)?frac|nicefrac|sqrt|(?:d|t)?binom|(?:over|under)set|stackrel"
    rf"|{'|'.join({**symbols.ALPHABETS, **symbols.ACCENTS_OF_MATH})})"
    rf"(?P<arguments>\s?{_GROUP}(?:{_GROUP})?{_SHIFTS}*)"
    r"|\\href\s?\{[^{}]{0,2000}\}\s?(?P<link>\{)"
    r"|\\(?P<verbatim>url|path|nolinkurl)\s?\{(?P<url>[^{}]{0,2000})\}"
    rf"|\\(?P<dropped>{'|'.join(symbols.DROPPED)})\*?(?:\[[^\[\]]{{0,100}}\])?\{{[^{{}}]{{0,500}}\}}"
    rf"|\\(?P<letter>{'|'.join(_IN_WORDS)})(?![A-Za-z])(?:\s?\{{\}}|\s(?=\w))?"
    r"|\\char\s?\"(?P<code>[0-9A-Fa-f]{2,5})"
    r"|\\(?P<name>[A-Za-z]+)\*?(?P<after>\s?\{\s?\}|\s?(?P<opens>\{))?"
    r"|\\(?P<sign>[^A-Za-z]|$)"
    rf"|(?<=[\w)\]}}])(?P<shift>[\^_])(?P<shifted>{_GROUP})"
    r"|``(?P<quoted>[^`'\\$]{1,300})''|(?P<tie>(?<=[^\W\d]{2})~(?=[^\W\d]|[(\\$])"
    r"|(?<=[a-z]{3})~(?=\d)|(?<=[^\W\d]\.)~(?=[\w(\\$]))"
    r"|(?P<brace>[{}])",
    re.DOTALL,
)
_HREF = re.compile(r"\\href\s?\{(https?://[^{}\s\\]{1,2000})\}")
_PATH = re.compile(r"(?<![A-Za-z])[A-Z]:(?:\\[\w.-]+)*$")
_PATTERN = re.compile(r"[+*?]|\{\d")
_GROUP_OF_COMMAND = re.compile(r"\s?\\[A-Za-z\"'`^~=.]")
_TEX = re.compile(r"\\[A-Za-z]|[\^_]")
_COMMAND = re.compile(r"\\[A-Za-z]+\s*(?:\{[^{}]*\})?")
_SIGNS_ONLY = re.compile(r"\s?[<>=+*/±~≤≥≈×-]{1,2}\s?|\s\d+(?:[.,]\d+)*")
_WORDS = re.compile(r"[A-Za-z]{2,}[,;.]?\s+(?:\S{1,3}\s+)?[A-Za-z]{2,}")
_AMOUNT = re.compile(r"\d[^+*/=<>^]*?[\s,][^+*/=<>^]*[A-Za-z]")
_SIGNS = {" ": " ", "\n": " ", "\t": " ", ",": " ", ";": " ", ":": " ", "\\": " ", "": "", "-": "",
          "/": "", "!": ""}  # fmt: skip


# Between letters, digits and signs of a text, at the end of a word, or between spaces: not -->,
# --option or C--.
_DASHES = re.compile(
    r"(?:(?<=[^\W_])|(?<=[)\]%\"”’×°*.]))-{2,3}(?=[^\W_]|[(\[\"“‘$*])"
    r"|(?<=[^\W_]{2})-{2,3}$|^-{2,3}$"
)


def readable(text: str) -> str:
    """Return a text with its LaTeX decoded; the text itself if nothing would remain.

    Math becomes Unicode characters, as far as there are any; an unknown macro is shown by its name
    or, if it has one, by its argument.
    """
    # Most texts have no sign of LaTeX; a generator over the signs would take twice as long.
    if "\\" in text or "$" in text or "~" in text or "--" in text:
        return _decode(text)
    return _decode(text) if "^{" in text or "_{" in text or "``" in text else text


@lru_cache(maxsize=2048)  # a paper is decoded when it is read and checked when it is stored
def _decode(text: str) -> str:
    shown = "".join(_Reader(text).parts())
    if "--" in shown:
        shown = " ".join(map(_with_dashes, shown.split(" ")))
    return clean(shown) or text


def _with_dashes(word: str) -> str:
    """Return a word with its dashes, unless it is an address, a path or a name of a program."""
    if "--" not in word or any(sign in word for sign in "/@_\\"):
        return word
    return _DASHES.sub(lambda dash: "–" if len(dash[0]) == 2 else "—", word)


def hrefs(text: str) -> list[str]:
    r"""Return the addresses of the links of a text, which `readable` does not show: `\\href`."""
    return [html.unescape(match[1]) for match in _HREF.finditer(text)] if "\\href" in text else []


class _Reader:
    """The tokens of a text, with the braces that belong to commands."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._shown_braces: list[bool] = []

    def parts(self) -> Iterator[str]:
        """Yield the decoded pieces in order."""
        place = 0
        while special := _SPECIAL.search(self._text, place):
            yield self._text[place : special.start()]
            match = _TOKEN.match(self._text, special.start())
            if match is None or (match["math"] is not None and not _is_math(match)):
                yield special[0]  # such as the dollar of a price
                place = special.end()
            else:
                yield self._read(match)
                place = match.end()
        yield self._text[place:]

    def _read(self, match: re.Match[str]) -> str:
        for kind in ("display", "math", "inline", "block"):
            if match[kind] is not None:
                return math_text(match[kind])
        if match["opens"] or match["link"]:
            self._shown_braces.append(False)
        if match["accent"]:
            return _accented(match["accent"], match["base"], match["accented"])
        if match["structure"] or match["shift"]:
            return math_text(match[0])
        if match["verbatim"]:
            return re.sub(r"\\([%#_&~{}])", r"\1", match["url"])
        if match["code"]:
            return chr(int(match["code"], 16))
        if match["letter"]:
            return symbols.LETTERS[match["letter"]]
        if match["name"]:
            return self._command(match)
        if match["sign"] is not None:
            return _SIGNS.get(match["sign"], match["sign"])
        if match["quoted"]:
            return f"“{match['quoted']}”"
        if match["brace"]:
            return self._brace(match["brace"], match.end())
        return " " if match["tie"] else ""

    def _brace(self, brace: str, after: int) -> str:
        """Return a brace, unless it belongs to a command or to a group that begins with one."""
        if brace == "{":
            shown = not _GROUP_OF_COMMAND.match(self._text, after)
            self._shown_braces.append(shown)
            return "{" if shown else ""
        return "}" if not self._shown_braces or self._shown_braces.pop() else ""

    def _command(self, match: re.Match[str]) -> str:
        """Return the text of a command; the braces of its argument are not shown."""
        name = match["name"]
        if shown := _character(name):
            return shown
        if name in symbols.SPACES or name == "n":
            return " "
        if name in symbols.LAYOUT or name in symbols.FONTS:
            return ""
        if self._is_path_or_pattern(match):
            return match[0]
        if match["opens"]:
            return ""
        apart = self._text[match.start() - 1 : match.start()].isalnum()
        return f"{' ' * apart}{symbols.NAMES.get(name, name)}"

    def _is_path_or_pattern(self, match: re.Match[str]) -> bool:
        r"""Return whether an unknown command is no LaTeX: `C:\temp`, `\d+`."""
        path = _PATH.search(self._text, max(0, match.start() - 200), match.start())
        pattern = len(match["name"]) == 1 and _PATTERN.match(self._text, match.end("name"))
        return bool(path or pattern) and not match["after"]


def _character(name: str) -> str:
    """Return the character of a command; "" if it has none."""
    found = symbols.LETTERS.get(name) or symbols.OPERATORS.get(name) or symbols.ARROWS.get(name)
    return found or ""


def _accented(accent: str, base: str, written: str) -> str:
    """Return a letter with its accent, unless it follows an escaped quote or full stop."""
    shown = apply_accent(accent, base)
    apart = written[len(accent)].isspace() and not accent[-1].isalpha()
    escaped = base[0].isalpha() and (apart or len(shown) > 1)
    return written[1:] if escaped else shown


def _is_math(match: re.Match[str]) -> bool:
    """Return whether the text between two dollars is math, rather than between two prices."""
    body = match["math"]
    if _TEX.search(body):
        return not _WORDS.search(_COMMAND.sub("", body))
    if _SIGNS_ONLY.fullmatch(body):
        return True
    before_price = match.string[match.end() : match.end() + 1].isdigit()
    if before_price or body[0].isspace() or body[-1].isspace():
        return False
    return not any(map(str.isspace, body)) or not (_WORDS.search(body) or _AMOUNT.match(body))
