"""Write files to the seeds folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath

from index.corpus.folder import SeedFile, read_file, sidecar_path
from index.errors import ArticleRejected, FolderUnusable
from index.reading import ENDINGS
from index.reading.decoding import check_size
from index.reading.sidecar import SIDECAR_SUFFIX as SIDECAR
from index.reading.sidecar import sidecar_name, without_ending
from index.storage.atomic_write import write_atomically, write_new
from index.storage.safe_read import printable_name


def write_new_files(seeds: Path, files: Sequence[tuple[str, bytes]]) -> None:
    """Put new files into the folder, by their paths in it, all of them or none, each written atomically.

    Folders are made where they are missing. ArticleRejected where a name is taken, even meanwhile; FolderUnusable where
    the folder cannot be written.
    """
    for name, _ in files:
        # A sidecar left over from another article must not apply to the new one.
        others = [] if name.endswith(SIDECAR) else [without_ending(name) + ending for ending in (*ENDINGS, SIDECAR)]
        for there in (name, *others):
            if os.path.lexists(seeds / there):
                raise _exists_already(there)
    with ExitStack() as back:
        for name, data in files:
            try:
                _make_folders(seeds, name)
                write_new(seeds / name, data)
            except FileExistsError as error:
                raise _exists_already(name) from error
            except OSError as error:
                raise _unwritable(name, error) from error
            back.callback((seeds / name).unlink, missing_ok=True)
        back.pop_all()


def _make_folders(seeds: Path, name: str) -> None:
    """Make the folders of a file; ArticleRejected where something else has a name of one, such as a link. OSError."""
    for folder in reversed(PurePosixPath(name).parents[:-1]):
        path = seeds / folder
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            raise _exists_already(str(folder))
        path.mkdir(exist_ok=True)


def _exists_already(name: str) -> ArticleRejected:
    problem = f"The folder of articles already has a file {printable_name(name)}."
    return ArticleRejected(problem, "Remove that file first, or rename the new one.")


def _unwritable(name: str, error: OSError) -> FolderUnusable:
    problem = f"{printable_name(name)} cannot be written to the folder of articles ({error.strerror})."
    return FolderUnusable(problem, "Make the folder writable, and check that its disk has space.")


def copy_new(file: SeedFile, seeds: Path) -> None:
    """Copy a file of another folder, and its sidecar, to its name in the seeds folder, both or none.

    ArticleRejected where it cannot be read, is too large, or a name is taken; FolderUnusable as `write_new_files`.
    """
    data, sidecar = read_file(file)
    check_size(data, printable_name(file.name))
    stated = [(sidecar_name(file.name), sidecar)] if sidecar is not None else []
    write_new_files(seeds, [(file.name, data), *stated])


def write_sidecar(file: SeedFile, data: bytes) -> None:
    """Write an article's sidecar atomically; FolderUnusable where it cannot be written."""
    path = sidecar_path(file)
    try:
        write_atomically(path, data)
    except OSError as error:
        raise _unwritable(path.name, error) from error
