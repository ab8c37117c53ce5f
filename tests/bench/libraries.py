"""Libraries that are measured, all with the same search engine."""

import os
from pathlib import Path

from index import Library
from index.paths import ENGINE_NAMES

_chosen = [ENGINE_NAMES[0]]


def choose_engine(name: str) -> None:
    """Use an engine in this process from now on."""
    _chosen[0] = name


def is_paged() -> bool:
    """Return whether the chosen engine answers in pages; it has bars of its own for many papers."""
    return _chosen[0] == "tantivy"


def configure_engine() -> None:
    """Write the engine to the configuration, for the processes that are started."""
    Path(os.environ["CARREL_CONFIG"]).write_text(f'engine = "{_chosen[0]}"\n', encoding="utf-8")


def open_library(folder: Path) -> Library:
    """Open a library with the chosen engine."""
    return Library.open(folder, engine=_chosen[0])
