"""`python -m index.reading.sandbox_worker`: read untrusted files, each in its own fork with hard limits.

Each request on standard input is a line of JSON, which names the task and the number of bytes, and those bytes. Each
reply on standard output is a line with its size, and JSON. Nothing is pickled, nothing is written to disk, and the
environment holds no secret.
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
from functools import cache, partial
from importlib import import_module
from typing import Any, BinaryIO, NamedTuple, Self

from index.errors import ArticleRejected
from index.reading.config import config_from_json
from index.reading.entry_builder import ReaderInput, build_entry
from index.reading.extracted import Extracted
from index.reading.formats import Format
from index.reading.sidecar import Sidecar
from index.reading.sources import Anchors
from index.storage.entry_json import entry_to_json


class SandboxLimits(NamedTuple):
    """Limits for reading one file."""

    memory: int = 2**30
    """Bytes of address space."""
    processor_seconds: int = 20
    seconds: int = 30

    @property
    def for_building_entry(self) -> Self:
        """Limits for building an entry: three times as long, as its time is linear in the text."""
        return self._replace(processor_seconds=3 * self.processor_seconds, seconds=3 * self.seconds)


OPEN_FILES = 64
MAX_REPLY_BYTES = 128 * 2**20
CHUNK = 2**16
Extract = Callable[..., Extracted]
Work = Callable[[], dict[str, Any]]
"""Work of a fork; returns the reply."""
MODULES = {
    Format.HTML: "index.reading.html.extractor",
    Format.MARKDOWN: "index.reading.markdown.extractor",
    Format.PDF: "index.reading.pdf.extractor",
    Format.DOCX: "index.reading.docx.extractor",
}


def main(limits: SandboxLimits) -> None:
    """Read files until standard input ends, each within these limits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked, told = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # keeps what a library prints out of the replies
    while line := asked.readline():
        head = json.loads(line)
        data = asked.read(head["size"])
        if "format" in head:
            reply = _run_in_fork(_extracting(head, data), limits)
        elif head.get("tells_language"):
            reply = json.dumps(_told_language(data)).encode()
        else:
            reply = _run_in_fork(_entry_making(head, data), limits.for_building_entry)
        told.write(json.dumps({"size": len(reply)}).encode() + b"\n" + reply)
        told.flush()


def _extracting(head: Mapping[str, Any], data: bytes) -> Work:
    """Return the work of extracting a file's text, with all modules that it needs loaded."""
    form = Format(head["format"])
    _warm_up(form)
    extract = extractor(form, Anchors(head["anchors"]))
    return lambda: {"extracted": extract(data, head["file"]).model_dump(mode="json")}


def extractor(form: Format, anchors: Anchors = Anchors.NONE) -> Extract:
    """Return the function that extracts the text of a file of this format; `anchors` are those of Markdown."""
    extract: Extract = import_module(MODULES[form]).extract
    return partial(extract, anchors=anchors) if form is Format.MARKDOWN else extract


@cache
def _warm_up(form: Format) -> None:
    """Read samples before the first fork: what the libraries load and compile for them is then there in each fork."""
    from index.reading.samples import SAMPLES  # noqa: PLC0415  # whoever asks the sandbox imports this module, too

    extract = extractor(form)
    for sample in SAMPLES[form]:
        with suppress(Exception):  # a library that fails here fails in the fork, too, where that is reported
            extract(sample, f"sample.{form.value}")


def _told_language(data: bytes) -> dict[str, Any]:
    """Return the language of a text by the model, which no other process then needs to load.

    It needs no fork, which would take longer than the model: a few thousand characters are counted, and nothing parsed.
    """
    classify = import_module("index.analysis.language_detection").classify_by_model
    try:
        return {"language": classify(data.decode("utf-8", "surrogatepass"))}
    except Exception as error:  # noqa: BLE001  # the article is read all the same
        return {"broke": "fault", "fault": type(error).__name__}


def _entry_making(head: Mapping[str, Any], data: bytes) -> Work:
    """Return the work of building an entry from a file or its extracted text, with the rules compiled."""
    rules = config_from_json(head["conventions"]).rules

    def make() -> dict[str, Any]:
        stated = Sidecar.model_validate(head["stated"])
        held = None if head["held"] is None else Extracted.model_validate(head["held"])
        reader_input = ReaderInput(head["id"], head["file"], data, stated, held, head["site_url"])
        return {"entry": entry_to_json(build_entry(reader_input, rules))}

    return make


def _run_in_fork(work: Work, limits: SandboxLimits) -> bytes:
    """Run the work in a fork; return its reply, or how it failed if there is none."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _exit_after(lambda: _work_within(limits, work, writing))
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        reply, in_time = _read_all(pipe, limits.seconds)
    if not in_time:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not in_time:
        return json.dumps({"broke": "time"}).encode()
    if os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) != 0:
        over = os.WIFSIGNALED(status) and os.WTERMSIG(status) in {signal.SIGXCPU, signal.SIGKILL}
        return json.dumps({"broke": "processor" if over else "crash"}).encode()
    return reply


def _read_all(pipe: BinaryIO, seconds: float) -> tuple[bytes, bool]:
    """Read a pipe to its end; also return whether that was in time and within the size limit."""
    until = time.monotonic() + seconds
    pieces: list[bytes] = []
    size = 0
    while select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]:
        piece = os.read(pipe.fileno(), CHUNK)
        if not piece:
            return b"".join(pieces), True
        pieces.append(piece)
        size += len(piece)
        if size > MAX_REPLY_BYTES:
            break
    return b"", False


def _exit_after(work: Callable[[], None]) -> None:
    """Run the work and exit, without the parent's exit handlers."""
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def _work_within(limits: SandboxLimits, work: Work, writing: int) -> None:
    _apply_limits(limits)
    try:
        reply = work()
    except ArticleRejected as error:
        reply = {"refused": [error.what, error.remedy]}
    except MemoryError:
        reply = {"broke": "memory"}
    except BaseException as error:  # noqa: BLE001  # includes a native library's panic; the file is refused
        reply = {"broke": "memory" if "memory" in str(error).lower() else "fault", "fault": type(error).__name__}
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(json.dumps(reply).encode())


def _apply_limits(limits: SandboxLimits) -> None:
    """Set this process's limits; it may write no file."""
    import resource  # noqa: PLC0415  # not on every system

    for limit, value in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.processor_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        with suppress(ValueError, OSError):  # a stricter limit is already set
            resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    main(SandboxLimits(*map(int, sys.argv[1:])))
