"""Fixtures of the tests on a cluster, which are collected by `make test-team` alone."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.team.nodes import Nodes, missing_tools

IS_WANTED = os.environ.get("CARREL_TEST_TEAM") == "1"

collect_ignore_glob = [] if IS_WANTED else ["test_*.py"]


@pytest.fixture(scope="session")
def tools() -> None:
    """Skip tests where no node can be started."""
    if reason := missing_tools():
        pytest.skip(reason)


@pytest.fixture(scope="session")
def nodes(tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """A cluster of two nodes; a test that kills one starts it again."""
    with Nodes(tmp_path_factory.mktemp("nodes"), 2) as both:
        yield both


@pytest.fixture(autouse=True)
def private_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's own library and configuration out of tests."""
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    for name in ("CARREL_CORPUS", "CARREL_CORPUS_USER", "CARREL_CORPUS_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
