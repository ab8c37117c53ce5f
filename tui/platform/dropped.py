"""Paths of files dropped on the terminal window or pasted, and path completion."""

import shlex
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, urlsplit

MAX_CHARACTERS = 100_000
"""Characters of a pasted text that is parsed: the paths of some thousand files."""

MAX_NAMES = 10_000
"""Names of a folder that are read for a completion, so that a slow disk does not block typing."""


def parse_paths(text: str, *, relative: bool = False) -> tuple[str, ...]:
    """Return the paths in a text; none unless all of it consists of existing files and folders.

    Terminals paste paths plain, quoted, with escaped spaces, or as `file:` URIs, separated by
    spaces or newlines. Unless `relative`, each must start with `/` or `~/`. The root and the home
    folder are rejected.
    """
    text = text.strip()
    if not text or len(text) > MAX_CHARACTERS:
        return ()
    if path := _existing_path(text, relative):
        return (path,)
    paths: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        path = _existing_path(line, relative)
        found = [path] if path else [_existing_path(word, relative) for word in _split(line)]
        if not found or not all(found):
            return ()
        paths += found
    return tuple(dict.fromkeys(paths))


def _split(line: str) -> list[str]:
    with suppress(ValueError):
        return shlex.split(line)
    return []


def _existing_path(text: str, relative: bool) -> str:
    """Return the path that a text denotes if it exists, else ""."""
    if text.startswith("file:"):
        with suppress(ValueError):
            uri = urlsplit(text)
            text = unquote(uri.path) if uri.hostname in (None, "", "localhost") else ""
    if "\n" in text or not (relative or text.startswith(("/", "~/"))):
        return ""
    with suppress(OSError, ValueError, RuntimeError):
        path = Path(text).expanduser()
        if text and path.exists() and path not in (Path(path.anchor), Path.home()):
            return str(path)
    return ""


def complete_path(text: str) -> str:
    """Return a path with its last name completed, a folder with its slash; "" without a match.

    Hidden names are only completed after a dot.
    """
    with suppress(OSError, ValueError, RuntimeError):
        folder, slash, prefix = text.rpartition("/")
        parent = Path(folder + slash or ".").expanduser()
        names = sorted(
            name for name in _matching_names(parent, prefix) if name.lower() != prefix.lower()
        )
        if prefix and names:
            name = names[0]
            end = "/" if (parent / name).is_dir() else ""
            return folder + slash + name + end
    return ""


def _matching_names(folder: Path, prefix: str) -> Iterator[str]:
    for path in islice(folder.iterdir(), MAX_NAMES):
        if path.name.startswith(prefix) and path.name.isprintable():
            yield path.name
