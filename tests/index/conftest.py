"""Fixtures for tests of the index: libraries, and the files in ../shared."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Library


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test a library and a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("CARREL_LIBRARY", raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the test's library."""
    return tmp_path / "library"


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    """An empty library."""
    with Library.open(folder) as opened:
        yield opened


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ../shared of real pages and collections."""
    place = Path(__file__).resolve().parents[3] / "shared"
    if not place.is_dir():
        pytest.skip("no ../shared folder with real files beside the checkout")
    return place
