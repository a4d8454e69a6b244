"""Add, edit and remove articles in their folder, and update the index."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from index.corpus import folder, writing
from index.corpus.folder import Refusal, SeedFile
from index.corpus.ignore import read_ignore_file
from index.corpus.removal import (
    RemovedArticle,
    copy_back,
    delete_removed,
    find_removed,
    move_to_bin,
    read_removed,
)
from index.corpus.slugs import article_id, file_name
from index.corpus.tree import NAMED_LIKE_FILES
from index.errors import ArticleRejected, ArticleUnknown, IndexUpdateFailed, VerbatimError
from index.indexing.exact_duplicates import check_not_duplicates
from index.indexing.index_manager import IndexManager
from index.indexing.reindex import Report
from index.models import Article
from index.reading import read_article
from index.reading.sandbox import SANDBOXED_READER
from index.reading.sidecar import SIDECAR_SUFFIX as SIDECAR
from index.reading.sidecar import sidecar_name, update_sidecar
from index.storage.lock import write_lock
from index.storage.safe_read import printable_name


def add(manager: IndexManager, files: Sequence[Path]) -> Report:
    """Copy article files, and sidecars among them, into the seeds folder, and index them.

    Raises:
        ArticleRejected: a file is not an article, or has exactly the text of another one; nothing is copied.
        FolderUnusable: the seeds folder cannot be written; nothing is copied.
        IndexUpdateFailed: all files are copied, but the index could not be updated.
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
            entries.append(read_article(name, data, files.get(sidecar_name(name)), *manager.reading_config))
    except ArticleRejected:
        SANDBOXED_READER.stop()  # on success, the reindexing below does this
        raise
    _check_sidecars(files.keys() - articles.keys(), articles)
    check_not_duplicates((entry.article for entry in entries), manager.state.file_states)
    writing.write_new_files(manager.seeds, list(files.items()))
    report = _reindex_only(manager, map(article_id, articles))
    for refusal in report.refused:
        if refusal.file in articles:  # another process added the same article meanwhile
            _undo_add(manager, files, articles)
            raise ArticleRejected(refusal.reason, "Nothing was added.")
    return report


def add_each(manager: IndexManager, files: Mapping[str, bytes]) -> Report:
    """Like `add_contents`, but each article by itself: one that is refused is in the report, and the others are added.

    Raises:
        FolderUnusable: the seeds folder cannot be read.
        RulesInvalid: the cleaning rules, `sources.toml` or `.verbatimignore` cannot be used.
        IndexUpdateFailed: what is not refused is copied, but the index could not be updated.
    """
    refused: list[Refusal] = []
    named = _each_with_file_name(files, refused)
    articles = [name for name in named if not name.endswith(SIDECAR)]
    added: list[Article] = []
    for name in articles:
        try:
            added.append(_add_one(manager, name, named, added))
        except VerbatimError as error:
            refused.append(Refusal(file=printable_name(name), reason=str(error)))
    for name in named.keys() - articles:
        try:
            _check_sidecars([name], articles)
        except ArticleRejected as error:
            refused.append(Refusal(file=printable_name(name), reason=str(error)))
    if not added:
        SANDBOXED_READER.stop()
        return Report(refused=tuple(refused))
    try:
        report = _reindex_only(manager, (article.id for article in added))
    except IndexUpdateFailed as error:
        raise IndexUpdateFailed(error.reason, [(one.file, one.reason) for one in refused]) from error
    failed = [article.file for article in added if not _is_indexed(article, report)]
    if failed:  # another process added the same article meanwhile
        _undo_add(manager, [*failed, *map(sidecar_name, failed)], failed)
    mine = {printable_name(name) for name in failed}
    refused += [one for one in report.refused if one.file in mine]
    return report.model_copy(update={"refused": tuple(refused)})


def _each_with_file_name(files: Mapping[str, bytes], refused: list[Refusal]) -> dict[str, bytes]:
    """The files by their names in the seeds folder; of several with the same name, the first."""
    named: dict[str, bytes] = {}
    for name, data in files.items():
        plain = file_name(name)
        if plain in named:
            reason = f"Another of the files gets the same name {plain} in the folder of articles. Rename it."
            refused.append(Refusal(file=printable_name(name), reason=reason))
        else:
            named[plain] = data
    return named


def _add_one(manager: IndexManager, name: str, files: Mapping[str, bytes], before: Sequence[Article]) -> Article:
    """Write an article and its sidecar into the seeds folder, if it is no duplicate of one before it."""
    folder.check_name(name)
    sidecar = sidecar_name(name)
    stated = files.get(sidecar)
    article = read_article(name, files[name], stated, *manager.reading_config).article
    check_not_duplicates([*before, article], manager.state.file_states)
    written = [(name, files[name]), *([(sidecar, stated)] if stated is not None else [])]
    writing.write_new_files(manager.seeds, written)
    return article


def _is_indexed(article: Article, report: Report) -> bool:
    """Whether the reindexing accepted the article's file."""
    is_refused = printable_name(article.file) in {one.file for one in report.refused}
    return not is_refused and article.id in {*report.added, *report.changed, *report.unchanged}


def add_folder(manager: IndexManager, source: Path) -> Report:
    """Copy the article files of a folder, in their folders and with their sidecars, and index them.

    They get into a folder of the same name in the seeds folder. A file that is refused is not added and is in the
    report; the others are added.

    Raises:
        ArticleRejected: no folder of this name can be in the seeds folder, or one of the two is in the other.
        FolderUnusable: a folder cannot be read.
        RulesInvalid: `.verbatimignore` cannot be used.
        IndexUpdateFailed: the files are copied, but the index could not be updated.
    """
    source = Path(os.path.abspath(source))  # noqa: PTH100  # the name of a link is kept
    _check_folder(manager.seeds, source)
    found = folder.scan(source.parent, within=source.name, is_ignored=read_ignore_file(manager.seeds))
    refused, taken = list(found.refused), ids_taken(manager)
    copied: list[SeedFile] = []
    for file in found.files:
        try:
            if file.id in taken:
                raise _id_taken(file.id)
            writing.copy_new(file, manager.seeds)
        except VerbatimError as error:
            refused.append(Refusal(file=printable_name(file.name), reason=str(error)))
        else:
            copied.append(file)
    report = _reindex_only(manager, (file.id for file in copied))
    failed = [file.name for file in copied if file.id not in report.added]
    if failed:
        _undo_add(manager, [*failed, *map(sidecar_name, failed)], failed)
    refused += report.refused
    return report.model_copy(update={"refused": tuple(refused), "ignored": tuple(found.tree.ignored)})


def _check_folder(seeds: Path, source: Path) -> None:
    """Raise ArticleRejected where a folder cannot be copied into the seeds folder."""
    real, root = source.resolve(), seeds.resolve()
    if real.is_relative_to(root) or root.is_relative_to(real):
        problem = f"{source} and the folder of articles {seeds} are in one another, or the same."
        raise ArticleRejected(problem, "What is in the folder of articles is indexed by `verbatim reindex`.")
    if source.suffix.lower() in NAMED_LIKE_FILES:
        problem = f"The folder {printable_name(source.name)} is named like a file."
        raise ArticleRejected(problem, "Rename it.")


def _id_taken(article: str) -> ArticleRejected:
    problem = f"There is already an article with the id {article!r}."
    return ArticleRejected(problem, "Remove it first, or rename the new one.")


def _undo_add(manager: IndexManager, files: Iterable[str], articles: Iterable[str]) -> None:
    """Delete files, the articles among them, that were just copied into the seeds folder, and update the index."""
    for name in files:
        (manager.seeds / name).unlink(missing_ok=True)
    _reindex_only(manager, map(article_id, articles))


def _reindex_only(manager: IndexManager, articles: Iterable[str]) -> Report:
    """Index the changed files of these article ids; IndexUpdateFailed where that is not possible now."""
    try:
        return manager.reindex(only=frozenset(articles))
    except VerbatimError as error:
        raise IndexUpdateFailed(error) from error


def ids_taken(manager: IndexManager) -> set[str]:
    """The ids in the folder and in the index, which no new article can have; FolderUnusable, RulesInvalid."""
    return {file.id for file in manager.scan().files} | set(manager.state.collection.ids)


def update_metadata(manager: IndexManager, article: str, changes: Mapping[str, str | None], editor: str) -> Report:
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
        IndexUpdateFailed: the sidecar is changed, but the index could not be updated.
    """
    file = _seed_file(manager, article)
    data, sidecar = folder.read_file(file)
    sidecar_data = update_sidecar(sidecar, changes, editor, datetime.datetime.now(datetime.UTC))
    read_article(file.name, data, sidecar_data, *manager.reading_config, file.id)
    writing.write_sidecar(file, sidecar_data)
    return _reindex_only(manager, [article])


def remove(manager: IndexManager, article: str) -> tuple[Report, RemovedArticle]:
    """Move an article's files to the data folder's bin, and update the index; returns what the bin holds of it.

    Raises:
        ArticleUnknown: no article has this id.
        ArticleRejected: its file is no longer accepted as an article.
        FolderUnusable: a folder cannot be written; nothing is moved.
        IndexUpdateFailed: the files are moved, but the index could not be updated.
    """
    file = _seed_file(manager, article)
    indexed = manager.state.collection.find(article)
    title = indexed.article.title.value if indexed and indexed.article.title else None
    removed = move_to_bin(file, manager.data, title)
    return _reindex_only(manager, [article]), removed


def restore(manager: IndexManager, which: str) -> tuple[Report, RemovedArticle]:
    """Move a removed article's files from the bin back to where they were, and update the index.

    The files are copied back before those in the bin are deleted, so that a process killed at any moment leaves them in
    one of the two places, whole.

    Args:
        manager: of the index to update.
        which: the name of its folder in the bin; or its id or title, of which the bin may hold several: the newest.

    Raises:
        RemovalUnknown: the bin does not hold it, or no longer.
        ArticleRejected: an article has its id or its path again, or the file is not accepted as an article; it stays in
            the bin, and no other article changes.
        FolderUnusable: the seeds folder cannot be written; the article stays in the bin.
        IndexBusy: another process is writing the index; the article stays in the bin.
        IndexUpdateFailed: the files are moved back, but the index could not be updated.
    """
    removed = find_removed(manager.data, which)
    article = _check_restorable(manager, removed)
    with write_lock(manager.data):
        found = manager.scan(frozenset([removed.id]))
        if found.files or removed.id in found.unreadable:
            problem = f"There is an article with the id {removed.id!r} again."
            raise ArticleRejected(problem, "Remove it first; until then, the removed one stays in the bin.")
        copied = copy_back(removed, manager.seeds)
    try:
        report = _reindex_only(manager, [removed.id])
    except IndexUpdateFailed:
        delete_removed(removed, manager.data)
        raise
    if not _is_indexed(article, report):
        for path in copied:
            path.unlink(missing_ok=True)
        _reindex_only(manager, [removed.id])
        reason = next((one.reason for one in report.refused if one.file == printable_name(removed.file)), None)
        raise ArticleRejected(reason or f"{removed.file} is left out by .verbatimignore.", "It stays in the bin.")
    delete_removed(removed, manager.data)
    return report, removed


def _check_restorable(manager: IndexManager, removed: RemovedArticle) -> Article:
    """The removed article; ArticleRejected where its file would not be accepted now, RemovalUnknown."""
    data, sidecar = read_removed(removed)
    try:
        article = read_article(removed.file, data, sidecar, *manager.reading_config, removed.id).article
        check_not_duplicates([article], manager.state.file_states)
    except ArticleRejected:
        SANDBOXED_READER.stop()  # on success, the reindexing does this
        raise
    return article


def _seed_file(manager: IndexManager, article: str) -> SeedFile:
    """The file of an article; ArticleUnknown where there is none, ArticleRejected where it is not accepted."""
    found = manager.scan(frozenset([article]))
    for file in found.files:
        if file.id == article:
            return file
    if article in found.unreadable:
        raise found.unreadable[article]
    manager.state.collection.entry(article)
    problem = f"The file of the article {article!r} is no longer in the folder of articles."
    raise ArticleUnknown(problem, "`verbatim reindex` removes it from the index.")


def _read_files(paths: Sequence[Path]) -> dict[str, bytes]:
    """The bytes of files by file name; ArticleRejected where two have the same name or one cannot be read."""
    if len({path.name for path in paths}) < len(paths):
        problem = "Two of the files have the same name."
        raise ArticleRejected(problem, "Give each file a different name.")
    return {path.name: _read_file(path) for path in paths}


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as opened:
            return opened.read(folder.MAX_BYTES_READ)
    except OSError as error:
        problem = f"{path} cannot be read ({error.strerror})."
        raise ArticleRejected(problem, "Choose a file that exists and is readable.") from error


def _with_file_names(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files by their names in the seeds folder; ArticleRejected where two would have the same name."""
    named = {file_name(name): data for name, data in files.items()}
    if len(named) < len(files):
        problem = "Two of the files would get the same name in the folder of articles."
        raise ArticleRejected(problem, "Give each file a different name.")
    return named


def _check_sidecars(sidecars: Iterable[str], articles: Iterable[str]) -> None:
    """Raise ArticleRejected where a sidecar belongs to none of the articles; all are file names."""
    expected = set(map(sidecar_name, articles))
    for name in sidecars:
        if name not in expected:
            problem = f"{printable_name(name)} is the sidecar of an article that is not being added."
            raise ArticleRejected(problem, "Add the article's file as well.")
