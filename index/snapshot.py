"""A built index on disk: written aside, switched by a rename, checked by its hashes when it is read."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from index import analysis
from index.article import Entry, Noun
from index.bm25 import Postings
from index.collection import Collection
from index.errors import FolderUnusable, SnapshotDamaged
from index.folder import Signatures

FORMAT = 1
KEPT = 5
CURRENT, MANIFEST, ENTRIES, VOCABULARY = "CURRENT", "manifest.json", "entries.jsonl", "vocabulary.json"
ARRAYS = ("offsets", "chunks", "frequencies", "lengths")
REBUILD = "It is built anew from the seeds."


class Indexed(Noun):
    """What a file was when it was indexed: enough to tell whether it has changed."""

    signatures: Signatures
    sha256: str
    sidecar_sha256: str | None = None


class Sources(Noun):
    """What a collection was made from, and by which reader."""

    files: dict[str, Indexed]
    """By article id."""
    seen: dict[str, Signatures]
    """Of every file that was looked at, the refused ones among them."""
    reader: str
    """Fingerprint of what turns files into entries: entries of another reader are read anew."""


class Manifest(Noun):
    """What a snapshot is, by itself: no part of it is used unless its hash is the one stated here."""

    format: int
    id: str
    created: datetime.datetime
    analyzer: str
    sources: Sources
    checksums: dict[str, str]


class Snapshot(NamedTuple):
    """A snapshot as loaded."""

    manifest: Manifest
    collection: Collection


def load(data: Path) -> Snapshot | None:
    """The current snapshot of a data folder; None where none was ever written.

    Raises:
        SnapshotDamaged: a part is missing or altered, or it is of another format.
    """
    try:
        name = (data / CURRENT).read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        what = f"{data / CURRENT} cannot be read ({error})."
        raise SnapshotDamaged(what, REBUILD) from error
    folder = data / "snapshots" / Path(name).name
    try:
        return _loaded(folder)
    except (OSError, ValueError, KeyError, EOFError, ValidationError) as error:
        what = f"The snapshot {folder.name} cannot be used: {_reason(error)}."
        raise SnapshotDamaged(what, REBUILD) from error


def _loaded(folder: Path) -> Snapshot:
    raw = json.loads((folder / MANIFEST).read_bytes())
    if raw["format"] != FORMAT:
        what = f"The snapshot {folder.name} has format {raw['format']}, this program reads {FORMAT}."
        raise SnapshotDamaged(what, REBUILD)
    if raw.pop("seal") != _seal(raw):
        what = f"The snapshot {folder.name} is damaged: its manifest was altered."
        raise SnapshotDamaged(what, REBUILD)
    manifest = Manifest.model_validate(raw)
    for name, checksum in manifest.checksums.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != checksum:
            what = f"The snapshot {folder.name} is damaged: {name} was altered."
            raise SnapshotDamaged(what, REBUILD)
    with (folder / ENTRIES).open("rb") as entries:
        parsed = [Entry.model_validate_json(line) for line in entries]
    arrays = {name: np.load(folder / f"{name}.npy", allow_pickle=False) for name in ARRAYS}
    postings = Postings(tuple(json.loads((folder / VOCABULARY).read_bytes())), **arrays)
    # Terms of another analyzer are of no use to this one; the entries are.
    return Snapshot(manifest, Collection(parsed, postings if manifest.analyzer == analysis.fingerprint() else None))


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{Path(str(error.filename)).name} is missing"
    return "a part is not what it should be"


def write(data: Path, collection: Collection, sources: Sources) -> Manifest:
    """Write a collection as a new snapshot and make it the current one, durably; keep the last five.

    Raises:
        FolderUnusable: the data folder cannot be written, or the disk is full; the current snapshot stays.
    """
    now = datetime.datetime.now(datetime.UTC)
    name = f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"
    aside = data / "snapshots" / f".{name}"
    try:
        aside.mkdir(parents=True)
        manifest = _write_parts(aside, name, now, collection, sources)
        aside.rename(data / "snapshots" / name)
        _sync(data / "snapshots")
        _write(data / f".{CURRENT}", name.encode())
        (data / f".{CURRENT}").replace(data / CURRENT)
        _sync(data)
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        what = f"The index cannot be written to {str(data)!r} ({error.strerror})."
        raise FolderUnusable(
            what, "Make the data folder (--data, VERBATIM_DATA) writable, with room on its disk."
        ) from error
    for old in sorted((data / "snapshots").iterdir(), key=lambda folder: folder.name.lstrip("."))[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return manifest


def _write_parts(folder: Path, name: str, now: datetime.datetime, collection: Collection, sources: Sources) -> Manifest:
    postings = collection.bm25.postings
    lines = (entry.model_dump_json().encode() + b"\n" for entry in collection.entries)
    checksums = {
        ENTRIES: _write(folder / ENTRIES, b"".join(lines)),
        VOCABULARY: _write(folder / VOCABULARY, json.dumps(postings.vocabulary).encode()),
    }
    for array in ARRAYS:
        checksums[f"{array}.npy"] = _write_array(folder / f"{array}.npy", getattr(postings, array))
    manifest = Manifest(
        format=FORMAT,
        id=name,
        created=now,
        analyzer=analysis.fingerprint(),
        sources=sources,
        checksums=checksums,
    )
    raw = manifest.model_dump(mode="json")
    _write(folder / MANIFEST, json.dumps(raw | {"seal": _seal(raw)}, indent=1).encode())
    _sync(folder)
    return manifest


def _seal(raw: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()


def _write(path: Path, content: bytes) -> str:
    """Write a file through to the disk; returns the sha256 of its content."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return hashlib.sha256(content).hexdigest()


def _write_array(path: Path, array: npt.NDArray[np.generic]) -> str:
    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    with _opened(folder) as descriptor:
        os.fsync(descriptor)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
