"""What stands at the end of a query while it is typed: the word, or the value of a field."""

from typing import NamedTuple

from index.query.tokens import Token, tokens


class UnfinishedTerm(NamedTuple):
    """The last thing of a query, not yet ended: in which field, what is there of it, from where.

    `quoted` is one in quotes that are still open; it starts at the quote.
    """

    field: str
    text: str
    start: int
    quoted: bool = False


def unfinished_term(text: str) -> UnfinishedTerm | None:
    """Return what is being written at the end of a query; None where that is nothing."""
    fields = [""]  # of the brackets that are open
    field = ""
    last: Token | None = None
    for token in tokens(text):
        field = last.text if last and last.kind == "field" else fields[-1]
        if token.kind == "open":
            fields.append(field)
        elif token.kind == "close" and len(fields) > 1:
            fields.pop()
        last = token
    if last is None or last.end != len(text):
        return None
    if last.kind == "field" and text.endswith(":"):
        return UnfinishedTerm(last.text, "", last.end)
    if last.kind == "phrase" and not last.closed:
        return UnfinishedTerm(field, last.text, last.start, True)
    if last.kind == "word" and last.is_value:
        return UnfinishedTerm(field, last.text, last.start)
    return None
