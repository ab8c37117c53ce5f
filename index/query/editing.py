"""Editing a query as text, as the filter pane does when values are selected."""

import re
from collections.abc import Iterable, Sequence

from index.facets.fields import VALUE_FIELDS
from index.query.parser import parse
from index.query.tokens import OPERATORS
from index.query.tree import (
    And,
    FieldTerm,
    Label,
    Node,
    Phrase,
    State,
    Word,
    all_of,
    leaves,
)
from index.text.cleaning import clean

MAX_SUGGESTION_CHARS = 30


_PLAIN = re.compile(r"(?!-)[^\s()\"“”:*~]+")


def format_term(field: str, values: Iterable[str], *, excluded: bool = False) -> str:
    """Return a field term in query syntax: `tag:nlp`, `-source:"a b"`, `tag:(a OR b)`.

    Names are always quoted, since `venue:ACL` matches any venue with that word in its name.
    """
    return _format_typed(field, [quote_value(value, field) for value in values], excluded)


def _format_typed(field: str, typed: Sequence[str], excluded: bool) -> str:
    body = typed[0] if len(typed) == 1 else f"({' OR '.join(typed)})"
    return f"{'-' if excluded else ''}{field}:{body}"


def quote_value(value: str, field: str = "") -> str:
    """Return a value in query syntax: quoted if the value or its field requires it."""
    if field not in VALUE_FIELDS and _PLAIN.fullmatch(value) and value not in OPERATORS:
        return value
    escaped = re.sub(r'(["”])', r"\\\1", value)
    return f'"{escaped} "' if escaped.endswith("\\") else f'"{escaped}"'


def toggle_value(text: str, field: str, value: str, *, exclude: bool = False) -> str:
    """Return a query with a facet value selected, or deselected if it was selected.

    Selected values of one facet are joined by OR; excluded values become separate terms.
    """
    terms = _value_terms(text, field)
    matching = [term for term in terms if value in term.values]
    for term in reversed(matching):  # from the end, so that earlier spans stay valid
        text = _remove_value(text, term, value)
    if any(term.excluded == exclude for term in matching):
        return text
    if not exclude:
        for term in _value_terms(text, field):
            if not term.excluded:
                typed = [*term.typed, quote_value(value, field)]
                return _replace(text, term, _format_typed(field, typed, excluded=False))
    return _add_term(text, format_term(field, [value], excluded=exclude))


def _value_terms(text: str, field: str) -> list[FieldTerm]:
    return [term for term in parse(text).filters if term.field == field and term.is_list]


def _remove_value(text: str, term: FieldTerm, value: str) -> str:
    pairs = zip(term.values, term.typed, strict=True)
    rest = [typed for other, typed in pairs if other != value]
    return _replace(text, term, _format_typed(term.field, rest, term.excluded) if rest else "")


def remove_filters(text: str) -> str:
    """Return a query without its field terms."""
    for term in reversed(parse(text).filters):
        text = _replace(text, term, "")
    return text


def _replace(text: str, term: FieldTerm, new: str) -> str:
    before, after = text[: term.start].rstrip(), text[term.end :].lstrip()
    return " ".join(part for part in (before, new, after) if part)


def _add_term(text: str, term: str) -> str:
    """Return a query that requires both `text` and a term.

    After an OR, a NOT or an open quote the term would change its meaning, so this returns the first
    combination that parses to the conjunction of both. An unfinished last word stays last, since it
    is matched as a prefix.
    """
    typing = not text[-1:].isspace()
    text = text.rstrip()
    if not text:
        return f"{term} "
    both = _flatten(all_of([parse(text).tree, parse(term).tree]))
    before, after = (f"{term} {text}", f"{term} ({text}"), (f"{text} {term} ", f"({text}) {term} ")
    ways = (*before, *after) if typing else (*after, *before)
    return next((way for way in ways if _is_equivalent(way, both)), ways[0])


def _is_equivalent(text: str, parts: tuple[Node, ...]) -> bool:
    query = parse(text)
    return bool(query.filters) and sorted(map(repr, _flatten(query.tree))) == sorted(
        map(repr, parts)
    )


def _flatten(tree: Node) -> tuple[Node, ...]:
    """Return the conjuncts of a tree, with nested conjunctions flattened."""
    if not isinstance(tree, And):
        return (tree,)
    return tuple(inner for part in tree.parts for inner in _flatten(part))


def suggest_name(query: str) -> str:
    """Return a suggested name for a query: its words, without excluded ones, or its text."""
    words = []
    for leaf in leaves(parse(query).tree):
        if isinstance(leaf, Word | Phrase):
            words.append(leaf.text)
        elif isinstance(leaf, Label | State):
            words.append(leaf.value)
    name = " ".join(dict.fromkeys(words)) or clean(query)
    if len(name) > MAX_SUGGESTION_CHARS:
        name = name[: MAX_SUGGESTION_CHARS + 1].rsplit(" ", 1)[0][:MAX_SUGGESTION_CHARS]
    return clean(name).rstrip("* ")
