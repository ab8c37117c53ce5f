"""The memory of the reader's process."""

import ctypes
import platform
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tui.platform.memory import share_freed_memory

ALLOCATIONS = """
import threading
from tui.platform.memory import share_freed_memory

def allocate(together=threading.Barrier(6)):
    together.wait()
    blocks = [bytes(60_000) for _ in range(20)]
    together.wait()

{first}
threads = [threading.Thread(target=allocate) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
with open("/proc/self/maps") as maps:
    print(sum("---p 00000000 00:00 0 \\n" in line for line in maps))  # the unused rest of arenas
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library is not glibc")
def test_threads_share_one_arena() -> None:
    def reserved(first: str) -> int:
        code = ALLOCATIONS.format(first=first)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        return int(done.stdout)

    assert reserved("share_freed_memory()") < reserved("")


@pytest.mark.parametrize("library", [SimpleNamespace(), None])
def test_memory_of_another_c_library_is_left_alone(
    library: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(name: None) -> object:
        if library is None:
            raise OSError
        return library

    monkeypatch.setattr(ctypes, "CDLL", load)
    share_freed_memory()
