"""Failures around a process: full disks, missing permissions, closed pipes."""

import ctypes
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_CAPBSET_DROP = 24
_DAC_OVERRIDE, _DAC_READ_SEARCH = 1, 2


def drop_privileges() -> None:
    """Enforce file permissions for this process and its successors, even as root.

    For `preexec_fn`. https://man7.org/linux/man-pages/man7/capabilities.7.html
    """
    if os.geteuid() == 0:
        for right in (_DAC_OVERRIDE, _DAC_READ_SEARCH):
            ctypes.CDLL(None).prctl(_CAPBSET_DROP, right, 0, 0, 0)


def needs_permissions() -> None:
    """Skip a test if file permissions are not enforced for the user."""
    if os.geteuid() == 0 and not sys.platform.startswith("linux"):
        pytest.skip("root may do everything here")


class FileSizeLimit:
    """Limits the size of files written by this process and its successors."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.most, self.most))


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[Path]:
    """Yield a folder on a disk of `size` bytes; skip the test if none can be created."""
    place.mkdir()
    options = f"size={size},mode=700"
    mount = ["mount", "-t", "tmpfs", "-o", options, "carrel-faults", str(place)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except OSError:
        done = None
    if done is None or done.returncode:
        pytest.skip("a small disk can be mounted by root alone")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Fill a disk; return the file that fills it."""
    filling = disk / "filling"
    try:
        with filling.open("wb", buffering=0) as file:
            for piece in (1 << 16, 1 << 12, 1):
                try:
                    while file.write(b"\0" * piece):
                        pass
                except OSError:
                    continue
    except OSError:
        pass
    return filling
