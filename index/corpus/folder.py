"""The seeds folder: which files of articles there are, what they hold, and how one is added or taken away."""

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
from index.models import Noun
from index.reading import BYTES_AT_MOST, ENDINGS
from index.reading.publishers import FILE as PUBLISHERS
from index.reading.sidecar import ENDING as SIDECAR
from index.storage.atomic_write import write_new, write_whole
from index.storage.safe_read import ordinary_bytes, shown_name

ID_AT_MOST = 100
"""Discord's limit for the value of a choice."""
UNFIT = regex.compile(r"[\p{C}\p{Zl}\p{Zp}/\\`]")
STAYS = "The previously indexed version stays."
"""Said of a file that is refused and indexed."""
BYTES_READ = BYTES_AT_MOST + 1
"""Of a file: enough to see that it is too large."""


class Signature(NamedTuple):
    """What tells, without reading it, that a file is as it was: size in bytes and time of its last change in ns."""

    size: int
    changed: int


Signatures = tuple[Signature, Signature | None]
"""Of an article's file, and of its sidecar where it has one."""


class SeedFile(NamedTuple):
    """A file of the seeds folder that may be an article, and its sidecar where it has one."""

    id: str
    path: Path
    signatures: Signatures


class Refusal(Noun):
    """A file that is not taken in, and why, in a sentence that says what to do."""

    file: str
    reason: str


class Scan(NamedTuple):
    """What there is in the folder."""

    files: list[SeedFile]
    """At most one of each id, ascending."""
    refused: list[Refusal]
    kept: Mapping[str, VerbatimError]
    """By id, what is wrong with the files that are indexed, are there still, and cannot be articles as they are now."""


def _nothing(_: str) -> None:
    """Where no article is indexed."""


def scan(seeds: Path, only: AbstractSet[str] | None = None, indexed: Callable[[str], str | None] = _nothing) -> Scan:
    """The files of the folder by id, and those that cannot be articles.

    Args:
        seeds: the folder.
        only: the ids to look for; all, where it is None.
        indexed: the name of the file that an id is indexed from, or None; no file beside that one takes its place.

    Raises:
        FolderUnusable: the folder is not there or cannot be read; an empty folder is a valid one.
    """
    names = [one for one in _names(seeds) if only is None or {Path(one).stem, one.removesuffix(SIDECAR)} & only]
    refused = _lonely_sidecars(names)
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
                kept[article], reason = error, f"{error} {STAYS}"
                found.setdefault(article, {})[name] = None
            refused.append(Refusal(file=shown_name(name), reason=reason))
        else:
            found.setdefault(article, {})[name] = file
    files = []
    for article in sorted(found):
        first, *others = _by_right(found[article], indexed)
        own = found[article][first]
        files += [own] if own else []
        reason = f"{first} already has the id {article!r}. Give one of the files another name."
        refused += [Refusal(file=other, reason=reason) for other in others]
    return Scan(files, refused, kept)


def _names(seeds: Path) -> list[str]:
    """The names of what may be articles and sidecars."""
    try:
        names = sorted(entry.name for entry in os.scandir(seeds) if not entry.name.startswith("."))
    except OSError as error:
        what = f"The folder of articles {str(seeds)!r} cannot be read ({error.strerror})."
        raise FolderUnusable(what, "Set the folder with --seeds or VERBATIM_SEEDS.") from error
    return [name for name in names if name != PUBLISHERS]


def _lonely_sidecars(names: Iterable[str]) -> list[Refusal]:
    there = {stem + dot + ending.lower() for stem, dot, ending in (name.rpartition(".") for name in names)}
    reason = "This sidecar has no article. Add the article, or remove the sidecar."
    return [
        Refusal(file=shown_name(name), reason=reason)
        for name in names
        if name.endswith(SIDECAR) and not any(name.removesuffix(SIDECAR) + ending in there for ending in ENDINGS)
    ]


def _by_right(names: Iterable[str], indexed: Callable[[str], str | None]) -> list[str]:
    """Names that would be the same article: first the one that is indexed, then by their place among the endings."""
    several = list(names)
    if len(several) == 1:
        return several
    before = indexed(Path(several[0]).stem)
    return sorted(several, key=lambda name: (name != before, ENDINGS.index(Path(name).suffix.lower())))


def _seed_file(path: Path) -> SeedFile:
    signature = _signature(path)
    if signature is None:
        what = f"{shown_name(path.name)} is not a regular file."
        raise ArticleRejected(what, "Replace it with the article itself; links, folders and devices are not read.")
    check_name(path.name)
    sidecar = sidecar_path(path)
    stated = _signature(sidecar)
    if stated is None and os.path.lexists(sidecar):
        what = f"{shown_name(sidecar.name)} is not a regular file."
        raise ArticleRejected(what, "Replace it with the sidecar itself; links, folders and devices are not read.")
    return SeedFile(path.stem, path, (signature, stated))


def check_name(name: str) -> None:
    """ArticleRejected where a file of this name cannot be an article: another ending, or no name for an id."""
    stem, ending = Path(name).stem, Path(name).suffix
    if ending.lower() not in ENDINGS:
        what = f"{shown_name(name)} has an unsupported file type."
        raise ArticleRejected(what, f"Supported types: {', '.join(ENDINGS)}.")
    # The whole name, not its stem: what holds a separator of folders would be written somewhere else.
    if not 0 < len(stem) <= ID_AT_MOST or stem.startswith(".") or stem != stem.strip() or UNFIT.search(name):
        what = f"The file name {shown_name(name)} cannot be used as an article id."
        raise ArticleRejected(what, f"Use at most {ID_AT_MOST} letters, digits and simple punctuation.")


def sidecar_path(path: Path) -> Path:
    """Where the sidecar of an article's file stands."""
    return path.with_name(sidecar_name(path.name))


def sidecar_name(name: str) -> str:
    """What the sidecar of an article's file is called."""
    return Path(name).stem + SIDECAR


def _signature(path: Path) -> Signature | None:
    """The signature of an ordinary file; None for what is missing or is a link, a folder, a FIFO or a device."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return Signature(size=found.st_size, changed=found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def read(file: SeedFile) -> tuple[bytes, bytes | None]:
    """The bytes of a file and of its sidecar, of each no more than it may have and one.

    Raises:
        ArticleRejected: they cannot be read, are no ordinary files, or belong to somebody else.
    """
    sidecar = sidecar_path(file.path)
    return _bytes(file.path), _bytes(sidecar) if file.signatures[1] else None


def _bytes(path: Path) -> bytes:
    try:
        return ordinary_bytes(path, BYTES_READ)
    except FileNotFoundError as error:
        what = f"{shown_name(path.name)} disappeared while it was being read."
        raise ArticleRejected(what, "Restore it, or run `verbatim reindex` again.") from error


def place(seeds: Path, files: Sequence[tuple[str, bytes]]) -> None:
    """Put new files into the folder, all of them or none, each whole.

    Raises:
        ArticleRejected: there is one of that name already, or has come to be there meanwhile.
        FolderUnusable: the folder cannot be written, or the disk is full.
    """
    for name, _ in files:
        # A sidecar that another article has left behind states nothing about the new one.
        others = [Path(name).stem + ending for ending in (*ENDINGS, SIDECAR)] if not name.endswith(SIDECAR) else []
        for there in (name, *others):
            if os.path.lexists(seeds / there):
                raise _there_already(there)
    with ExitStack() as back:
        for name, data in files:
            try:
                write_new(seeds / name, data)
            except FileExistsError as error:
                raise _there_already(name) from error
            except OSError as error:
                raise _unwritable(name, error) from error
            back.callback((seeds / name).unlink, missing_ok=True)
        back.pop_all()


def _there_already(name: str) -> ArticleRejected:
    what = f"The folder of articles already has a file {shown_name(name)}."
    return ArticleRejected(what, "Remove that file first, or rename the new one.")


def _unwritable(name: str, error: OSError) -> FolderUnusable:
    what = f"{shown_name(name)} cannot be written to the folder of articles ({error.strerror})."
    return FolderUnusable(what, "Make the folder writable, and check that its disk has space.")


def write_sidecar(file: SeedFile, data: bytes) -> None:
    """Write an article's sidecar, whole or not at all; FolderUnusable where it cannot be written."""
    path = sidecar_path(file.path)
    try:
        write_whole(path, data)
    except OSError as error:
        raise _unwritable(path.name, error) from error


def throw_away(file: SeedFile, bin_folder: Path) -> list[Path]:
    """Move an article's file and its sidecar to the bin, both or none; returns where they are kept.

    Raises:
        FolderUnusable: one of the folders cannot be written.
    """
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
        what = f"{file.path.name} cannot be moved to {bin_folder} ({error.strerror})."
        raise FolderUnusable(what, "Make both folders writable, and check that the disk has space.") from error
    return kept
