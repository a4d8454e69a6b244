"""Snapshots of the index on disk: written to a temporary folder, switched by a rename, verified by checksum on load."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import importlib.metadata
import json
import os
import platform
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xxhash
from pydantic import Field, ValidationError

from index.analysis import analyzer as analysis
from index.analysis import languages
from index.bm25.scorer import PostingsView
from index.collection.collection import Collection, languages_of
from index.collection.segment import Segment, SegmentFile, SegmentView
from index.corpus.file_states import FileStates
from index.errors import SnapshotDamaged, SnapshotUnknown
from index.models import FrozenModel
from index.storage.lock import unwritable_error
from index.storage.mapped_arrays import Array, checksum_of, read_arrays, write_arrays

FORMAT = 4
MAX_SNAPSHOTS = 5
CURRENT, MANIFEST, FILE_STATES, DELETED, FOLDER = "CURRENT", "manifest.json", "files.jsonl", "gone.arrays", "snapshots"
DIGITS = 10
NAME = re.compile(rf"s([0-9]{{{DIGITS}}})-[0-9a-f]{{6}}")
"""A snapshot's number and a random part."""
LIBRARIES = ("numpy", "rank-bm25", "PyStemmer", "sentencex", "pydantic")
REBUILD_REMEDY = "It will be rebuilt from the folder of articles."


class Change(FrozenModel):
    """How many articles a snapshot added, changed and removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0


class Manifest(FrozenModel):
    """Metadata of a snapshot; each of its files is used only if its checksum is the one stated here."""

    format: int
    id: str
    created: datetime.datetime
    versions: dict[str, str]
    """Of Python and of the libraries that built the index."""
    analyzer: str
    languages: dict[str, str] = Field(default_factory=dict)
    """Fingerprint of the analyzer of each language in the index but English, whose one is `analyzer`."""
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
    views: tuple[SegmentView, ...]
    file_states: FileStates

    def collection(self) -> Collection:
        """The searchable collection. Terms of another analyzer do not match this one's, so they are computed again."""
        if is_of_these_analyzers(self.manifest):
            return Collection.from_views(self.views)
        return Collection(Collection.from_views(self.views).entries)


class SnapshotInfo(FrozenModel):
    """A snapshot to which the index can be rolled back."""

    id: str
    created: datetime.datetime
    articles: int
    sentences: int
    change: Change
    current: bool


def is_of_these_analyzers(manifest: Manifest) -> bool:
    """Whether the terms of a snapshot are those that this program's analyzers give."""
    known = {code: languages.fingerprint(code) for code in manifest.languages}
    return (manifest.analyzer, manifest.languages) == (analysis.fingerprint(), known)


# ---- loading -------------------------------------------------------------------------------------------------------


def current_name(data: Path) -> str | None:
    """The name of the current snapshot; None where none was ever written. SnapshotDamaged where it is unknown."""
    try:
        return (data / CURRENT).read_text("utf-8").strip()
    except FileNotFoundError:
        if not _snapshot_names(data):
            return None
        problem = f"{data / CURRENT}, which names the snapshot in use, is missing."
        raise SnapshotDamaged(problem, REBUILD_REMEDY) from None
    except (OSError, UnicodeDecodeError) as error:
        problem = f"{data / CURRENT} cannot be read ({error})."
        raise SnapshotDamaged(problem, REBUILD_REMEDY) from error


def load(data: Path, name: str | None = None) -> Snapshot | None:
    """The current or named snapshot; None where none was ever written. SnapshotDamaged for damage or another format."""
    name = name or current_name(data)
    if name is None:
        return None
    folder = data / FOLDER / Path(name).name
    try:
        return _load(folder)
    except (OSError, ValueError, KeyError, TypeError, EOFError, ValidationError) as error:
        problem = f"The snapshot {folder.name} cannot be used: {_reason(error)}."
        raise SnapshotDamaged(problem, REBUILD_REMEDY) from error


def load_newest_intact(data: Path) -> tuple[Snapshot | None, SnapshotDamaged | None]:
    """The current snapshot; if it is damaged, the newest kept one that is not, and the error."""
    try:
        return load(data), None
    except SnapshotDamaged as error:
        damage = error
    for name in reversed(_snapshot_names(data)):
        with contextlib.suppress(SnapshotDamaged):
            return load(data, name), damage
    return None, damage


def verify_files(data: Path, manifest: Manifest) -> None:
    """Verify the files of a snapshot again; SnapshotDamaged where one was altered."""
    folder = data / FOLDER / manifest.id
    try:
        if _manifest(folder) != manifest:
            problem = f"The snapshot {folder.name} is damaged: its manifest was altered."
            raise SnapshotDamaged(problem, REBUILD_REMEDY)
        _verify_files(folder, manifest)
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        problem = f"The snapshot {folder.name} cannot be used: {_reason(error)}."
        raise SnapshotDamaged(problem, REBUILD_REMEDY) from error


def _verify_files(folder: Path, manifest: Manifest) -> None:
    for name, checksum in manifest.checksums.items():
        if checksum_of(folder / name) != checksum:
            problem = f"The snapshot {folder.name} is damaged: {name} was altered."
            raise SnapshotDamaged(problem, REBUILD_REMEDY)


def _load(folder: Path) -> Snapshot:
    manifest = _manifest(folder)
    _verify_files(folder, manifest)
    deleted = read_arrays(folder / DELETED)
    stored = (SegmentFile(folder / name, manifest.checksums[name]) for name in manifest.segments)
    views = tuple(_view(Segment.read(one.path), place, deleted, one) for place, one in enumerate(stored))
    return Snapshot(manifest, views, FileStates((folder / FILE_STATES).read_bytes()))


def _manifest(folder: Path) -> Manifest:
    raw = json.loads((folder / MANIFEST).read_bytes())
    if raw["format"] != FORMAT:
        problem = f"The snapshot {folder.name} has format {raw['format']}, but this program reads format {FORMAT}."
        raise SnapshotDamaged(problem, REBUILD_REMEDY)
    if raw.pop("seal") != _checksum_line(raw):
        problem = f"The snapshot {folder.name} is damaged: its manifest was altered."
        raise SnapshotDamaged(problem, REBUILD_REMEDY)
    return Manifest.model_validate(raw)


def _view(segment: Segment, place: int, arrays: Mapping[str, Array], stored: SegmentFile) -> SegmentView:
    if f"{place}.articles" not in arrays:
        return SegmentView(segment, file=stored)
    deleted = np.zeros(segment.article_count, np.bool_)
    deleted[arrays[f"{place}.articles"]] = True
    fewer = dict(zip(arrays[f"{place}.rows"].tolist(), arrays[f"{place}.counts"].tolist(), strict=True))
    return SegmentView(segment, deleted, PostingsView(segment.postings, deleted[segment.article_of], fewer), stored)


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{Path(str(error.filename)).name} is missing"
    return "a part of it is invalid"


def _snapshot_names(data: Path) -> list[str]:
    """The names of the snapshots, the oldest first: those named by a time, from version 0.2 and before, then `NAME`."""
    try:
        return sorted(path.name for path in (data / FOLDER).iterdir() if not path.name.startswith("."))
    except OSError:
        return []


# ---- writing -------------------------------------------------------------------------------------------------------


def write(data: Path, views: Sequence[SegmentView], file_states: FileStates, reader: str, change: Change) -> Snapshot:
    """Write a new snapshot durably and make it the current one; keep the last five. The write lock must be held.

    Segments of earlier snapshots are hard-linked, not written again. FolderUnusable where the data folder cannot be
    written or the disk is full; the current snapshot stays.
    """
    name = _next_name(data)
    aside = data / FOLDER / f".{name}"
    _delete_unfinished(data)  # first, because the disk may be full of it
    try:
        aside.mkdir(parents=True)
        stored = tuple(_segment_file(aside, place, view) for place, view in enumerate(views))
        checksums = {file.path.name: file.checksum for file in stored}
        checksums[DELETED] = write_arrays(aside / DELETED, _deleted_arrays(views))
        checksums[FILE_STATES] = _write(aside / FILE_STATES, file_states.lines)
        segments = tuple(file.path.name for file in stored)
        size = sum(view.article_count for view in views), sum(view.chunk_count for view in views)
        manifest = make_manifest(name, size, languages_of(views), reader, change)
        manifest = manifest.model_copy(update={"segments": segments, "checksums": checksums})
        raw = manifest.model_dump(mode="json")
        _write(aside / MANIFEST, json.dumps(raw | {"seal": _checksum_line(raw)}, indent=1).encode())
        _sync(aside)
        aside.rename(data / FOLDER / name)
        _sync(data / FOLDER)
        _switch(data, name)
        mapped = tuple(_map_view(data / FOLDER / name, view, file) for view, file in zip(views, stored, strict=True))
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        raise unwritable_error(data, error) from error
    delete_old(data, name)
    return Snapshot(manifest, mapped, file_states)


def _next_name(data: Path) -> str:
    """A name that sorts behind all others. It counts, because the clock may be set back."""
    numbers = [int(found[1]) for name in _snapshot_names(data) if (found := NAME.fullmatch(name))]
    return f"s{max(numbers, default=0) + 1:0{DIGITS}}-{secrets.token_hex(3)}"


def _segment_file(folder: Path, place: int, view: SegmentView) -> SegmentFile:
    """The segment's file in the new folder: a hard link to its mapped file, or written anew."""
    if view.file is not None:
        path = folder / f"{place}-{view.file.checksum[:12]}.segment"
        try:
            os.link(view.file.path, path)
        except OSError:  # the file is gone, or the file system has no links
            return SegmentFile(path, write_arrays(path, view.segment.arrays))
        return SegmentFile(path, view.file.checksum)
    path = folder / f"{place}-{secrets.token_hex(6)}.segment"
    return SegmentFile(path, write_arrays(path, view.segment.arrays))


def _map_view(folder: Path, view: SegmentView, written: SegmentFile) -> SegmentView:
    """The segment view over its file's new path; one built in memory is mapped, which frees that memory."""
    stored = SegmentFile(folder / written.path.name, written.checksum)
    if view.file is not None:
        return SegmentView(view.segment, view.deleted, view.postings, stored)
    segment = Segment.read(stored.path)
    return SegmentView(
        segment,
        view.deleted,
        PostingsView(segment.postings, view.postings.deleted, view.postings.deleted_counts),
        stored,
    )


def _deleted_arrays(views: Sequence[SegmentView]) -> dict[str, Array]:
    arrays: dict[str, Array] = {}
    for place, view in enumerate(views):
        if view.deleted is not None:
            arrays[f"{place}.articles"] = np.flatnonzero(view.deleted).astype(np.int32)
            arrays[f"{place}.rows"] = np.array([*view.postings.deleted_counts], np.int64)
            arrays[f"{place}.counts"] = np.array([*view.postings.deleted_counts.values()], np.int64)
    return arrays


def make_manifest(name: str, size: tuple[int, int], codes: Iterable[str], reader: str, change: Change) -> Manifest:
    """The manifest without its files, for an index of so many articles and sentences in these languages."""
    articles, sentences = size
    return Manifest(
        format=FORMAT,
        id=name,
        created=datetime.datetime.now(datetime.UTC),
        versions=_versions(),
        analyzer=analysis.fingerprint(),
        languages={code: languages.fingerprint(code) for code in codes if code != languages.ENGLISH},
        reader=reader,
        articles=articles,
        sentences=sentences,
        change=change,
        segments=(),
        checksums={},
    )


@cache
def _versions() -> dict[str, str]:
    """The versions of Python and of the libraries that an index depends on."""
    return {"python": platform.python_version()} | {one: importlib.metadata.version(one) for one in LIBRARIES}


def _switch(data: Path, name: str) -> None:
    """Make a snapshot the current one."""
    _write(data / f".{CURRENT}", name.encode())
    (data / f".{CURRENT}").replace(data / CURRENT)
    _sync(data)


def delete_old(data: Path, name: str | None) -> None:
    """Delete leftovers of killed writers and all snapshots but the last five and `name`; needs the write lock."""
    for old in _snapshot_names(data)[:-MAX_SNAPSHOTS]:
        if old != name:
            # Renamed first, so that a kill leaves no half snapshot behind.
            with contextlib.suppress(OSError):
                (data / FOLDER / old).rename(data / FOLDER / f".{old}")
    _delete_unfinished(data)


def _delete_unfinished(data: Path) -> None:
    """Delete what is half written or half deleted."""
    for path in (data / FOLDER).glob(".*"):
        shutil.rmtree(path, ignore_errors=True)


def _checksum_line(raw: dict[str, object]) -> str:
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
    with _open_folder(folder) as descriptor:
        os.fsync(descriptor)


@contextmanager
def _open_folder(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


# ---- history -------------------------------------------------------------------------------------------------------


def history(data: Path) -> tuple[SnapshotInfo, ...]:
    """The kept snapshots, the latest written first; those with a damaged manifest are omitted."""
    serving = _current_or_none(data)
    kept = []
    for name in reversed(_snapshot_names(data)):
        with contextlib.suppress(SnapshotDamaged, OSError, ValueError, KeyError, TypeError):
            held = _manifest(data / FOLDER / name)
            shown = held.model_dump(include={"id", "created", "articles", "sentences", "change"})
            kept.append(SnapshotInfo(**shown, current=name == serving))
    return tuple(kept)


def _current_or_none(data: Path) -> str | None:
    """The name of the current snapshot; None where it is unknown."""
    with contextlib.suppress(SnapshotDamaged):
        return current_name(data)
    return None


def roll_back(data: Path, name: str | None = None) -> Snapshot:
    """Make a kept snapshot the current one: the named one, or the one before. The write lock must be held.

    SnapshotUnknown where none has this name or none is older. SnapshotDamaged where it is damaged, FolderUnusable where
    the data folder cannot be written; the current one stays.
    """
    names = [kept.id for kept in history(data)]
    if name is None:
        serving = _current_or_none(data)
        older = names[names.index(serving) + 1 :] if serving in names else names
        if not older:
            problem = "There is no snapshot older than the current one."
            raise SnapshotUnknown(problem, "`verbatim history` lists all snapshots.")
        name = older[0]
    if name not in names:
        problem = f"There is no snapshot {name!r}."
        raise SnapshotUnknown(problem, "`verbatim history` lists all snapshots.")
    found = load(data, name)
    if found is None:  # cannot happen for a given name; for the type checker
        raise SnapshotUnknown(name, "`verbatim history` lists all snapshots.")
    try:
        _switch(data, name)
    except OSError as error:
        raise unwritable_error(data, error) from error
    return found
