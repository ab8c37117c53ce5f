"""Titles normalized for comparison: words, numbers and the main title."""

import re
from collections import Counter
from functools import lru_cache

from index.text.folding import fold
from index.text.stopwords import TITLE_STOP_WORDS

WORD = re.compile(r"[^\W_]+")
_MAIN = re.compile(r"\s*(?::|\?|\s[-\u2013\u2014]\s|\u2014)\s")
_MATH = re.compile(r"\$|\\(?:text|math)?(?:bf|it|rm|sf|tt|cal|bb|sc|emph)\b\s*|[{}~]")
# Unicode letters by their LaTeX names.
_LETTERS = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon",
    "η": "eta", "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu", "ν": "nu",
    "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "ϕ": "phi", "χ": "chi",
    "ψ": "psi", "ω": "omega", "∞": "infty", "×": "x", "²": "2", "³": "3", "&": " and ",
}  # fmt: skip
_LETTER = re.compile("|".join(map(re.escape, _LETTERS)))
_NUMBERS = frozenset(
    "ii iii iv vi vii viii ix xi xii first second third fourth fifth sixth seventh eighth ninth "
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth "
    "nineteenth twentieth one two three four five six seven eight nine ten".split()
)
_FRONT_MATTER = re.compile(
    r"(?:proceedings|preface|editorial|foreword|front matter|erratum|corrigendum|introduction to "
    r"the (?:special|proceedings)|table of contents|book reviews?|obituary|in memoriam)\b"
)
# British to American spelling, one rule for each ending: https://en.wikipedia.org/wiki/American_and_British_English_spelling_differences
_SPELLINGS = tuple(
    (re.compile(british), american)
    for british, american in (
        (r"(?<=[a-z]{3})is(e[ds]?|ing|ers?|ation|ations|able)$", r"iz\1"),
        (r"(?<=[a-z]{2})ys(e[ds]?|ing|ers?)$", r"yz\1"),
        (r"(?<=[a-z]{2})our(s|ed|ing|al|able|ful)?$", r"or\1"),
        (r"(?<=[a-z])ll(ed|ing|er|ers)$", r"l\1"),
        (r"(?<=[a-z]{2}t)re(s?)$", r"er\1"),
        (r"(?<=[a-z]{2})ence(s?)$", r"ense\1"),
        (r"(?<=[a-z]{3})ogue(s?)$", r"og\1"),
        (r"(?<=[a-z]{2})amme(s?)$", r"am\1"),
        (r"^grey", "gray"),
        (r"aeo?", "e"),
    )
)


@lru_cache(maxsize=200_000)
def normalize_word(word: str) -> str:
    """Return a word in the form used for comparison: American spelling, singular.

    >>> normalize_word("optimisation"), normalize_word("behaviours"), normalize_word("modelling")
    ('optimization', 'behavior', 'model')
    """
    if len(word) > 4:
        for british, american in _SPELLINGS:
            word = british.sub(american, word)
        if word.endswith("ing") and len(word) > 6:
            word = word[:-3]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return word


class Title:
    """A title normalized for comparison."""

    __slots__ = ("front_matter", "letters", "main", "words")

    def __init__(self, text: str) -> None:
        folded = _LETTER.sub(lambda letter: _LETTERS[letter[0]], text.lower())
        folded = fold(_MATH.sub("", folded))
        self.front_matter = bool(_FRONT_MATTER.match(folded))
        self.words = tuple(map(normalize_word, WORD.findall(folded)))
        head = _MAIN.split(folded, maxsplit=1)
        self.main = tuple(map(normalize_word, WORD.findall(head[0]))) if head[1:] else self.words
        # The same for `in-context`, `in context` and `incontext`.
        self.letters = "".join(self.words)

    def content_words(self) -> set[str]:
        """Return the words that are not stop words."""
        return set(self.words) - TITLE_STOP_WORDS

    def numbers(self) -> Counter[str]:
        """Return the numbers, which differ between parts of a series: digits, Roman, ordinals."""
        found = Counter(number for word in self.words for number in re.findall(r"\d+", word))
        return found + Counter(word for word in self.words if word in _NUMBERS)
