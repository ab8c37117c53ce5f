"""The tokens of one query, taken from first to last."""

from collections.abc import Sequence

from index.query.tokens import Token


class TokenStream:
    """Tokens with a position; `typing` is whether the end of the text is still being typed."""

    def __init__(self, text: str, tokens: Sequence[Token], *, typing: bool) -> None:
        self.typing = typing
        self.position = 0
        self._tokens = tokens
        self._unfinished_end = len(text) if typing and not text[-1:].isspace() else -1

    @property
    def is_at_end(self) -> bool:
        """Whether all tokens were taken."""
        return self.position >= len(self._tokens)

    @property
    def start(self) -> int:
        """The place in the text of the next token."""
        return self._tokens[self.position].start

    def next_is(self, *kinds: str) -> bool:
        """Return whether there is another token, of one of these kinds."""
        return not self.is_at_end and self._tokens[self.position].kind in kinds

    def next_is_word(self, text: str) -> bool:
        """Return whether there is another token, the word `text`."""
        return not self.is_at_end and self._tokens[self.position].is_word(text)

    def take(self) -> Token:
        """Return the next token and go on to the one after it."""
        self.position += 1
        return self._tokens[self.position - 1]

    def since(self, position: int) -> Sequence[Token]:
        """Return the tokens taken since a position."""
        return self._tokens[position : self.position]

    def is_unfinished(self, token: Token) -> bool:
        """Return whether a token is still being typed."""
        return token.end == self._unfinished_end
