"""Where things live on this system, as platformdirs tells."""

import hashlib
import os
from pathlib import Path

import platformdirs

APP = "carrel"


def library_folder() -> Path:
    """Return the library's folder: `CARREL_LIBRARY`, else the user's data folder."""
    chosen = os.environ.get("CARREL_LIBRARY")
    return Path(chosen).expanduser() if chosen else platformdirs.user_data_path(APP)


def index_folder(library: Path) -> Path:
    """Return the folder of a library's search index, in the user's cache, apart for each library.

    The index holds pickles, so it is never in a folder that may be shared or synchronised.
    """
    return platformdirs.user_cache_path(APP) / f"index-{_library_hash(library)}"


def catalogue_folder(library: Path) -> Path:
    """Return the folder of what is counted in a library, in the user's cache likewise."""
    return platformdirs.user_cache_path(APP) / f"catalogue-{_library_hash(library)}"


def _library_hash(library: Path) -> str:
    """Return what tells a library's folder from others."""
    return hashlib.sha256(os.fsencode(library.resolve())).hexdigest()[:16]


def config_file() -> Path:
    """Return the configuration file: `CARREL_CONFIG`, else in the user's configuration folder."""
    chosen = os.environ.get("CARREL_CONFIG")
    return (
        Path(chosen).expanduser() if chosen else platformdirs.user_config_path(APP) / "config.toml"
    )
