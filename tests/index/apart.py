"""Imports in a separate process, to measure their memory."""

import json
import os
import subprocess
import sys
from pathlib import Path

MAX_MEMORY_MB = 500
"""Memory limit in MB for the import of one file."""

TIMEOUT_S = 120
"""Time limit of an import in seconds."""


CODE = """
import json, resource, sys
from index import Library
library = Library.open(sys.argv[1])
report = library.import_paths(sys.argv[2:])
library.index.sync()
try:  # of this program alone; `resource` includes the parent process
    status = open("/proc/self/status").read()
    most = int(status.split("VmHWM:")[1].split()[0]) / 1024
except (OSError, IndexError):
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
numbers = {name: report.total(name) for name in ("read", "added", "skipped")}
print(json.dumps([numbers, most]))
"""


def imported(folder: Path, *paths: Path) -> tuple[dict[str, int], float]:
    """Import files into the library in a folder; return the counts and the MB used.

    The counts are of papers read, added and skipped.
    """
    run = subprocess.run(
        [sys.executable, "-c", CODE, folder, *paths],
        capture_output=True, text=True, timeout=TIMEOUT_S, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    numbers, most = json.loads(run.stdout)
    return numbers, most
