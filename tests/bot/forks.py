"""Start bots fast: each is a fork of a process that has already imported and loaded what every bot needs.

That takes almost three seconds of processor time, and hundreds of tests start a bot. Each fork has its own environment,
folder and pipes. Where the system has no pidfd to watch a fork, bots start normally.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import gc
import importlib
import json
import os
import random
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.discord_server.server import INJECT, KEPT, ROOT

MAX_MESSAGE = 2**16
STREAMS = 3
"""File descriptors sent with an order: standard output, standard error, and a pipe for process id and exit code."""
QUESTIONS = (
    "Who accused Chinese firms?",
    "When is the summit?",
    "Where is the summit?",
    "How many firms were named?",
    "How does distillation work?",
    "Why was the cable sent?",
    "What is DeepSeek?",
    "Is DeepSeek banned?",
    "What did the embassy say?",
)
"""One of each kind, so that what is compiled for a kind when it is first asked is there in every fork."""
CAN_FORK = hasattr(os, "pidfd_open") and hasattr(socket, "SOCK_SEQPACKET")


class Pipe(NamedTuple):
    """The reading end of a pipe."""

    reader: asyncio.StreamReader
    transport: asyncio.ReadTransport


class Fork:
    """A bot, with the part of `asyncio.subprocess.Process` that tests use."""

    def __init__(self, pid: int, stdout: Pipe, stderr: Pipe, told: Pipe) -> None:
        """`told` is the pipe that gets the exit code."""
        self.pid = pid
        self.returncode: int | None = None
        self._pipes = stdout, stderr, told
        self._ending = asyncio.create_task(self._ended(told.reader))

    async def _ended(self, told: asyncio.StreamReader) -> int:
        self.returncode = int(await told.readline())
        return self.returncode

    async def wait(self) -> int:
        """The exit code, once it has ended; negative after a signal."""
        return await asyncio.shield(self._ending)

    async def communicate(self) -> tuple[bytes, bytes]:
        """All of its output until it ends."""
        stdout, stderr, _ = self._pipes
        said, complained, _ = await asyncio.gather(stdout.reader.read(), stderr.reader.read(), self.wait())
        for pipe in self._pipes:
            pipe.transport.close()
        await asyncio.sleep(0)  # they close in the next iteration of the loop
        return said, complained

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


async def forked(environment: Mapping[str, str], folder: Path) -> Fork:
    """Start a bot in this environment and folder."""
    pipes = [os.pipe() for _ in range(STREAMS)]
    order = json.dumps({"environment": dict(environment), "folder": str(folder)}).encode()
    socket.send_fds(_parent(), [order], [writing for _, writing in pipes])
    for _, writing in pipes:
        os.close(writing)
    stdout, stderr, told = [await _reading(reading) for reading, _ in pipes]
    return Fork(int(await told.reader.readline()), stdout, stderr, told)


async def _reading(descriptor: int) -> Pipe:
    reader, pipe = asyncio.StreamReader(limit=2**30), os.fdopen(descriptor, "rb", buffering=0)
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, pipe)
    return Pipe(reader, transport)


@cache
def _parent() -> socket.socket:
    """The socket to the forking process, which ends with this one."""
    mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", __name__, str(its.fileno())]
    with its:
        process = subprocess.Popen(command, env=environment, pass_fds=[its.fileno()])  # noqa: S603  # this Python

    def end() -> None:
        mine.close()
        process.wait()

    atexit.register(end)
    return mine


# ---- in the forking process ------------------------------------------------------------------------------------------


class Parent:
    """Forks for each order, and reports process id and exit code of each fork."""

    def __init__(self, orders: socket.socket) -> None:
        """Read orders from this socket until it is closed."""
        self._orders = orders
        self._forks: dict[int, tuple[int, int]] = {}
        """By pidfd: the fork's process id, and the pipe for its exit code."""
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(orders, selectors.EVENT_READ)

    def run(self) -> dict[str, Any] | None:
        """Returns the order in each fork, and None in the parent at the end."""
        while True:
            for key, _ in self._waiting.select():
                if key.fd in self._forks:
                    self._tell_end(key.fd)
                    continue
                order, descriptors, _, _ = socket.recv_fds(self._orders, MAX_MESSAGE, STREAMS)
                if not order:
                    return None
                if not self._fork(*descriptors):
                    return json.loads(order)  # type: ignore[no-any-return]  # an order of `forked`

    def _fork(self, stdout: int, stderr: int, telling: int) -> int:
        """The fork's process id; 0 in the fork, which closes all descriptors of the parent."""
        assert threading.active_count() == 1, "a fork would copy the locks that threads hold"
        pid = os.fork()
        if not pid:
            os.dup2(stdout, 1)
            os.dup2(stderr, 2)
            self._waiting.close()
            self._orders.close()
            for descriptor in (telling, *self._forks, *(there for _, there in self._forks.values())):
                os.close(descriptor)
        os.close(stdout)
        os.close(stderr)
        if pid:
            _tell(telling, pid)
            watched = os.pidfd_open(pid)
            self._forks[watched] = pid, telling
            self._waiting.register(watched, selectors.EVENT_READ)
        return pid

    def _tell_end(self, watched: int) -> None:
        self._waiting.unregister(watched)
        os.close(watched)
        pid, telling = self._forks.pop(watched)
        _tell(telling, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        os.close(telling)


def _tell(telling: int, number: int) -> None:
    with contextlib.suppress(BrokenPipeError):  # nobody listens any more
        os.write(telling, f"{number}\n".encode())


def become_bot(order: dict[str, Any]) -> int:
    """Run a bot; returns its exit code."""
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    random.seed()
    runpy.run_path(str(INJECT / "sitecustomize.py"))
    return bot.__main__.main()


if __name__ == "__main__":
    import bot.__main__
    from bot.client import EXTENSIONS
    from index.engine import Engine

    for name in EXTENSIONS:
        importlib.import_module(f"bot.cogs.{name}")
    with tempfile.TemporaryDirectory() as data:  # load the rules, the thesaurus and the trees once
        engine = Engine.open(ROOT / "seeds", Path(data))
        engine.reindex()
        engine.warm_up()
        for question in QUESTIONS:
            engine.ask(question)
    gc.collect()
    gc.freeze()  # shared objects are not collected in each fork
    if ordered := Parent(socket.socket(fileno=int(sys.argv[1]))).run():
        code = become_bot(ordered)
        threading._shutdown()  # type: ignore[attr-defined]  # shut down as Python does: threads, then exit functions,
        atexit._run_exitfuncs()
        os._exit(code)  # but without a teardown of what was imported before the fork
