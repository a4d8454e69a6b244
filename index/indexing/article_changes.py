"""Changing the articles in their folder, and having the index follow: adding, editing what is recorded, removing."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from index.corpus import folder
from index.corpus.folder import SeedFile
from index.corpus.slugs import file_name
from index.errors import ArticleRejected, ArticleUnknown, IndexedLater, VerbatimError
from index.indexing.exact_duplicates import check_new
from index.indexing.index_manager import IndexManager
from index.indexing.reindex import Report
from index.reading import read_entry
from index.reading.sandbox import READERS
from index.reading.sidecar import ENDING as SIDECAR
from index.reading.sidecar import rewritten
from index.storage.safe_read import shown_name


def add(manager: IndexManager, files: Sequence[Path]) -> Report:
    """Copy files of articles, and sidecars among them, into the seeds folder, and index them.

    Raises:
        ArticleRejected: one of them is no article, or says to the letter what another one does; nothing was
            copied then.
        FolderUnusable: the seeds folder cannot be written; nothing was copied then.
        IndexedLater: all were copied, and the index could not follow.
    """
    return add_contents(manager, _read_files(files))


def add_contents(manager: IndexManager, files: Mapping[str, bytes]) -> Report:
    """As `add`, for files that are in memory: their bytes by the names that strangers gave them.

    Raises:
        ArticleRejected, FolderUnusable, IndexedLater: as in `add`.
    """
    files = _with_file_names(files)
    articles = {name: data for name, data in files.items() if not name.endswith(SIDECAR)}
    entries = []
    try:
        for name, data in articles.items():
            folder.check_name(name)
            entries.append(read_entry(name, data, files.get(Path(name).stem + SIDECAR), *manager.conventions))
    except ArticleRejected:
        READERS.rest()  # what goes on below does it at its end
        raise
    _check_sidecars(files.keys() - articles.keys(), articles)
    check_new((entry.article for entry in entries), manager.state.ledger)
    folder.place(manager.seeds, list(files.items()))
    report = _indexed(manager, (Path(name).stem for name in articles))
    for refusal in report.refused:
        if refusal.file in articles:  # another process has added the same in between
            _take_back(manager, files, articles)
            raise ArticleRejected(refusal.reason, "Nothing was added.")
    return report


def _take_back(manager: IndexManager, files: Iterable[str], articles: Iterable[str]) -> None:
    """Take files out of the seeds folder that have just been put there."""
    for name in files:
        (manager.seeds / name).unlink(missing_ok=True)
    _indexed(manager, (Path(name).stem for name in articles))


def _indexed(manager: IndexManager, articles: Iterable[str]) -> Report:
    """Index what was changed in the folder at these ids; IndexedLater where that cannot be now."""
    try:
        return manager.reindex(only=frozenset(articles))
    except VerbatimError as error:
        raise IndexedLater(error) from error


def ids_taken(manager: IndexManager) -> set[str]:
    """The ids that no new article can have: those in the folder, and those in the index; FolderUnusable."""
    return {file.id for file in manager.scanned().files} | set(manager.state.collection.ids)


def record(manager: IndexManager, article: str, changes: Mapping[str, str | None], editor: str) -> Report:
    """Change what is recorded about an article, in its sidecar, and index it.

    Args:
        manager: of the index that follows.
        article: its id.
        changes: the new value of each fact by its name in `Article`; None takes what was stated back.
        editor: who changes it; the sidecar says so.

    Raises:
        ArticleUnknown: there is no article of this id.
        ArticleRejected: a value cannot be recorded, or its file cannot be an article any more; nothing was changed.
        FolderUnusable: the seeds folder cannot be written; nothing was changed.
        IndexedLater: it was recorded, and the index could not follow.
    """
    file = _seed_file(manager, article)
    data, sidecar = folder.read(file)
    made = rewritten(sidecar, changes, editor, datetime.datetime.now(datetime.UTC))
    read_entry(file.path.name, data, made, *manager.conventions)
    folder.write_sidecar(file, made)
    return _indexed(manager, [article])


def remove(manager: IndexManager, article: str) -> tuple[Report, list[Path]]:
    """Move an article's files to the data folder's bin, and index what is left; returns where they are kept.

    Raises:
        ArticleUnknown: there is no article of this id.
        ArticleRejected: its file cannot be an article any more, as it is.
        FolderUnusable: a folder cannot be written; nothing was moved.
        IndexedLater: the files were moved, and the index could not follow.
    """
    file = _seed_file(manager, article)
    now = f"{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%S%f}"
    kept = folder.throw_away(file, manager.data / "bin" / now)
    return _indexed(manager, [article]), kept


def _seed_file(manager: IndexManager, article: str) -> SeedFile:
    """The file of an article, as it can be changed; ArticleUnknown or ArticleRejected where it cannot."""
    found = manager.scanned(frozenset([article]))
    for file in found.files:
        if file.id == article:
            return file
    if article in found.kept:
        raise found.kept[article]
    manager.state.collection.entry(article)
    what = f"The file of the article {article!r} is gone from the seeds folder already."
    raise ArticleUnknown(what, "`verbatim reindex` takes it out of the index.")


def _read_files(paths: Sequence[Path]) -> dict[str, bytes]:
    """The bytes of files by their names; ArticleRejected where two have one name, or one cannot be read."""
    if len({path.name for path in paths}) < len(paths):
        what = "Two of the files have the same name."
        raise ArticleRejected(what, "Give each a name of its own.")
    return {path.name: _read(path) for path in paths}


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as opened:
            return opened.read(folder.BYTES_READ)
    except OSError as error:
        what = f"{path} cannot be read ({error.strerror})."
        raise ArticleRejected(what, "Name a file that is there and readable.") from error


def _with_file_names(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same by the names that they get among the articles; ArticleRejected where two would have one name."""
    named = {file_name(name): data for name, data in files.items()}
    if len(named) < len(files):
        what = "Two of the files would have the same name among the articles."
        raise ArticleRejected(what, "Give each a name of its own.")
    return named


def _check_sidecars(sidecars: Iterable[str], articles: Iterable[str]) -> None:
    """ArticleRejected where one of the sidecars belongs to none of the articles; all by their file names."""
    expected = {Path(article).stem + SIDECAR for article in articles}
    for name in sidecars:
        if name not in expected:
            what = f"{shown_name(name)} is the sidecar of an article that is not added with it."
            raise ArticleRejected(what, "Name the article's file too.")
