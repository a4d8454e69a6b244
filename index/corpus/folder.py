"""The seeds folder: scan it, read its files, add and remove articles."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import regex

from index.errors import ArticleRejected, FolderUnusable, VerbatimError
from index.models import FrozenModel
from index.reading import ENDINGS, MAX_FILE_BYTES
from index.reading.publishers import FILE as PUBLISHERS
from index.reading.sidecar import SIDECAR_SUFFIX as SIDECAR
from index.storage.atomic_write import write_atomically, write_new
from index.storage.safe_read import printable_name, read_regular_file

MAX_ID_LENGTH = 100
"""Discord's limit for the value of a choice."""
FORBIDDEN_IN_ID = regex.compile(r"[\p{C}\p{Zl}\p{Zp}/\\`]")
OLD_VERSION_STAYS = "The previously indexed version stays."
"""Added to the reason when a file is refused whose earlier version is indexed."""
MAX_BYTES_READ = MAX_FILE_BYTES + 1
"""Bytes read of a file: enough to see that it is too large."""


class Signature(NamedTuple):
    """Size in bytes and modification time in ns of a file. While both are unchanged, it is not read again."""

    size: int
    changed: int


Signatures = tuple[Signature, Signature | None]
"""Of an article's file, and of its sidecar where it has one."""


class SeedFile(NamedTuple):
    """A file of the seeds folder that may be an article, and its sidecar where it has one."""

    id: str
    path: Path
    signatures: Signatures


class Refusal(FrozenModel):
    """A file that is not indexed, and why, in a sentence that says what to do."""

    file: str
    reason: str


class ReadWarning(FrozenModel):
    """A file that is indexed, and what in it could not be read, in sentences that say what to do."""

    file: str
    reason: str


class Scan(NamedTuple):
    """The content of the seeds folder."""

    files: list[SeedFile]
    """At most one for each id, sorted by id."""
    refused: list[Refusal]
    unreadable: Mapping[str, VerbatimError]
    """By id, the errors of files that are indexed and still there, but cannot be articles in their present state."""


def _nothing(_: str) -> None:
    """The default for an empty index."""


def scan(seeds: Path, only: AbstractSet[str] | None = None, indexed: Callable[[str], str | None] = _nothing) -> Scan:
    """The files of the folder by id, and those that cannot be articles.

    `only` are the ids to look for, None for all. `indexed` gives the name of the file that an id is indexed from; that
    file wins over others with the same id. FolderUnusable where the folder is missing or unreadable; it may be empty.
    """
    names = [one for one in _file_names(seeds) if only is None or {Path(one).stem, one.removesuffix(SIDECAR)} & only]
    refused = _orphaned_sidecars(names)
    found: dict[str, dict[str, SeedFile | None]] = {}
    kept = {}
    for name in names:
        if name.endswith(SIDECAR):
            continue
        article = Path(name).stem
        try:
            file = _seed_file(seeds / name)
        except VerbatimError as error:
            reason = str(error)
            if indexed(article) == name:
                kept[article], reason = error, f"{error} {OLD_VERSION_STAYS}"
                found.setdefault(article, {})[name] = None
            refused.append(Refusal(file=printable_name(name), reason=reason))
        else:
            found.setdefault(article, {})[name] = file
    files = []
    for article in sorted(found):
        first, *others = _by_precedence(found[article], indexed)
        own = found[article][first]
        files += [own] if own else []
        reason = f"{first} already has the id {article!r}. Give one of the files another name."
        refused += [Refusal(file=other, reason=reason) for other in others]
    return Scan(files, refused, kept)


def _file_names(seeds: Path) -> list[str]:
    """The names of possible articles and sidecars."""
    try:
        names = sorted(entry.name for entry in os.scandir(seeds) if not entry.name.startswith("."))
    except OSError as error:
        problem = f"The folder of articles {str(seeds)!r} cannot be read ({error.strerror})."
        raise FolderUnusable(problem, "Set the folder with --seeds or VERBATIM_SEEDS.") from error
    return [name for name in names if name != PUBLISHERS]


def _orphaned_sidecars(names: Iterable[str]) -> list[Refusal]:
    there = {stem + dot + ending.lower() for stem, dot, ending in (name.rpartition(".") for name in names)}
    reason = "This sidecar has no article. Add the article, or remove the sidecar."
    return [
        Refusal(file=printable_name(name), reason=reason)
        for name in names
        if name.endswith(SIDECAR) and not any(name.removesuffix(SIDECAR) + ending in there for ending in ENDINGS)
    ]


def _by_precedence(names: Iterable[str], indexed: Callable[[str], str | None]) -> list[str]:
    """Names with the same id: the indexed one first, then by the order of `ENDINGS`."""
    several = list(names)
    if len(several) == 1:
        return several
    before = indexed(Path(several[0]).stem)
    return sorted(several, key=lambda name: (name != before, ENDINGS.index(Path(name).suffix.lower())))


def _seed_file(path: Path) -> SeedFile:
    signature = _signature(path)
    if signature is None:
        problem = f"{printable_name(path.name)} is not a regular file."
        raise ArticleRejected(problem, "Replace it with the article itself; links, folders and devices are not read.")
    check_name(path.name)
    sidecar = sidecar_path(path)
    stated = _signature(sidecar)
    if stated is None and os.path.lexists(sidecar):
        problem = f"{printable_name(sidecar.name)} is not a regular file."
        raise ArticleRejected(problem, "Replace it with the sidecar itself; links, folders and devices are not read.")
    return SeedFile(path.stem, path, (signature, stated))


def check_name(name: str) -> None:
    """Raise ArticleRejected where a file of this name cannot be an article: unsupported suffix, or invalid id."""
    stem, ending = Path(name).stem, Path(name).suffix
    if ending.lower() not in ENDINGS:
        problem = f"{printable_name(name)} has an unsupported file type."
        raise ArticleRejected(problem, f"Supported types: {', '.join(ENDINGS)}.")
    # The whole name is checked, not the stem alone: a path separator would make the file land in another folder.
    if (
        not 0 < len(stem) <= MAX_ID_LENGTH
        or stem.startswith(".")
        or stem != stem.strip()
        or FORBIDDEN_IN_ID.search(name)
    ):
        problem = f"The file name {printable_name(name)} cannot be used as an article id."
        raise ArticleRejected(problem, f"Use at most {MAX_ID_LENGTH} letters, digits and simple punctuation.")


def sidecar_path(path: Path) -> Path:
    """The path of the sidecar of an article's file."""
    return path.with_name(sidecar_name(path.name))


def sidecar_name(name: str) -> str:
    """The name of the sidecar of an article's file."""
    return Path(name).stem + SIDECAR


def _signature(path: Path) -> Signature | None:
    """The signature of a regular file; None where it is missing or is a link, a folder, a FIFO or a device."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return Signature(size=found.st_size, changed=found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def read_file(file: SeedFile) -> tuple[bytes, bytes | None]:
    """The bytes of a file and its sidecar, each up to a byte over its limit; ArticleRejected if one is unusable."""
    sidecar = sidecar_path(file.path)
    return _bytes(file.path), _bytes(sidecar) if file.signatures[1] else None


def _bytes(path: Path) -> bytes:
    try:
        return read_regular_file(path, MAX_BYTES_READ)
    except FileNotFoundError as error:
        problem = f"{printable_name(path.name)} disappeared while it was being read."
        raise ArticleRejected(problem, "Restore it, or run `verbatim reindex` again.") from error


def write_new_files(seeds: Path, files: Sequence[tuple[str, bytes]]) -> None:
    """Put new files into the folder, all of them or none, each written atomically.

    ArticleRejected where a name is taken, even meanwhile; FolderUnusable where the folder cannot be written.
    """
    for name, _ in files:
        # A sidecar left over from another article must not apply to the new one.
        others = [Path(name).stem + ending for ending in (*ENDINGS, SIDECAR)] if not name.endswith(SIDECAR) else []
        for there in (name, *others):
            if os.path.lexists(seeds / there):
                raise _exists_already(there)
    with ExitStack() as back:
        for name, data in files:
            try:
                write_new(seeds / name, data)
            except FileExistsError as error:
                raise _exists_already(name) from error
            except OSError as error:
                raise _unwritable(name, error) from error
            back.callback((seeds / name).unlink, missing_ok=True)
        back.pop_all()


def _exists_already(name: str) -> ArticleRejected:
    problem = f"The folder of articles already has a file {printable_name(name)}."
    return ArticleRejected(problem, "Remove that file first, or rename the new one.")


def _unwritable(name: str, error: OSError) -> FolderUnusable:
    problem = f"{printable_name(name)} cannot be written to the folder of articles ({error.strerror})."
    return FolderUnusable(problem, "Make the folder writable, and check that its disk has space.")


def write_sidecar(file: SeedFile, data: bytes) -> None:
    """Write an article's sidecar atomically; FolderUnusable where it cannot be written."""
    path = sidecar_path(file.path)
    try:
        write_atomically(path, data)
    except OSError as error:
        raise _unwritable(path.name, error) from error


def move_to_bin(file: SeedFile, bin_folder: Path) -> list[Path]:
    """Move an article's file and sidecar to the bin, both or none; returns the new paths, or raises FolderUnusable."""
    paths = [path for path in (file.path, sidecar_path(file.path)) if path.exists()]
    kept = []
    try:
        with ExitStack() as back:
            bin_folder.mkdir(parents=True)
            for path in paths:
                kept.append(Path(shutil.move(path, bin_folder / path.name)))
                back.callback(shutil.move, kept[-1], path)
            back.pop_all()
    except OSError as error:
        problem = f"{file.path.name} cannot be moved to {bin_folder} ({error.strerror})."
        raise FolderUnusable(problem, "Make both folders writable, and check that the disk has space.") from error
    return kept
