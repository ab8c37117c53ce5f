"""LaTeX math as Unicode text for reading: `\\mathbb{R}^n` becomes ℝⁿ, `\\frac{a}{b}` a/b.

One pass over the tokens, with groups nested to `MAX_DEPTH`; deeper braces are ignored.
The characters: https://www.unicode.org/reports/tr25/ (Unicode Support for Mathematics).
"""

import re
import unicodedata
from functools import lru_cache

from index.text.latex import symbols

MAX_DEPTH = 20
_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.)|\s+|.", re.DOTALL)
_FRACTIONS = frozenset("frac dfrac tfrac cfrac sfrac nicefrac".split())
_STACKED = frozenset("overset underset stackrel xrightarrow xleftarrow".split())
_BEFORE_CLOSING = re.compile(r" (?=[)\]}⟩⌋⌉,;])")
_LAST_OPERATOR = re.compile(r" ([×±÷])$")
_ORDINALS = ("st", "nd", "rd", "th")
_ATOM = re.compile(r"[\w.′\u0300-\u036f\u20d7]+")
_SIGNS = {"\\,": " ", "\\;": " ", "\\:": " ", "\\ ": " ", "\\>": " ", "\\!": "", "\\\\": " ",
          "\\|": "‖", "\\-": "", "\\/": "", "\\(": "", "\\)": "", "\\[": "", "\\]": "",
          "~": " ", "&": " ", "'": "′", "$": ""}  # fmt: skip
# Letters of the alphabets that Unicode has outside their blocks: ℂ, ℋ, ℜ.
_OUTSIDE = {
    "mathbb": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
    "mathcal": dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
    "mathfrak": dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
}
_DIGITS_OF_MATHBB = 0x1D7D8


@lru_cache(maxsize=4096)
def math_text(source: str) -> str:
    """Return the body of a formula, without its dollars, as text."""
    text = " ".join(_Formula(source).group(0).split())
    text = _LAST_OPERATOR.sub(r"\1", _BEFORE_CLOSING.sub("", text))
    return unicodedata.normalize("NFC", text)


class _Formula:
    """The tokens of a formula, read from left to right."""

    def __init__(self, source: str) -> None:
        self._tokens = _TOKEN.findall(source)
        self._place = 0

    def group(self, depth: int) -> str:
        """Return the text up to the closing brace of the group, or the end."""
        parts: list[str] = []
        while self._place < len(self._tokens):
            token = self._tokens[self._place]
            self._place += 1
            if token == "}":
                if depth:
                    break
                continue
            self._append(parts, self._read(token, depth))
        return "".join(parts)

    def _append(self, parts: list[str], text: str) -> None:
        """Add a text; an operator in spaces keeps them only between two operands."""
        before = parts[-1][-1:] if parts else ""
        if text[:1] == " " and (not before or before in "([{⟨⌊⌈|, "):
            text = text.lstrip() if before else text.strip()
        if parts and parts[-1][0] in "_^" and text[:1].isalnum():
            text = f" {text}"  # the end of an index
        if text:
            parts.append(text)

    def _read(self, token: str, depth: int) -> str:
        if token == "{":
            return self.group(depth + 1) if depth < MAX_DEPTH else ""
        if token in "^_":
            return _shift(self._argument(depth), token == "^")
        if token in _SIGNS:
            return _SIGNS[token]
        if token[0] != "\\" or len(token) == 1:
            return " " if token.isspace() else token if token != "\\" else ""
        return self._command(token[1:].rstrip("*"), depth) if token[1].isalpha() else token[1:]

    def _command(self, name: str, depth: int) -> str:
        self._skip_space()
        if name in symbols.OPERATORS:
            return f" {symbols.OPERATORS[name]} "
        if known := symbols.LETTERS.get(name) or symbols.ARROWS.get(name):
            return known
        if name in symbols.FUNCTIONS:
            return self._function(name)
        if name in symbols.ALPHABETS:
            return _in_alphabet(self._argument(depth), name)
        if name in symbols.ACCENTS_OF_MATH:
            return _accented(self._argument(depth), symbols.ACCENTS_OF_MATH[name])
        if name in symbols.DROPPED:
            self._argument(depth)
            return ""
        if name in symbols.SPACES:
            return " "
        if name in symbols.LAYOUT:
            # \left. and \right. are brackets that are not shown.
            if name in ("left", "right") and self._next() == ".":
                self._place += 1
            return ""
        return self._structure(name, depth)

    def _structure(self, name: str, depth: int) -> str:
        """Return a command with arguments, or an unknown one by its name."""
        if name in _FRACTIONS:
            over, under = self._argument(depth), self._argument(depth)
            return f"{_bracketed(over)}/{_bracketed(under)}"
        if name in ("binom", "dbinom", "tbinom"):
            return f"({self._argument(depth)} choose {self._argument(depth)})"
        if name == "sqrt":
            return f"{self._root(depth)}√{_bracketed(self._argument(depth))}"
        if name == "not":
            return f" {self._argument(depth).strip()}\u0338 "
        if name in _STACKED:
            return self._stacked(name, depth)
        if name == "textcolor":
            self._argument(depth)
            return self._argument(depth)
        if self._next() == "{":  # a font, or a macro of the authors
            return self._argument(depth)
        return "" if name in symbols.FONTS else symbols.NAMES.get(name, name)

    def _stacked(self, name: str, depth: int) -> str:
        if name.startswith("x"):
            over, base = self._argument(depth), " → " if name == "xrightarrow" else " ← "
        else:
            over, base = self._argument(depth), self._argument(depth)
        return f"{base.rstrip()}{_shift(over, name != 'underset')}{' ' * base.endswith(' ')}"

    def _function(self, name: str) -> str:
        before = self._tokens[self._place - 2] if self._place > 1 else ""
        following = self._next()
        apart = following[:1].isalnum() or (following[:1] == "\\" and following[1:2].isalpha())
        shown = {"bmod": "mod", "pmod": "mod"}.get(name, name)
        return f"{' ' * (before[-1:].isalnum() or before == ')')}{shown}{' ' * apart}"

    def _root(self, depth: int) -> str:
        if self._next() != "[":
            return ""
        self._place += 1
        degree = ""
        while self._next() not in ("", "]"):
            degree += self._read(self._take(), depth)
        self._place += 1
        return _shift(degree, True) if degree else ""

    def _argument(self, depth: int) -> str:
        self._skip_space()
        token = self._take()
        if token in ("", "}"):
            self._place -= token == "}"
            return ""
        if depth >= MAX_DEPTH:
            return "" if token[0] in "\\{^_" else token
        return self._read(token, depth + 1).strip()

    def _next(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._next()
        self._place += bool(token)
        return token

    def _skip_space(self) -> None:
        if self._next().isspace():
            self._place += 1


def _shift(text: str, up: bool) -> str:
    """Return a text raised or lowered, with `^` or `_` if Unicode lacks a character for it."""
    text = "".join(text.split())
    if up and text in symbols.RAISED_SIGNS:
        return symbols.RAISED_SIGNS[text]
    if up and (not text.strip("′") or text in _ORDINALS):
        return text
    table = symbols.RAISED if up else symbols.LOWERED
    if all(letter in table for letter in text):
        return "".join(table[letter] for letter in text)
    sign = "^" if up else "_"
    return f"{sign}{text}" if len(text) == 1 or _ATOM.fullmatch(text) else f"{sign}({text})"


def _bracketed(text: str) -> str:
    text = text.strip()
    return text if len(text) < 2 or _ATOM.fullmatch(text) else f"({text})"


def _accented(text: str, accent: str) -> str:
    return text + accent if len(text) == 1 else text


def _in_alphabet(text: str, name: str) -> str:
    name = {"mathds": "mathbb", "Bbb": "mathbb", "mathscr": "mathcal", "cal": "mathcal"}.get(
        name, name
    )
    return "".join(_letter_of(letter, name) for letter in text)


def _letter_of(letter: str, name: str) -> str:
    if letter in _OUTSIDE[name]:
        return _OUTSIDE[name][letter]
    start = symbols.ALPHABETS[name]
    if letter.isascii() and letter.isalpha():
        return chr(start + ord(letter) - (65 if letter.isupper() else 71))
    return (
        chr(_DIGITS_OF_MATHBB + int(letter))
        if name == "mathbb" and letter in "0123456789"
        else letter
    )
