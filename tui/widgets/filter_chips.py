"""Filter chips: the field terms of a query, each marked as included or excluded."""

from textual.content import Content
from textual.reactive import var
from textual.widgets import Static

from index.search.results import Results


class FilterChips(Static):
    """One line with the chosen filters; hidden when there are none."""

    results: var[Results | None] = var(None)

    def __init__(self, hint: str, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self._hint = Content.styled(hint, "$foreground 58%")

    def watch_results(self, results: Results | None) -> None:
        """Show the terms of another query."""
        chips = []
        for term in results.query.filters if results else ():
            sign, style = ("−", "reverse $error") if term.excluded else ("+", "reverse $success")
            values = " | ".join(term.values)
            chips.append(Content.styled(f" {sign}{term.field}:{values} ", style))
        self.set_class(bool(chips), "-shown")
        self.update(Content(" ").join([*chips, self._hint]), layout=False)
