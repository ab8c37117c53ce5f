"""The stack of results: the result of a query, and lists of related papers opened from it."""

from dataclasses import dataclass, field, replace

from index.search.results import Results, SharedTerms

QUERY_HEADING = "Papers"


@dataclass(frozen=True, slots=True, eq=False)
class ResultView:
    """A result with its heading, the shared terms of its papers, and the row of the cursor.

    If `row` is None, the list places the cursor.
    """

    results: Results
    heading: str = QUERY_HEADING
    shared_terms: SharedTerms = field(default_factory=dict)
    row: int | None = None


class ResultStack:
    """The views opened from one another; the last is visible."""

    def __init__(self) -> None:
        self._views: list[ResultView] = []

    @property
    def top(self) -> ResultView | None:
        """The visible view."""
        return self._views[-1] if self._views else None

    @property
    def is_nested(self) -> bool:
        """Whether there is a view to go back to."""
        return len(self._views) > 1

    def reset(self, view: ResultView) -> None:
        """Replace all views."""
        self._views = [view]

    def push(self, view: ResultView, row: int) -> None:
        """Show a view over the visible one, whose cursor is on `row`."""
        if self._views:
            self._views[-1] = replace(self._views[-1], row=row)
        self._views.append(view)

    def pop(self) -> ResultView | None:
        """Close the visible view; return the one below it, or None if there is none."""
        if not self.is_nested:
            return None
        self._views.pop()
        return self._views[-1]
