"""Typed access to values of JSON objects; a value of another type counts as missing."""

import re
from collections.abc import Mapping

Shape = Mapping[str, object]
"""A JSON object as Python reads it."""


def text(shape: Shape, *names: str) -> str:
    """Return the first text under these keys that is not empty, else ""."""
    for name in names:
        value = shape.get(name)
        if isinstance(value, str) and value:
            return value
    return ""


def texts(shape: Shape, name: str) -> list[str]:
    """Return the texts of a list; a single text counts as a list of one."""
    value = shape.get(name)
    if isinstance(value, str):
        return [value]
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []


def first(shape: Shape, *names: str) -> str:
    """Return the first text that is not blank in the texts or lists under these keys, else ""."""
    return next((each for name in names for each in texts(shape, name) if each.strip()), "")


def number(shape: Shape, name: str) -> int | None:
    """Return an integer, which may be written as text."""
    return as_number(shape.get(name))


def as_number(value: object) -> int | None:
    """Return an integer, which may be written as text; None for any other value."""
    if isinstance(value, str):
        return whole(value) if re.fullmatch(r"\s*-?[0-9]+\s*", value) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def whole(digits: str) -> int | None:
    """Return an integer; None if it has 20 digits or more, which Python may refuse to convert."""
    return int(digits) if len(digits) < 20 else None


def inner(shape: Shape, name: str) -> Shape:
    """Return the object under a key, else an empty one."""
    value = shape.get(name)
    return value if isinstance(value, dict) else {}


def inners(shape: Shape, name: str) -> list[Shape]:
    """Return the objects of a list; a single object counts as a list of one."""
    value = shape.get(name)
    if isinstance(value, dict):
        return [value]
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
