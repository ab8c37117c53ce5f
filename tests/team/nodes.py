"""Nodes of OpenSearch on this machine, from jars that Maven fetches into a cache folder."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any

HERE = Path(__file__).parent
JAVA_VERSION = 17
HEAP = os.environ.get("CARREL_TEST_HEAP", "512m")
START_S = 120
FETCH_S = 600


@cache
def cache_folder() -> Path:
    """Return the folder that jars are kept in between runs."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "carrel-tests" / "opensearch"


def missing_tools() -> str:
    """Return why no node can be started here, "" if one can."""
    for tool in ("java", "javac", "mvn"):
        if not shutil.which(tool):
            return f"{tool} is not installed"
    shown = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False)
    version = re.search(r'version "(\d+)', shown.stderr)
    if not version or int(version[1]) < JAVA_VERSION:
        return f"Java {JAVA_VERSION} or later is not installed"
    return ""


def fetch_jars() -> str:
    """Return the class path of a node, with jars fetched and the launcher compiled if changed."""
    folder = cache_folder()
    wanted = (HERE / "pom.xml").read_text() + (HERE / "TestNode.java").read_text()
    stamp, jars, classes = folder / "fetched", folder / "jars", folder / "classes"
    path = f"{classes}{os.pathsep}{jars}/*"
    if stamp.is_file() and stamp.read_text() == wanted:
        return path
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    fetch = ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies",
             f"-DoutputDirectory={jars}", "-DincludeScope=runtime"]  # fmt: skip
    subprocess.run(fetch, check=True, timeout=FETCH_S, stdin=subprocess.DEVNULL)
    build = ["javac", "-d", str(classes), "-cp", f"{jars}/*", str(HERE / "TestNode.java")]
    subprocess.run(build, check=True, timeout=FETCH_S)
    stamp.write_text(wanted)
    return path


def free_ports(count: int) -> list[int]:
    """Return ports that are free now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Nodes:
    """Some nodes that form one cluster; a context that stops them, each by its process."""

    def __init__(self, folder: Path, count: int, heap: str = HEAP) -> None:
        self._folder = folder
        self._heap = heap
        self._path = fetch_jars()
        ports = free_ports(2 * count)
        self.ports, self._transport = ports[:count], ports[count:]
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._logs: list[IO[bytes]] = []

    def __enter__(self) -> "Nodes":
        try:
            for number in range(len(self.ports)):
                self.start(number)
            self.wait()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop all nodes."""
        for number in list(self._processes):
            self.kill(number)
        for log in self._logs:
            log.close()

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
            "cluster.name": "carrel-tests",
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
        options = [
            f"-Xmx{self._heap}",
            f"-Xms{self._heap}",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            self._path,
        ]
        given = [f"{name}={value}" for name, value in settings.items()]
        self._processes[number] = subprocess.Popen(
            ["java", *options, "TestNode", *given], stdin=subprocess.PIPE, stdout=log, stderr=log
        )

    def kill(self, number: int) -> None:
        """Kill a node at once, as a power cut would."""
        process = self._processes.pop(number)
        process.kill()
        process.wait()
        if process.stdin:
            process.stdin.close()

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Suspend all nodes for a block: they accept requests, and do not answer."""
        processes = list(self._processes.values())
        try:
            for process in processes:
                process.send_signal(signal.SIGSTOP)
            yield
        finally:
            for process in processes:
                process.send_signal(signal.SIGCONT)

    def wait(self, status: str = "yellow") -> None:
        """Wait until all running nodes have joined, and the cluster has a status.

        It is green if all shards and replicas can be used. Raises TimeoutError.
        """
        wanted = len(self._processes)
        number = next(iter(self._processes))
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            dead = [at for at, one in self._processes.items() if one.poll() is not None]
            if dead:
                log = (self._folder / f"node{dead[0]}.log").read_text(errors="replace")
                raise RuntimeError(f"node {dead[0]} ended: {log[-2000:]}")
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
            if not found["timed_out"]:
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
