"""Snapshots of the index on disk: written to a temporary folder, switched by a rename, verified by checksum on load."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import importlib.metadata
import json
import os
import platform
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xxhash
from pydantic import ValidationError

from index.analysis import analyzer as analysis
from index.bm25.scorer import Part
from index.collection.collection import Collection
from index.collection.segment import Leaf, Segment, Stored
from index.corpus.file_states import Ledger
from index.errors import SnapshotDamaged, SnapshotUnknown
from index.models import Noun
from index.storage.lock import unwritable
from index.storage.mapped_arrays import Array, checksum_of, read_arrays, write_arrays

FORMAT = 3
KEPT = 5
CURRENT, MANIFEST, LEDGER, GONE, FOLDER = "CURRENT", "manifest.json", "files.jsonl", "gone.arrays", "snapshots"
LIBRARIES = ("numpy", "rank-bm25", "PyStemmer", "sentencex", "pydantic")
REBUILD = "It will be rebuilt from the folder of articles."


class Change(Noun):
    """How many articles a snapshot added, changed and removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0


class Manifest(Noun):
    """Metadata of a snapshot; each of its files is used only if its checksum is the one stated here."""

    format: int
    id: str
    created: datetime.datetime
    versions: dict[str, str]
    """Of Python and of the libraries that built the index."""
    analyzer: str
    reader: str
    """Fingerprint of the code and rules that turn files into entries: entries of another reader are read again."""
    articles: int
    sentences: int
    change: Change
    segments: tuple[str, ...]
    """File names, in the order of their chunks."""
    checksums: dict[str, str]


class Snapshot(NamedTuple):
    """A loaded snapshot."""

    manifest: Manifest
    leaves: tuple[Leaf, ...]
    ledger: Ledger

    def collection(self) -> Collection:
        """The searchable collection. Terms of another analyzer do not match this one's, so they are computed again."""
        if self.manifest.analyzer == analysis.fingerprint():
            return Collection.of(self.leaves)
        return Collection(Collection.of(self.leaves).entries)


class Kept(Noun):
    """A snapshot to which the index can be rolled back."""

    id: str
    created: datetime.datetime
    articles: int
    sentences: int
    change: Change
    current: bool


# ---- loading -------------------------------------------------------------------------------------------------------


def current(data: Path) -> str | None:
    """The name of the current snapshot; None where none was ever written. SnapshotDamaged where it is unknown."""
    try:
        return (data / CURRENT).read_text("utf-8").strip()
    except FileNotFoundError:
        if not _names(data):
            return None
        what = f"{data / CURRENT}, which names the snapshot in use, is missing."
        raise SnapshotDamaged(what, REBUILD) from None
    except (OSError, UnicodeDecodeError) as error:
        what = f"{data / CURRENT} cannot be read ({error})."
        raise SnapshotDamaged(what, REBUILD) from error


def load(data: Path, name: str | None = None) -> Snapshot | None:
    """The current or named snapshot; None where none was ever written. SnapshotDamaged for damage or another format."""
    name = name or current(data)
    if name is None:
        return None
    folder = data / FOLDER / Path(name).name
    try:
        return _loaded(folder)
    except (OSError, ValueError, KeyError, TypeError, EOFError, ValidationError) as error:
        what = f"The snapshot {folder.name} cannot be used: {_reason(error)}."
        raise SnapshotDamaged(what, REBUILD) from error


def load_whole(data: Path) -> tuple[Snapshot | None, SnapshotDamaged | None]:
    """The current snapshot; if it is damaged, the newest kept one that is not, and the error."""
    try:
        return load(data), None
    except SnapshotDamaged as error:
        damage = error
    for name in reversed(_names(data)):
        with contextlib.suppress(SnapshotDamaged):
            return load(data, name), damage
    return None, damage


def check(data: Path, manifest: Manifest) -> None:
    """Verify the files of a snapshot again; SnapshotDamaged where one was altered."""
    folder = data / FOLDER / manifest.id
    try:
        if _manifest(folder) != manifest:
            what = f"The snapshot {folder.name} is damaged: its manifest was altered."
            raise SnapshotDamaged(what, REBUILD)
        _check(folder, manifest)
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        what = f"The snapshot {folder.name} cannot be used: {_reason(error)}."
        raise SnapshotDamaged(what, REBUILD) from error


def _check(folder: Path, manifest: Manifest) -> None:
    for name, checksum in manifest.checksums.items():
        if checksum_of(folder / name) != checksum:
            what = f"The snapshot {folder.name} is damaged: {name} was altered."
            raise SnapshotDamaged(what, REBUILD)


def _loaded(folder: Path) -> Snapshot:
    manifest = _manifest(folder)
    _check(folder, manifest)
    gone = read_arrays(folder / GONE)
    stored = (Stored(folder / name, manifest.checksums[name]) for name in manifest.segments)
    leaves = tuple(_leaf(Segment.read(one.path), place, gone, one) for place, one in enumerate(stored))
    return Snapshot(manifest, leaves, Ledger((folder / LEDGER).read_bytes()))


def _manifest(folder: Path) -> Manifest:
    raw = json.loads((folder / MANIFEST).read_bytes())
    if raw["format"] != FORMAT:
        what = f"The snapshot {folder.name} has format {raw['format']}, but this program reads format {FORMAT}."
        raise SnapshotDamaged(what, REBUILD)
    if raw.pop("seal") != _seal(raw):
        what = f"The snapshot {folder.name} is damaged: its manifest was altered."
        raise SnapshotDamaged(what, REBUILD)
    return Manifest.model_validate(raw)


def _leaf(segment: Segment, place: int, arrays: Mapping[str, Array], stored: Stored) -> Leaf:
    if f"{place}.articles" not in arrays:
        return Leaf(segment, stored=stored)
    gone = np.zeros(segment.number, np.bool_)
    gone[arrays[f"{place}.articles"]] = True
    fewer = dict(zip(arrays[f"{place}.rows"].tolist(), arrays[f"{place}.counts"].tolist(), strict=True))
    return Leaf(segment, gone, Part(segment.postings, gone[segment.article_of], fewer), stored)


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{Path(str(error.filename)).name} is missing"
    return "a part of it is invalid"


def _names(data: Path) -> list[str]:
    """The names of the snapshots, the oldest first; they begin with a timestamp."""
    try:
        return sorted(path.name for path in (data / FOLDER).iterdir() if not path.name.startswith("."))
    except OSError:
        return []


# ---- writing -------------------------------------------------------------------------------------------------------


def write(data: Path, leaves: Sequence[Leaf], ledger: Ledger, reader: str, change: Change) -> Snapshot:
    """Write a new snapshot durably and make it the current one; keep the last five. The write lock must be held.

    Segments of earlier snapshots are hard-linked, not written again. FolderUnusable where the data folder cannot be
    written or the disk is full; the current snapshot stays.
    """
    now = datetime.datetime.now(datetime.UTC)
    name = f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"
    aside = data / FOLDER / f".{name}"
    _clear(data)  # first, because the disk may be full of it
    try:
        aside.mkdir(parents=True)
        stored = tuple(_stored(aside, place, leaf) for place, leaf in enumerate(leaves))
        checksums = {file.path.name: file.checksum for file in stored}
        checksums[GONE] = write_arrays(aside / GONE, _gone(leaves))
        checksums[LEDGER] = _write(aside / LEDGER, ledger.lines)
        segments = tuple(file.path.name for file in stored)
        manifest = _described(name, now, leaves, reader, change)
        manifest = manifest.model_copy(update={"segments": segments, "checksums": checksums})
        raw = manifest.model_dump(mode="json")
        _write(aside / MANIFEST, json.dumps(raw | {"seal": _seal(raw)}, indent=1).encode())
        _sync(aside)
        aside.rename(data / FOLDER / name)
        _sync(data / FOLDER)
        _switch(data, name)
        served = tuple(_mapped(data / FOLDER / name, leaf, file) for leaf, file in zip(leaves, stored, strict=True))
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        raise unwritable(data, error) from error
    tidy(data, name)
    return Snapshot(manifest, served, ledger)


def _stored(folder: Path, place: int, leaf: Leaf) -> Stored:
    """The segment's file in the new folder: a hard link to its mapped file, or written anew."""
    if leaf.stored is not None:
        path = folder / f"{place}-{leaf.stored.checksum[:12]}.segment"
        try:
            os.link(leaf.stored.path, path)
        except OSError:  # the file is gone, or the file system has no links
            return Stored(path, write_arrays(path, leaf.segment.arrays))
        return Stored(path, leaf.stored.checksum)
    path = folder / f"{place}-{secrets.token_hex(6)}.segment"
    return Stored(path, write_arrays(path, leaf.segment.arrays))


def _mapped(folder: Path, leaf: Leaf, written: Stored) -> Leaf:
    """The segment view over its file's new path; one built in memory is mapped, which frees that memory."""
    stored = Stored(folder / written.path.name, written.checksum)
    if leaf.stored is not None:
        return Leaf(leaf.segment, leaf.gone, leaf.part, stored)
    segment = Segment.read(stored.path)
    return Leaf(segment, leaf.gone, Part(segment.postings, leaf.part.gone, leaf.part.fewer), stored)


def _gone(leaves: Sequence[Leaf]) -> dict[str, Array]:
    arrays: dict[str, Array] = {}
    for place, leaf in enumerate(leaves):
        if leaf.gone is not None:
            arrays[f"{place}.articles"] = np.flatnonzero(leaf.gone).astype(np.int32)
            arrays[f"{place}.rows"] = np.array([*leaf.part.fewer], np.int64)
            arrays[f"{place}.counts"] = np.array([*leaf.part.fewer.values()], np.int64)
    return arrays


def _described(name: str, now: datetime.datetime, leaves: Sequence[Leaf], reader: str, change: Change) -> Manifest:
    """The manifest without its files."""
    return Manifest(
        format=FORMAT,
        id=name,
        created=now,
        versions={"python": platform.python_version()} | {one: importlib.metadata.version(one) for one in LIBRARIES},
        analyzer=analysis.fingerprint(),
        reader=reader,
        articles=sum(leaf.number for leaf in leaves),
        sentences=sum(leaf.size for leaf in leaves),
        change=change,
        segments=(),
        checksums={},
    )


def _switch(data: Path, name: str) -> None:
    """Make a snapshot the current one."""
    _write(data / f".{CURRENT}", name.encode())
    (data / f".{CURRENT}").replace(data / CURRENT)
    _sync(data)


def tidy(data: Path, name: str | None) -> None:
    """Delete leftovers of killed writers and all snapshots but the last five and `name`; needs the write lock."""
    for old in _names(data)[:-KEPT]:
        if old != name:
            # Renamed first, so that a kill leaves no half snapshot behind.
            with contextlib.suppress(OSError):
                (data / FOLDER / old).rename(data / FOLDER / f".{old}")
    _clear(data)


def _clear(data: Path) -> None:
    """Delete what is half written or half deleted."""
    for path in (data / FOLDER).glob(".*"):
        shutil.rmtree(path, ignore_errors=True)


def _seal(raw: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()


def _write(path: Path, content: bytes) -> str:
    """Write and sync a file; returns its checksum."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return xxhash.xxh3_128_hexdigest(content)


def _sync(folder: Path) -> None:
    """Sync a folder, so that its file names are durable."""
    with _opened(folder) as descriptor:
        os.fsync(descriptor)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


# ---- history -------------------------------------------------------------------------------------------------------


def history(data: Path) -> tuple[Kept, ...]:
    """The kept snapshots, newest first; those with a damaged manifest are omitted."""
    serving = _told_current(data)
    kept = []
    for name in reversed(_names(data)):
        with contextlib.suppress(SnapshotDamaged, OSError, ValueError, KeyError, TypeError):
            held = _manifest(data / FOLDER / name)
            shown = held.model_dump(include={"id", "created", "articles", "sentences", "change"})
            kept.append(Kept(**shown, current=name == serving))
    return tuple(kept)


def _told_current(data: Path) -> str | None:
    """The name of the current snapshot; None where it is unknown."""
    with contextlib.suppress(SnapshotDamaged):
        return current(data)
    return None


def roll_back(data: Path, name: str | None = None) -> Snapshot:
    """Make a kept snapshot the current one: the named one, or the one before. The write lock must be held.

    SnapshotUnknown where none has this name or none is older. SnapshotDamaged where it is damaged, FolderUnusable where
    the data folder cannot be written; the current one stays.
    """
    names = [kept.id for kept in history(data)]
    if name is None:
        serving = _told_current(data)
        older = names[names.index(serving) + 1 :] if serving in names else names
        if not older:
            what = "There is no snapshot older than the current one."
            raise SnapshotUnknown(what, "`verbatim history` lists all snapshots.")
        name = older[0]
    if name not in names:
        what = f"There is no snapshot {name!r}."
        raise SnapshotUnknown(what, "`verbatim history` lists all snapshots.")
    found = load(data, name)
    if found is None:  # cannot happen for a given name; for the type checker
        raise SnapshotUnknown(name, "`verbatim history` lists all snapshots.")
    try:
        _switch(data, name)
    except OSError as error:
        raise unwritable(data, error) from error
    return found
