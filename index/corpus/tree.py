"""The names in a folder and the folders in it. Links are not followed, and names that begin with a dot are skipped."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from index.corpus.ignore import nothing_ignored
from index.errors import ArticleRejected, FolderUnusable
from index.reading import ENDINGS
from index.storage.safe_read import printable_name, trusted_owners

MAX_DEPTH = 20
"""Folders within each other."""
MAX_ENTRIES = 250_000
"""Files and folders in all."""
NAMED_LIKE_FILES = frozenset({*ENDINGS, ".toml"})
"""A folder with one of these suffixes counts as a file, which then is refused, and nothing in it is listed."""


class Tree(NamedTuple):
    """What is in a folder, as paths relative to it, with slashes, each list in order."""

    files: list[str]
    """Whatever is no folder to be listed."""
    folders: list[str]
    unreadable: dict[str, ArticleRejected]
    """Folders that cannot be listed."""
    ignored: list[str]
    """Files and folders, the latter with a slash at the end; what is in them is not listed."""


def read_tree(root: Path, is_ignored: Callable[[str], bool] = nothing_ignored, within: str = "") -> Tree:
    """List a folder, or only what is `within` a folder in it.

    `is_ignored` is given paths relative to the root, those of folders with a slash at their end. Raises OSError where
    the folder itself cannot be read, FolderUnusable where it holds too much.
    """
    start = root / within
    owners = trusted_owners(start)
    tree = Tree([], [], {}, [])
    waiting = {within: list(_entries(start))}
    seen = 0
    while waiting:
        folder, entries = waiting.popitem()
        seen += len(entries)
        if seen > MAX_ENTRIES:
            problem = f"The folder {str(start)!r} holds more than {MAX_ENTRIES:,} files and folders."
            raise FolderUnusable(problem, "Name another folder, or list in .verbatimignore what to leave out.")
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            is_folder = _is_folder(entry)
            if is_ignored(f"{path}/" if is_folder else path):
                tree.ignored.append(f"{path}/" if is_folder else path)
            elif not is_folder:
                tree.files.append(path)
            else:
                try:
                    waiting[path] = _entries_of_inner(entry, path, owners)
                    tree.folders.append(path)
                except ArticleRejected as error:
                    tree.unreadable[path] = error
    for paths in (tree.files, tree.folders, tree.ignored):
        paths.sort()
    return tree


def _is_folder(entry: os.DirEntry[str]) -> bool:
    suffix = PurePosixPath(entry.name).suffix.lower()
    return entry.is_dir(follow_symlinks=False) and suffix not in NAMED_LIKE_FILES


def _entries(folder: Path | os.DirEntry[str]) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        yield from (entry for entry in found if not entry.name.startswith("."))


def _entries_of_inner(folder: os.DirEntry[str], path: str, owners: set[int]) -> list[os.DirEntry[str]]:
    """List a folder in the folder; ArticleRejected where it cannot be."""
    name = printable_name(path)
    if path.count("/") >= MAX_DEPTH:
        problem = f"{name} is within {MAX_DEPTH} other folders."
        raise ArticleRejected(problem, "Move it further up.")
    try:
        owner = folder.stat(follow_symlinks=False).st_uid
        if owner not in owners:
            problem = f"{name} belongs to a user (id {owner}) other than the bot's and the folder's."
            raise ArticleRejected(problem, "Change its owner to the folder's: other users could change it unnoticed.")
        return list(_entries(folder))
    except OSError as error:
        problem = f"{name} cannot be read ({error.strerror})."
        raise ArticleRejected(problem, "Make it readable for the bot's user.") from error
