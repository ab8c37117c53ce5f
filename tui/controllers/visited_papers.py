"""The papers that were opened or read, to go back and forward through."""

from collections.abc import Iterable

from index.papers.paper import PaperKey

MAX_VISITED_PAPERS = 100


class VisitedPapers:
    """A history of papers, as a browser has of pages; `at` is the place in it, -1 if empty."""

    def __init__(self, keys: Iterable[PaperKey] = ()) -> None:
        self.keys = list(keys)[-MAX_VISITED_PAPERS:]
        self.at = len(self.keys) - 1

    def visit(self, key: PaperKey) -> None:
        """Add a paper, unless it is the current one; this ends the way forward."""
        if self.keys and self.keys[self.at] == key:
            return
        self.keys = [*self.keys[: self.at + 1], key][-MAX_VISITED_PAPERS:]
        self.at = len(self.keys) - 1

    def step(self, step: int) -> PaperKey | None:
        """Go back (-1) or forward (1); return the paper there, or None at the end."""
        if not 0 <= self.at + step < len(self.keys):
            return None
        self.at += step
        return self.keys[self.at]

    def keep(self, existing: Iterable[PaperKey]) -> None:
        """Remove papers that no longer exist."""
        known = set(existing)
        before = sum(key in known for key in self.keys[: self.at])
        self.keys = [key for key in self.keys if key in known]
        self.at = min(before, len(self.keys) - 1)
