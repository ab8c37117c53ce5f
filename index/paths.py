"""Paths of the library, cache and configuration, from platformdirs."""

import hashlib
import os
from pathlib import Path

import platformdirs

APP = "carrel"

ENGINE_NAMES = ("whoosh", "tantivy")
"""The names of the search engines; the first is the default."""


def library_folder() -> Path:
    """Return the library folder: `CARREL_LIBRARY` if set, else the user's data folder."""
    chosen = os.environ.get("CARREL_LIBRARY")
    return Path(chosen).expanduser() if chosen else platformdirs.user_data_path(APP)


def index_folder(library: Path, engine: str = ENGINE_NAMES[0]) -> Path:
    """Return the folder of a library's search index by an engine, in the user's cache folder.

    The index contains pickles, so it is never stored in a folder that may be shared or synced.
    """
    name = f"index-{_library_hash(library)}"
    suffix = "" if engine == ENGINE_NAMES[0] else f"-{engine}"
    return platformdirs.user_cache_path(APP) / f"{name}{suffix}"


def catalogue_folder(library: Path) -> Path:
    """Return the folder of a library's facet columns, in the user's cache folder."""
    return platformdirs.user_cache_path(APP) / f"catalogue-{_library_hash(library)}"


def _library_hash(library: Path) -> str:
    """Return a hash that identifies a library folder."""
    return hashlib.sha256(os.fsencode(library.resolve())).hexdigest()[:16]


def config_file() -> Path:
    """Return the configuration file: `CARREL_CONFIG` if set, else in the configuration folder."""
    chosen = os.environ.get("CARREL_CONFIG")
    return (
        Path(chosen).expanduser() if chosen else platformdirs.user_config_path(APP) / "config.toml"
    )
