"""A setting as a field of a dataclass: default, parser and documentation in one place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Generic, TypeVar

T = TypeVar("T")


def _unchanged(value: object) -> object:
    return value


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """How one setting is parsed, documented and written.

    `parse` returns the value of what stands in the TOML file, or raises ValueError with what is
    valid. `doc` is the comment above the setting in `carrel config show` and README. `to_toml`
    returns a value that JSON can write, and that `parse` accepts.
    """

    parse: Callable[[object], T]
    doc: str
    to_toml: Callable[[T], object] = _unchanged


def setting(
    default: T,
    parse: Callable[[object], T],
    doc: str,
    to_toml: Callable[[T], object] = _unchanged,
) -> T:
    """Return a dataclass field that is a setting; see `Setting` for the arguments.

    The declared type is that of the default, as with `dataclasses.field`, so that mypy checks the
    default and the parser against the annotation of the field.
    """
    return field(default=default, metadata={"setting": Setting(parse, doc, to_toml)})


def settings_of(config: type) -> Mapping[str, Setting[Any]]:
    """Return the settings of a dataclass by name, in the order of its fields."""
    return {each.name: each.metadata["setting"] for each in fields(config)}
