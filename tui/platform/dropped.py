"""Paths as terminals paste them: of files that were dropped on the window, or copied elsewhere."""

import shlex
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

LONGEST = 100_000
"""Characters of a pasted text that is looked at: paths of some thousand files."""


def paths_in(text: str, *, relative: bool = False) -> tuple[str, ...]:
    """Return the paths that a text is made of; none where any part of it is no file or folder.

    Terminals write a path as it is, in quotes, with backslashes before its spaces, or as a `file:`
    URI, several of them on one line or on lines of their own. Without `relative` each begins at a
    root or at `~`. The root and the reader's home are no paths to import.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        return ()
    if whole := _existing(text, relative):
        return (whole,)
    found: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = _existing(line, relative)
        each = [parts] if parts else [_existing(word, relative) for word in _words(line)]
        if not each or not all(each):
            return ()
        found += each
    return tuple(dict.fromkeys(found))


def _words(line: str) -> list[str]:
    with suppress(ValueError):
        return shlex.split(line)
    return []


def _existing(written: str, relative: bool) -> str:
    """Return the path that is written, where it is there; "" where it is not."""
    if written.startswith("file:"):
        with suppress(ValueError):
            uri = urlsplit(written)
            written = unquote(uri.path) if uri.hostname in (None, "", "localhost") else ""
    if "\n" in written or not (relative or written.startswith(("/", "~/"))):
        return ""
    with suppress(OSError, ValueError, RuntimeError):
        path = Path(written).expanduser()
        if written and path.exists() and path not in (Path(path.anchor), Path.home()):
            return str(path)
    return ""


def completed(written: str) -> str:
    """Return a path with its last name completed, a folder with its slash; "" where none begins so.

    Hidden names are offered once their dot is there.
    """
    with suppress(OSError, ValueError, RuntimeError):
        folder, slash, begun = written.rpartition("/")
        place = Path(folder + slash or ".").expanduser()
        names = sorted(name for name in _names(place, begun) if name.lower() != begun.lower())
        if begun and names:
            name = names[0]
            end = "/" if (place / name).is_dir() else ""
            return folder + slash + name + end
    return ""


def _names(folder: Path, begun: str) -> Iterator[str]:
    for number, path in enumerate(folder.iterdir()):
        if number > 10_000:  # on a slow disk the reader would wait
            return
        if path.name.startswith(begun) and path.name.isprintable():
            yield path.name
