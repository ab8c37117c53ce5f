"""Fixtures for tests of the index: libraries, and the files in ../shared."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Library
from index.engines.base import Engine
from index.engines.registry import ENGINES, open_engine
from index.store.database import FILE_NAME, Database
from tests.index.engines import build


@pytest.fixture(autouse=True)
def _own_folders(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Give every test a separate library and cache, unless it uses no files."""
    if "tmp_path" in request.fixturenames:
        place: Path = request.getfixturevalue("tmp_path")
    else:
        place = tmp_path_factory.getbasetemp()
    monkeypatch.setenv("XDG_CACHE_HOME", str(place / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(place / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(place / "config"))
    monkeypatch.delenv("CARREL_LIBRARY", raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the test's library."""
    return tmp_path / "library"


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of an empty library, to be copied: creating one takes seven times as long."""
    place = tmp_path_factory.mktemp("empty")
    Database(place).close()
    return place / FILE_NAME


@pytest.fixture
def library(folder: Path, empty_database: Path) -> Iterator[Library]:
    """An empty library."""
    folder.mkdir(mode=0o700)
    shutil.copyfile(empty_database, folder / FILE_NAME)
    (folder / FILE_NAME).chmod(0o600)
    with Library.open(folder) as opened:
        yield opened


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ../shared of real pages and collections."""
    place = Path(__file__).resolve().parents[3] / "shared"
    if not place.is_dir():
        pytest.skip("no ../shared folder with real files beside the checkout")
    return place


@pytest.fixture(scope="session", params=ENGINES)
def built_by(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """Each engine's name, and its index of `PAPERS`, to copy."""
    return request.param, build(request.param, tmp_path_factory.mktemp("built-by"))


@pytest.fixture(params=ENGINES)
def new_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine without an index; every engine passes these tests."""
    engine = open_engine(tmp_path / "index", "library", request.param)
    yield engine
    engine.close()


@pytest.fixture
def engine(built_by: tuple[str, Path]) -> Iterator[Engine]:
    """An engine on the index of `PAPERS`, to read only; every engine passes these tests."""
    name, place = built_by
    engine = open_engine(place, "library", name)
    yield engine
    engine.close()
