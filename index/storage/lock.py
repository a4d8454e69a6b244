"""The write lock: an operating system lock on the data folder, released when its process ends."""

from __future__ import annotations

import datetime
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import FolderUnusable, IndexBusy

LOCK, WRITER = "LOCK", "WRITER"
LOCK_TIMEOUT = 10.0
"""Seconds to wait for another writer."""
POLL_SECONDS = 0.05


@contextmanager
def write_lock(data: Path, timeout: float = LOCK_TIMEOUT) -> Iterator[None]:
    """Hold the write lock of the data folder, alone among all threads and processes; waits up to `timeout` seconds.

    A dead owner's lock is free at once. The folder is created where it is missing; FolderUnusable where it cannot be
    written. IndexBusy while another writer holds the lock; the message says which, and since when.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = FileLock(data / LOCK)
        lock.acquire(timeout=timeout, poll_interval=POLL_SECONDS)
    except Timeout:
        problem = f"The index in {str(data)!r} is being written by {_owner(data)}."
        raise IndexBusy(problem, "Try again when that is done.") from None
    except (OSError, NotImplementedError) as error:
        raise unwritable_error(data, error) from error
    try:
        _write_owner(data)
        yield
    finally:
        (data / WRITER).unlink(missing_ok=True)
        lock.release()


def unwritable_error(data: Path, error: BaseException) -> FolderUnusable:
    """The error for a data folder that cannot be written."""
    reason = getattr(error, "strerror", None) or str(error)
    problem = f"The index cannot be written to {str(data)!r} ({reason})."
    return FolderUnusable(
        problem, "Make the data folder (--data, VERBATIM_DATA) writable, and check that its disk has space."
    )


def _write_owner(data: Path) -> None:
    owner = {"process": os.getpid(), "host": socket.gethostname(), "since": _now().isoformat()}
    try:
        (data / WRITER).write_text(json.dumps(owner), "utf-8")
    except OSError as error:
        raise unwritable_error(data, error) from error


def _owner(data: Path) -> str:
    """The process that holds the lock and for how long, as far as known."""
    try:
        owner = json.loads((data / WRITER).read_text("utf-8"))
        seconds = (_now() - datetime.datetime.fromisoformat(owner["since"])).total_seconds()
        return f"process {int(owner['process'])} on {owner['host']!s} since {max(0, round(seconds))} s"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
