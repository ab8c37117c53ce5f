"""The tokens of the query language: words, phrases, fields, brackets and signs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.query.tree import FIELDS

_TOKENS = re.compile(
    r"""(?P<space>\s+)
      | (?P<open>\()
      | (?P<close>\))
      | (?P<phrase>["“](?P<inside>(?:\\["”]|[^"”])*)(?P<end>["”])?)
      | (?P<minus>-(?=["“(\w\\{]))
      | (?P<url>https?://[^\s"”]+)
      | (?P<field>[A-Za-z]+):(?P<gap>\s*)
      | (?P<word>(?:[^\s()"“:]|(?<=[A-Za-z])"(?=[aouAOU][a-z])|\\"|:(?!\s|$)|(?<!\w):)+:?)
      | (?P<other>.)
    """,
    re.VERBOSE,
)

OPERATORS = ("AND", "OR", "NOT")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query: what kind it is, what it says, where it stands (end excluded)."""

    kind: str
    text: str
    start: int
    end: int
    closed: bool = True

    @property
    def is_value(self) -> bool:
        """Tell whether it is a word or phrase, and no operator."""
        return self.kind == "phrase" or (self.kind == "word" and self.text not in OPERATORS)

    def is_word(self, text: str) -> bool:
        """Tell whether it is this very word."""
        return self.kind == "word" and self.text == text

    def typed(self, text: str) -> str:
        """Return it as it is written in the query `text`, its quotes closed."""
        written = text[self.start : self.end]
        if self.closed:
            return written
        return f'{written} "' if written.endswith("\\") else f'{written}"'

    @property
    def value(self) -> str:
        """The value it writes; in quotes a backslash lets a quote stand for itself."""
        quoted = self.kind == "phrase"
        return (re.sub(r'\\(["”])', r"\1", self.text) if quoted else self.text).strip()


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a query in order; no text is without."""
    for match in _TOKENS.finditer(text):
        kind = match.lastgroup or ""
        start, end = match.span()
        if match["phrase"] is not None:
            yield Token("phrase", match["inside"], start, end, match["end"] is not None)
        elif match["field"] is not None:
            name = match["field"]
            known = name.lower() in FIELDS and (name.islower() or not match["gap"])
            if known:
                yield Token("field", name.lower(), start, end)
            else:
                yield from _unknown_field(match)
        elif match["word"] is not None or match["url"] is not None:
            yield Token("word", match[0], start, end)
        elif kind != "space":
            yield Token(kind, match[0], start, end)


def _unknown_field(match: re.Match[str]) -> Iterator[Token]:
    kind = "word" if match["gap"] or match.end() == len(match.string) else "stranger"
    yield Token(kind, match["field"], match.start(), match.end("field"))
