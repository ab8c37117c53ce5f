"""The parser of the query language: a recursive descent that turns errors into notes."""

import re
from collections.abc import Mapping, Sequence
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
from index.query.common import drop_stop_words
from index.query.notes import NoteList
from index.query.saved import NamedQueries
from index.query.token_stream import TokenStream
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
    Range,
    Word,
    WrittenWord,
    all_of,
    any_of,
)
from index.query.wildcards import WildcardLimit, is_wildcard, without_distance, without_signs
from index.query.words import find_query_words, nearest_names, shorten
from index.text.query_terms import query_terms

MAX_QUERY_CHARS = 10_000
"""Characters of a query that are parsed; the rest of a longer text is ignored."""

MAX_QUERY_WORDS = 150
"""Words that are parsed; an abstract is found by fewer."""

MAX_DEPTH = 60
"""Levels of brackets within one another."""

_PUNCTUATION = re.compile(r"[-–—&+/|:,;.]+")  # between the words of a pasted title


def parse(
    text: str,
    *,
    typing: bool = False,
    today: date | None = None,
    saved: Mapping[str, str] | None = None,
) -> Query:
    """Parse a text into a query; every text is accepted.

    With `typing` a word at the end of the text is matched as a prefix. `today` is the day that
    `date:7d` refers to. `saved` maps the names of saved searches to their texts: `query:NAME`
    becomes the tree of that search, or a Label if `saved` is None.
    """
    named = None if saved is None else NamedQueries(saved)
    return _Parser(text, typing, today or date.today(), named).parse_query()


class _Parser:
    """The state of one parse; an error becomes a note, and parsing continues after it."""

    def __init__(
        self,
        text: str,
        typing: bool,
        today: date,
        named: NamedQueries | None,
        words_left: int = MAX_QUERY_WORDS,
    ) -> None:
        self.text = text
        self.today = today
        self.named = named
        tokens, cut, self.words_left = limit_words(text[:MAX_QUERY_CHARS], words_left)
        self.stream = TokenStream(text, tokens, typing=typing)
        self.depth = 0
        self.ignored_brackets = 0  # open brackets beyond MAX_DEPTH
        self.notes = NoteList()
        self.filters: list[FieldTerm] = []
        self.words: list[WrittenWord] = []
        self.wildcards = WildcardLimit()
        self.has_invalid_part = False
        if len(text) > MAX_QUERY_CHARS:
            message = f"only the first {MAX_QUERY_CHARS:,} characters are read"
            self.notes.add(message, MAX_QUERY_CHARS, len(text))
        if cut is not None:
            self.notes.add(f"only the first {MAX_QUERY_WORDS} words are read", cut, len(text))

    def parse_query(self) -> Query:
        parts = []
        while not self.stream.is_at_end:
            parts.append(self.parse_or())
            if self.stream.next_is("close"):
                token = self.stream.take()
                if not self.ignored_brackets:
                    self.notes.add("unmatched closing bracket", token.start, token.end)
                self.ignored_brackets = max(0, self.ignored_brackets - 1)
        tree = all_of(p for p in parts if p is not None)
        if isinstance(tree, Everything) and self.has_invalid_part:
            tree = Nothing()
        return Query(self.text, tree, self.notes.all(), tuple(self.filters), tuple(self.words))

    def parse_or(self, field: str = "") -> Node | None:
        filters = list(self.filters)
        parts = [self.parse_and(field)]
        while self.stream.next_is_word("OR"):
            self.stream.take()
            parts.append(self.parse_and(field))
        if len(parts) > 1:
            self.filters = filters  # a term next to an OR does not restrict the whole query
        found = [part for part in parts if part is not None]
        return any_of(found) if found else None

    def parse_and(self, field: str) -> Node | None:
        parts: list[Node] = []
        stream = self.stream
        while not (stream.is_at_end or stream.next_is("close") or stream.next_is_word("OR")):
            if stream.next_is_word("AND"):
                stream.take()
                continue
            part = self.parse_not(field)
            if part is not None:
                parts.append(part)
        return all_of(drop_stop_words(parts, field)) if parts else None

    def parse_not(self, field: str) -> Node | None:
        stream, times, start = self.stream, 0, self.stream.start
        while stream.next_is("minus") or stream.next_is_word("NOT"):
            stream.take()
            times += 1
        if stream.is_at_end or stream.next_is("close"):
            return None
        odd = times % 2 == 1
        first = len(self.filters)
        part = self.parse_atom(field)
        if times and first < len(self.filters):
            self.filters[first] = replace(self.filters[first], excluded=odd, start=start)
        if part is None or not odd:
            return part
        return part.part if isinstance(part, Not) else Not(part)

    def parse_atom(self, field: str) -> Node | None:
        token = self.stream.take()
        if token.kind == "open":
            return self.parse_group(token, field)
        if token.kind == "field":
            return self.parse_field(token)
        if token.kind == "phrase":
            return self.parse_phrase(token, field)
        if token.kind == "word":
            return self.parse_word(token, field)
        if token.kind == "unknown_field":
            near = nearest_names(token.text.lower(), FIELD_NAMES) if self.notes.has_room else ()
            hint = f"; did you mean {near[0]}:?" if near else ""
            self.notes.add(
                f"unknown field {shorten(token.text)}{hint}", token.start, token.end, *near
            )
            return self.parse_word(token, field)
        if not self.stream.is_unfinished(token):
            self.has_invalid_part = True
            self.notes.add(f"{token.text!r} is ignored", token.start, token.end)
        return None

    def parse_group(self, token: Token, field: str) -> Node | None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            if not self.ignored_brackets:
                self.notes.add(
                    f"brackets can be nested at most {MAX_DEPTH} deep", token.start, token.end
                )
            self.ignored_brackets += 1
            self.depth -= 1
            return None
        filters = list(self.filters)
        part = self.parse_or(field)
        if self.stream.next_is("close"):
            self.stream.take()
        self.filters = filters  # a chip cannot remove a term within brackets
        self.depth -= 1
        return part

    def parse_field(self, token: Token) -> Node | None:
        field = token.text
        if self.stream.is_at_end or self.stream.next_is("close", "field", "minus"):
            return self.missing_value(token, field)
        first = self.stream.position
        part = self.parse_atom(field)
        if self.depth == 0 and part is not None:
            self.filters.append(self.build_field_term(token, self.stream.since(first)))
        return part

    def build_field_term(self, field: Token, body: Sequence[Token]) -> FieldTerm:
        end = body[-1].end
        inner = [token for token in body if token.kind not in ("open", "close")]
        if len(body) == 1 or (len(inner) >= len(body) - 2 and is_value_list(inner)):
            values = tuple(token.value for token in inner[::2])
            typed = tuple(token.typed(self.text) for token in inner[::2])
            return FieldTerm(field.text, values, False, field.start, end, typed=typed)
        body_text = self.text[body[0].start : end]
        return FieldTerm(field.text, (body_text,), False, field.start, end, is_list=False)

    def parse_phrase(self, token: Token, field: str) -> Node | None:
        last = self.stream.typing and not token.closed
        if field and field not in TEXT_FIELDS:
            return self.parse_value(token, field, prefix=last)
        if not token.text.strip():
            return None
        is_name = field in VALUE_FIELDS and token.closed  # which may consist of symbols
        if not is_name and not query_terms(token.text, stemmed=field not in NAME_FIELDS):
            self.has_invalid_part = True
            if not last:
                self.notes.add("no word to search for in quotes", token.start, token.end)
            return None
        prefix = last and not token.text[-1:].isspace()
        self.words += find_query_words(
            token.text, token.start + 1, Word("", field, prefix), quoted=True
        )
        return Phrase(token.value if is_name else token.text, field, prefix)

    def parse_word(self, token: Token, field: str) -> Node | None:
        if field and field not in TEXT_FIELDS:
            return self.parse_value(token, field, prefix=self.stream.is_unfinished(token))
        if token.text in OPERATORS:
            return None
        text = without_distance(token.text.rstrip(":,;") or token.text)
        if is_wildcard(text):
            return self.parse_wildcard(token, text, field)
        starred = text.endswith("*") and len(text) > 1
        fuzzy = text.endswith("~") and len(text) > 1
        bare = text.rstrip("*~") if starred or fuzzy else text
        if (starred or fuzzy) and not self.allow_wildcard(token, text, field):
            starred = fuzzy = False
        prefix = starred or (self.stream.is_unfinished(token) and not fuzzy)
        if not query_terms(bare, stemmed=field not in NAME_FIELDS):
            if not _PUNCTUATION.fullmatch(bare):
                self.has_invalid_part = True
                self.notes.add(
                    f"no letter or digit to search for in {shorten(bare or text)}",
                    token.start,
                    token.end,
                )
            return None
        if token.kind == "word" and not starred and not fuzzy:
            self.words += find_query_words(bare, token.start, Word("", field, prefix))
        return Word(bare, field, prefix, starred, fuzzy)

    def parse_wildcard(self, token: Token, text: str, field: str) -> Node:
        """Return a word with `*` or `?` inside, or only its letters if there are too many such
        words.
        """
        bare = text.rstrip("?")
        starred = bare.endswith("*")
        if self.allow_wildcard(token, f"{bare.rstrip('*')}*", field):
            return Word(bare, field, starred=starred, wildcard=True)
        return Word(without_signs(bare), field)

    def allow_wildcard(self, token: Token, text: str, field: str) -> bool:
        """Return whether a word may be expanded; add a note if there are too many such words."""
        if self.wildcards.allow(text, field):
            return True
        self.notes.add_once(self.wildcards.message(text[-1]), token.start, token.end)
        return False

    def missing_value(self, token: Token, field: str) -> Node | None:
        """Ignore a field without a value, with a note unless it is still being typed."""
        if not (self.stream.typing and self.stream.is_at_end):
            self.notes.add(f"{field}: needs a value", token.start, token.end)
        return None

    # -- values of fields that are not text --------------------------------------------------------

    def parse_value(self, token: Token, field: str, *, prefix: bool) -> Node | None:
        text = token.value
        starred = text.endswith("*") and token.kind != "phrase"
        text, prefix = text.removesuffix("*") if starred else text, prefix or starred
        if not text:
            return None if starred else self.missing_value(token, field)
        if field == "query" and self.named is not None:
            return self.parse_saved_searches(token, text, prefix, self.named)
        node: Node = Label(field, text, prefix)
        offers: tuple[str, ...]
        error, offers = "", ()
        if field in STATE_NAMES:
            node, error, offers = values.parse_state(field, text.lower(), prefix=prefix)
        elif field in RANGE_FIELDS:
            node, error = values.parse_range(field, text, self.today)
        if error:
            self.notes.add(error, token.start, token.end, *offers)
        if isinstance(node, Range) and node.low is None and node.high is None:
            return self.missing_value(token, field)
        return node

    def parse_saved_searches(
        self, token: Token, typed: str, prefix: bool, named: NamedQueries
    ) -> Node:
        """Return the trees of the saved searches that a name refers to."""
        names = named.matching(typed, prefix=prefix)
        if not names:
            self.notes.add(named.unknown_message(typed), token.start, token.end)
        return any_of([self.parse_saved_search(token, name, named) for name in names])

    def parse_saved_search(self, token: Token, name: str, named: NamedQueries) -> Node:
        """Parse a saved search; its notes get the span of its name."""
        error = named.error(name)
        if not self.words_left:
            error = f"only the first {MAX_QUERY_WORDS} words are read, including saved searches"
        if error:
            self.notes.add(error, token.start, token.end)
            return Nothing()
        inner = _Parser(named.texts[name], False, self.today, named.entered(name), self.words_left)
        inner.depth = self.depth
        query, self.words_left = inner.parse_query(), inner.words_left
        for note in query.notes:
            self.notes.add(f"in query:{name}: {note.message}", token.start, token.end)
        return query.tree
