"""The bin: the files of removed articles in the data folder, under the paths that they had in the seeds folder.

`bin/<name>/` holds an article's file and its sidecar, `bin/<name>.json` its title; the name is the time of the removal.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

from index.corpus.folder import SeedFile, sidecar_path
from index.corpus.slugs import article_id
from index.corpus.writing import write_new_files
from index.errors import ArticleUnknown, FolderUnusable, RemovalUnknown
from index.models import FrozenModel
from index.reading.sidecar import SIDECAR_SUFFIX as SIDECAR
from index.reading.sidecar import sidecar_name
from index.storage.atomic_write import write_atomically
from index.storage.safe_read import printable_name

BIN = "bin"
NAME = re.compile(r"[0-9]{8}T[0-9]{12}")
NAME_FORMAT = "%Y%m%dT%H%M%S%f"


class RemovedArticle(FrozenModel):
    """A removed article, as the bin holds it."""

    name: str
    """Of its folder in the bin."""
    file: str
    """The path that its file had in the seeds folder."""
    title: str | None
    removed: datetime.datetime
    paths: tuple[Path, ...]
    """The files in the bin: the article's first, then its sidecar if it has one."""

    @property
    def id(self) -> str:
        """The article's id."""
        return article_id(self.file)

    @property
    def label(self) -> str:
        """The title, or the id where no title is recorded."""
        return self.title or self.id


# ---- removing --------------------------------------------------------------------------------------------------------


def move_to_bin(file: SeedFile, data: Path, title: str | None) -> RemovedArticle:
    """Move an article's file and sidecar to the bin, both or none.

    They are copied first, so that a process killed at any moment leaves the article in one of the two places, whole.
    ArticleUnknown where somebody else has moved it meanwhile; FolderUnusable where a folder cannot be written.
    """
    folder = data / BIN / f"{datetime.datetime.now(datetime.UTC):{NAME_FORMAT}}"
    sidecar = sidecar_path(file)
    try:
        with ExitStack() as back:
            folder.mkdir(parents=True)
            back.callback(_delete, folder)
            kept = [
                _copy(path, folder / path.relative_to(_root(file))) for path in (file.path, sidecar) if path.exists()
            ]
            write_atomically(_record(folder), json.dumps({"title": title}, ensure_ascii=False).encode())
            file.path.unlink()
            back.callback(_copy, kept[0], file.path)
            sidecar.unlink(missing_ok=True)
            back.pop_all()
    except FileNotFoundError as error:
        problem = f"The file of the article {file.id!r} is no longer in the folder of articles."
        raise ArticleUnknown(problem, "`verbatim reindex` removes it from the index.") from error
    except OSError as error:
        problem = f"{printable_name(file.name)} cannot be moved to {folder} ({error.strerror})."
        raise FolderUnusable(problem, "Make both folders writable, and check that the disk has space.") from error
    return RemovedArticle(
        name=folder.name, file=file.name, title=title, removed=_time_of(folder.name), paths=tuple(kept)
    )


def _root(file: SeedFile) -> Path:
    """The seeds folder, from a file in it."""
    return file.path.parents[file.name.count("/")]


def _copy(source: Path, target: Path) -> Path:
    """Copy a file, and sync it to disk; returns the new path. OSError, also where the target exists."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as held, target.open("xb") as written:
        shutil.copyfileobj(held, written)
        written.flush()
        os.fsync(written.fileno())
    return target


# ---- what the bin holds ----------------------------------------------------------------------------------------------


def removed_articles(data: Path) -> Iterator[RemovedArticle]:
    """What the bin holds, newest first."""
    try:
        names = [path.name for path in (data / BIN).iterdir() if NAME.fullmatch(path.name)]
    except OSError:
        return
    for name in sorted(names, reverse=True):
        found = _removed(data / BIN / name)
        if found is not None:
            yield found


def find_removed(data: Path, which: str) -> RemovedArticle:
    """What the bin holds under a name, or else of an id or a title, the newest; RemovalUnknown where it holds none."""
    found = _removed(data / BIN / which) if NAME.fullmatch(which) else None
    found = found or next((one for one in removed_articles(data) if which in {one.id, one.title}), None)
    if found is None:
        problem = f"The bin does not hold {which!r}: it was restored already, or the bin was emptied."
        raise RemovalUnknown(problem, "`verbatim restore` lists what it holds.")
    return found


def _removed(folder: Path) -> RemovedArticle | None:
    """What a folder of the bin holds; None where that is no article."""
    try:
        removed = _time_of(folder.name)
        held = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    except (OSError, ValueError):
        return None
    articles = [path for path in held if not path.name.endswith(SIDECAR)]
    if len(articles) != 1:
        return None
    sidecar = articles[0].with_name(sidecar_name(articles[0].name))
    return RemovedArticle(
        name=folder.name,
        file=articles[0].relative_to(folder).as_posix(),
        title=_title(folder),
        removed=removed,
        paths=(articles[0], *([sidecar] if sidecar in held else [])),
    )


def _title(folder: Path) -> str | None:
    """The title in the record; None where there is none, as of articles removed by older versions."""
    try:
        title = json.loads(_record(folder).read_bytes())["title"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return title if isinstance(title, str) else None


def _record(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.json")


def _time_of(name: str) -> datetime.datetime:
    return datetime.datetime.strptime(name, NAME_FORMAT).replace(tzinfo=datetime.UTC)


# ---- restoring -------------------------------------------------------------------------------------------------------


def read_removed(removed: RemovedArticle) -> tuple[bytes, bytes | None]:
    """The bytes of the article's file and of its sidecar; RemovalUnknown where they are no longer there."""
    try:
        data, *stated = [path.read_bytes() for path in removed.paths]
    except OSError as error:
        problem = f"{removed.paths[0]} cannot be read ({error.strerror})."
        raise RemovalUnknown(problem, "`verbatim restore` lists what the bin holds.") from error
    return data, stated[0] if stated else None


def copy_back(removed: RemovedArticle, seeds: Path) -> list[Path]:
    """Copy the files to where they were, both or none, the sidecar first; returns the new paths.

    ArticleRejected where a name is taken; FolderUnusable as in `write_new_files`; RemovalUnknown as in `read_removed`.
    """
    data, stated = read_removed(removed)
    sidecar = seeds / sidecar_name(removed.file)
    if stated is not None and _holds(sidecar, stated):
        sidecar.unlink(missing_ok=True)  # the same: a removal was killed before it took the sidecar away
    files = [*([(sidecar_name(removed.file), stated)] if stated is not None else []), (removed.file, data)]
    write_new_files(seeds, files)
    return [seeds / name for name, _ in files]


def _holds(path: Path, data: bytes) -> bool:
    try:
        return not path.is_symlink() and path.read_bytes() == data
    except OSError:
        return False


def delete_removed(removed: RemovedArticle, data: Path) -> None:
    """Delete an article from the bin; what cannot be deleted only takes space."""
    _delete(data / BIN / removed.name)


def _delete(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        _record(folder).unlink(missing_ok=True)
