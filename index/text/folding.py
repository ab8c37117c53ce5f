"""Folding: words in lower case, without accents and LaTeX, for comparison."""

import re
import unicodedata

_LATEX_LETTERS = {
    "ss": "ss", "ae": "ae", "AE": "AE", "oe": "oe", "OE": "OE", "o": "o", "O": "O",
    "l": "l", "L": "L", "aa": "a", "AA": "A", "i": "i", "j": "j", "dh": "d", "th": "th",
}  # fmt: skip


_LATEX_LETTER = re.compile(r"\\(ss|ae|AE|oe|OE|aa|AA|dh|th|o|O|l|L|i|j)(?![A-Za-z])\s*(?:\{\})?")


# \"o  \"{o}  {\"o}  \'{\i}  \c{c}  \v s
_LATEX_ACCENT = re.compile(
    r"\{?\\(?:[\"'`^~=.]\s*|[uvHtcdbkr](?=[\s{\\])\s*)\{?\\?([A-Za-z])\}?(?:\{\})?\}?"
)


# Plain-text pages lose the backslash of Schr\"odinger.
_BARE_UMLAUT = re.compile(r"(?<=[A-Za-z])\"([aouAOU])(?=[a-z])")


_LATEX_COMMAND = re.compile(r"\\[A-Za-z]+\*?|\\.")


# Letters that Unicode does not decompose.
_UNDECOMPOSED = str.maketrans(
    {"ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o",
     "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ı": "i",
     "ħ": "h", "’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-",
     "−": "-"}
    # Invisible: soft hyphen, zero-width space and joiners, word joiner, byte order mark.
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff")
)  # fmt: skip


# A Greek letter by itself is a symbol with a name; Greek words are left as they are.
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi",
    "ο": "omicron", "π": "pi", "ρ": "rho", "ς": "sigma", "σ": "sigma", "τ": "tau", "υ": "upsilon",
    "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_GREEK_LETTER = re.compile(r"(?<![α-ω])[α-ω](?![α-ω])")


# The Latin letters that authors write in place of Greek ones: NF-kB for NF-κB.
_LATIN_LOOKALIKES = str.maketrans("αβγδεκλμνπρστχω", "abgdeklunprstxw")


def fold_greek_as_latin(text: str) -> str:
    """Return folded text with single Greek letters written as similar Latin ones, not as names."""
    text = unicodedata.normalize("NFKD", text).lower()
    return fold(_GREEK_LETTER.sub(lambda letter: letter[0].translate(_LATIN_LOOKALIKES), text))


def fold(text: str) -> str:
    """Return text in the form used for comparison: lower case, no accents, no LaTeX.

    `Képes`, ``K\\'epes`` and `Kepes` fold to the same letters, as do `Schrödinger`,
    `Schr\\"odinger` and `Schr"odinger`; `ε` folds to `epsilon`. The order of
    words is preserved; lengths may change.
    """
    if "\\" in text:
        text = _LATEX_ACCENT.sub(r"\1", text)
        text = _LATEX_LETTER.sub(lambda match: _LATEX_LETTERS[match[1]], text)
        text = _LATEX_COMMAND.sub(lambda match: " " + match[0].lstrip("\\") + " ", text)
    if '"' in text:
        text = _BARE_UMLAUT.sub(r"\1", text)
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED))
    text = "".join(c for c in text if not unicodedata.combining(c)).lower()
    return _GREEK_LETTER.sub(lambda letter: _GREEK[letter[0]], text)
