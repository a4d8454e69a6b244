"""`python -m index.reading.child`: reads strangers' files, each in a fork of its own with hard limits.

Files come on standard input and go out on standard output, each as a line of JSON that ends with how many bytes
follow, and these bytes. Nothing is pickled, nothing is written to disk, and the environment holds no secret.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any, BinaryIO, NamedTuple

from index.errors import ArticleRejected
from index.reading.extracted import Extracted
from index.reading.formats import Format


class Limits(NamedTuple):
    """What reading one file may take."""

    memory: int = 2**30
    """Bytes of address space."""
    processor_seconds: int = 20
    seconds: int = 30


OPEN_FILES = 64
REPLY_AT_MOST = 128 * 2**20
CHUNK = 2**16
Extract = Callable[[bytes, str], Extracted]
MODULES = {
    Format.HTML: "index.reading.html",
    Format.MARKDOWN: "index.reading.markdown",
    Format.PDF: "index.reading.pdf",
    Format.DOCX: "index.reading.docx",
}
HEAVY = {Format.HTML: "trafilatura", Format.PDF: "pypdf", Format.DOCX: "mammoth"}
"""What is imported before the fork, so that not every file pays for it."""


def main(limits: Limits) -> None:
    """Read one file after the other until there are no more, each within these limits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked, told = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no reply
    while line := asked.readline():
        head = json.loads(line)
        data = asked.read(head["size"])
        reply = _apart(Format(head["format"]), data, head["file"], limits)
        told.write(json.dumps({"size": len(reply)}).encode() + b"\n" + reply)
        told.flush()


def _apart(form: Format, data: bytes, file: str, limits: Limits) -> bytes:
    """The reply of a fork that reads this file; what became of it, where it gave none."""
    import_module(MODULES[form])
    if form in HEAVY:
        import_module(HEAVY[form])
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _end_as(lambda: _read_within(limits, form, data, file, writing))
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        reply, in_time = _collected(pipe, limits.seconds)
    if not in_time:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not in_time:
        return json.dumps({"broke": "time"}).encode()
    if os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) != 0:
        over = os.WIFSIGNALED(status) and os.WTERMSIG(status) in {signal.SIGXCPU, signal.SIGKILL}
        return json.dumps({"broke": "processor" if over else "crash"}).encode()
    return reply


def _collected(pipe: BinaryIO, seconds: float) -> tuple[bytes, bool]:
    """All that comes through the pipe, and whether it came in time and was not too much."""
    until = time.monotonic() + seconds
    pieces: list[bytes] = []
    size = 0
    while select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]:
        piece = os.read(pipe.fileno(), CHUNK)
        if not piece:
            return b"".join(pieces), True
        pieces.append(piece)
        size += len(piece)
        if size > REPLY_AT_MOST:
            break
    return b"", False


def _end_as(work: Callable[[], None]) -> None:
    """Do the work and end the process, without anything that the parent's end would do."""
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def _read_within(limits: Limits, form: Format, data: bytes, file: str, writing: int) -> None:
    _limit(limits)
    extract: Extract = import_module(MODULES[form]).extract
    try:
        reply: dict[str, Any] = {"extracted": extract(data, file).model_dump(mode="json")}
    except ArticleRejected as error:
        reply = {"refused": [error.what, error.remedy]}
    except MemoryError:
        reply = {"broke": "memory"}
    except BaseException as error:  # noqa: BLE001  # a panic of a native library is one too, and the file is refused
        reply = {"broke": "memory" if "memory" in str(error).lower() else "fault", "fault": type(error).__name__}
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(json.dumps(reply).encode())


def _limit(limits: Limits) -> None:
    """Let this process take no more than it may, and write no file."""
    import resource  # noqa: PLC0415  # not on every system

    for limit, value in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.processor_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        with suppress(ValueError, OSError):  # a stricter one holds already
            resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    main(Limits(*map(int, sys.argv[1:])))
