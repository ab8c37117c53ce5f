"""The parsed form of a query: a tree, notes, and field terms."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from index.facets.fields import IDENTIFIER_FIELDS, MARK_FIELDS, STATE_BY_NAME


@dataclass(frozen=True, slots=True)
class Everything:
    """Matches every paper."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Matches no paper."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word in a text field, or in title and abstract if `field` is "".

    With `prefix` it matches words that begin with it; `starred` is set if that was requested by a
    star. With `fuzzy` it matches words within two edits, with `wildcard` those that `*` and `?` in
    the text stand for. `joined` is set by `join_neighbours`.
    """

    text: str
    field: str = ""
    prefix: bool = False
    starred: bool = False
    fuzzy: bool = False
    wildcard: bool = False
    joined: "tuple[Word, ...]" = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """Consecutive words in a text field; with `prefix` the last is a prefix.

    In a field of `VALUE_FIELDS` they match a whole name if any paper has it.
    """

    text: str
    field: str = ""
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A source, tag, category, topic, identifier or note, or with `prefix` the beginning of one.

    The name of a saved search is a label if the query was parsed without the saved searches.
    """

    field: str
    value: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """A value of a state field; see `index.facets.fields.STATES`."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Range:
    """Years, dates, times or counts from `low` to `high`, both inclusive; None is unbounded.

    Years and votes are integers; dates are ISO 8601 strings, where `high` ends in `~`, which sorts
    after every longer date with the same prefix.
    """

    field: str
    low: int | str | None
    high: int | str | None


@dataclass(frozen=True, slots=True)
class And:
    """Matches papers that match all parts."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """Matches papers that match any part."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """Matches papers that do not match the part."""

    part: "Node"


Node = Everything | Nothing | Word | Phrase | Label | State | Range | And | Or | Not


class QueryNote(NamedTuple):
    """A message about an invalid part of a query, with its span (end excluded).

    `offers` are suggested replacements, best first. If the first of them has already been searched
    for, `instead` is the text that searches for what was typed.
    """

    message: str
    start: int
    end: int
    offers: tuple[str, ...] = ()
    instead: str = ""


class WrittenWord(NamedTuple):
    """A word of a query that is searched for, with its span; `quoted` if it is part of a phrase."""

    word: Word
    start: int
    end: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """A field term that restricts the whole query, such as `-tag:nlp`; shown as a chip.

    `values` holds one value or several joined by OR, and `typed` each of them as typed. For any
    other expression in brackets `is_list` is False, and its text is the only value.
    """

    field: str
    values: tuple[str, ...]
    excluded: bool
    start: int
    end: int
    is_list: bool = True
    typed: tuple[str, ...] = dataclasses.field(
        default=(), compare=False
    )  # implied by the other fields


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: its text, tree, notes, field terms and words."""

    text: str
    tree: Node
    notes: tuple[QueryNote, ...] = ()
    filters: tuple[FieldTerm, ...] = ()
    words: tuple[WrittenWord, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Return whether the query matches every paper."""
        return isinstance(self.tree, Everything)


def leaves(node: Node) -> Iterator[Node]:
    """Yield the leaves of a tree, except those under a NOT."""
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from leaves(part)
    elif not isinstance(node, Not):
        yield node


def every_leaf(node: Node) -> Iterator[Node]:
    """Yield all leaves of a tree, including those under a NOT."""
    match node:
        case And() | Or():
            for part in node.parts:
                yield from every_leaf(part)
        case Not():
            yield from every_leaf(node.part)
        case _:
            yield node


def asks_for_marks(leaf: Node) -> bool:
    """Return whether the papers that match a leaf depend on marks."""
    if isinstance(leaf, Label):
        return leaf.field in MARK_FIELDS
    if not isinstance(leaf, State):
        return False
    row = STATE_BY_NAME[leaf.field, leaf.value]
    return row.mark != "" or (leaf.field == "is" and not row.sql)


def shows_dismissed(tree: Node) -> bool:
    """Return whether a tree asks for dismissed papers, or for papers by identifier."""
    return any(
        leaf == State("is", "dismissed")
        or (isinstance(leaf, Label) and leaf.field in IDENTIFIER_FIELDS)
        for leaf in every_leaf(tree)
    )


def is_queue(tree: Node) -> bool:
    """Return whether a tree matches only papers to read later."""
    if isinstance(tree, And):
        return any(map(is_queue, tree.parts))
    return tree == State("is", "later")


def asks_for_field(tree: Node, field: str) -> bool:
    """Return whether a tree has a leaf in a field."""
    return any(getattr(leaf, "field", "") == field for leaf in every_leaf(tree))


def all_of(parts: Iterable[Node]) -> Node:
    """Return the conjunction of parts in its simplest form."""
    remaining = [part for part in parts if not isinstance(part, Everything)]
    if any(isinstance(part, Nothing) for part in remaining):
        return Nothing()
    return (
        remaining[0]
        if len(remaining) == 1
        else And(tuple(remaining))
        if remaining
        else Everything()
    )


def any_of(parts: Iterable[Node]) -> Node:
    """Return the disjunction of parts in its simplest form."""
    remaining = [part for part in parts if not isinstance(part, Nothing)]
    if any(isinstance(part, Everything) for part in remaining):
        return Everything()
    return remaining[0] if len(remaining) == 1 else Or(tuple(remaining)) if remaining else Nothing()


def replace_leaves(node: Node, others: Mapping[Node, Node]) -> Node:
    """Return a tree with some of its leaves replaced, except those under a NOT."""
    match node:
        case And():
            return all_of(replace_leaves(part, others) for part in node.parts)
        case Or():
            return any_of(replace_leaves(part, others) for part in node.parts)
        case _:
            return others.get(node, node)


MAX_JOINED_WORDS = 32
"""Most words for which neighbours are joined; a pasted text does not need it."""


def join_neighbours(node: Node) -> Node:
    """Return a tree in which neighbouring words also match when written as one word.

    Both words of `pre training` match "pretraining".
    """
    match node:
        case And():
            parts = [join_neighbours(part) for part in node.parts]
            return And(tuple(_join_pairs(parts) if len(parts) <= MAX_JOINED_WORDS else parts))
        case Or():
            return Or(tuple(join_neighbours(part) for part in node.parts))
        case Not():
            return Not(join_neighbours(node.part))
        case _:
            return node


def _join_pairs(parts: list[Node]) -> list[Node]:
    found = list(parts)
    for at, (one, two) in enumerate(pairwise(parts)):
        if isinstance(one, Word) and isinstance(two, Word) and _may_join(one, two):
            both = replace(two, text=one.text + two.text)
            for place, word in ((at, found[at]), (at + 1, two)):
                assert isinstance(word, Word)
                found[place] = replace(word, joined=(*word.joined, both))
    return found


def _may_join(one: Word, two: Word) -> bool:
    plain = one.text.isalnum() and two.text.isalnum() and not (one.prefix or one.fuzzy or two.fuzzy)
    return plain and one.field == two.field and len(one.text + two.text) > 2
