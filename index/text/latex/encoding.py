"""Plain text to LaTeX: existing LaTeX is preserved, other text is encoded by pylatexenc.

Braces are balanced both for BibTeX, which has no escapes, and for bibtexparser, which
skips `\\{`: no backslash is ever written before a brace
(https://ctan.org/pkg/ttb-en, N. Markey, Tame the BeaST).
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from index.text.cleaning import clean
from index.text.latex import symbols

# Commands for one character: \'e \"{o} {\o} \c{c} \v s \alpha {\mu}
_ONE = (
    r"\\(?:[\"'`^~=.](?:\{\\?[A-Za-z]\}|\\?[A-Za-z])|[uvHcdbkr](?:\{\\?[A-Za-z]\}| [A-Za-z]\b)"
    r"|[A-Za-z]{1,30}(?![A-Za-z])(?:\{\})?)"
)
MATH = (
    r"\$\$(?:[^$\\]|\\.){1,500}+\$\$"
    r"|\$(?![\s$])(?:[^$\\]|\\.){1,500}+(?<!\s)\$(?!\d)"
    r"|\\\((?:[^\\]|\\[^()]){1,500}+\\\)"
)
_CHARACTER = re.compile(rf"(?:{MATH})|(?P<one>\{{{_ONE}\}}|{_ONE})|\\.")
_SWITCHES = {"em": "emph", "it": "textit", "bf": "textbf", "tt": "texttt", "sc": "textsc",
             "sl": "textsl", "rm": "textrm", "sf": "textsf"}  # fmt: skip
_WRITTEN = (
    rf"(?P<math>{MATH})"
    r"|(?P<open>\\(?:emph|text(?:bf|it|sc|tt|sf|sl|rm|up|md|superscript|subscript)?|underline|mbox"
    r"|href\{https?://[^\s{}\\%#$^]*\})\{)"
    r"|\{\\(?P<switch>em|it|bf|tt|sc|sl|rm|sf)(?![A-Za-z]) ?"
    r"|(?P<asis>\\[&%#_$,]|\\url\{https?://[^\s{}\\%#$^]*\})"
    r"|(?P<escape>\\[{} ])|\\\\"
)
_WORD = r"[^\W_](?:[^\W_]|[\u0300-\u036f])*"
_PIECE = re.compile(rf"{_WRITTEN}|[A-Za-z0-9 .,:;!?()'\"`/=+*@\[\]-]+|.", re.DOTALL)
_PIECE_OF_TITLE = re.compile(rf"{_WRITTEN}|{_WORD}|.", re.DOTALL)
_MORE_COMMANDS = {"\\times": "×", "\\deg": "°", "\\to": "→", "\\rightarrow": "→", "\\le": "≤",
                  "\\ge": "≥"}  # fmt: skip
_BRACES = re.compile(r"\\.|[{}$]")
_COMMAND = re.compile(r"\\([A-Za-z]+|.|$)", re.DOTALL)
_IN_MATH = re.compile(r"\\.|[%#&]|[^\x00-\x7f]")
# Characters with a command that other programs write for another character, or not at all. Pandoc
# before 3 reads `\\'\\i` as a dotless i; LaTeX has letters for `\\'i` and these three others.
_EXACT = {"\u2011": "{\\nobreakdash-}", "\u2212": "{\\ensuremath{-}}",
          "ì": "{\\`i}", "í": "{\\'i}", "î": "{\\^i}", "ï": '{\\"i}'}  # fmt: skip
_MARKS = {"\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u",
          "\u0307": ".", "\u0308": '"', "\u0309": "h", "\u030a": "r", "\u030b": "H", "\u030c": "v",
          "\u0323": "d", "\u0327": "c", "\u0328": "k", "\u0331": "b"}  # fmt: skip
"""Commands of combining marks."""
_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")
_GREEK_WORD = re.compile(rf"{_GREEK.pattern}{{4}}")


def latex(text: str, *, title: bool = False, unicode: bool = False) -> str:
    """Return a text for a BibTeX field: LaTeX is preserved, other text is encoded.

    `$…$` and `\\(…\\)` (closed, braces balanced, no price), commands of font and link with balanced
    braces, and commands for one character (`\\'e`, `\\alpha`) count as LaTeX. Math has the commands
    of `symbols.MATH_COMMANDS` only, links are http(s); all else is text. In a `title`, braces keep
    BibTeX styles from lower-casing math and words with a capital after the first letter, with
    digits beside capitals, or of one capital (but A). With `unicode`, non-ASCII characters outside
    math are unchanged.
    """
    text = _CHARACTER.sub(_character, clean(text))
    symbol = _ascii_symbol if unicode else _prose_symbol if _GREEK_WORD.search(text) else _symbol
    return "".join(_pieces(text, title, symbol))


def _character(match: re.Match[str]) -> str:
    """Return the character of a command, or the match if there is none."""
    command = match["one"]
    if not command:
        return match[0]
    name = command.strip("{}")
    if name[1:].isalpha():
        return _commands().get(name, match[0])
    one = unicodedata.normalize("NFC", reader()(command))
    return one if len(one) == 1 and not one.isascii() else match[0]


def _closings(text: str) -> dict[int, int]:
    """Return the closing place of each opening brace."""
    opened, closings = [], {}
    for match in _BRACES.finditer(text):
        if match[0] == "{":
            opened.append(match.start())
        elif match[0] == "}" and opened:
            closings[opened.pop()] = match.start()
    return closings


def _pieces(text: str, title: bool, symbol: Callable[[str], str]) -> Iterator[str]:
    closings = _closings(text)
    closing: list[int] = []
    place = 0
    while place < len(text):
        end = closing[-1] if closing else len(text)
        bare = title and not closing
        match = (_PIECE_OF_TITLE if bare else _PIECE).match(text, place, end)
        if not match:
            yield "}"
            place = closing.pop() + 1
            continue
        place = match.end()
        brace = match.start() if match["switch"] else match.end() - 1
        if (match["open"] or match["switch"]) and closings.get(brace, end) < end:
            yield match["open"] or f"\\{_SWITCHES[match['switch']]}{{"
            closing.append(closings[brace])
        elif math := match["math"] and _math(match["math"]):
            yield f"{{{math}}}" if bare else math
        else:
            # A delimiter that opens no math is text; scanning resumes after it.
            place = match.start() + 1 if match["math"] else place
            yield _piece(match, text[match.start() : place], bare, symbol)


def _piece(match: re.Match[str], piece: str, bare: bool, symbol: Callable[[str], str]) -> str:
    if match["asis"]:
        return piece
    if match["escape"]:
        return _symbol(piece[1])
    written = "".join(map(symbol, piece))
    math_letter = "\\ensure" in written and re.search(r"\{[A-Z]\}", written)
    return f"{{{written}}}" if bare and (math_letter or _keeps_case(piece)) else written


def _keeps_case(word: str) -> bool:
    inside = any(letter.isupper() for letter in word[1:])
    beside_digit = word[:1].isupper() and word[1:2].isdigit()
    return inside or beside_digit or (len(word) == 1 and word.isupper() and word != "A")


def _math(written: str) -> str:
    """Return inline math in `$…$`; "" if it is not self-contained or has unlisted commands."""
    width = 2 if written.startswith(("$$", "\\(")) else 1
    body = written[width:-width]
    depth = 0
    for brace in _BRACES.findall(body):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0 or brace == "$":
            return ""
    if depth or not body.strip() or not all(map(_is_allowed, _COMMAND.findall(body))):
        return ""
    if "^^" in body:  # ^^5c is a backslash to TeX
        return ""
    return f"${_IN_MATH.sub(_in_math, body)}$"


def is_safe_math(text: str) -> bool:
    """Return whether a text is inline math whose commands exports may keep."""
    return bool(re.fullmatch(MATH, text, re.DOTALL) and _math(text))


def _is_allowed(command: str) -> bool:
    return command in (symbols.MATH_COMMANDS if command.isalpha() else symbols.MATH_SIGNS)


def _in_math(match: re.Match[str]) -> str:
    piece = match[0]
    if piece[0] == "\\":
        known = {"\\{": "\\lbrace ", "\\}": "\\rbrace ", "\\\\": "\\\\ "}
        return known.get(piece, piece) if piece.isascii() else "\\backslash " + _symbol(piece[1])
    written = _symbol(piece)
    return f"\\mbox{written}" if written[0] == "{" and "\\ensure" not in written else written


@lru_cache(maxsize=16_384)
def _symbol(character: str) -> str:
    """Return one character as LaTeX, or unchanged if that would not be read back as the same."""
    from index.text.latex.decoding import plain
    from index.text.latex.reading import readable

    if character in _EXACT:
        return _EXACT[character]
    written = _coder()(character)
    if character.isascii():
        return written
    for known in (written, _stacked(character)):
        same = readable(plain(f"a{known}b")) == f"a{character}b"
        if same and known != character and "\\cyr" not in known.lower():
            return known
    return character


def _stacked(character: str) -> str:
    r"""Return a letter with several accents as LaTeX: `{\~{\^{e}}}`; itself if that has none."""
    decomposed = unicodedata.normalize("NFD", character)
    base, marks = decomposed[0], decomposed[1:]
    if not marks or not (base.isascii() and base.isalpha() and _MARKS.keys() >= set(marks)):
        return character
    for mark in marks:
        base = f"\\{_MARKS[mark]}{{{base}}}"
    return f"{{{base}}}"


def _prose_symbol(character: str) -> str:
    """Return a character of a text with Greek words, which are no math, as LaTeX."""
    return character if _GREEK.fullmatch(character) else _symbol(character)


def _ascii_symbol(character: str) -> str:
    return _symbol(character) if character.isascii() else character


@lru_cache(maxsize=1)
def _coder() -> Callable[[str], str]:
    from pylatexenc.latexencode import (
        RULE_DICT,
        UnicodeToLatexConversionRule,
        UnicodeToLatexEncoder,
    )

    own = {ord("{"): r"\ensuremath{\lbrace}", ord("}"): r"\ensuremath{\rbrace}", ord('"'): '"',
           ord("|"): r"\textbar"}  # fmt: skip
    encode: Callable[[str], str] = UnicodeToLatexEncoder(
        conversion_rules=[UnicodeToLatexConversionRule(RULE_DICT, own), "defaults"],
        replacement_latex_protection=lambda written: (
            f"{{{written}}}" if re.match(r"\\[A-Za-z]|\\..", written) else written
        ),
        unknown_char_policy="keep",
        unknown_char_warning=False,
    ).unicode_to_latex
    return encode


@lru_cache(maxsize=1)
def reader() -> Callable[[str], str]:
    """Return a function that converts LaTeX to text; cached, since building it is slow."""
    from pylatexenc.latex2text import LatexNodes2Text

    read: Callable[[str], str] = LatexNodes2Text().latex_to_text
    return read


@lru_cache(maxsize=1)
def _commands() -> Mapping[str, str]:
    """Return the characters of commands without arguments."""
    from pylatexenc.latexencode import get_builtin_uni2latex_dict

    table: Mapping[int, str] = get_builtin_uni2latex_dict()
    bare = {re.sub(r"^\\ensuremath\{(.*)\}$", r"\1", table[c]): chr(c) for c in sorted(table)[::-1]}
    named = {name: one for name, one in bare.items() if re.fullmatch(r"\\[A-Za-z]+", name)}
    return named | _MORE_COMMANDS
