"""The parser of the query language: text becomes a tree, and every fault becomes a note."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from index.facets.fields import (
    FIELD_NAMES,
    NAME_FIELDS,
    RANGE_FIELDS,
    STATE_NAMES,
    TEXT_FIELDS,
    VALUE_FIELDS,
)
from index.query import values
from index.query.saved import NamedQueries
from index.query.tokens import OPERATORS, Token, is_value_list, limit_words
from index.query.tree import (
    Everything,
    FieldTerm,
    Label,
    Node,
    Not,
    Nothing,
    Phrase,
    Query,
    QueryNote,
    Range,
    Word,
    WrittenWord,
    all_of,
    any_of,
)
from index.query.words import find_query_words, nearest_names, shorten
from index.text.analysis import is_stop_word, query_terms

MAX_QUERY_CHARS = 10_000
"""Characters of a query that are read; a pasted page is searched by its beginning."""

MAX_QUERY_WORDS = 150
"""Words that are read; more than any abstract needs to be found by its beginning."""

MAX_WILDCARDS = {"*": 32, "~": 4}
"""Different words with a star or a tilde, each of which stands for many."""

MAX_NOTES = 20
MAX_DEPTH = 60

_PUNCTUATION = re.compile(r"[-–—&+/|:,;.]+")  # what stands between the words of a pasted title


def parse(
    text: str,
    *,
    typing: bool = False,
    today: date | None = None,
    saved: Mapping[str, str] | None = None,
) -> Query:
    """Return the query a text means; whatever the text, nothing is raised.

    With `typing` the last word, where the text ends in one, stands for all that begin with it.
    `today` is the day that `date:7d` counts from. `saved` are the texts of the saved searches by
    name: `query:NAME` becomes the tree of the one it names; without them it is a Label.
    """
    named = None if saved is None else NamedQueries(saved)
    return _Parser(text, typing, today or date.today(), named).query()


class _Parser:
    """Recursive descent over the tokens; every fault becomes a note and the rest is read on."""

    def __init__(
        self,
        text: str,
        typing: bool,
        today: date,
        named: NamedQueries | None,
        most: int = MAX_QUERY_WORDS,
    ) -> None:
        self.text = text
        self.typing = typing
        self.today = today
        self.named = named
        self.tokens, cut, self.most = limit_words(text[:MAX_QUERY_CHARS], most)
        self.at = 0
        self.depth = 0
        self.too_deep = 0  # brackets that were passed over
        self.notes: list[QueryNote] = []
        self.filters: list[FieldTerm] = []
        self.words: list[WrittenWord] = []
        self.widened: set[tuple[str, str]] = set()
        self.asked = False  # whether anything was asked for that was not understood
        self.ends_in_space = text[-1:].isspace()
        if len(text) > MAX_QUERY_CHARS:
            message = f"only the first {MAX_QUERY_CHARS:,} characters are read"
            self.note(message, MAX_QUERY_CHARS, len(text))
        if cut is not None:
            self.note(f"only the first {MAX_QUERY_WORDS} words are read", cut, len(text))

    def note(self, message: str, start: int, end: int, *offers: str) -> None:
        if self.listens:
            self.notes.append(QueryNote(message, start, end, offers))

    @property
    def listens(self) -> bool:
        """Whether there is room for another note, and sense in finding out what was meant."""
        return len(self.notes) < MAX_NOTES

    def query(self) -> Query:
        parts = []
        while self.at < len(self.tokens):
            parts.append(self.either())
            if self.peek("close"):
                token = self.next()
                if not self.too_deep:
                    self.note("no bracket is open here", token.start, token.end)
                self.too_deep = max(0, self.too_deep - 1)
        tree = all_of(p for p in parts if p is not None)
        if isinstance(tree, Everything) and self.asked:
            tree = Nothing()
        return Query(self.text, tree, tuple(self.notes), tuple(self.filters), tuple(self.words))

    def peek(self, kind: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].kind == kind

    def peek_word(self, text: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].is_word(text)

    def next(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def is_last(self, token: Token) -> bool:
        """Tell whether a token is still being typed."""
        return self.typing and not self.ends_in_space and token.end == len(self.text)

    def either(self, field: str = "") -> Node | None:
        kept = list(self.filters)
        parts = [self.both(field)]
        while self.peek_word("OR"):
            self.next()
            parts.append(self.both(field))
        if len(parts) > 1:
            self.filters = kept  # a term beside an OR does not narrow the whole query
        found = [part for part in parts if part is not None]
        return any_of(found) if found else None

    def both(self, field: str) -> Node | None:
        parts: list[Node] = []
        while self.at < len(self.tokens) and not self.peek("close") and not self.peek_word("OR"):
            if self.peek_word("AND"):
                self.next()
                continue
            part = self.negated(field)
            if part is not None:
                parts.append(part)
        return all_of(parts) if parts else None

    def negated(self, field: str) -> Node | None:
        times, start = 0, self.tokens[self.at].start
        while self.peek("minus") or self.peek_word("NOT"):
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
            near = nearest_names(token.text.lower(), FIELD_NAMES) if self.listens else ()
            hint = f"; did you mean {near[0]}:?" if near else ""
            self.note(
                f"no field is called {shorten(token.text)}{hint}", token.start, token.end, *near
            )
            return self.word(token, field)
        if not self.is_last(token):
            self.asked = True
            self.note(f"{token.text!r} says nothing here", token.start, token.end)
        return None

    def group(self, token: Token, field: str) -> Node | None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            if not self.too_deep:
                self.note(f"brackets are read {MAX_DEPTH} deep", token.start, token.end)
            self.too_deep += 1
            self.depth -= 1
            return None
        kept = list(self.filters)
        part = self.either(field)
        if self.peek("close"):
            self.next()
        self.filters = kept  # a term in brackets is not one that a chip could take away
        self.depth -= 1
        return part

    def in_field(self, token: Token) -> Node | None:
        field = token.text
        if self.at >= len(self.tokens) or self.tokens[self.at].kind in (
            "close",
            "field",
            "minus",
        ):
            return self.nothing_yet(token, field)
        first = self.at
        part = self.atom(field)
        if self.depth == 0 and part is not None:
            self.filters.append(self.field_term(token, self.tokens[first : self.at]))
        return part

    def field_term(self, field: Token, body: list[Token]) -> FieldTerm:
        end = body[-1].end
        inner = [token for token in body if token.kind not in ("open", "close")]
        if len(body) == 1 or (len(inner) >= len(body) - 2 and is_value_list(inner)):
            values = tuple(token.value for token in inner[::2])
            typed = tuple(token.typed(self.text) for token in inner[::2])
            return FieldTerm(field.text, values, False, field.start, end, typed=typed)
        written = self.text[body[0].start : end]
        return FieldTerm(field.text, (written,), False, field.start, end, is_list=False)

    def phrase(self, token: Token, field: str) -> Node | None:
        last = self.typing and not token.closed
        if field and field not in TEXT_FIELDS:
            return self.value(token, field, prefix=last)
        if not token.text.strip():
            return None
        whole = field in VALUE_FIELDS and token.closed  # a name, of symbols too
        if not whole and not query_terms(token.text, stemmed=field not in NAME_FIELDS):
            self.asked = True
            if not last:
                self.note("no word to search for in these quotes", token.start, token.end)
            return None
        begun = last and not token.text[-1:].isspace()
        self.words += find_query_words(
            token.text, token.start + 1, Word("", field, begun), quoted=True
        )
        return Phrase(token.value if whole else token.text, field, begun)

    def word(self, token: Token, field: str) -> Node | None:
        if field and field not in TEXT_FIELDS:
            return self.value(token, field, prefix=self.is_last(token))
        if token.text in OPERATORS:
            return None
        text = token.text.rstrip(":,;") or token.text
        star = text.endswith("*") and len(text) > 1
        fuzzy = text.endswith("~") and len(text) > 1
        bare = text.rstrip("*~") if star or fuzzy else text
        if (star or fuzzy) and not self.may_widen(token, text, field):
            star = fuzzy = False
        prefix = star or (self.is_last(token) and not fuzzy)
        stemmed = field not in NAME_FIELDS
        if not query_terms(bare, stemmed=stemmed):
            common = stemmed and is_stop_word(bare)
            if not common and not _PUNCTUATION.fullmatch(bare):
                self.asked = True
                self.note(
                    f"no letter or digit to search for in {shorten(bare)}",
                    token.start,
                    token.end,
                )
                return None
            if not prefix or not common:
                return None
        if token.kind == "word" and not star and not fuzzy:
            self.words += find_query_words(bare, token.start, Word("", field, prefix))
        return Word(bare, field, prefix, star, fuzzy)

    def may_widen(self, token: Token, text: str, field: str) -> bool:
        """Tell whether a word may stand for many: so many different ones may."""
        sign, word = text[-1], (field, text)
        if word not in self.widened:
            if sum(other[-1] == sign for _, other in self.widened) == MAX_WILDCARDS[sign]:
                message = f"only the first {MAX_WILDCARDS[sign]} words with {sign} stand for others"
                if message not in (note.message for note in self.notes):
                    self.note(message, token.start, token.end)
                return False
            self.widened.add(word)
        return True

    def nothing_yet(self, token: Token, field: str) -> Node | None:
        """Take a field without a value for one that is still to be written."""
        if not self.typing or self.at < len(self.tokens):
            self.note(f"{field}: wants a value", token.start, token.end)
        return None

    # -- values of fields that are not text --------------------------------------------------------

    def value(self, token: Token, field: str, *, prefix: bool) -> Node | None:
        text = token.value
        star = text.endswith("*") and token.kind != "phrase"
        text, prefix = text.removesuffix("*") if star else text, prefix or star
        if not text:
            return None if star else self.nothing_yet(token, field)
        if field == "query" and self.named is not None:
            return self.saved_search(token, text, prefix, self.named)
        node: Node = Label(field, text, prefix)
        offers: tuple[str, ...]
        fault, offers = "", ()
        if field in STATE_NAMES:
            node, fault, offers = values.parse_state(field, text.lower(), begun=prefix)
        elif field in RANGE_FIELDS:
            node, fault = values.parse_range(field, text, self.today)
        if fault:
            self.note(fault, token.start, token.end, *offers)
        if isinstance(node, Range) and node.low is None and node.high is None:
            return self.nothing_yet(token, field)
        return node

    def saved_search(self, token: Token, written: str, prefix: bool, named: NamedQueries) -> Node:
        """Take the name of a saved search for what that asks for."""
        names = named.meant(written, begun=prefix)
        if not names:
            self.note(named.unknown(written), token.start, token.end)
        return any_of([self.inside(token, name, named) for name in names])

    def inside(self, token: Token, name: str, named: NamedQueries) -> Node:
        """Read a saved search; what is wrong in it is told where it is named."""
        fault = named.fault(name)
        if not self.most:
            fault = f"only the first {MAX_QUERY_WORDS} words are read, those of saved searches too"
        if fault:
            self.note(fault, token.start, token.end)
            return Nothing()
        inner = _Parser(named.texts[name], False, self.today, named.inside(name), self.most)
        inner.depth = self.depth
        query, self.most = inner.query(), inner.most
        for note in query.notes:
            self.note(f"in query:{name}: {note.message}", token.start, token.end)
        return query.tree
