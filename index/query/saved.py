"""Saved searches referred to by a query."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from index.query.names import fold_name, name_hint
from index.text.cleaning import one_line

MAX_NESTED_SEARCHES = 20
"""Maximum depth of saved searches that refer to each other."""


@dataclass(frozen=True, slots=True)
class NamedQueries:
    """The texts of saved searches by name, and the folded names of those being parsed."""

    texts: Mapping[str, str]
    parsing: tuple[str, ...] = ()

    def entered(self, name: str) -> Self:
        """Return a copy to use while a saved search is parsed."""
        return replace(self, parsing=(*self.parsing, fold_name(name)))

    def matching(self, typed: str, *, prefix: bool) -> list[str]:
        """Return the name equal to `typed`, else with `prefix` all names that begin with it."""
        wanted = fold_name(typed)
        exact = [name for name in self.texts if fold_name(name) == wanted]
        if exact or not prefix:
            return exact
        return [name for name in self.texts if fold_name(name).startswith(wanted)]

    def error(self, name: str) -> str:
        """Return why a saved search cannot be used at this point, or ""."""
        if fold_name(name) in self.parsing:
            return f"query:{name} refers to itself"
        if len(self.parsing) >= MAX_NESTED_SEARCHES:
            return f"saved searches can be nested at most {MAX_NESTED_SEARCHES} deep"
        return ""

    def unknown_message(self, typed: str) -> str:
        """Return a message about an unknown name."""
        return f"unknown saved search {one_line(typed)}{name_hint(typed, [*self.texts])}"
