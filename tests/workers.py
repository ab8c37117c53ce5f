"""Work of worker processes, done in the process of a test."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any


def run_here(work: Callable[..., None], *arguments: Any, **_: object) -> SimpleNamespace:
    """Run the function of a worker in this process, in place of starting one."""
    work(*arguments)
    return SimpleNamespace(poll=lambda: 0)
