"""Imports in a process of their own, to see what memory they take."""

import json
import os
import subprocess
import sys
from pathlib import Path

MOST_MEMORY = 500
"""Megabytes that any one file may take to come in."""

PATIENCE = 120
"""Seconds after which an import hangs."""


def imported(folder: Path, *paths: Path) -> tuple[dict[str, int], float]:
    """Import files into the library in a folder; return what was counted, and the megabytes taken.

    What was read, added and skipped is counted.
    """
    code = (
        "import json, resource, sys; from index import Library; "
        "library = Library.open(sys.argv[1]); report = library.import_paths(sys.argv[2:]); "
        "library.catch_up(); "
        "print(json.dumps({n: report.total(n) for n in ('read', 'added', 'skipped')} | "
        "{'most': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, folder, *paths],
        capture_output=True, text=True, timeout=PATIENCE, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    numbers = json.loads(run.stdout)
    most = numbers.pop("most") / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    return numbers, most
