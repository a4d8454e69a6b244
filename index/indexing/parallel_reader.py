"""Read many files at once: few in this process, many in one process for each core."""

from __future__ import annotations

import hashlib
import logging
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NamedTuple

from index.collection.segment import Segment
from index.corpus import folder
from index.corpus.file_states import FileState
from index.corpus.folder import SeedFile
from index.errors import ArticleRejected, VerbatimError
from index.models import IndexedArticle
from index.reading import IN_PROCESS_UP_TO, read_article
from index.reading.config import ReadingConfig, config_from_json
from index.reading.formats import Format, format_by_name
from index.reading.sandbox import FAILURES
from index.reading.sandbox_worker import SandboxLimits
from index.storage.mapped_arrays import write_arrays
from index.storage.safe_read import printable_name

log = logging.getLogger(__name__)
PARALLEL_FROM = 100
"""From this many files on, starting processes pays off."""
BATCH_SIZE = 50
"""Files that a process reads at a time."""
NICENESS = 10
"""The nice value that a reading process adds, so that a bot that answers meanwhile goes first."""
PROCESS_BYTES = 150 * 2**20
"""Memory that a reading process may take."""
MEMORY = Path("/proc/meminfo")
"""Where Linux states the available memory."""
CGROUP, CGROUPS = Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")
"""Where it states which cgroup this process is in, and the limits of each: those of a container or a service."""
Progress = Callable[[int, int], None]
"""Called with the number of files done and the total; raising aborts the read."""


class FileOutcome(NamedTuple):
    """The outcome of reading a file."""

    file: SeedFile
    state: FileState | None
    """None where it was refused."""
    was_read: bool = False
    """Whether it has a new entry; False where its content is unchanged."""
    refusal: str | None = None
    warnings: tuple[str, ...] = ()
    """What of it could not be read though the rest was."""


class ReadResult(NamedTuple):
    """The outcomes of all files, and the segments of those that were read."""

    outcomes: list[FileOutcome]
    segments: list[Segment]


def read_files(
    files: Sequence[SeedFile], config: ReadingConfig, known: Mapping[str, FileState], progress: Callable[[int], None]
) -> ReadResult:
    """Read files; `known` are the states by id of files whose entries are reused where the content is unchanged."""
    batches = [files[start : start + BATCH_SIZE] for start in range(0, len(files), BATCH_SIZE)]
    processes = min(_cores(), _processes_that_fit(files), len(batches))
    if len(files) < PARALLEL_FROM or processes < 2:  # noqa: PLR2004  # sharing takes two
        return _read_in_this_process(files, config, known, progress)
    return _read_in_processes(batches, processes, config, known, progress)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processes_that_fit(files: Iterable[SeedFile]) -> int:
    """How many processes fit into memory, each with the sandbox process that it may start."""
    apart = SandboxLimits().memory if any(_needs_sandbox(file) for file in files) else 0
    return max(1, min(_available_memory(), _left_in_cgroup()) // (PROCESS_BYTES + apart))


def _needs_sandbox(file: SeedFile) -> bool:
    return format_by_name(file.path.name) is not Format.TEXT or file.signatures[0].size > IN_PROCESS_UP_TO


def _available_memory() -> int:
    """Bytes of available memory, reclaimable memory included; unlimited where the system does not state it."""
    try:
        told = dict(line.split(":") for line in MEMORY.read_text().splitlines())
        return int(told["MemAvailable"].split()[0]) * 2**10
    except (OSError, KeyError, ValueError):  # not Linux
        return sys.maxsize


def _left_in_cgroup() -> int:
    """Bytes left of the limit of a container or a service; unlimited where there is none."""
    try:
        path = next(line for line in CGROUP.read_text().splitlines() if line.startswith("0::/")).removeprefix("0::/")
        most, used = ((CGROUPS / path / name).read_text() for name in ("memory.max", "memory.current"))
        return int(most) - int(used)
    except (OSError, StopIteration, ValueError):  # not Linux, an older one, or "max"
        return sys.maxsize


def _read_in_this_process(
    files: Sequence[SeedFile], config: ReadingConfig, known: Mapping[str, FileState], progress: Callable[[int], None]
) -> ReadResult:
    outcomes, entries = [], []
    for done, (outcome, entry) in enumerate(_read(files, config, known), 1):
        outcomes.append(outcome)
        if entry is not None:
            entries.append(entry)
        progress(done)
    return ReadResult(outcomes, [Segment.of(entries)] if entries else [])


def _read(
    files: Sequence[SeedFile], config: ReadingConfig, known: Mapping[str, FileState]
) -> Iterator[tuple[FileOutcome, IndexedArticle | None]]:
    for file in files:
        try:
            found = _read_one(file, config, known.get(file.id))
        except ArticleRejected as error:
            found = FileOutcome(file, None, refusal=str(error)), None
        except VerbatimError:  # not about this file: the folder cannot be read
            raise
        except Exception as fault:  # a bug that shows in one file must not stop the others
            log.exception("Reading %s failed", printable_name(file.name))
            found = FileOutcome(file, None, refusal=str(_unexpected_error(file, fault))), None
        yield found


def _unexpected_error(file: SeedFile, fault: Exception) -> ArticleRejected:
    why = FAILURES["fault"].format(fault=type(fault).__name__)
    problem = f"{file.name} was not read: {why}."
    return ArticleRejected(
        problem, "See the log for details. Save the article's text as plain text, or remove the file."
    )


def has_changed(file: SeedFile, before: FileState) -> bool:
    """Whether a file has another name, or it or its sidecar other bytes than before.

    They are read only if name, size or time differ.
    """
    if file.signatures == before.signatures and file.name == before.file:
        return False
    try:
        return before.refused or not _state(file, *folder.read_file(file)).has_same_content(before)
    except ArticleRejected:
        return True


def _state(file: SeedFile, data: bytes, sidecar: bytes | None) -> FileState:
    sidecar_sha256 = None if sidecar is None else hashlib.sha256(sidecar).hexdigest()
    return FileState(file.name, file.signatures, hashlib.sha256(data).hexdigest(), sidecar_sha256)


def _read_one(
    file: SeedFile, config: ReadingConfig, before: FileState | None
) -> tuple[FileOutcome, IndexedArticle | None]:
    data, sidecar = folder.read_file(file)
    state = _state(file, data, sidecar)
    if before is not None and state.has_same_content(before) and not before.refused:
        return FileOutcome(file, state._replace(text_sha256=before.text_sha256)), None
    entry = read_article(file.name, data, sidecar, *config, file.id)
    state = state._replace(text_sha256=entry.article.utf8_sha256)
    return FileOutcome(file, state, was_read=True, warnings=entry.warnings), entry


def _read_in_processes(
    batches: Sequence[Sequence[SeedFile]],
    processes: int,
    config: ReadingConfig,
    known: Mapping[str, FileState],
    progress: Callable[[int], None],
) -> ReadResult:
    """Read in other processes: each writes a segment of its batch to a temporary file, and this process maps it."""
    stated = config.to_json
    outcomes: list[FileOutcome] = []
    segments: list[Segment] = []
    # Spawned, not forked: threads of this process may hold locks that a fork would copy.
    context = multiprocessing.get_context("spawn")
    # In the system's temporary folder, because other writers clear leftovers out of the data folder.
    with tempfile.TemporaryDirectory(prefix="verbatim-", ignore_cleanup_errors=True) as aside:
        pool = ProcessPoolExecutor(processes, context, initializer=_start_worker)
        try:
            waiting = {
                pool.submit(_read_batch, batch, stated, _states_of(known, batch), Path(aside, str(number))): number
                for number, batch in enumerate(batches)
            }
            for finished in as_completed(waiting):
                number = waiting[finished]
                try:
                    found = finished.result()
                    path = Path(aside, str(number))
                    mine = [Segment.read(path)] if path.exists() else []
                except (BrokenProcessPool, OSError) as error:
                    # A process was killed or its disk is full: read its batch here.
                    log.info("A reader process failed: %s", error)
                    found, mine = _read_in_this_process(batches[number], config, known, lambda _: None)
                outcomes += found
                segments += mine
                progress(len(outcomes))
        finally:
            pool.shutdown(cancel_futures=True)
    return ReadResult(outcomes, segments)


def _start_worker() -> None:
    """Set up a reading process: low priority, ignores Ctrl-C, and exits with its parent, even a killed one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_exit_with_parent, args=(parent,), daemon=True).start()


def _exit_with_parent(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _states_of(known: Mapping[str, FileState], batch: Sequence[SeedFile]) -> dict[str, FileState]:
    return {file.id: known[file.id] for file in batch if file.id in known}


def _read_batch(
    files: Sequence[SeedFile], config: str, known: Mapping[str, FileState], path: Path
) -> list[FileOutcome]:
    """Runs in a reading process: read the files, and write their segment to `path`."""
    intake = _read_in_this_process(files, config_from_json(config), known, lambda _: None)
    for segment in intake.segments:
        write_arrays(path, segment.arrays)
    return intake.outcomes
