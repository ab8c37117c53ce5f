"""The tokens of the query language: words, phrases, fields, brackets and signs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from index.facets.fields import FIELD_BY_NAME

_TOKENS = re.compile(
    r"""(?P<space>\s+)
      | (?P<open>\()
      | (?P<close>\))
      | (?P<phrase>["“](?P<inside>(?:\\["”]|[^"”])*)(?P<end>["”])?)
      | (?P<minus>-(?=["“(\w\\{]))
      | (?P<url>https?://[^\s"”]+)
      | (?P<field>[A-Za-z]+):(?P<gap>\s*)
      | (?P<word>
          (?:\\"(?=\s?\{?\\?[A-Za-z])|[^\s()"“:]|(?<=[A-Za-z])"(?=[aouAOU][a-z])|:(?!\s|$)|(?<!\w):)+:?
        )
      | (?P<other>.)
    """,
    re.VERBOSE,
)

OPERATORS = ("AND", "OR", "NOT")


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a query: its kind, its text and its span (end excluded)."""

    kind: str
    text: str
    start: int
    end: int
    closed: bool = True

    @property
    def is_value(self) -> bool:
        """Return whether the token is a word or phrase, not an operator."""
        return self.kind == "phrase" or (self.kind == "word" and self.text not in OPERATORS)

    def is_word(self, text: str) -> bool:
        """Return whether the token is the word `text`."""
        return self.kind == "word" and self.text == text

    def typed(self, text: str) -> str:
        """Return the token as typed in the query `text`, with its quotes closed."""
        typed = text[self.start : self.end]
        if self.closed:
            return typed
        return f'{typed} "' if typed.endswith("\\") else f'{typed}"'

    @property
    def value(self) -> str:
        """The value of the token; within quotes, a backslash escapes a quote."""
        quoted = self.kind == "phrase"
        return (re.sub(r'\\(["”])', r"\1", self.text) if quoted else self.text).strip()


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a query in order; every text can be tokenized."""
    for match in _TOKENS.finditer(text):
        kind = match.lastgroup or ""
        start, end = match.span()
        if match["phrase"] is not None:
            yield Token("phrase", match["inside"], start, end, match["end"] is not None)
        elif match["field"] is not None:
            name = match["field"]
            known = name.lower() in FIELD_BY_NAME and (name.islower() or not match["gap"])
            if known:
                yield Token("field", name.lower(), start, end)
            else:
                yield from _unknown_field(match)
        elif match["word"] is not None or match["url"] is not None:
            yield Token("word", match[0], start, end)
        elif kind != "space":
            yield Token(kind, match[0], start, end)


def _unknown_field(match: re.Match[str]) -> Iterator[Token]:
    kind = "word" if match["gap"] or match.end() == len(match.string) else "unknown_field"
    yield Token(kind, match["field"], match.start(), match.end("field"))


_RUNS = re.compile(r"[^\W_]+")


def limit_words(text: str, most: int) -> tuple[list[Token], int | None, int]:
    """Return the tokens of the first `most` words, where the rest begins, and how many are left.

    Words joined by hyphens and words of a phrase are counted one by one. The rest begins at None if
    there is none.
    """
    found: list[Token] = []
    for token in tokens(text):
        if token.kind in ("word", "phrase", "unknown_field"):
            runs = list(islice(_RUNS.finditer(token.text), most + 1))
            if most == 0:
                return found, token.start, 0
            if len(runs) > most:
                cut = runs[most].start()
                end = token.start + cut + (token.kind == "phrase")
                return [*found, replace(token, text=token.text[:cut].rstrip(), end=end)], end, 0
            most -= max(1, len(runs))
        found.append(token)
    return found, None, most


def is_value_list(several: Sequence[Token]) -> bool:
    """Return whether tokens are values joined by OR."""
    values, joints = several[::2], several[1::2]
    return (
        len(values) == len(joints) + 1
        and all(token.is_value for token in values)
        and all(token.is_word("OR") for token in joints)
    )
