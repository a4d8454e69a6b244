"""`python -m index.reading.sandbox_worker`: reads strangers' files, each in a fork of its own with hard limits.

Files come on standard input, each as a line of JSON, which says what is to be done with it and how many bytes follow,
and these bytes. What was read goes out on standard output as a line with its size, and JSON. Nothing is pickled,
nothing is written to disk, and the environment holds no secret.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any, BinaryIO, NamedTuple, Self

from index.errors import ArticleRejected
from index.reading.config import conventions_of
from index.reading.entry_builder import Material, entry_of
from index.reading.extracted import Extracted
from index.reading.formats import Format
from index.reading.sidecar import Sidecar
from index.storage.entry_json import record_of


class Limits(NamedTuple):
    """What reading one file may take."""

    memory: int = 2**30
    """Bytes of address space."""
    processor_seconds: int = 20
    seconds: int = 30

    @property
    def of_own_work(self) -> Self:
        """What making an entry may take: three times as long, for it grows with the text and no faster."""
        return self._replace(processor_seconds=3 * self.processor_seconds, seconds=3 * self.seconds)


OPEN_FILES = 64
REPLY_AT_MOST = 128 * 2**20
CHUNK = 2**16
Extract = Callable[[bytes, str], Extracted]
Work = Callable[[], dict[str, Any]]
"""What a fork does; what it returns is the reply."""
MODULES = {
    Format.HTML: "index.reading.html.extractor",
    Format.MARKDOWN: "index.reading.markdown",
    Format.PDF: "index.reading.pdf.extractor",
    Format.DOCX: "index.reading.docx.extractor",
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
        if "format" in head:
            reply = _apart(_extracting(head, data), limits)
        else:
            reply = _apart(_entry_making(head, data), limits.of_own_work)
        told.write(json.dumps({"size": len(reply)}).encode() + b"\n" + reply)
        told.flush()


def _extracting(head: Mapping[str, Any], data: bytes) -> Work:
    """The work of taking the text out of a file, with what it needs imported."""
    form = Format(head["format"])
    extract: Extract = import_module(MODULES[form]).extract
    if form in HEAVY:
        import_module(HEAVY[form])
    return lambda: {"extracted": extract(data, head["file"]).model_dump(mode="json")}


def _entry_making(head: Mapping[str, Any], data: bytes) -> Work:
    """The work of making an entry of a file, or of what was taken out of it, with the rules compiled."""
    rules = conventions_of(head["conventions"]).rules

    def make() -> dict[str, Any]:
        stated = Sidecar.model_validate(head["stated"])
        held = None if head["held"] is None else Extracted.model_validate(head["held"])
        return {"entry": record_of(entry_of(Material(head["id"], head["file"], data, stated, held), rules))}

    return make


def _apart(work: Work, limits: Limits) -> bytes:
    """The reply of a fork that does this work; what became of it, where it gave none."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _end_as(lambda: _work_within(limits, work, writing))
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


def _work_within(limits: Limits, work: Work, writing: int) -> None:
    _limit(limits)
    try:
        reply = work()
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
