"""The query language: text becomes a tree, and what was not understood is told, never raised.

A query being typed is read as what it will become: an open quote or bracket closes at the end, a
dangling operator or `author:` asks for nothing yet, and the last word stands for every word that
begins with it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import get_close_matches
from typing import NamedTuple

from index.words import is_stop_word, query_terms

LONGEST_QUERY = 10_000
"""Characters of a query that are read; a pasted page is searched by its beginning."""

MOST_WORDS = 400
DEEPEST = 60

TEXT_FIELDS = ("title", "abstract", "author", "venue", "keyword")
LABEL_FIELDS = ("source", "tag", "category", "note", "id", "doi", "arxiv")
RANGE_FIELDS = ("year", "date", "added", "votes")
STATES = ("bookmarked", "read", "unread", "tagged", "untagged", "noted", "selected")
HAS = ("abstract", "authors", "code", "doi", "arxiv", "url", "year", "venue", "keywords", "note")
FIELDS = (*TEXT_FIELDS, *LABEL_FIELDS, *RANGE_FIELDS, "is", "has")


@dataclass(frozen=True, slots=True)
class Everything:
    """Asks for every paper."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Asks for no paper."""


@dataclass(frozen=True, slots=True)
class Word:
    """A written word in a text field ("" is title and abstract as one).

    `prefix` stands for the words that begin so, `starred` for all of them rather than the commonest,
    `fuzzy` for those a letter or two away.
    """

    text: str
    field: str = ""
    prefix: bool = False
    starred: bool = False
    fuzzy: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow one another in a text field; with `prefix` the last is begun only."""

    text: str
    field: str = ""
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A value of a source, tag, category, identifier or note; with `prefix` it is begun only."""

    field: str
    value: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """One of `STATES` (field `is`) or `HAS` (field `has`)."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Range:
    """Values of a year, date, moment or count from `low` to `high`, both included, None is open.

    Years and votes are integers; dates are ISO 8601 texts, of which `high` ends in `~`, which sorts
    behind every later part of a date.
    """

    field: str
    low: int | str | None
    high: int | str | None


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the parts."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but the part."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Among:
    """The papers with these keys: what a state term has become once it was answered."""

    keys: frozenset[int]


Node = Everything | Nothing | Among | Word | Phrase | Label | State | Range | And | Or | Not


class Note(NamedTuple):
    """Something in a query that was not understood: what, and where (characters, end excluded)."""

    message: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """A field term that stands on its own in a query, such as `-tag:nlp`: what a chip shows."""

    field: str
    values: tuple[str, ...]
    excluded: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it was read: its text, its tree, its notes, its field terms."""

    text: str
    tree: Node
    notes: tuple[Note, ...] = ()
    filters: tuple[FieldTerm, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Tell whether the query asks for every paper."""
        return isinstance(self.tree, Everything)


def parse(text: str, *, typing: bool = False, today: date | None = None) -> Query:
    """Return the query a text means; whatever the text, nothing is raised.

    With `typing` the last word, where the text ends in one, stands for all that begin with it.
    `today` is the day that `date:7d` counts from.
    """
    return _Parser(text, typing, today or date.today()).query()


def leaves(node: Node) -> Iterator[Node]:
    """Yield the leaves of a tree that a result holds: what stands under a NOT is left out."""
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from leaves(part)
    elif not isinstance(node, Not):
        yield node


def every_leaf(node: Node) -> Iterator[Node]:
    """Yield all leaves of a tree, those under a NOT too."""
    match node:
        case And() | Or():
            for part in node.parts:
                yield from every_leaf(part)
        case Not():
            yield from every_leaf(node.part)
        case _:
            yield node


def all_of(parts: Iterable[Node]) -> Node:
    """Return the conjunction of parts in its simplest form."""
    kept = [part for part in parts if not isinstance(part, Everything)]
    if any(isinstance(part, Nothing) for part in kept):
        return Nothing()
    return kept[0] if len(kept) == 1 else And(tuple(kept)) if kept else Everything()


def any_of(parts: Iterable[Node]) -> Node:
    """Return the disjunction of parts in its simplest form."""
    kept = [part for part in parts if not isinstance(part, Nothing)]
    if any(isinstance(part, Everything) for part in kept):
        return Everything()
    return kept[0] if len(kept) == 1 else Or(tuple(kept)) if kept else Nothing()


# -- tokens ----------------------------------------------------------------------------------------

_TOKENS = re.compile(
    r"""(?P<space>\s+)
      | (?P<open>\()
      | (?P<close>\))
      | (?P<phrase>["“](?P<inside>[^"”]*)(?P<end>["”])?)
      | (?P<minus>-(?=["“(\w\\{]))
      | (?P<url>https?://[^\s"”]+)
      | (?P<field>[A-Za-z]+):(?P<gap>\s*)
      | (?P<word>(?:[^\s()"“:]|(?<=[A-Za-z])"(?=[aouAOU][a-z])|\\"|:(?!\s|$)|(?<!\w):)+:?)
      | (?P<other>.)
    """,
    re.VERBOSE,
)
_JOINTS = re.compile(r"[-–—&+/|:,;.]+")  # what stands between the words of a pasted title
_RANGE = re.compile(r"(?P<low>[^.<>=]*?)(?P<dots>\.\.)(?P<high>[^.<>=]*)$")
_COMPARED = re.compile(r"(?P<sign>[<>]=?|=)(?P<value>.*)$")
_AGO = re.compile(r"(\d{1,5})([dwmy])$")
_AGO_DAYS = {"d": 1, "w": 7, "m": 31, "y": 366}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int
    closed: bool = True


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKENS.finditer(text):
        kind = match.lastgroup or ""
        start, end = match.span()
        if match["phrase"] is not None:
            yield _Token("phrase", match["inside"], start, end, match["end"] is not None)
        elif match["field"] is not None:
            name = match["field"]
            known = name.lower() in FIELDS and (name.islower() or not match["gap"])
            if known:
                yield _Token("field", name.lower(), start, end)
            else:
                yield from _unknown_field(match)
        elif match["word"] is not None or match["url"] is not None:
            yield _Token("word", match[0], start, end)
        elif kind != "space":
            yield _Token(kind, match[0], start, end)


def _unknown_field(match: re.Match[str]) -> Iterator[_Token]:
    kind = "word" if match["gap"] or match.end() == len(match.string) else "stranger"
    yield _Token(kind, match["field"], match.start(), match.end("field"))


# -- the parser ------------------------------------------------------------------------------------


class _Parser:
    """Recursive descent over the tokens; every fault becomes a note and the rest is read on."""

    def __init__(self, text: str, typing: bool, today: date) -> None:
        self.text = text
        self.typing = typing
        self.today = today
        self.tokens = list(_tokens(text[:LONGEST_QUERY]))
        self.at = 0
        self.depth = 0
        self.notes: list[Note] = []
        self.filters: list[FieldTerm] = []
        self.asked = False  # whether anything was asked for, understood or not
        self.ends_in_space = text[-1:].isspace()
        if len(text) > LONGEST_QUERY:
            self.note(f"only the first {LONGEST_QUERY:,} characters are read", LONGEST_QUERY, None)
        self._bound()

    def _bound(self) -> None:
        words = [i for i, token in enumerate(self.tokens) if token.kind in ("word", "phrase")]
        if len(words) > MOST_WORDS:
            cut = self.tokens[words[MOST_WORDS]]
            self.note(f"only the first {MOST_WORDS} words are read", cut.start, None)
            self.tokens = self.tokens[: words[MOST_WORDS]]

    def note(self, message: str, start: int, end: int | None) -> None:
        self.notes.append(Note(message, start, len(self.text) if end is None else end))

    def query(self) -> Query:
        parts = []
        while self.at < len(self.tokens):
            parts.append(self.either())
            if self.peek("close"):
                token = self.next()
                self.note("no bracket is open here", token.start, token.end)
        tree = all_of(p for p in parts if p is not None)
        if isinstance(tree, Everything) and self.asked:
            tree = Nothing()
        return Query(self.text, tree, tuple(self.notes), tuple(self.filters))

    def peek(self, kind: str, text: str | None = None) -> bool:
        if self.at >= len(self.tokens):
            return False
        token = self.tokens[self.at]
        return token.kind == kind and (text is None or token.text == text)

    def next(self) -> _Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def is_last(self, token: _Token) -> bool:
        """Tell whether a token is still being typed."""
        return self.typing and not self.ends_in_space and token.end == len(self.text)

    def either(self, field: str = "") -> Node | None:
        parts = [self.both(field)]
        while self.peek("word", "OR"):
            self.next()
            parts.append(self.both(field))
        found = [part for part in parts if part is not None]
        return any_of(found) if found else None

    def both(self, field: str) -> Node | None:
        parts: list[Node] = []
        while self.at < len(self.tokens) and not self.peek("close") and not self.peek("word", "OR"):
            if self.peek("word", "AND"):
                self.next()
                continue
            part = self.negated(field)
            if part is not None:
                parts.append(part)
        return all_of(parts) if parts else None

    def negated(self, field: str) -> Node | None:
        times, start = 0, self.tokens[self.at].start
        while self.peek("minus") or self.peek("word", "NOT"):
            self.next()
            times += 1
        if self.at >= len(self.tokens) or self.peek("close"):
            return None
        odd = times % 2 == 1
        first = len(self.filters)
        part = self.atom(field)
        if times and first < len(self.filters):
            self.filters[first] = replace(self.filters[first], excluded=odd, start=start)
        if part is None or not odd:
            return part
        return part.part if isinstance(part, Not) else Not(part)

    def atom(self, field: str) -> Node | None:
        token = self.next()
        if token.kind == "open":
            return self.group(token, field)
        if token.kind == "field":
            return self.in_field(token)
        if token.kind == "phrase":
            return self.phrase(token, field)
        if token.kind == "word":
            return self.word(token, field)
        if token.kind == "stranger":
            near = get_close_matches(token.text.lower(), FIELDS, 1)
            hint = f"; did you mean {near[0]}:?" if near else ""
            self.note(f"no field is called {token.text}{hint}", token.start, token.end)
            return self.word(token, field)
        if not self.is_last(token):
            self.asked = True
            self.note(f"{token.text!r} says nothing here", token.start, token.end)
        return None

    def group(self, token: _Token, field: str) -> Node | None:
        self.depth += 1
        if self.depth > DEEPEST:
            self.note(f"brackets are read {DEEPEST} deep", token.start, token.end)
            self.depth -= 1
            return None
        kept = list(self.filters)
        part = self.either(field)
        if self.peek("close"):
            self.next()
        self.filters = kept  # a term in brackets is not one that a chip could take away
        self.depth -= 1
        return part

    def in_field(self, token: _Token) -> Node | None:
        field = token.text
        if self.at >= len(self.tokens) or self.tokens[self.at].kind in ("close", "field", "minus"):
            if not self.typing or self.at < len(self.tokens):
                self.note(f"{field}: wants a value", token.start, token.end)
            return None
        first = self.at
        part = self.atom(field)
        values = [t.text for t in self.tokens[first : self.at] if t.kind in ("word", "phrase")]
        values = [v for v in values if v not in ("AND", "OR", "NOT")]
        if self.depth == 0 and part is not None:
            end = self.tokens[self.at - 1].end
            self.filters.append(FieldTerm(field, tuple(values), False, token.start, end))
        return part

    def phrase(self, token: _Token, field: str) -> Node | None:
        last = self.typing and not token.closed
        if field and field not in TEXT_FIELDS:
            return self.value(replace(token, kind="word"), field, prefix=last)
        if not token.text.strip():
            return None
        self.asked = True
        if not query_terms(token.text, stemmed=field not in ("author", "venue")):
            if not last:
                self.note("no word to search for in these quotes", token.start, token.end)
            return None
        begun = last and not token.text[-1:].isspace()
        return Phrase(token.text, field, begun)

    def word(self, token: _Token, field: str) -> Node | None:
        if field and field not in TEXT_FIELDS:
            return self.value(token, field, prefix=self.is_last(token))
        if token.text in ("AND", "OR", "NOT"):
            return None
        text = token.text.rstrip(":,;") or token.text
        star = text.endswith("*") and len(text) > 1
        fuzzy = text.endswith("~") and len(text) > 1
        bare = text.rstrip("*~") if star or fuzzy else text
        prefix = star or (self.is_last(token) and not fuzzy)
        stemmed = field not in ("author", "venue")
        if not query_terms(bare, stemmed=stemmed):
            common = stemmed and is_stop_word(bare)
            if not common and not _JOINTS.fullmatch(bare):
                self.asked = True
                self.note(f"no letter or digit to search for in {bare}", token.start, token.end)
                return None
            if not prefix or not common:
                return None
        self.asked = True
        return Word(bare, field, prefix, star, fuzzy)

    # -- values of fields that are not text --------------------------------------------------------

    def value(self, token: _Token, field: str, *, prefix: bool) -> Node | None:
        text = token.text.strip()
        star = text.endswith("*")
        text, prefix = text.removesuffix("*"), prefix or star
        self.asked = True
        if not text:
            self.asked = not star
            return None
        if field in ("is", "has"):
            return self.state(token, field, text.lower(), prefix)
        if field in RANGE_FIELDS:
            return self.range(token, field, text)
        return Label(field, text, prefix)

    def state(self, token: _Token, field: str, value: str, prefix: bool) -> Node | None:
        known = STATES if field == "is" else HAS
        if value in known:
            return State(field, value)
        begun = [name for name in known if name.startswith(value)]
        if prefix and begun:
            return any_of(State(field, name) for name in begun)
        near = get_close_matches(value, known, 1, 0.5) or begun
        hint = f"did you mean {field}:{near[0]}?" if near else f"it takes {', '.join(known)}"
        self.note(f"{field}:{value} is not known; {hint}", token.start, token.end)
        return Nothing()

    def range(self, token: _Token, field: str, text: str) -> Node | None:
        ends = _votes if field == "votes" else _years if field == "year" else self._days
        try:
            low, high = _bounds(text, ends)
        except ValueError:
            self.note(f"{field}:{text} is not understood; {_EXAMPLES[field]}", token.start,
                      token.end)  # fmt: skip
            return Nothing()
        return Range(field, low, high)

    def _days(self, text: str) -> tuple[str, str]:
        """Return the first and last day that a date, a beginning of one, or `7d` covers."""
        ago = _AGO.match(text)
        if ago:
            days = min(int(ago[1]) * _AGO_DAYS[ago[2]], 300_000)
            return (self.today - timedelta(min(days, 700_000))).isoformat(), "9999"
        if text == "today":
            return self.today.isoformat(), self.today.isoformat()
        if not re.fullmatch(r"\d{4}(-\d{1,2}(-\d{1,2})?|-)?", text):
            low, high = _years(text)
            return f"{low:04}", f"{high:04}"
        parts = [part.zfill(2) for part in text.rstrip("-").split("-")]
        if len(parts) > 1 and not 1 <= int(parts[1]) <= 12:
            raise ValueError(text)
        return "-".join(parts), "-".join(parts)


_EXAMPLES = {
    "year": "write year:2020, year:2020..2024 or year:>=2020",
    "date": "write date:2025-03, date:2025-03..2025-06 or date:7d",
    "added": "write added:7d, added:2025-03 or added:>=2025-03-01",
    "votes": "write votes:>50, votes:10..20 or votes:5",
}


Bound = int | str | None


def _bounds(
    text: str, ends: Callable[[str], tuple[int, int] | tuple[str, str]]
) -> tuple[Bound, Bound]:
    """Return the lowest and highest value of a range as written; raises ValueError for none."""
    between = _RANGE.match(text)
    if between:
        low, high = between["low"].strip(), between["high"].strip()
        return (ends(low)[0] if low else None), (_upto(ends(high)[1]) if high else None)
    compared = _COMPARED.match(text)
    if not compared:
        low_end, high_end = ends(text)
        return low_end, _upto(high_end)
    if not compared["value"].strip():
        return None, None
    low_end, high_end = ends(compared["value"].strip())
    match compared["sign"]:
        case ">=":
            return low_end, None
        case ">":
            return (high_end + 1 if isinstance(high_end, int) else _upto(high_end)), None
        case "<=":
            return None, _upto(high_end)
        case "<":
            return None, (low_end - 1 if isinstance(low_end, int) else _before(low_end))
    return low_end, _upto(high_end)


def _upto(value: int | str) -> int | str:
    """Return the last value an end covers: `2025-03~` sorts behind every day of March."""
    return f"{value}~" if isinstance(value, str) else value


def _before(value: str) -> str:
    """Return the last value that sorts before all that begin with `value`."""
    return f"{value[:-1]}{chr(ord(value[-1]) - 1)}~"


def _years(text: str) -> tuple[int, int]:
    """Return the years that begin as written: 202 is 2020 to 2029."""
    if not re.fullmatch(r"\d{1,4}", text):
        raise ValueError(text)
    missing = 4 - len(text)
    return int(text) * 10**missing, (int(text) + 1) * 10**missing - 1


def _votes(text: str) -> tuple[int, int]:
    if not re.fullmatch(r"\d{1,9}", text):
        raise ValueError(text)
    return int(text), int(text)


# -- editing a query -------------------------------------------------------------------------------


def written(field: str, values: Iterable[str], *, excluded: bool = False) -> str:
    """Return a field term as it is typed: `tag:nlp`, `-source:"a b"`, `tag:(a OR b)`."""
    quoted = [_quoted(value) for value in values]
    body = quoted[0] if len(quoted) == 1 else f"({' OR '.join(quoted)})"
    return f"{'-' if excluded else ''}{field}:{body}"


def _quoted(value: str) -> str:
    if re.fullmatch(r"[^\s()\"“”:*~]+", value) and value not in ("AND", "OR", "NOT"):
        return value
    return '"' + re.sub(r'["“”]', " ", value) + '"'


def toggled(text: str, field: str, value: str, *, exclude: bool = False) -> str:
    """Return a query with a value of a facet chosen, or no longer chosen if it was.

    Chosen values of one facet are joined by OR; excluded ones stand each on their own.
    """
    query = parse(text)
    for term in query.filters:
        if term.field == field and term.excluded == exclude and value in term.values:
            rest = [v for v in term.values if v != value]
            return _replaced(text, term, written(field, rest, excluded=exclude) if rest else "")
    for term in query.filters:
        if term.field == field and term.excluded != exclude and value in term.values:
            text = toggled(text, field, value, exclude=not exclude)
            break
    if not exclude:
        for term in parse(text).filters:
            if term.field == field and not term.excluded:
                return _replaced(text, term, written(field, (*term.values, value)))
    return f"{text.rstrip()} {written(field, [value], excluded=exclude)} ".lstrip()


def without_filters(text: str) -> str:
    """Return a query without its field terms: the words alone."""
    for term in reversed(parse(text).filters):
        text = _replaced(text, term, "")
    return text


def _replaced(text: str, term: FieldTerm, new: str) -> str:
    before, after = text[: term.start].rstrip(), text[term.end :].lstrip()
    return " ".join(part for part in (before, new, after) if part)
