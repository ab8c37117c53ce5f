"""The nodes of these tests: none outlives the process that has started it."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.team import nodes as module
from tests.team.nodes import NodeEnded, Nodes, NoNodes, cache_folder, free_ports

ROOT = Path(__file__).resolve().parents[2]

STARTING = """
import sys
from pathlib import Path
from tests.team.nodes import Nodes

nodes = Nodes(Path(sys.argv[1]), 1)
nodes.ports, nodes._transport = [20000], [20001]
nodes.start(0)
print(nodes._processes[0].pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="processes are watched as Linux has them")
@pytest.mark.parametrize("is_suspended", [False, True])
def test_node_whose_tests_are_killed_ends(nodes: Nodes, tmp_path: Path, is_suspended: bool) -> None:
    started = subprocess.Popen(
        [sys.executable, "-c", STARTING, tmp_path / "node"], cwd=ROOT,
        env={**os.environ, "XDG_CACHE_HOME": str(cache_folder().parents[1])},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with started:
        assert started.stdout
        node = os.pidfd_open(int(started.stdout.readline()))
        if is_suspended:
            signal.pidfd_send_signal(node, signal.SIGSTOP)
        started.kill()
    waiting = select.poll()
    waiting.register(node, select.POLLIN)
    try:
        assert waiting.poll(60_000)
    finally:
        os.close(node)


def test_nodes_without_jars_name_the_reason(
    nodes: Nodes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setenv("MAVEN_ARGS", "")
    monkeypatch.setattr(module, "WAITS", ("-o", f"-Dmaven.repo.local={tmp_path}"))
    with pytest.raises(NoNodes, match="mvn failed: "):
        Nodes(tmp_path, 1)


def test_node_that_ends_is_an_error_after_some_attempts(
    nodes: Nodes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[list[int]] = []

    def choose(count: int) -> list[int]:
        chosen.append(free_ports(count))
        return chosen[-1]

    monkeypatch.setattr(module, "free_ports", choose)
    with (
        pytest.raises(NodeEnded, match="node 0 ended: Invalid"),
        Nodes(tmp_path / "nodes", 1, ["-Xmxnone"]),
    ):
        pass
    assert len(chosen) == module.STARTS
