"""Imports in separate processes, to measure their memory."""

import atexit
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

MAX_MEMORY_MB = 500
"""Memory limit in MB for the import of one file."""

CODE = """
import json, os, resource, sys
import index.engines.whoosh.engine  # which the first search imports
from index import Library

def imported(folder, paths):
    library = Library.open(folder)
    report = library.import_paths(paths)
    library.index.sync()
    try:  # of this process alone; `resource` includes the parent process
        status = open("/proc/self/status").read()
        most = int(status.split("VmHWM:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
    return {name: report.total(name) for name in ("read", "added", "skipped")}, most

for line in sys.stdin:
    folder, paths, environment = json.loads(line)
    if (child := os.fork()) == 0:
        os.environ.update(environment)
        try:
            print(json.dumps(imported(folder, paths)), flush=True)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    print(flush=True)
"""
"""Forks for each import, since to import the package takes as long as to import a file."""


@cache
def _forking() -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", CODE],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    atexit.register(process.communicate)
    return process


def imported(folder: Path, *paths: Path) -> tuple[dict[str, int], float]:
    """Import files into the library in a folder; return the counts and the MB used.

    The counts are of papers read, added and skipped.
    """
    process = _forking()
    assert process.stdin
    assert process.stdout
    request = str(folder), list(map(str, paths)), dict(os.environ)
    print(json.dumps(request), file=process.stdin, flush=True)
    answer = process.stdout.readline()
    assert answer.strip(), "the import has ended without an answer"
    process.stdout.readline()
    numbers, most = json.loads(answer)
    return numbers, most
