"""Add, edit and remove articles in their folder, and update the index."""

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
    """Copy article files, and sidecars among them, into the seeds folder, and index them.

    Raises:
        ArticleRejected: a file is not an article, or has exactly the text of another one; nothing is copied.
        FolderUnusable: the seeds folder cannot be written; nothing is copied.
        IndexedLater: all files are copied, but the index could not be updated.
    """
    return add_contents(manager, _read_files(files))


def add_contents(manager: IndexManager, files: Mapping[str, bytes]) -> Report:
    """Like `add`, for files in memory: their bytes by untrusted file names."""
    files = _with_file_names(files)
    articles = {name: data for name, data in files.items() if not name.endswith(SIDECAR)}
    entries = []
    try:
        for name, data in articles.items():
            folder.check_name(name)
            entries.append(read_entry(name, data, files.get(Path(name).stem + SIDECAR), *manager.conventions))
    except ArticleRejected:
        READERS.rest()  # on success, the reindexing below does this
        raise
    _check_sidecars(files.keys() - articles.keys(), articles)
    check_new((entry.article for entry in entries), manager.state.ledger)
    folder.place(manager.seeds, list(files.items()))
    report = _indexed(manager, (Path(name).stem for name in articles))
    for refusal in report.refused:
        if refusal.file in articles:  # another process added the same article meanwhile
            _take_back(manager, files, articles)
            raise ArticleRejected(refusal.reason, "Nothing was added.")
    return report


def _take_back(manager: IndexManager, files: Iterable[str], articles: Iterable[str]) -> None:
    """Delete files that were just copied into the seeds folder, and update the index."""
    for name in files:
        (manager.seeds / name).unlink(missing_ok=True)
    _indexed(manager, (Path(name).stem for name in articles))


def _indexed(manager: IndexManager, articles: Iterable[str]) -> Report:
    """Index the changed files of these article ids; IndexedLater where that is not possible now."""
    try:
        return manager.reindex(only=frozenset(articles))
    except VerbatimError as error:
        raise IndexedLater(error) from error


def ids_taken(manager: IndexManager) -> set[str]:
    """The ids in the folder and in the index, which no new article can have; FolderUnusable."""
    return {file.id for file in manager.scanned().files} | set(manager.state.collection.ids)


def record(manager: IndexManager, article: str, changes: Mapping[str, str | None], editor: str) -> Report:
    """Change the metadata in an article's sidecar, and index it.

    Args:
        manager: of the index to update.
        article: its id.
        changes: new values by field name of `Article`; None removes what the sidecar states.
        editor: who makes the change; the sidecar states it.

    Raises:
        ArticleUnknown: no article has this id.
        ArticleRejected: a value is invalid, or the file is no longer accepted as an article; nothing is changed.
        FolderUnusable: the seeds folder cannot be written; nothing is changed.
        IndexedLater: the sidecar is changed, but the index could not be updated.
    """
    file = _seed_file(manager, article)
    data, sidecar = folder.read(file)
    made = rewritten(sidecar, changes, editor, datetime.datetime.now(datetime.UTC))
    read_entry(file.path.name, data, made, *manager.conventions)
    folder.write_sidecar(file, made)
    return _indexed(manager, [article])


def remove(manager: IndexManager, article: str) -> tuple[Report, list[Path]]:
    """Move an article's files to the data folder's bin, and update the index; returns the new paths of the files.

    Raises:
        ArticleUnknown: no article has this id.
        ArticleRejected: its file is no longer accepted as an article.
        FolderUnusable: a folder cannot be written; nothing is moved.
        IndexedLater: the files are moved, but the index could not be updated.
    """
    file = _seed_file(manager, article)
    now = f"{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%S%f}"
    kept = folder.throw_away(file, manager.data / "bin" / now)
    return _indexed(manager, [article]), kept


def _seed_file(manager: IndexManager, article: str) -> SeedFile:
    """The file of an article; ArticleUnknown where there is none, ArticleRejected where it is not accepted."""
    found = manager.scanned(frozenset([article]))
    for file in found.files:
        if file.id == article:
            return file
    if article in found.kept:
        raise found.kept[article]
    manager.state.collection.entry(article)
    what = f"The file of the article {article!r} is no longer in the folder of articles."
    raise ArticleUnknown(what, "`verbatim reindex` removes it from the index.")


def _read_files(paths: Sequence[Path]) -> dict[str, bytes]:
    """The bytes of files by file name; ArticleRejected where two have the same name or one cannot be read."""
    if len({path.name for path in paths}) < len(paths):
        what = "Two of the files have the same name."
        raise ArticleRejected(what, "Give each file a different name.")
    return {path.name: _read(path) for path in paths}


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as opened:
            return opened.read(folder.BYTES_READ)
    except OSError as error:
        what = f"{path} cannot be read ({error.strerror})."
        raise ArticleRejected(what, "Choose a file that exists and is readable.") from error


def _with_file_names(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files by their names in the seeds folder; ArticleRejected where two would have the same name."""
    named = {file_name(name): data for name, data in files.items()}
    if len(named) < len(files):
        what = "Two of the files would get the same name in the folder of articles."
        raise ArticleRejected(what, "Give each file a different name.")
    return named


def _check_sidecars(sidecars: Iterable[str], articles: Iterable[str]) -> None:
    """Raise ArticleRejected where a sidecar belongs to none of the articles; all are file names."""
    expected = {Path(article).stem + SIDECAR for article in articles}
    for name in sidecars:
        if name not in expected:
            what = f"{shown_name(name)} is the sidecar of an article that is not being added."
            raise ArticleRejected(what, "Add the article's file as well.")
