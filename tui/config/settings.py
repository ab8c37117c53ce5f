"""Settings as fields of a dataclass, each with its default, parser and documentation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Generic, TypeVar

T = TypeVar("T")


def _unchanged(value: object) -> object:
    return value


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """The parser, documentation and serialiser of one setting.

    `parse` converts a value of the TOML file, or raises ValueError with the expected type. `doc` is
    the comment above the setting in `carrel config show` and the README. `to_toml` converts a value
    to one that JSON can represent and `parse` accepts.
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
    """Return a dataclass field for a setting; see `Setting` for the arguments.

    As with `dataclasses.field`, the declared return type is that of the default, so that mypy
    checks the default and the parser against the annotation of the field.
    """
    return field(default=default, metadata={"setting": Setting(parse, doc, to_toml)})


def settings_of(config: type) -> Mapping[str, Setting[Any]]:
    """Return the settings of a dataclass by name, in the order of its fields."""
    return {each.name: each.metadata["setting"] for each in fields(config)}
