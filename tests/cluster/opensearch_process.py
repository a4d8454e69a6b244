"""One OpenSearch node, a process of its own."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

BUILT = Path(__file__).parents[2] / ".venv" / "opensearch"
"""What `make opensearch` collects."""


class OpenSearchFailed(Exception):
    """A node ended, or did not answer in time; the message has the end of its log."""


class Node:
    """One node: its process, its ports and its folder, which outlive a kill."""

    def __init__(self, name: str, folder: Path, ports: tuple[int, int], jvm_options: Sequence[str]) -> None:
        self.name = name
        self.http_port, self.transport_port = ports
        self.log = folder / "node.log"
        self.folder = folder
        self.class_path = str(BUILT / "lib" / "*")
        self.environment: Mapping[str, str] = {}
        self._jvm_options = jvm_options
        self._process: subprocess.Popen[bytes] | None = None
        self._paused = False

    @property
    def answers(self) -> bool:
        """Whether the process runs and is not paused."""
        return self._process is not None and self._process.poll() is None and not self._paused

    def configure(self, settings: Mapping[str, object]) -> None:
        """Write the node's opensearch.yml."""
        (self.folder / "config").mkdir(parents=True, exist_ok=True)
        lines = [f"{key}: {json.dumps(value)}\n" for key, value in settings.items()]
        (self.folder / "config" / "opensearch.yml").write_text("".join(lines), encoding="utf-8")

    def launch(self) -> None:
        """Start the process; it does not answer yet."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  # no input but our own
                self.command(*self._jvm_options),
                # The node closes when its standard input ends, with this process at the latest.
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment},
            )
        self._paused = False

    def command(self, *jvm_options: str) -> list[str]:
        """The command line of the node."""
        java = shutil.which("java")
        if java is None or not (BUILT / "lib").is_dir():
            message = "OpenSearch is not there: `make opensearch` needs a JDK 17 or later, and Maven."
            raise OpenSearchFailed(message)
        return [java, *jvm_options, "-cp", self.class_path, "OpenSearchNode", str(self.folder)]

    def check_running(self) -> None:
        """Raise `OpenSearchFailed` if the process has ended."""
        if self._process is None or self._process.poll() is not None:
            code = None if self._process is None else self._process.returncode
            message = f"{self.name} has ended with {code}:\n{self.end_of_log()}"
            raise OpenSearchFailed(message)

    def end_of_log(self, lines: int = 40) -> str:
        """The last lines that the node logged."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])

    def kill(self) -> None:
        """End the process at once, without a chance to close anything."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._process.stdin is not None:
                self._process.stdin.close()
            self._process = None

    def pause(self) -> None:
        """Stop the process where it is: its connections stay open, and nothing is answered."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)
            self._paused = True

    def resume(self) -> None:
        """Let a paused process go on."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._paused = False
