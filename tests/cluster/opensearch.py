"""An OpenSearch cluster on the loopback, a process a node, from jars that `make opensearch` collects.

`python -m tests.cluster.opensearch --nodes 3` starts one by hand, prints its URLs, and stops it at Ctrl-C.
"""

import argparse
import contextlib
import http.client
import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .opensearch_process import BUILT, Node, OpenSearchFailed

__all__ = ["OpenSearchCluster", "OpenSearchFailed"]

CLASSES = BUILT / "classes.jsa"
SECONDS_TO_START = 180.0
# Without the optimising compiler a node starts in half the time; benchmarks pass options of their own.
QUICK = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
SHARED = f"-XX:SharedArchiveFile={CLASSES}"
SETTINGS = {
    "network.host": "127.0.0.1",
    "node.store.allow_mmap": "false",
    "cluster.routing.allocation.disk.threshold_enabled": "false",  # tests pass on a machine with a full disk
    "action.auto_create_index": "-verbatim-*,+*",  # what a test's killed writer had sent brings no index back
    # A copy of a shard that hangs in recovery holds up no other one.
    "cluster.routing.allocation.node_concurrent_recoveries": "20",
}


class OpenSearchCluster:
    """Some OpenSearch nodes that know each other. `folder` keeps their data and logs; ports are chosen once.

    `settings` are added to each node's opensearch.yml. Nodes are numbered from 0.
    """

    def __init__(
        self,
        folder: Path,
        nodes: int = 1,
        *,
        heap: str = "384m",
        jvm_options: Sequence[str] = QUICK,
        settings: Mapping[str, object] | None = None,
    ) -> None:
        ports = _free_ports(2 * nodes)
        options = (SHARED, f"-Xms{heap}", f"-Xmx{heap}", *jvm_options)
        self.nodes = [
            Node(f"node-{number}", folder / f"node-{number}", (ports[2 * number], ports[2 * number + 1]), options)
            for number in range(nodes)
        ]
        seeds = ",".join(f"127.0.0.1:{node.transport_port}" for node in self.nodes)
        for node in self.nodes:
            own = {
                "cluster.name": "verbatim-tests",
                "node.name": node.name,
                "http.port": str(node.http_port),
                "transport.port": str(node.transport_port),
                "discovery.seed_hosts": seeds,
                "cluster.initial_cluster_manager_nodes": ",".join(each.name for each in self.nodes),
            }
            node.configure({**SETTINGS, **own, **(settings or {})})

    @property
    def urls(self) -> tuple[str, ...]:
        """The HTTP address of each node, also of one that is killed."""
        return tuple(f"http://127.0.0.1:{node.http_port}" for node in self.nodes)

    def start(self, seconds: float = SECONDS_TO_START) -> None:
        """Start all nodes and wait until they are one cluster that answers."""
        for node in self.nodes:
            node.launch()
        try:
            self._wait(time.monotonic() + seconds)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Kill all nodes. Their folders stay."""
        for node in self.nodes:
            node.kill()

    def kill(self, number: int) -> None:
        """Kill one node (SIGKILL)."""
        self.nodes[number].kill()

    def restart(self, number: int, seconds: float = SECONDS_TO_START) -> None:
        """Start a node again with its data and ports, and wait until it answers as a member of the cluster."""
        self.nodes[number].kill()
        self.nodes[number].launch()
        self._wait(time.monotonic() + seconds)

    def pause(self, number: int) -> None:
        """Have one node answer nothing (SIGSTOP), as one does that is overloaded."""
        self.nodes[number].pause()

    def resume(self, number: int) -> None:
        """Let a paused node go on (SIGCONT)."""
        self.nodes[number].resume()

    def heal(self, seconds: float = SECONDS_TO_START) -> None:
        """Resume what is paused, start what is killed, and wait until all nodes are one cluster again.

        One after another: where two start at once, copies of shards often stay in recovery without end.
        """
        for node in self.nodes:
            node.resume()
        for number, node in enumerate(self.nodes):
            if not node.answers:
                self.restart(number, seconds)
        self._wait(time.monotonic() + seconds)

    def fill_disk(self, index: str) -> None:
        """Block writes to an index (or a pattern of names) as the server does when a disk is full."""
        self.request("PUT", f"/{index}/_settings", {"index.blocks.read_only_allow_delete": True})

    def empty_disk(self, index: str) -> None:
        """Take that block away, as the server does when there is room again."""
        self.request("PUT", f"/{index}/_settings", {"index.blocks.read_only_allow_delete": None})

    def wait_for_health(self, status: str, seconds: float = 60.0) -> None:
        """Wait until all shards ("green"), or all primaries ("yellow"), are assigned."""
        deadline = time.monotonic() + seconds
        while True:
            left = max(int(deadline - time.monotonic()), 1)
            with contextlib.suppress(OSError, http.client.HTTPException, OpenSearchFailed):
                path = f"/_cluster/health?wait_for_status={status}&wait_for_no_relocating_shards=true&timeout={left}s"
                if not self.request("GET", path, timeout=left + 5.0)["timed_out"]:
                    return
            if time.monotonic() > deadline:
                reason = json.dumps(self.request("GET", "/_cluster/allocation/explain"))
                message = f"The cluster is not {status} after {seconds:.0f} s: {reason}"
                raise OpenSearchFailed(message)
            time.sleep(0.1)

    def request(self, method: str, path: str, body: object = None, *, timeout: float = 30.0) -> Any:  # noqa: ANN401  # JSON
        """Ask the first node that answers; `OpenSearchFailed` for a status of 400 and above."""
        node = next((node for node in self.nodes if node.answers), self.nodes[0])
        node.check_running()
        return self._ask(node, method, path, body, timeout)

    def _wait(self, deadline: float) -> None:
        """Wait until each node that runs sees all nodes that run, and a cluster manager."""
        running = [node for node in self.nodes if node.answers]
        for node in running:
            while not self._sees(node, len(running)):
                node.check_running()
                if time.monotonic() > deadline:
                    message = f"{node.name} does not answer:\n{node.end_of_log()}"
                    raise OpenSearchFailed(message)
                time.sleep(0.1)

    def _sees(self, node: Node, others: int) -> bool:
        """Whether a node answers and knows so many nodes, itself among them."""
        try:
            return bool(self._ask(node, "GET", "/_cluster/health", None, 5.0)["number_of_nodes"] >= others)
        except (OSError, http.client.HTTPException, OpenSearchFailed):
            return False

    def _ask(self, node: Node, method: str, path: str, body: object, timeout: float) -> Any:  # noqa: ANN401  # JSON
        content = None if body is None else json.dumps(body).encode()
        connection = self._connection(node, timeout)
        try:
            connection.request(method, path, content, {"Content-Type": "application/json", **self._headers()})
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        if response.status >= http.HTTPStatus.BAD_REQUEST:
            message = f"{method} {path}: {response.status} {answer.decode(errors='replace')}"
            raise OpenSearchFailed(message)
        return json.loads(answer)

    def _connection(self, node: Node, timeout: float) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", node.http_port, timeout=timeout)

    def _headers(self) -> dict[str, str]:
        """What a request has besides its content."""
        return {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


def share_classes() -> None:
    """Start and close a node once to write the archive of its classes, from which later starts map them.

    https://docs.oracle.com/en/java/javase/17/vm/class-data-sharing.html. A JVM that does not fit it goes on without.
    """
    with tempfile.TemporaryDirectory() as folder:
        (node,) = OpenSearchCluster(Path(folder)).nodes
        command = node.command(f"-XX:ArchiveClassesAtExit={CLASSES}", *QUICK)
        # Its standard input has ended already, so it closes once it has started.
        ended = subprocess.run(  # noqa: S603  # no input but our own
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS_TO_START, check=False, text=True
        )
    if ended.returncode != 0 or not CLASSES.exists():
        message = f"No node starts:\n{ended.stdout}{ended.stderr}"
        raise OpenSearchFailed(message)


def _free_ports(count: int) -> list[int]:
    """Ports that nothing listens on; all are held at once, so that they differ."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in sockets]


def main(arguments: Sequence[str] | None = None) -> None:
    """Start a cluster by hand."""
    parser = argparse.ArgumentParser(prog="python -m tests.cluster.opensearch", description="An OpenSearch cluster.")
    parser.add_argument("--nodes", type=int, default=1, help="how many nodes")
    parser.add_argument("--heap", default="384m", help="the heap of each node")
    parser.add_argument("--share-classes", action="store_true", help="only make later starts faster")
    options = parser.parse_args(arguments)
    if options.share_classes:
        share_classes()
        return
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        OpenSearchCluster(Path(folder), options.nodes, heap=options.heap) as cluster,
    ):
        sys.stdout.write(",".join(cluster.urls) + "\n")
        sys.stderr.write(f"Started in {time.monotonic() - started:.1f} s. Ctrl-C stops it.\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main()
