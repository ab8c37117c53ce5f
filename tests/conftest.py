"""What all tests share: a service on this machine to fetch papers from."""

from collections.abc import Iterator

import pytest

from .examples import load_profile
from .services import FakeService

load_profile()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeService]:
    """A server that answers as the test says; no proxy of this machine stands between."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    fake = FakeService()
    yield fake
    fake.close()
