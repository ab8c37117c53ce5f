"""Parsers of settings: each returns the value of one, or raises ValueError if it is invalid."""

import json
import shlex
from collections.abc import Iterable
from difflib import get_close_matches
from typing import cast
from urllib.parse import urlsplit

THEMES = ("carrel-dark", "carrel-light")
"""The names of `tui.themes.THEMES`, known here so that a command need not load Textual."""

COLUMNS = ("authors", "year", "venue", "tags", "source")
"""What the second line of a paper may show."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the end of a message about a wrong name: the nearest right one, or all of them."""
    names = list(known)
    near = get_close_matches(name, names, 1, 0.5)
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(names)}"


def shortened(value: object) -> str:
    """Return a value as JSON, cut to 60 characters."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:59] + "…"


def _one_of(value: object, known: Iterable[str]) -> str:
    names = list(known)
    if not isinstance(value, str) or value not in names:
        near = nearest(value, names) if isinstance(value, str) else ""
        raise ValueError(f"it takes one of {', '.join(names)}{near if '?' in near else ''}")
    return value


def theme(value: object) -> str:
    """Return the name of a theme."""
    if isinstance(value, str) and value in THEMES:
        return value
    from textual.theme import BUILTIN_THEMES

    return _one_of(value, (*THEMES, *BUILTIN_THEMES))


def sort(value: object) -> str:
    """Return the name of an order of results."""
    from index.search.orders import SORTS

    return _one_of(value, SORTS)


def texts(value: object, what: str) -> list[str]:
    """Return a string or a list of strings as a list; raises ValueError for anything else."""
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise ValueError(f"it takes {what}")
    return cast("list[str]", found)


def opener(value: object) -> tuple[str, ...]:
    """Return a command and its arguments."""
    what = 'a command such as "firefox --new-tab", or ["firefox", "--new-tab"]'
    words = texts(value, what)
    try:
        return tuple(shlex.split(value) if isinstance(value, str) else words)
    except ValueError as error:
        raise ValueError(f"it takes {what} ({error})") from error


def folder(value: object) -> str:
    """Return a folder as it is written."""
    if not isinstance(value, str) or not value:
        raise ValueError('it takes a folder such as "~/papers"')
    return value


def citation_keys(value: object) -> str:
    """Return a pattern of citation keys, or none."""
    if not isinstance(value, str):
        raise ValueError('it takes a pattern such as "{author}{year}{word}"')
    from index.errors import CarrelError
    from index.formats import Style

    try:
        return Style(keys=value).keys
    except CarrelError as error:
        raise ValueError(str(error)) from error


def flag(value: object) -> bool:
    """Return a boolean."""
    if not isinstance(value, bool):
        raise ValueError("it takes true or false")
    return value


def columns(value: object) -> tuple[str, ...]:
    """Return the names of columns, each once."""
    names = texts(value, f"a list of {', '.join(COLUMNS)}")
    for name in names:
        if name not in COLUMNS:
            raise ValueError(f"{name} is not a column{nearest(name, COLUMNS)}")
    return tuple(dict.fromkeys(names))


def address(value: object) -> str:
    """Return the address of a service, without a slash at the end."""
    what = 'it takes an address such as "https://export.arxiv.org"'
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise ValueError(what)
    try:
        parts = urlsplit(value)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known or " " in value or parts.query or parts.fragment or parts.username is not None:
        raise ValueError(what)
    return value.rstrip("/")


def seconds(value: object) -> float:
    """Return a number of seconds, an hour at most."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 3600:
        raise ValueError("it takes a number of seconds, such as 3")
    return float(value)
