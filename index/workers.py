"""Worker processes: functions of this package that run in separate processes.

A worker is a plain subprocess. A fork would copy the locks of this process's threads, and
`multiprocessing` would run the main module of the program that uses this library again.
"""

import os
import subprocess
import sys
from collections.abc import Callable

NICENESS = 10
"""Niceness of background work, so that typing stays responsive meanwhile."""

Worker = subprocess.Popen[bytes]


def start_worker(
    function: Callable[..., None],
    *arguments: str | int,
    stdin: int = subprocess.DEVNULL,
    niceness: int = 0,
) -> Worker:
    """Start a process that calls a module-level function; its standard output is a pipe.

    Its niceness is at least `niceness`, also if this process is a worker itself.

    With `stdin=subprocess.PIPE`, a worker that reads its standard input ends when this process
    does.
    """
    code = (
        f"import os; os.nice(max(0, {niceness} - os.nice(0)))\n"
        f"from {function.__module__} import {function.__name__} as run\n"
        f"run(*{arguments!r})"
    )
    return subprocess.Popen(
        [sys.executable, "-P", "-c", code],  # -P: imports nothing from the current folder
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a full-screen program may own the terminal
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
    )
