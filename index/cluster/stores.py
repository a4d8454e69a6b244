"""Where a cluster's articles and generations are kept: a folder that all processes share, or PostgreSQL.

An article is stored under the SHA-256 of its bytes. A generation is one file; `current` names the one that is served.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from index.errors import ClusterUnavailable, FolderUnusable, SnapshotDamaged
from index.storage.lock import LOCK_TIMEOUT, write_lock

ARTICLES, GENERATIONS, CURRENT, ID = "articles", "generations", "CURRENT", "ID"
LEVEL = 1
"""Of zlib: a third of the size for a tenth of a millisecond an article."""
REINDEX = "Run `verbatim cluster reindex --all`."


def hash_of(content: bytes) -> str:
    """The name under which an article's bytes are stored."""
    return hashlib.sha256(content).hexdigest()


def packed(content: bytes) -> bytes:
    """The bytes as they are stored."""
    return zlib.compress(content, LEVEL)


def unpacked(name: str, stored: bytes) -> bytes:
    """The bytes of an article; SnapshotDamaged where they are not those of its name."""
    try:
        content = zlib.decompress(stored)
    except zlib.error:
        content = b""
    if hash_of(content) != name:
        problem = f"An article in the store is damaged: {name[:12]}."
        raise SnapshotDamaged(problem, REINDEX)
    return content


class ArticleStore(Protocol):
    """Articles by their hash, and generations by their number. Every method raises ClusterUnavailable if it fails."""

    def id(self) -> str:
        """What tells this store from all others; the indices that belong to it carry it."""

    def get(self, names: Sequence[str]) -> dict[str, bytes]:
        """The articles of these names; SnapshotDamaged where one is missing or altered."""

    def put(self, articles: Mapping[str, bytes]) -> None:
        """Store articles by their names; they are durable once a generation is published."""

    def delete(self, names: Iterable[str]) -> None:
        """Delete articles."""

    def names(self) -> Iterator[str]:
        """The names of all articles."""

    def current(self) -> int | None:
        """The number of the generation that is served; None where none was ever published."""

    def generations(self) -> tuple[int, ...]:
        """The numbers of the kept generations, ascending."""

    def read(self, number: int) -> bytes:
        """The file of a generation; SnapshotDamaged where there is none."""

    def publish(self, number: int, content: bytes) -> None:
        """Store a generation durably, then serve it."""

    def serve(self, number: int) -> None:
        """Serve a kept generation."""

    def forget(self, number: int) -> None:
        """Delete a generation."""

    def lock(self, timeout: float = LOCK_TIMEOUT) -> AbstractContextManager[None]:
        """Be the only writer; IndexBusy while there is another one."""

    def check_lock(self) -> None:
        """Raise ClusterUnavailable where the lock that this process took is lost."""

    def close(self) -> None:
        """Close all connections; they are opened again when they are needed."""


class FolderStore:
    """A store in a folder that all processes share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unsynced: list[Path] = []
        """Articles that may not be on the disk yet."""

    def id(self) -> str:
        """What tells this store from all others; an empty folder gets one."""
        path = self.folder / ID
        with self._errors():
            if not path.exists():
                self._write(path, secrets.token_hex(8).encode("ascii"))
            return path.read_text("ascii")

    def get(self, names: Sequence[str]) -> dict[str, bytes]:
        """The articles of these names; SnapshotDamaged where one is missing or altered."""
        return {name: unpacked(name, self._read(self._path(name))) for name in names}

    def put(self, articles: Mapping[str, bytes]) -> None:
        """Store articles by their names; they are durable once a generation is published."""
        for name, content in articles.items():
            if not self._has(name):
                self._write(self._path(name), packed(content), is_durable=False)
            self._unsynced.append(self._path(name))  # a writer that was killed may have written it

    def _has(self, name: str) -> bool:
        """Whether an article is there, and whole: one that was half written is written again."""
        try:
            self.get([name])
        except SnapshotDamaged:
            return False
        return True

    def delete(self, names: Iterable[str]) -> None:
        """Delete articles."""
        for name in names:
            with self._errors():
                self._path(name).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """The names of all articles."""
        return (path.name for path in (self.folder / ARTICLES).glob("??/*") if not path.name.startswith("."))

    def current(self) -> int | None:
        """The number of the generation that is served; None where none was ever published."""
        with self._errors():
            try:
                return int((self.folder / CURRENT).read_text("ascii"))
            except FileNotFoundError:
                return None
            except ValueError as error:
                problem = f"{self.folder / CURRENT} names no generation."
                raise SnapshotDamaged(problem, REINDEX) from error

    def generations(self) -> tuple[int, ...]:
        """The numbers of the kept generations, ascending."""
        with self._errors():
            return tuple(sorted(int(path.name) for path in (self.folder / GENERATIONS).glob("[0-9]*")))

    def read(self, number: int) -> bytes:
        """The file of a generation; SnapshotDamaged where there is none."""
        return self._read(self.folder / GENERATIONS / str(number))

    def publish(self, number: int, content: bytes) -> None:
        """Store a generation durably, then serve it."""
        with self._errors():
            for path in (*self._unsynced, *{path.parent for path in self._unsynced}):
                if path.exists():
                    _sync(path)
        self._unsynced.clear()
        self._write(self.folder / GENERATIONS / str(number), content)
        self.serve(number)

    def serve(self, number: int) -> None:
        """Serve a kept generation."""
        self._write(self.folder / CURRENT, str(number).encode("ascii"))

    def forget(self, number: int) -> None:
        """Delete a generation."""
        with self._errors():
            (self.folder / GENERATIONS / str(number)).unlink(missing_ok=True)

    def lock(self, timeout: float = LOCK_TIMEOUT) -> AbstractContextManager[None]:
        """Be the only writer; IndexBusy while there is another one."""
        return write_lock(self.folder, timeout)

    def check_lock(self) -> None:
        """Do nothing: the system keeps the lock for as long as the process lives."""

    def close(self) -> None:
        """Do nothing: no file stays open."""

    def _path(self, name: str) -> Path:
        return self.folder / ARTICLES / name[:2] / name

    def _read(self, path: Path) -> bytes:
        with self._errors(writes=False):
            try:
                return path.read_bytes()
            except FileNotFoundError as error:
                problem = f"{path.name} is missing in the store {str(self.folder)!r}."
                raise SnapshotDamaged(problem, REINDEX) from error

    def _write(self, path: Path, content: bytes, *, is_durable: bool = True) -> None:
        aside = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
        with self._errors():
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                with aside.open("wb") as file:
                    file.write(content)
                if is_durable:
                    _sync(aside)
                aside.replace(path)
                if is_durable:
                    _sync(path.parent)
            except BaseException:
                aside.unlink(missing_ok=True)
                raise

    @contextlib.contextmanager
    def _errors(self, *, writes: bool = True) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            problem = f"The store {str(self.folder)!r} cannot be used ({error.strerror or error})."
            if writes and error.errno is not None and self.folder.is_dir():
                raise FolderUnusable(problem, "Make it writable, and check that its disk has space.") from error
            raise ClusterUnavailable(problem, "Mount the folder, or set VERBATIM_STORE.") from error


def _sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
