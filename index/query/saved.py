"""Saved searches inside a query: which of them a written name stands for, and how far that goes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from index.query.names import fold_name, name_hint
from index.text.cleaning import one_line

MAX_NESTED_SEARCHES = 20
"""How many saved searches may stand inside one another."""


@dataclass(frozen=True, slots=True)
class NamedQueries:
    """The texts of the saved searches by name, and those, as compared, that are being read."""

    texts: Mapping[str, str]
    within: tuple[str, ...] = ()

    def inside(self, name: str) -> Self:
        """Return the same for what stands in a saved search."""
        return replace(self, within=(*self.within, fold_name(name)))

    def meant(self, written: str, *, begun: bool) -> list[str]:
        """Return the name that is written so, else, where it is `begun`, all that begin so."""
        wanted = fold_name(written)
        exact = [name for name in self.texts if fold_name(name) == wanted]
        if exact or not begun:
            return exact
        return [name for name in self.texts if fold_name(name).startswith(wanted)]

    def fault(self, name: str) -> str:
        """Return why a saved search cannot be read here; "" where it can."""
        if fold_name(name) in self.within:
            return f"query:{name} asks for itself"
        if len(self.within) >= MAX_NESTED_SEARCHES:
            return f"saved searches are read {MAX_NESTED_SEARCHES} deep"
        return ""

    def unknown(self, written: str) -> str:
        """Return what is said of a name that no search has."""
        return f"no search is saved as {one_line(written)}{name_hint(written, [*self.texts])}"
