"""The way back through the history of queries from what stands in the search bar."""

from collections.abc import Sequence

from index.search.history import containing


class Recall:
    """Steps from a text that was typed to the earlier queries that contain it, and back.

    A query that was left to stand is a place in the history and not a text to look for: from there
    the way leads to all others.
    """

    def __init__(self, typed: str, history: Sequence[str]) -> None:
        stands = list(history[:1]) == [typed.strip()]
        earlier = containing(history, "" if stands else typed)
        self._texts = [typed, *(query for query in earlier if query != typed.strip())]
        self._at = 0

    @property
    def text(self) -> str:
        """Where the way has led to."""
        return self._texts[self._at]

    def step(self, back: int) -> bool:
        """Go back by so many queries, or forth; False where the way ends."""
        at = self._at + back
        if not 0 <= at < len(self._texts):
            return False
        self._at = at
        return True
