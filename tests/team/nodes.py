"""Nodes of OpenSearch on this machine, from jars that Maven fetches into a cache folder.

`python -m tests.team.nodes` fetches them, and fails with the reason if no node can be started.
"""

import ctypes
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import IO, Any

HERE = Path(__file__).parent
JAVA_VERSION = 17
HEAP = os.environ.get("CARREL_TEST_HEAP", "1g")
QUICK_START = (f"-Xmx{HEAP}", f"-Xms{HEAP}", "-XX:TieredStopAtLevel=1")
"""Java options of nodes that run for a few minutes."""

MEMORY_KB = 4_000_000
"""Memory that two nodes and the tests need."""

START_S = 240
STARTS = 3
"""How often nodes are started before a test fails: a port may have been taken meanwhile."""

FETCH_S = 240
WAITS = ("-Daether.connector.connectTimeout=10000", "-Daether.connector.requestTimeout=60000")
"""Maven waits longer by default than tests take."""

PORTS = range(20_000, 32_000)
"""Ports that no system gives to a client, who might take that of a node while it is down."""

PR_SET_PDEATHSIG = 1  # of prctl(2)


class NodeEnded(Exception):
    """A node ended by itself."""


class NoNodes(Exception):
    """No node can be started here, for a reason that is no failure of a test."""


@cache
def cache_folder() -> Path:
    """Return the folder that jars are kept in between runs."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "carrel-tests" / "opensearch"


def check_tools() -> None:
    """Raise NoNodes unless there are the programs that start nodes, and memory for two."""
    for tool in ("java", "javac", "mvn"):
        if not shutil.which(tool):
            raise NoNodes(f"{tool} is not installed")
    shown = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False)
    version = re.search(r'version "(\d+)', shown.stderr)
    if not version or int(version[1]) < JAVA_VERSION:
        raise NoNodes(f"Java {JAVA_VERSION} or later is not installed")
    memory = Path("/proc/meminfo")  # of Linux
    free = re.search(r"MemAvailable: *(\d+) kB", memory.read_text() if memory.exists() else "")
    if free and int(free[1]) < MEMORY_KB:
        raise NoNodes(f"{int(free[1]):,} kB of memory are free, and two nodes need {MEMORY_KB:,}")


def fetch_jars() -> str:
    """Return the class path of a node, with jars fetched and the launcher compiled if changed.

    Raises NoNodes if there is no Java, or the jars cannot be fetched.
    """
    check_tools()
    folder = cache_folder()
    wanted = (HERE / "pom.xml").read_text() + (HERE / "TestNode.java").read_text()
    stamp, jars, classes = folder / "fetched", folder / "jars", folder / "classes"
    path = f"{classes}{os.pathsep}{jars}/*"
    if stamp.is_file() and stamp.read_text() == wanted:
        return path
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _run("mvn", "-q", "-B", *WAITS, "-f", str(HERE / "pom.xml"),
             "dependency:copy-dependencies", f"-DoutputDirectory={jars}",
             "-DincludeScope=runtime")  # fmt: skip
        _run("javac", "-d", str(classes), "-cp", f"{jars}/*", str(HERE / "TestNode.java"))
        stamp.write_text(wanted)
    except OSError as error:
        raise NoNodes(f"cannot write to {folder}: {error}") from None
    return path


def _run(*command: str) -> None:
    """Run a command in `FETCH_S`; raises NoNodes with its last lines if it fails."""
    try:
        done = subprocess.run(
            command, timeout=FETCH_S, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise NoNodes(f"{command[0]} took longer than {FETCH_S} s") from None
    if done.returncode:
        raise NoNodes(f"{command[0]} failed: {done.stdout[-1_000:]}")


def free_ports(count: int) -> list[int]:
    """Return ports that are free now."""
    found: list[int] = []
    while len(found) < count:
        port = random.choice(PORTS)
        with socket.socket() as one:
            if port not in found and one.connect_ex(("127.0.0.1", port)):
                found.append(port)
    return found


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent has ended, even one that is suspended.

    Other systems than Linux have no such signal; there, a node stops when its input is closed.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Nodes:
    """Some nodes that form one cluster; a context that stops them, each by its process."""

    def __init__(self, folder: Path, count: int, options: Sequence[str] = QUICK_START) -> None:
        """`options` are those of Java."""
        self._folder = folder
        self._options = options
        self._path = fetch_jars()
        self._count = count
        self._name = "carrel-tests"
        self.ports: list[int] = []
        self._transport: list[int] = []
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._logs: list[IO[bytes]] = []

    def __enter__(self) -> "Nodes":
        for left in reversed(range(STARTS)):
            ports = free_ports(2 * self._count)
            self.ports, self._transport = ports[: self._count], ports[self._count :]
            self._name = f"carrel-tests-{token_hex(4)}"  # others may run at the same time
            try:
                for number in range(self._count):
                    self.start(number)
                self.wait()
            except BaseException as error:
                self.close()
                if not left or not isinstance(error, NodeEnded):
                    raise
                shutil.rmtree(self._folder)
            else:
                break
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop all nodes."""
        for number in list(self._processes):
            self.kill(number)
        for log in self._logs:
            log.close()
        self._logs.clear()

    def address(self, corpus: str, *numbers: int) -> str:
        """Return the address of a corpus on some nodes, by default on all."""
        ports = [self.ports[number] for number in numbers] or self.ports
        return f"http://{','.join(f'127.0.0.1:{port}' for port in ports)}/{corpus}"

    def start(self, number: int) -> None:
        """Start a node, or start it again after it was killed."""
        home = self._folder / f"node{number}"
        home.mkdir(parents=True, exist_ok=True)
        names = ",".join(f"node{at}" for at in range(len(self.ports)))
        seeds = ",".join(f"127.0.0.1:{port}" for port in self._transport)
        settings = {
            "cluster.name": self._name,
            "node.name": f"node{number}",
            "path.home": str(home),
            "network.host": "127.0.0.1",
            "http.port": self.ports[number],
            "transport.port": self._transport[number],
            "discovery.seed_hosts": f"[{seeds}]",
            "cluster.initial_cluster_manager_nodes": f"[{names}]",
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            "node.processors": 1,
        }
        log = (self._folder / f"node{number}.log").open("ab")
        self._logs.append(log)
        options = [*self._options, "-cp", self._path]
        given = [f"{name}={value}" for name, value in settings.items()]
        self._processes[number] = subprocess.Popen(
            ["java", *options, "TestNode", *given],
            stdin=subprocess.PIPE, stdout=log, stderr=log, preexec_fn=die_with_parent,
        )  # fmt: skip

    def kill(self, number: int) -> None:
        """Kill a node at once, as a power cut would."""
        process = self._processes.pop(number)
        process.kill()
        process.wait()
        if process.stdin:
            process.stdin.close()

    @contextmanager
    def silent(self, *numbers: int) -> Iterator[None]:
        """Suspend nodes, by default all, for a block: they accept requests, and do not answer."""
        processes = [self._processes[number] for number in numbers or self._processes]
        try:
            for process in processes:
                process.send_signal(signal.SIGSTOP)
            yield
        finally:
            for process in processes:
                process.send_signal(signal.SIGCONT)

    def wait(self, status: str = "yellow") -> None:
        """Wait until all running nodes have joined, and the cluster has a status.

        It is green if all shards and replicas can be used. Raises TimeoutError, and NodeEnded.
        """
        wanted = len(self._processes)
        number = next(iter(self._processes))
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            dead = [at for at, one in self._processes.items() if one.poll() is not None]
            if dead:
                log = (self._folder / f"node{dead[0]}.log").read_text(errors="replace")
                raise NodeEnded(f"node {dead[0]} ended: {log[-2000:]}")
            # The cluster itself waits, so that this does not ask often.
            path = (
                f"_cluster/health?wait_for_nodes=>={wanted}&wait_for_status={status}"
                "&wait_for_no_relocating_shards=true&timeout=5s"
            )
            try:
                found = self.get(number, path)
            except OSError:
                time.sleep(0.2)
                continue
            if found["cluster_name"] == self._name and not found["timed_out"]:
                return
        raise TimeoutError(f"{wanted} nodes did not form a cluster in {START_S} s")

    def manager(self) -> int:
        """Return the number of the node that manages the cluster."""
        number = next(iter(self._processes))
        state = self.get(number, "_cluster/state/cluster_manager_node,nodes")
        name = state["nodes"][state["cluster_manager_node"]]["name"]
        return int(name.removeprefix("node"))

    def get(self, number: int, path: str) -> Any:
        """Return the answer of a node to a request."""
        url = f"http://127.0.0.1:{self.ports[number]}/{path}"
        with urllib.request.urlopen(url, timeout=30) as answer:
            return json.load(answer)


if __name__ == "__main__":
    try:
        fetch_jars()
    except NoNodes as reason:
        sys.exit(f"no tests on a cluster: {reason}")
