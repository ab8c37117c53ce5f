"""The unfinished term at the end of a query that is being typed."""

from typing import NamedTuple

from index.query.tokens import Token, tokens


class UnfinishedTerm(NamedTuple):
    """The word or value at the end of a query: its field, its text so far, and its start.

    With `quoted` it is inside open quotes, and `start` is the position of the quote.
    """

    field: str
    text: str
    start: int
    quoted: bool = False


def unfinished_term(text: str) -> UnfinishedTerm | None:
    """Return the unfinished term at the end of a query, or None."""
    fields = [""]  # one for each open bracket
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
