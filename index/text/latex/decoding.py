"""LaTeX to plain text: accents and symbols become characters, commands are removed, math is kept.

One pass without recursion handles braces at any depth. Symbols come from pylatexenc
(https://pylatexenc.readthedocs.io/).
"""

import html
import re
import unicodedata
from functools import lru_cache

from index.text.latex import symbols
from index.text.latex.encoding import MATH

_PLAIN = re.compile(r"[^\\{}$~<&'`-]*")
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "h": "\u0309", "r": "\u030a", "H": "\u030b", "v": "\u030c",
    "U": "\u030e", "G": "\u030f", "f": "\u0311", "d": "\u0323", "textcommabelow": "\u0326",
    "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip
_ACCENT = r"\\(?:[\"'`^~=.]|(?:[uvHcdbkrh]|textcommabelow|[fGU](?=\s?\{))(?![A-Za-z]))"
_LETTER = (
    r"(?:\{\s{0,3}(?:\\[A-Za-z]{1,5}|[A-Za-z]{1,2}|[^\W\d_])?\s{0,3}\}"
    r"|\\(?:[ijoO]|ae|AE|oe|OE|aa|AA)(?![A-Za-z])\s?|[^\W\d_])"
)
_STACKED = rf"(?:\{{\s{{0,3}}{_ACCENT}[ \t]*{_LETTER}\s{{0,3}}\}}|{_ACCENT}[ \t]*{_LETTER})"
ACCENTED = rf"(?P<accent>{_ACCENT})[ \t]*(?P<base>{_STACKED}|{_LETTER})"
_ONE_ACCENTED = re.compile(ACCENTED)
_TOKEN = re.compile(
    rf"(?P<math>{MATH})"
    r"|\\ensuremath\s*\{(?P<ensured>[^{}$]{1,200}(?:\{[^{}$]{0,100}\}[^{}$]{0,200})?)\}"
    r"|\\t[ \t]*\{(?P<tied>[A-Za-z]{2})\}"
    rf"|{ACCENTED}"
    r"|\\text(?P<shift>sub|super)script\s*\{(?P<shifted>[^{}\\$]{0,40})\}"
    r"|\\(?:url|path|nolinkurl)\s*\{(?P<url>[^{}]{0,2000})\}"
    r"|\\href\s*\{[^{}]{0,2000}\}"
    r"|\\(?P<dropped>vphantom|hphantom|phantom|hspace|vspace|label|noopsort|footnote|thanks|color"
    r"|textcolor|fontsize|begin|end|usepackage|cyrchar)\*?\s*(?:\{[^{}]{0,500}\})"
    r"|\\(?P<name>[A-Za-z]+)(?P<after>\*?(?:\s*\{\}|\s+|))"
    r"|\\(?P<sign>.)"
    r"|(?P<dash>---?)|(?P<open>``)|(?P<close>'')|(?P<tie>~)|[{}]",
    re.DOTALL,
)
# In text, unlike in math, these are as typed.
_TYPED = {"sim": "~", "mid": "|", "vert": "|", "bar": "|"}
_TILDE = re.compile(r"(?<!\\)~")
_RAISED = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
_SHIFTED = re.compile(r"([_^])(?:\{\s*([0-9+−-]{1,8})\s*\}|([0-9]))")
_UPRIGHT = re.compile(r"\\(?:mbox|text|textrm|mathrm|rm)\b\s?\{?([0-9a-z]{1,8})\}?")
_ORDINAL = re.compile(r"\^\{?(st|nd|rd|th)\}?")
_ENSURED = re.compile(r"\\ensuremath\s*\{([^{}]{0,200})\}")
_SIGNS_OF_MATH = {"^\\circ": "°", "^{\\circ}": "°", "_{\\odot}": "⊙", "_\\odot": "⊙", "\\not": ""}
_NO_MATH = re.compile(r"[0-9.,:/ ()%]+|[<>=+*/|~-]")
# Elements of HTML and JATS (https://jats.nlm.nih.gov/) in abstracts of publishers.
_TAG = re.compile(
    r"</?(?:jats:)?(?P<tag>p|i|b|u|em|strong|br|span|div|sec|title|italic|bold|scp|tt|tex|code|small"
    r"|sc|font|a|ul|ol|li|h[1-6]|inline-formula|tex-math|mml:[a-z]+|sub|sup)"
    r"(?:\s[^<>]{0,300})?/?>",
    re.IGNORECASE,
)
_SHIFTED_TAG = re.compile(r"<(sub|sup)>([0-9+−-]{1,8})</\1>", re.IGNORECASE)
_BLOCKS = frozenset("p br div sec title ul ol li h1 h2 h3 h4 h5 h6".split())
_ENTITY = re.compile(r"(?:\\|\{\\)?&\}?(\\?#x?[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,24});")

# Some programs escape LaTeX in a field as if it were plain text: {\textbackslash}'e, and
# \textbackslash{}emph\{word\}.
_TWICE = re.compile(
    r"(?:\{\\textbackslash\s*\}|\\textbackslash(?:\s*\{\}|\s+|(?![A-Za-z])))"
    r"(?:\\?(?P<sign>[%&#_$])|(?P<accent>[\"'`^~])(?:\\?\{)?(?P<letter>[A-Za-z])(?:\\?\})?"
    r"|(?P<command>[A-Za-z]{2,30})(?:\\\{(?P<body>[^{}\\]{0,300})\\\})?)"
)
_MATH_TWICE = re.compile(r"\\\$([^$\\]{0,100}\\[^$]{1,200}?)\\\$")
_PHANTOM = re.compile(r"\\\{\\vphantom\\\}|\\vphantom\\\{\\\}")
_FONTS = frozenset("emph textbf textit texttt textsc textsf textrm underline mbox".split())


def plain(source: str) -> str:
    """Return LaTeX as Unicode text, without any HTML in it.

    Math between dollars is unchanged, except raised and lowered digits (Cu$_2$O).
    """
    if _PLAIN.fullmatch(source):
        return source
    source = source.replace("\\nobreakdash-", "\u2011")
    if "\\textbackslash" in source:
        source = _MATH_TWICE.sub(_unescape_math, _TWICE.sub(_unescape, source))
    if "<" in source or "&" in source:
        source = _without_html(source)
    text = _TOKEN.sub(_read, _PHANTOM.sub("", source))
    # escaped tags
    return _without_tags(text) if "\\textless" in source else text


def _unescape(match: re.Match[str]) -> str:
    """Return LaTeX that was escaped as text, unescaped."""
    if match["command"] and not (match["command"] in _FONTS or _symbol(match["command"])):
        return match[0]
    letter = f"{{{match['letter']}}}" if match["letter"] else ""
    body = f"{{{match['body']}}}" if match["body"] is not None else ""
    return f"\\{match['sign'] or match['accent'] or match['command']}{letter}{body}"


def plain_arxiv(text: str) -> str:
    """Return the LaTeX of an arXiv text as plain text; there, a tilde means "about"."""
    return plain(_TILDE.sub(r"\~{}", text))


def _unescape_math(match: re.Match[str]) -> str:
    """Return math that was escaped as text, unescaped."""
    body = re.sub(r"\\textbackslash\s{0,9}(?:\{\})?", r"\\", match[1])
    body = re.sub(r"\\([_{}])", r"\1", body)
    return f"${body}$"


def _without_html(source: str) -> str:
    for _ in range(2):  # some programs escape twice
        source = _ENTITY.sub(_character, source)
    return _without_tags(source)


def _without_tags(text: str) -> str:
    text = _SHIFTED_TAG.sub(lambda match: _shift(match[2], match[1] == "sup"), text)
    return _TAG.sub(lambda match: " " if match["tag"].lower() in _BLOCKS else "", text)


def _character(match: re.Match[str]) -> str:
    """Return the character of an HTML entity, or the match if there is none."""
    name = match[1].removeprefix("\\")
    one = html.unescape(f"&{name};")
    if one == f"&{name};":
        return match[0]
    return one if one not in "\\{}$%&#_~^" else f"\\{one}" if one not in "\\~^" else ""


def _shift(digits: str, up: bool) -> str:
    return digits.translate(_RAISED if up else _LOWERED)


def _read(match: re.Match[str]) -> str:
    """Return the text of one LaTeX token."""
    if match["math"]:
        return _math(match["math"])
    if match["ensured"]:
        return _unwrap_math(match["ensured"])
    if match["accent"]:
        return apply_accent(match["accent"], match["base"])
    if match["tied"]:
        return "\u0361".join(match["tied"])
    if match["shift"]:
        return _apply_shift(match["shifted"], match["shift"] == "super")
    if match["name"]:
        return _command(match["name"], match["after"], match.string[match.end() : match.end() + 1])
    if match["url"]:
        return re.sub(r"\\([%#_&~{}])", r"\1", match["url"])
    if match["sign"]:
        return _escaped_sign(match["sign"])
    if match["dash"]:
        return "—" if len(match["dash"]) == 3 else "–"
    if match["open"] or match["close"]:
        return "“" if match["open"] else "”"
    return " " if match["tie"] else ""


def _math(written: str) -> str:
    """Return math between single dollars, as text if it only raises or lowers digits."""
    width = 2 if written.startswith(("$$", "\\(")) else 1
    body = _ENSURED.sub(r"\1", " ".join(written[width:-width].split()))
    while body.startswith("{") and body.find("}") == len(body) - 1:
        body = body[1:-1].strip()
    upright = _UPRIGHT.sub(r"\1", body.removeprefix("{}"))
    shifted = _SHIFTED.fullmatch(upright)
    if shifted:
        return _shift(shifted[2] or shifted[3], shifted[1] == "^")
    ordinal = _ORDINAL.fullmatch(upright)
    if ordinal:
        return ordinal[1]
    if body in _SIGNS_OF_MATH:
        return _SIGNS_OF_MATH[body]
    if _NO_MATH.fullmatch(body):
        return body
    body = body.replace("\\lbrace ", "\\{").replace("\\rbrace ", "\\}")
    return f"${body}$" if body else ""


def _unwrap_math(body: str) -> str:
    """Return the one character of math, else the math."""
    if body.strip() == "-":
        return "\u2212"
    shifted = _SHIFTED.fullmatch(body.strip())
    if shifted:
        return _shift(shifted[2] or shifted[3], shifted[1] == "^")
    if re.fullmatch(r"\s*\\[A-Za-z]+\s*", body):
        return _symbol(body.strip()[1:]) or f"${body.strip()}$"
    return _math(f"${body}$")


def apply_accent(accent: str, base: str) -> str:
    """Return a letter with its accent; the letter may have accents of its own."""
    name = accent[1:]
    inner = _ONE_ACCENTED.search(base)
    letters = apply_accent(inner["accent"], inner["base"]) if inner else base.strip("{} \t\r\n")
    if not letters:  # \~{} and \^{} are the characters themselves
        return name if name in "~^" else ""
    if letters[0] == "\\":
        letters = letters[1:] if letters in ("\\i", "\\j") else _symbol(letters[1:]) or letters[1:]
    if name == "." and letters == "i":
        return "i"  # which has a dot
    return unicodedata.normalize("NFC", letters[0] + _ACCENTS[name] + letters[1:])


def _apply_shift(text: str, up: bool) -> str:
    shifted = _shift(text, up)
    return shifted if not re.search(r"[0-9]", shifted) else text


def _escaped_sign(sign: str) -> str:
    """Return the text of a backslash and a punctuation character."""
    if sign in " \t\r\n,;:\\>":
        return " "
    return "" if sign in "-/!@()[]'`^~=.\"" else sign


def _command(name: str, after: str, following: str) -> str:
    """Return the text of a command without a known argument."""
    if name in symbols.SPACES:
        return " "
    if name in symbols.LAYOUT:
        return ""
    symbol = _symbol(name)
    if symbol:
        return symbol
    if following == "{" or "{" in after:
        return ""
    # An unknown macro, usually for the name of a system.
    return name + (" " if after.isspace() else "")


@lru_cache(maxsize=4096)
def _symbol(name: str) -> str:
    """Return the characters of a command without arguments; "" if it has none."""
    from index.text.latex.encoding import reader

    known = _TYPED.get(name) or symbols.LETTERS.get(name) or symbols.OPERATORS.get(name)
    if known or name in ("TeX", "LaTeX", "LaTeXe", "BibTeX"):
        return known or symbols.NAMES[name]
    if name in symbols.FONTS or name in symbols.STRUCTURES:
        return ""
    try:
        shown = reader()(f"\\{name}").strip()
    except Exception:
        # pylatexenc may raise anything for unexpected commands; they have no character.
        return ""
    return shown if len(shown) <= 2 and shown != name else ""
