"""Recall of earlier queries from the text in the search bar."""

from collections.abc import Sequence

from index.search.history import containing


class Recall:
    """Steps from a typed text to the earlier queries that contain it, and back.

    If the text is the last query of the history, the steps lead through all earlier queries.
    """

    def __init__(self, typed: str, history: Sequence[str]) -> None:
        is_last = list(history[:1]) == [typed.strip()]
        earlier = containing(history, "" if is_last else typed)
        self._texts = [typed, *(query for query in earlier if query != typed.strip())]
        self._at = 0

    @property
    def text(self) -> str:
        """The current text."""
        return self._texts[self._at]

    def step(self, back: int) -> bool:
        """Go back by a number of queries, or forward; return False at the end."""
        at = self._at + back
        if not 0 <= at < len(self._texts):
            return False
        self._at = at
        return True
