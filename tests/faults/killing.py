"""Starts work on a library, and kills it."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Self

from tests.faults.ledger import Op

ROOT = Path(__file__).parents[2]

Job = Sequence[object]
"""The name of a job of the worker, and its arguments."""


class End(NamedTuple):
    """How a process ends: after a `time`, at a `step`, in a `write`, or by itself (`never`)."""

    how: str = "never"
    amount: float = 0


class Run(NamedTuple):
    """The output of a process, how it ended (the negative signal if killed) and when."""

    lines: list[list[str]]
    status: int
    took: float

    @property
    def killed(self) -> bool:
        return self.status < 0

    @property
    def steps(self) -> int:
        return next((int(line[1]) for line in self.lines if line[0] == "steps"), 0)

    @property
    def code(self) -> int | None:
        """The exit code of a `carrel` that was not killed."""
        return next((int(line[1]) for line in self.lines if line[0] == "code"), None)

    @property
    def output(self) -> str:
        return next((json.loads(line[2]) for line in self.lines if line[0] == "code"), "")

    @property
    def faults(self) -> list[str]:
        """Its unexpected errors."""
        errors = [" ".join(line).strip() for line in self.lines if line[0] in ("fault", "late")]
        return errors + [self.output.strip()] * (self.code not in (None, 0))


class Worker:
    """A process that runs one job at a time; see `tests.faults.worker`."""

    def __init__(self, home: Path) -> None:
        home.mkdir(exist_ok=True)
        self.home = home
        self.environment = {
            **os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_CONFIG_HOME": str(home / "config"), "XDG_DATA_HOME": str(home / "data"),
            "CARREL_OUTPUT": str(home / f"output-{random.randrange(10**9)}"), "TMPDIR": str(home),
            "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.worker"], cwd=ROOT, env=self.environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def start(self, job: Job, end: End = End()) -> None:  # noqa: B008  # a value
        assert self.process.stdin
        print(json.dumps({"job": job, "end": end}), file=self.process.stdin, flush=True)

    def wait(self) -> Run:
        assert self.process.stdout
        lines: list[list[str]] = []
        for line in self.process.stdout:
            words = line.split(None, 2)
            if words[0] == "end":
                return Run(lines, int(words[1]), float(words[2]))
            lines.append(words)
        raise RuntimeError("the worker is gone")

    def run(self, job: Job, end: End = End()) -> Run:  # noqa: B008  # a value
        self.start(job, end)
        return self.wait()

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


@dataclass
class Tally:
    """Totals: kills, marks checked, marks lost, and other errors."""

    rounds: int = 0
    faults: int = 0
    checked: int = 0
    lost: int = 0
    wrong: list[str] = field(default_factory=list)

    def __add__(self, other: Self) -> "Tally":
        return Tally(
            self.rounds + other.rounds, self.faults + other.faults, self.checked + other.checked,
            self.lost + other.lost, self.wrong + other.wrong,
        )  # fmt: skip


class Bench:
    """A worker, by default a new one, with a folder, a random generator and the totals so far."""

    def __init__(self, place: Path, seed: int, worker: Worker | None = None) -> None:
        self.place = place
        self.chance = random.Random(seed)
        self.worker = worker or Worker(place / "home")
        self.close = self.worker.close if worker is None else lambda: None
        self.tally = Tally()

    def environment(self) -> dict[str, str]:
        return self.worker.environment

    def end(self, typical: Run) -> End:
        """Return a random end, given one run that was not killed."""
        how = self.chance.choice(("time", "time", "step", "write"))
        if how == "time":
            return End(how, self.chance.uniform(0, typical.took))
        if how == "step":
            return End(how, self.chance.randint(1, max(1, typical.steps)))
        return End(how, int(self.chance.uniform(0, 1.2) ** 2 * self.largest))

    largest = 600_000
    """The size of the largest file that the work is likely to write."""

    def killed(self, job: Job, typical: Run) -> Run:
        """Run a job that is killed unless it ends first."""
        end = self.end(typical)
        run = self.worker.run(job, end)
        self.count(run, end)
        return run

    def count(self, run: Run, end: End) -> None:
        """Count a run; errors are expected only if it could not write."""
        self.tally.rounds += 1
        self.tally.faults += run.killed
        limited = "internal error" if end.how == "write" else ""
        self.tally.wrong += [fault for fault in run.faults if limited in fault]

    def wrong(self, message: str) -> None:
        self.tally.wrong.append(message)


@contextmanager
def bench(place: Path, seed: int, worker: Worker | None = None) -> Iterator[Bench]:
    """Yield a bench in a folder; this process uses the same home folder meanwhile."""
    made = Bench(place, seed, worker)
    names = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update({name: made.worker.environment[name] for name in names})
    try:
        yield made
    finally:
        made.close()
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def copied(template: Path, folder: Path) -> Path:
    """Replace a folder by a copy of another, and return it."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    return folder


def sent(ops: Sequence[Op]) -> list[list[object]]:
    """Return changes in the format of a worker."""
    return [list(op) for op in ops]
