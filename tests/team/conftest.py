"""Fixtures of the tests on a cluster, which are collected by `make test-team` alone."""

import os
from collections.abc import Iterator

import pytest

from index.corpus import cluster, words
from index.search import service
from tests.team.nodes import Nodes, NoNodes, cache_folder

IS_WANTED = os.environ.get("CARREL_TEST_TEAM") == "1"

collect_ignore_glob = [] if IS_WANTED else ["test_*.py"]


@pytest.fixture(scope="session")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """A cluster of two nodes; a test that kills one starts it again.

    Where no node can be started, tests are skipped.
    """
    try:
        both = Nodes(tmp_path_factory.mktemp("nodes") / "both", 2)
    except NoNodes as reason:
        pytest.skip(str(reason))
    with both:
        yield both


@pytest.fixture(scope="session", autouse=True)
def _private_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's own library and configuration out of tests."""
    cache_folder()  # that of the jars stays as it is
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CONFIG", "DATA", "CACHE", "STATE"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        for name in ("CARREL_CORPUS", "CARREL_CORPUS_USER", "CARREL_CORPUS_PASSWORD"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _patience() -> Iterator[None]:
    """Give nodes more time than readers do, as other tests may run; some set a shorter deadline."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("SEARCH_S", "REQUEST_S", "ANSWER_S", "FAIR_S"):
            patch.setattr(cluster, name, 10 * getattr(cluster, name))
        patch.setattr(words, "COMPLETE_S", 10 * words.COMPLETE_S)
        patch.setattr(service, "MAX_CORRECTED_S", 10 * service.MAX_CORRECTED_S)
        yield


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests of the engines that are not about a corpus, see `test_engine_suite`."""
    left_out = [item for item in items if _is_left_out(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def _is_left_out(item: pytest.Item) -> bool:
    """Return whether a test is left out, or takes none of the fixtures for it."""
    if not isinstance(item, pytest.Function) or not hasattr(item.module, "NOT_OF_A_CORPUS"):
        return False
    provided = {"engine", "new_engine", "same_as_whoosh", "shelf"}
    is_named = any(map(item.name.startswith, item.module.NOT_OF_A_CORPUS))
    return is_named or provided.isdisjoint(item.fixturenames)
