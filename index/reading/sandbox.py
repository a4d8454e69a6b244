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
from index.models import Entry
from index.reading.config import Conventions
from index.reading.decoding import decode
from index.reading.entry_builder import Material
from index.reading.extracted import Extracted
from index.reading.formats import CALLED, Format
from index.reading.sandbox_worker import CHUNK, REPLY_AT_MOST, Limits
from index.storage import entry_json

TRIES = 2
"""Attempts per file if the process is ended from outside. Files are read in forks of it and cannot end it."""
START = 30.0
"""Seconds allowed beyond the limit of a file, for the process to start on a busy machine."""
BROKE = {
    "memory": "reading it needs more than {megabytes} MB of memory",
    "processor": "reading it needs more than {limits.processor_seconds} seconds of processor time",
    "time": "reading it takes more than {limits.seconds} seconds, or it contains too much",
    "crash": "the reader crashed",
    "fault": "the reader failed ({fault})",
}


class ProcessGone(Exception):
    """The sandbox process has ended."""


class ProcessSilent(Exception):
    """The sandbox process does not reply in time, or sends too much."""


class Readers:
    """The process that reads files, started when needed and kept for the next file."""

    def __init__(self, limits: Limits = Limits()) -> None:  # noqa: B008  # frozen
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._alone = threading.Lock()

    def extracted(self, form: Format, data: bytes, file: str) -> Extracted:
        """Extract a file's text; raise ArticleRejected if that fails, or exceeds the limits of memory and time."""
        reply = self._answer({"format": form.value, "file": file}, data, self._limits)
        try:
            return Extracted.model_validate(reply["extracted"])
        except (KeyError, ValidationError) as error:
            what = f"{file} was not read as {CALLED[form]}: {_why(reply, self._limits)}."
            raise ArticleRejected(what, "Save the article's text as plain text.") from error

    def entry(self, material: Material, rules: Sequence[Rule]) -> Entry:
        """Build an entry as `index.reading.entry_builder.entry_of` does.

        Raises ArticleRejected also if it exceeds the limits of memory and time.
        """
        file, data, held = material.file, material.data, material.held
        asked = {
            "id": material.id,
            "file": file,
            "stated": material.stated.model_dump(mode="json", exclude_none=True),
            "held": None if held is None else held.model_dump(mode="json"),
            "conventions": Conventions(tuple(rules)).line,
        }
        limits = self._limits.of_own_work
        reply = self._answer(asked, data, limits)
        try:
            made = reply["entry"]
            return entry_json.entry_of(made, entry_json.article_of(made, held.text if held else decode(data, file)[0]))
        except (KeyError, ValueError) as error:
            what = f"{file} was not read as an article: {_why(reply, limits)}."
            raise ArticleRejected(what, "Split the file, or break its long lines.") from error

    def _answer(self, asked: Mapping[str, Any], data: bytes, limits: Limits) -> dict[str, Any]:
        """Return the reply; raise ArticleRejected if the file is refused."""
        with self._alone:
            reply = self._reply_of_any(asked, data, limits)
        if "refused" in reply:
            raise ArticleRejected(*reply["refused"])
        return reply

    def _reply_of_any(self, asked: Mapping[str, Any], data: bytes, limits: Limits) -> dict[str, Any]:
        """Return the reply; if the process was ended from outside, retry with another one."""
        for _ in range(TRIES):
            try:
                return self._asked(asked, data, limits)
            except (ProcessGone, OSError):
                self._end()
            except ProcessSilent:
                self._end()
                break
        return {"broke": "crash"}

    def rest(self) -> None:
        """Stop the process; the next file starts another."""
        with self._alone:
            self._end()

    def _asked(self, asked: Mapping[str, Any], data: bytes, limits: Limits) -> dict[str, Any]:
        process = self._running()
        head = json.dumps({**asked, "size": len(data)}).encode()
        assert process.stdin is not None  # noqa: S101  # both are pipes
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(head + b"\n" + data)
        process.stdin.flush()
        return _reply(process.stdout, time.monotonic() + limits.seconds + START)

    def _running(self) -> subprocess.Popen[bytes]:
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


READERS = Readers()
atexit.register(READERS.rest)


def _why(reply: Mapping[str, Any], limits: Limits) -> str:
    """Say why a reply has no result."""
    fault, megabytes = reply.get("fault", "no reply"), limits.memory // 2**20
    return BROKE[reply.get("broke", "fault")].format(fault=fault, limits=limits, megabytes=megabytes)


def _reply(pipe: IO[bytes], until: float) -> dict[str, Any]:
    """Read a reply; raise ProcessGone if the process ends first, ProcessSilent if it is late or too large."""
    held = bytearray()
    size = None
    with selectors.DefaultSelector() as waiting:
        waiting.register(pipe, selectors.EVENT_READ)
        while size is None or len(held) < size:
            if not waiting.select(max(0.0, until - time.monotonic())):
                raise ProcessSilent
            piece = os.read(pipe.fileno(), CHUNK)
            if not piece:
                raise ProcessGone
            held += piece
            if size is None and b"\n" in held:
                line, _, rest = bytes(held).partition(b"\n")
                size, held = int(json.loads(line)["size"]), bytearray(rest)
            if (size or 0) > REPLY_AT_MOST:
                raise ProcessSilent
    found: dict[str, Any] = json.loads(bytes(held))
    return found
