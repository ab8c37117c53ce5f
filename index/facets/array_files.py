"""Cache files of arrays, each with the revision of the library that it was computed from."""

import json
from contextlib import suppress
from pathlib import Path

import numpy as np

from index.facets.columns import Arrays
from index.files import create_private_folder, replace_file

FORMAT_VERSION = 3
"""Incremented whenever the file format, the analysis or the values of an existing field change;
files of older versions are computed again. A new field needs no new version."""


class ArrayFiles:
    """The cache files of one library, in a folder private to its user.

    Files that are damaged or belong to another library are treated as missing.
    """

    def __init__(self, folder: Path, library: str) -> None:
        self.folder = folder
        self.library = library

    def read(self, name: str, *, whole: bool = True) -> tuple[int, Arrays]:
        """Return the revision of a file and, if `whole`, its arrays; -1 if it cannot be used."""
        try:
            with np.load(self.folder / name, allow_pickle=False) as file:
                about = json.loads(str(file["about"]))
                if about[:2] != [FORMAT_VERSION, self.library]:
                    return -1, {}
                return int(about[2]), {name: file[name] for name in file.files if whole}
        except Exception:  # a damaged file can make zipfile and numpy raise anything
            return -1, {}

    def write(self, name: str, revision: int, arrays: Arrays) -> None:
        """Write arrays to a file atomically; errors such as a full disk are ignored."""
        about = np.array(json.dumps([FORMAT_VERSION, self.library, revision]))
        with suppress(OSError):
            create_private_folder(self.folder)
            with replace_file(self.folder / name, durable=False) as file:
                np.savez(file, **{"about": about, **arrays})  # type: ignore[arg-type]  # its stub

    def read_on(self, name: str, base: int) -> tuple[int, Arrays]:
        """Return a file that adds to a base of some revision; -1 if it adds to another one."""
        revision, arrays = self.read(name)
        if revision < 0 or "base" not in arrays or int(arrays["base"][0]) != base:
            return -1, {}
        return revision, arrays

    def write_on(self, name: str, revision: int, base: int, arrays: Arrays) -> None:
        """Write arrays that add to a base of some revision."""
        self.write(name, revision, {**arrays, "base": np.array([base], np.int64)})

    def state(self, name: str) -> list[int]:
        """Return the size of a file and its time of change; raises OSError if it is missing."""
        status = (self.folder / name).stat()
        return [status.st_size, status.st_mtime_ns]

    def delete(self, pattern: str, keep: str = "") -> None:
        """Delete the files that match a pattern, except for one."""
        for path in self.folder.glob(pattern):
            if path.name != keep:
                with suppress(OSError):
                    path.unlink()

    def clear(self) -> None:
        """Delete all files."""
        self.delete("*.np[yz]")
