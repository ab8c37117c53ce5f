"""What a query is once it was read: a tree of what it asks for, its notes, its field terms."""

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from index.facets.fields import MARK_FIELDS, STATE_BY_NAME


@dataclass(frozen=True, slots=True)
class Everything:
    """Asks for every paper."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Asks for no paper."""


@dataclass(frozen=True, slots=True)
class Word:
    """A written word in a text field ("" is title and abstract as one).

    `prefix` stands for the words that begin so, `starred` says that a star asks for them, `fuzzy`
    stands for those a letter or two away. `joined` are set by `with_joined` alone.
    """

    text: str
    field: str = ""
    prefix: bool = False
    starred: bool = False
    fuzzy: bool = False
    joined: "tuple[Word, ...]" = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow one another in a text field; with `prefix` the last is begun only.

    In one of `VALUE_FIELDS` they are a name first, where a paper has one of just these words.
    """

    text: str
    field: str = ""
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A value of a source, tag, category, topic, identifier or note; with `prefix` it is begun.

    The name of a saved search is one too, where the query was read without knowing what is saved.
    """

    field: str
    value: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """One of the values of a state field; see `index.facets.fields.STATES`."""

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


Node = Everything | Nothing | Word | Phrase | Label | State | Range | And | Or | Not


class QueryNote(NamedTuple):
    """Something in a query that was not understood: what, and where (characters, end excluded).

    `offers` are what could stand in its place, best first.
    """

    message: str
    start: int
    end: int
    offers: tuple[str, ...] = ()


class WrittenWord(NamedTuple):
    """A written word of a query that is searched for: what it asks for, and where it stands.

    `quoted` words are those of a phrase.
    """

    word: Word
    start: int
    end: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """A field term that narrows a whole query, such as `-tag:nlp`: what a chip shows.

    Its values are one or several joined by OR, `typed` is how each is written; of any other
    expression in brackets (`is_list` False) they are its text alone.
    """

    field: str
    values: tuple[str, ...]
    excluded: bool
    start: int
    end: int
    is_list: bool = True
    typed: tuple[str, ...] = dataclasses.field(default=(), compare=False)  # said by the others


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it was read: its text, its tree, its notes, its field terms, its words."""

    text: str
    tree: Node
    notes: tuple[QueryNote, ...] = ()
    filters: tuple[FieldTerm, ...] = ()
    words: tuple[WrittenWord, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Tell whether the query asks for every paper."""
        return isinstance(self.tree, Everything)


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


def asks_for_marks(leaf: Node) -> bool:
    """Tell whether the answer to a leaf changes with the reader's marks."""
    if isinstance(leaf, Label):
        return leaf.field in MARK_FIELDS
    if not isinstance(leaf, State):
        return False
    return leaf.field == "is" or STATE_BY_NAME[leaf.field, leaf.value].mark != ""


def asks_for_field(tree: Node, field: str) -> bool:
    """Tell whether a leaf of a tree is of a field."""
    return any(getattr(leaf, "field", "") == field for leaf in every_leaf(tree))


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


MAX_JOINED_WORDS = 32
"""Words side by side that are looked for as one, too; in a pasted text they need not be."""


def join_neighbours(node: Node) -> Node:
    """Return a tree in which words side by side are found where they are written as one, too.

    Both words of `pre training` are in "pretraining".
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
