"""The peak memory of this process and its children."""

import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

PAUSE = 0.05


class Peak:
    """Samples memory while a block runs; `megabytes` is None if the system does not report it.

    What this process held before is not counted. Pages that processes share are counted once for
    each, so the figure is no lower than what is held.
    """

    def __init__(self) -> None:
        self.megabytes: float | None = None
        self._before = _resident("self")
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            held = sum(_resident(process) for process in _family("self"))
            if held:
                self.megabytes = max(self.megabytes or 0.0, (held - self._before) / 1024)
            if self._done.wait(PAUSE):
                return


def _family(process: str) -> list[str]:
    """Return a process and its descendants."""
    found = [process]
    for file in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            found += [child for pid in file.read_text().split() for child in _family(pid)]
    return found


def _resident(process: str) -> int:
    """Return the resident kilobytes of a process; 0 if the system does not report them."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0
