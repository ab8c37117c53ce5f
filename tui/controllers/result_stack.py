"""The stack of results: a query's result, and lists of related papers opened from it."""

from dataclasses import dataclass, field, replace

from index.search.results import Results, SharedTerms

QUERY_HEADING = "Papers"


@dataclass(frozen=True, slots=True, eq=False)
class ResultView:
    """A result as it is shown: its heading, the terms its papers share, the row of the cursor.

    `row` is None when the list decides where the cursor goes.
    """

    results: Results
    heading: str = QUERY_HEADING
    shared_terms: SharedTerms = field(default_factory=dict)
    row: int | None = None


class ResultStack:
    """The views opened one from another; the last is on show."""

    def __init__(self) -> None:
        self._views: list[ResultView] = []

    @property
    def top(self) -> ResultView | None:
        """The view on show."""
        return self._views[-1] if self._views else None

    @property
    def is_nested(self) -> bool:
        """Whether there is a view to go back to."""
        return len(self._views) > 1

    def reset(self, view: ResultView) -> None:
        """Show a view in place of all."""
        self._views = [view]

    def push(self, view: ResultView, row: int) -> None:
        """Show a view over the one on show, whose cursor is on `row`."""
        if self._views:
            self._views[-1] = replace(self._views[-1], row=row)
        self._views.append(view)

    def pop(self) -> ResultView | None:
        """Close the view on show; return the one below it, or None if there is none."""
        if not self.is_nested:
            return None
        self._views.pop()
        return self._views[-1]
