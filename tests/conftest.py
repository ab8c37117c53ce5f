"""What all tests share: a service on this machine to fetch papers from."""

import gc
from collections.abc import Iterator

import pytest

from .examples import load_profile
from .services import FakeService

load_profile()


def pytest_collection_finish() -> None:
    """Leave what is loaded by now out of the collector's rounds: a fifth of the time of a test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeService]:
    """A server that answers as the test says; no proxy of this machine stands between."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    fake = FakeService()
    yield fake
    fake.close()
