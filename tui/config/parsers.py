"""Parsers of settings: each returns the value of a setting, or raises ValueError."""

import json
import re
import shlex
from collections.abc import Iterable
from difflib import get_close_matches
from typing import cast
from urllib.parse import urlsplit

from tui.row_columns import COLUMN_NAMES

THEMES = ("carrel-dark", "carrel-light")
"""The names of `tui.themes.THEMES`, repeated here so that commands need not load Textual."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the end of a message about an unknown name: the nearest known one, or all."""
    names = list(known)
    near = get_close_matches(name, names, 1, 0.5)
    return f"; did you mean {near[0]}?" if near else f"; try one of {', '.join(names)}"


def shortened(value: object) -> str:
    """Return a value as JSON, without the user and password of an address, in 60 characters."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    # Up to the last sign, since a password may have one, too.
    text = re.sub(r"[^\s\"]*[:/].*(@|%40)", "…@", text)
    return text if len(text) <= 60 else text[:59] + "…"


def _one_of(value: object, known: Iterable[str]) -> str:
    names = list(known)
    if not isinstance(value, str) or value not in names:
        near = nearest(value, names) if isinstance(value, str) else ""
        raise ValueError(f"expected one of {', '.join(names)}{near if '?' in near else ''}")
    return value


def theme(value: object) -> str:
    """Return the name of a theme."""
    if isinstance(value, str) and value in THEMES:
        return value
    from textual.theme import BUILTIN_THEMES

    return _one_of(value, (*THEMES, *BUILTIN_THEMES))


def sort(value: object) -> str:
    """Return the name of a sort order."""
    from index.search.orders import SORTS

    return _one_of(value, SORTS)


def engine(value: object) -> str:
    """Return the name of a search engine that is installed."""
    from importlib.util import find_spec

    from index.paths import ENGINE_NAMES

    name = _one_of(value, ENGINE_NAMES)
    if name == "tantivy" and find_spec(name) is None:
        raise ValueError("not installed; try pip install 'carrel[millions]'")
    return name


def characters(value: object) -> str:
    """Return the set of characters that the reader draws with."""
    return _one_of(value, ("auto", "unicode", "ascii"))


def dot(value: object) -> str:
    """Return the read state that is marked in lists."""
    return _one_of(value, ("read", "unread"))


def texts(value: object, what: str) -> list[str]:
    """Return a string or a list of strings as a list; raises ValueError for anything else."""
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise ValueError(f"expected {what}")
    return cast("list[str]", found)


def opener(value: object) -> tuple[str, ...]:
    """Return a command and its arguments."""
    what = 'a command such as "firefox --new-tab", or ["firefox", "--new-tab"]'
    words = texts(value, what)
    try:
        return tuple(shlex.split(value) if isinstance(value, str) else words)
    except ValueError as error:
        raise ValueError(f"expected {what} ({error})") from error


def folder(value: object) -> str:
    """Return a folder, unexpanded."""
    if not isinstance(value, str) or not value:
        raise ValueError('expected a folder such as "~/papers"')
    return value


def citation_keys(value: object) -> str:
    """Return a citation key pattern, or ""."""
    if not isinstance(value, str):
        raise ValueError('expected a pattern such as "{author}{year}{word}"')
    from index.errors import CarrelError
    from index.formats import Style

    try:
        return Style(keys=value).keys
    except CarrelError as error:
        raise ValueError(str(error)) from error


def flag(value: object) -> bool:
    """Return a boolean."""
    if not isinstance(value, bool):
        raise ValueError("expected true or false")
    return value


def columns(value: object) -> tuple[str, ...]:
    """Return the names of columns, without repetitions."""
    names = texts(value, f"a list of {', '.join(COLUMN_NAMES)}")
    for name in names:
        if name not in COLUMN_NAMES:
            raise ValueError(f"{name} is not a column{nearest(name, COLUMN_NAMES)}")
    return tuple(dict.fromkeys(names))


def address(value: object) -> str:
    """Return the address of a service, without a trailing slash."""
    message = 'expected an address such as "https://export.arxiv.org"'
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise ValueError(message)
    try:
        parts = urlsplit(value)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_web = False
    if not is_web or " " in value or parts.query or parts.fragment or parts.username is not None:
        raise ValueError(message)
    return value.rstrip("/")


def corpus(value: object) -> str:
    """Return the address of a corpus, or "" for none."""
    if value == "":
        return ""
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise ValueError('expected an address such as "https://host:9200/papers"')
    from index.corpus.cluster import parse_address
    from index.errors import CarrelError

    try:
        parse_address(value)
    except CarrelError as error:
        raise ValueError(str(error)) from None
    return value


def seconds(value: object) -> float:
    """Return a number of seconds, up to an hour."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 3600:
        raise ValueError("expected a number of seconds, such as 3")
    return float(value)


def service_key(value: object) -> str:
    """Return the key of a service, or ""."""
    if not isinstance(value, str) or not value.isascii() or not all(map(_is_visible, value)):
        raise ValueError("expected a key as text, without spaces")
    return value


def mail_address(value: object) -> str:
    """Return a mail address, or ""."""
    if value == "":
        return ""
    name, _, host = value.rpartition("@") if isinstance(value, str) else ("", "", "")
    if not name or "." not in host or not all(map(_is_visible, f"{name}{host}")):
        raise ValueError('expected a mail address such as "ada@example.org"')
    return f"{name}@{host}"


def _is_visible(character: str) -> bool:
    return character.isprintable() and not character.isspace()
