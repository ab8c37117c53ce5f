"""Stop words in queries: dropped next to other words, searched for if there are no others."""

from collections.abc import Sequence

from index.facets.fields import NAME_FIELDS
from index.query.tree import And, Node, Not, Or, Phrase, Word, leaves
from index.text.query_terms import has_only_stop_words


def drop_stop_words(parts: Sequence[Node], field: str) -> Sequence[Node]:
    """Return the parts of a conjunction without stop words, if it has other words.

    A stop word that was asked for in a field of its own, such as `title:it`, remains; `field` is
    that of the conjunction. So does one that is a prefix of other words.
    """
    common = [is_common(part, field) for part in parts]
    others = [part for part, is_stop in zip(parts, common, strict=True) if not is_stop]
    has_words = any(isinstance(leaf, Word | Phrase) for part in others for leaf in leaves(part))
    return others if has_words else parts


def is_common(node: Node, field: str) -> bool:
    """Return whether a node consists of stop words in a field."""
    match node:
        case Word():
            plain = not (node.prefix or node.fuzzy or node.wildcard or node.field in NAME_FIELDS)
            return plain and node.field == field and has_only_stop_words(node.text)
        case And() | Or():
            return all(is_common(part, field) for part in node.parts)
        case Not():
            return is_common(node.part, field)
        case _:
            return False
