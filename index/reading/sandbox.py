"""Read untrusted files in a sandboxed process, up to their sentences; a crash there does not affect the caller."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from pydantic import ValidationError

from index.cleaning import Rule
from index.errors import ArticleRejected
from index.models import IndexedArticle
from index.reading.config import ReadingConfig
from index.reading.decoding import decode
from index.reading.entry_builder import ReaderInput
from index.reading.extracted import Extracted
from index.reading.formats import FORMAT_NAMES, Format
from index.reading.sandbox_worker import CHUNK, MAX_REPLY_BYTES, SandboxLimits
from index.reading.sources import Anchors
from index.storage import entry_json

MAX_TRIES = 2
"""Attempts per file if the process is ended from outside. Files are read in forks of it and cannot end it."""
START_SECONDS = 30.0
"""Seconds allowed beyond the limit of a file, for the process to start on a busy machine."""
FAILURES = {
    "memory": "reading it needs more than {megabytes} MB of memory",
    "processor": "reading it needs more than {limits.processor_seconds} seconds of processor time",
    "time": "reading it takes more than {limits.seconds} seconds, or it contains too much",
    "crash": "the reader crashed",
    "fault": "the reader failed ({fault})",
}


class ProcessExited(Exception):
    """The sandbox process has ended."""


class ProcessTimedOut(Exception):
    """The sandbox process does not reply in time, or sends too much."""


class SandboxedReader:
    """The process that reads files, started when needed and kept for the next file."""

    def __init__(self, limits: SandboxLimits = SandboxLimits()) -> None:  # noqa: B008  # frozen
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._alone = threading.Lock()

    def extract(self, form: Format, data: bytes, file: str, anchors: Anchors = Anchors.NONE) -> Extracted:
        """Extract a file's text; raise ArticleRejected if that fails, or exceeds the limits of memory and time.

        `anchors` says who makes the ids of its headings, if it is Markdown.
        """
        reply = self._answer({"format": form.value, "file": file, "anchors": anchors.value}, data, self._limits)
        try:
            return Extracted.model_validate(reply["extracted"])
        except (KeyError, ValidationError) as error:
            problem = f"{file} was not read as {FORMAT_NAMES[form]}: {_failure_message(reply, self._limits)}."
            raise ArticleRejected(problem, "Save the article's text as plain text.") from error

    def build_entry(self, reader_input: ReaderInput, rules: Sequence[Rule]) -> IndexedArticle:
        """Build an entry as `index.reading.entry_builder.build_entry` does.

        Raises ArticleRejected also if it exceeds the limits of memory and time.
        """
        file, data, held = reader_input.file, reader_input.data, reader_input.extracted
        asked = {
            "id": reader_input.id,
            "file": file,
            "stated": reader_input.sidecar.model_dump(mode="json", exclude_none=True),
            "held": None if held is None else held.model_dump(mode="json"),
            "site_url": reader_input.site_url,
            "conventions": ReadingConfig(tuple(rules)).to_json,
        }
        limits = self._limits.for_building_entry
        reply = self._answer(asked, data, limits)
        try:
            made = reply["entry"]
            return entry_json.entry_from_json(
                made, entry_json.article_from_json(made, held.text if held else decode(data, file)[0])
            )
        except (KeyError, ValueError) as error:
            problem = f"{file} was not read as an article: {_failure_message(reply, limits)}."
            raise ArticleRejected(problem, "Split the file, or break its long lines.") from error

    def classify_language(self, text: str) -> str:
        """Tell a text's language by `index.analysis.language_detection.classify_by_model`, whose 90 MB are used there.

        Empty if that fails, or takes longer than the limit.
        """
        found = self._answer({"tells_language": True}, text.encode("utf-8", "surrogatepass"), self._limits)
        return str(found.get("language", ""))

    def _answer(self, asked: Mapping[str, Any], data: bytes, limits: SandboxLimits) -> dict[str, Any]:
        """Return the reply; raise ArticleRejected if the file is refused."""
        with self._alone:
            reply = self._reply_of_any(asked, data, limits)
        if "refused" in reply:
            raise ArticleRejected(*reply["refused"])
        return reply

    def _reply_of_any(self, asked: Mapping[str, Any], data: bytes, limits: SandboxLimits) -> dict[str, Any]:
        """Return the reply; if the process was ended from outside, retry with another one."""
        for _ in range(MAX_TRIES):
            try:
                return self._request(asked, data, limits)
            except (ProcessExited, OSError):
                self._end()
            except ProcessTimedOut:
                self._end()
                break
        return {"broke": "crash"}

    def stop(self) -> None:
        """Stop the process; the next file starts another."""
        with self._alone:
            self._end()

    def _request(self, asked: Mapping[str, Any], data: bytes, limits: SandboxLimits) -> dict[str, Any]:
        process = self._process_running()
        head = json.dumps({**asked, "size": len(data)}).encode()
        assert process.stdin is not None  # noqa: S101  # both are pipes
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(head + b"\n" + data)
        process.stdin.flush()
        return _reply(process.stdout, time.monotonic() + limits.seconds + START_SECONDS)

    def _process_running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._owner == os.getpid() and self._process.poll() is None:
            return self._process
        self._end()  # an ended process leaves its pipes open
        home = str(Path(__file__).resolve().parents[2])
        self._owner = os.getpid()
        self._process = subprocess.Popen(  # noqa: S603  # this program itself, no user input
            [sys.executable, "-P", "-s", "-m", "index.reading.sandbox_worker", *map(str, self._limits)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": home, "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"},
            cwd=home,
            start_new_session=True,
        )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # unwritten data is no longer needed
                    pipe.close()
        process.wait()


SANDBOXED_READER = SandboxedReader()
atexit.register(SANDBOXED_READER.stop)


def _failure_message(reply: Mapping[str, Any], limits: SandboxLimits) -> str:
    """Say why a reply has no result."""
    fault, megabytes = reply.get("fault", "no reply"), limits.memory // 2**20
    return FAILURES[reply.get("broke", "fault")].format(fault=fault, limits=limits, megabytes=megabytes)


def _reply(pipe: IO[bytes], until: float) -> dict[str, Any]:
    """Read a reply; raise ProcessExited if the process ends first, ProcessTimedOut if it is late or too large."""
    held = bytearray()
    size = None
    with selectors.DefaultSelector() as waiting:
        waiting.register(pipe, selectors.EVENT_READ)
        while size is None or len(held) < size:
            if not waiting.select(max(0.0, until - time.monotonic())):
                raise ProcessTimedOut
            piece = os.read(pipe.fileno(), CHUNK)
            if not piece:
                raise ProcessExited
            held += piece
            if size is None and b"\n" in held:
                line, _, rest = bytes(held).partition(b"\n")
                size, held = int(json.loads(line)["size"]), bytearray(rest)
            if (size or 0) > MAX_REPLY_BYTES:
                raise ProcessTimedOut
    found: dict[str, Any] = json.loads(bytes(held))
    return found
