"""The seeds folder: scan it and the folders in it, and read their files."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import NamedTuple

import regex

from index.corpus.ignore import read_ignore_file
from index.corpus.slugs import MAX_CHARACTERS, article_id
from index.corpus.tree import Tree, read_tree
from index.errors import ArticleRejected, FolderUnusable, VerbatimError
from index.models import FrozenModel
from index.reading import ENDINGS, MAX_FILE_BYTES
from index.reading.sidecar import SIDECAR_SUFFIX as SIDECAR
from index.reading.sidecar import sidecar_name
from index.reading.sources import FILE as SOURCES
from index.storage.safe_read import printable_name, read_regular_file

FORBIDDEN_IN_ID = regex.compile(r"[\p{C}\p{Zl}\p{Zp}/\\`]")
FORBIDDEN_IN_PATH = regex.compile(r"(?![\u200c\u200d])[\p{C}\p{Zl}\p{Zp}\\]|(?:^|/)(?:\.|/|$)")
"""In the path of a file in a folder, whose id is a slug: dots at the beginning of a name are forbidden too. Emoji and
some scripts need the two joiners."""
OLD_VERSION_STAYS = "The previously indexed version stays."
"""Added to the reason when a file is refused whose earlier version is indexed."""
MAX_BYTES_READ = MAX_FILE_BYTES + 1
"""Bytes read of a file: enough to see that it is too large."""
MAX_OTHERS_NAMED = 3
"""Other files with the same id that a refusal names."""
NOTHING_INDEXED: Mapping[str, str] = MappingProxyType({})


class Signature(NamedTuple):
    """Size in bytes and modification time in ns of a file. While both are unchanged, it is not read again."""

    size: int
    changed: int


Signatures = tuple[Signature, Signature | None]
"""Of an article's file, and of its sidecar where it has one."""


class SeedFile(NamedTuple):
    """A file of the seeds folder that may be an article, and its sidecar where it has one."""

    id: str
    name: str
    """Its path in the seeds folder, with slashes."""
    path: Path
    signatures: Signatures


class Refusal(FrozenModel):
    """A file or folder that is not indexed, and why, in a sentence that says what to do."""

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
    tree: Tree


def scan(
    seeds: Path,
    only: AbstractSet[str] | None = None,
    indexed: Mapping[str, str] = NOTHING_INDEXED,
    *,
    within: str = "",
    is_ignored: Callable[[str], bool] | None = None,
) -> Scan:
    """The files of the folder and of the folders in it by id, and those that cannot be articles.

    Args:
        seeds: the folder.
        only: the ids to look for; None for all.
        indexed: by id, the name of the file that it is indexed from.
        within: a folder in it, to which the scan is limited.
        is_ignored: whether a path in the folder is left out; None to ask its `.verbatimignore`.

    Raises:
        FolderUnusable: the folder is missing or unreadable, or holds too much; it may be empty.
        RulesInvalid: `.verbatimignore` cannot be used.
    """
    try:
        tree = read_tree(seeds, is_ignored or read_ignore_file(seeds), within)
    except OSError as error:
        kind = "The folder" if within else "The folder of articles"
        problem = f"{kind} {str(seeds / within)!r} cannot be read ({error.strerror})."
        remedy = "Make it readable." if within else "Set the folder with --seeds or VERBATIM_SEEDS."
        raise FolderUnusable(problem, remedy) from error
    names = [name for name in tree.files if name != SOURCES and (only is None or article_id(name) in only)]
    files, errors = _check_files(seeds, names, indexed)
    errors |= _orphaned_sidecars(names, tree.ignored)
    missing = {article: indexed[article] for article in indexed.keys() - {file.id for file in files}}
    kept = _still_there(missing, errors, tree.unreadable)
    told = {**errors, **tree.unreadable} if only is None else errors
    stays = {missing[article] for article in kept}
    return Scan(files, [_refusal(name, told[name], stays) for name in sorted(told)], kept, tree)


def _check_files(
    seeds: Path, names: Iterable[str], indexed: Mapping[str, str]
) -> tuple[list[SeedFile], dict[str, ArticleRejected]]:
    """The files that may be articles, sorted by id, and the errors of the others by name."""
    files: dict[str, SeedFile] = {}
    errors: dict[str, ArticleRejected] = {}
    by_id: dict[str, list[str]] = {}
    for name in names:
        if name.endswith(SIDECAR):
            continue
        article = article_id(name)
        try:
            files[name] = _seed_file(article, name, seeds)
        except ArticleRejected as error:
            errors[name] = error
        if name in files or indexed.get(article) == name:
            by_id.setdefault(article, []).append(name)
    for article, several in by_id.items():
        for name, conflict in _conflicts(article, several, indexed.get(article)).items():
            errors.setdefault(name, conflict)
    return sorted((file for name, file in files.items() if name not in errors), key=lambda file: file.id), errors


def _orphaned_sidecars(names: Iterable[str], ignored: Iterable[str]) -> dict[str, ArticleRejected]:
    """The errors of sidecars without an article; one that is ignored counts."""
    there = {stem + dot + ending.lower() for stem, dot, ending in (name.rpartition(".") for name in (*names, *ignored))}
    return {
        name: ArticleRejected("This sidecar has no article.", "Add the article, or remove the sidecar.")
        for name in names
        if name.endswith(SIDECAR) and not any(name.removesuffix(SIDECAR) + ending in there for ending in ENDINGS)
    }


def _conflicts(article: str, names: Sequence[str], indexed: str | None) -> dict[str, ArticleRejected]:
    """The errors of files with the same id.

    At the top, the indexed one has it, else the first by the order of `ENDINGS`. As soon as one of them is in a folder,
    none has it.
    """
    if len(names) == 1:
        return {}
    if not any("/" in name for name in names):
        first, *others = sorted(
            names, key=lambda name: (name != indexed, ENDINGS.index(PurePosixPath(name).suffix.lower()))
        )
        problem = f"{first} already has the id {article!r}."
        return dict.fromkeys(others, ArticleRejected(problem, "Give one of the files another name."))
    errors = {}
    for name in names:
        others = [printable_name(other) for other in names if other != name]
        named = ", ".join(others[:MAX_OTHERS_NAMED]) + (", …" if len(others) > MAX_OTHERS_NAMED else "")
        problem = f"It would have the same id {article!r} as {named}."
        errors[name] = ArticleRejected(problem, "Give each of them another name.")
    return errors


def _still_there(
    names: Mapping[str, str], errors: Mapping[str, ArticleRejected], unreadable: Mapping[str, ArticleRejected]
) -> dict[str, ArticleRejected]:
    """By id, the errors of those of these indexed files that have one, or are in a folder that cannot be read."""
    found = {article: errors[name] for article, name in names.items() if name in errors}
    for folder, error in unreadable.items():
        found |= {article: error for article, name in names.items() if name.startswith(f"{folder}/")}
    return found


def _refusal(name: str, error: VerbatimError, stays: Iterable[str]) -> Refusal:
    """The refusal of a file or a folder; `stays` are the names of files whose indexed version stays."""
    is_kept = any(one == name or one.startswith(f"{name}/") for one in stays)
    return Refusal(file=printable_name(name), reason=f"{error} {OLD_VERSION_STAYS}" if is_kept else str(error))


def _seed_file(article: str, name: str, seeds: Path) -> SeedFile:
    path, sidecar = seeds / name, seeds / sidecar_name(name)
    signature = _signature(path)
    if signature is None:
        raise _not_ordinary(name, "article")
    check_name(name)
    stated = _signature(sidecar)
    if stated is None and os.path.lexists(sidecar):
        raise _not_ordinary(sidecar_name(name), "sidecar")
    return SeedFile(article, name, path, (signature, stated))


def _not_ordinary(name: str, kind: str) -> ArticleRejected:
    problem = f"{printable_name(name)} is not a regular file."
    remedy = f"Replace it with the {kind} itself; links, devices and folders of such a name are not read."
    return ArticleRejected(problem, remedy)


def check_name(name: str) -> None:
    """Raise ArticleRejected where a file cannot be an article, by its path in the folder of articles.

    Its suffix is unsupported, or its name cannot be an id, or its path contains what a path must not.
    """
    stem, ending = PurePosixPath(name).stem, PurePosixPath(name).suffix
    if ending.lower() not in ENDINGS:
        problem = f"{printable_name(name)} has an unsupported file type."
        raise ArticleRejected(problem, f"Supported types: {', '.join(ENDINGS)}.")
    if "/" in name:
        if FORBIDDEN_IN_PATH.search(name):
            problem = f"The path {printable_name(name)} cannot be used for an article."
            raise ArticleRejected(problem, "Use letters, digits and simple punctuation.")
    elif (
        not 0 < len(stem) <= MAX_CHARACTERS
        or stem.startswith(".")
        or stem != stem.strip()
        or FORBIDDEN_IN_ID.search(name)
    ):
        problem = f"The file name {printable_name(name)} cannot be used as an article id."
        raise ArticleRejected(problem, f"Use at most {MAX_CHARACTERS} letters, digits and simple punctuation.")


def _signature(path: Path) -> Signature | None:
    """The signature of a regular file; None where it is missing or is a link, a folder, a FIFO or a device."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return Signature(size=found.st_size, changed=found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def read_file(file: SeedFile) -> tuple[bytes, bytes | None]:
    """The bytes of a file and its sidecar, each up to a byte over its limit; ArticleRejected if one is unusable."""
    return _bytes(file.path), _bytes(sidecar_path(file)) if file.signatures[1] else None


def sidecar_path(file: SeedFile) -> Path:
    """The path of a file's sidecar."""
    return file.path.with_name(sidecar_name(file.path.name))


def _bytes(path: Path) -> bytes:
    try:
        return read_regular_file(path, MAX_BYTES_READ)
    except FileNotFoundError as error:
        problem = f"{printable_name(path.name)} disappeared while it was being read."
        raise ArticleRejected(problem, "Restore it, or run `verbatim reindex` again.") from error
