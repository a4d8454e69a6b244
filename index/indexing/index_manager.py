"""Keep the index in sync with the folder of articles: one writer at a time, while questions are still answered."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, Self

from index.cleaning import active_rules
from index.collection.collection import Collection
from index.corpus import folder
from index.corpus.file_states import FileStates, indexed_files
from index.corpus.folder import Scan, SeedFile
from index.errors import FolderUnusable, IndexBusy, RulesInvalid, SnapshotDamaged
from index.indexing.parallel_reader import Progress, has_changed
from index.indexing.reindex import IndexedBase, Plan, Report, plan_update
from index.indexing.snapshot_store import LoadedSnapshot, LocalSnapshots, SnapshotStore, Written
from index.indexing.snapshots import Change, Manifest, SnapshotInfo, is_of_these_analyzers
from index.models import Article
from index.reading.config import ReadingConfig
from index.reading.fingerprint import reader_fingerprint
from index.reading.formats import Format, format_by_name
from index.reading.sandbox import SANDBOXED_READER
from index.reading.sources import read_sources
from index.storage import extracted_texts
from index.storage.atomic_write import delete_stale_temporary_files
from index.storage.lock import LOCK_TIMEOUT

WAIT_FOR_OTHER_BUILD, SHORT_TIMEOUT = 600.0, 1.0
"""Seconds to wait for another process' first build, and between two attempts."""
MAX_ARTICLES_TO_LOSE = 3
"""An index of more articles than this is not emptied unless somebody asks for it."""
OTHER_CONFIG_MESSAGE = (
    "Another process wrote this index with other rules or another version of the program; it is used as it is. "
    "Reindexing here would read all articles again: start every process with the same VERBATIM_RULES."
)
READ_AGAIN_MESSAGE = (
    "The index was written by another version of the program or with other rules; reading all articles again."
)
log = logging.getLogger(__name__)


class IndexState(NamedTuple):
    """What an engine answers from: replaced as a whole, so that no question sees half of a change."""

    collection: Collection
    file_states: FileStates
    manifest: Manifest | None
    """None where it is not written as a snapshot."""

    @classmethod
    def from_snapshot(cls, found: LoadedSnapshot) -> Self:
        """The content of a snapshot."""
        return cls(found.collection(), found.file_states, found.manifest)

    @classmethod
    def empty(cls) -> Self:
        """An index without articles."""
        return cls(Collection(), FileStates(), None)


class IndexManager:
    """The only writer of an index over a folder of articles.

    It builds each next `IndexState` beside the current one and publishes it as a whole, so that readers need no lock.
    """

    def __init__(
        self,
        seeds: Path,
        data: Path,
        state: IndexState,
        config: ReadingConfig | None = None,
        snapshots: SnapshotStore | None = None,
    ) -> None:
        """Manage an index that is already loaded; `open` loads or builds it."""
        self.seeds = seeds
        self.data = data
        self.snapshots = snapshots or LocalSnapshots(data)
        self.state = state
        self._reading_config = config
        """None while they are invalid."""
        self.rules_folder: Path | None = None
        self.damage: SnapshotDamaged | None = None
        """Of the snapshot that was to be served when the index was opened."""
        self._warned_of = ""
        self._publish: Callable[[IndexState], None] | None = None
        self._switching = threading.Lock()
        self._refused: str | None = None
        """The current snapshot if it could not be loaded, so that the error is raised only once."""

    @classmethod
    def open(  # noqa: PLR0913  # all start options of an index
        cls,
        seeds: Path,
        data: Path,
        *,
        rules: Path | None = None,
        build: bool = True,
        progress: Progress | None = None,
        snapshots: SnapshotStore | None = None,
    ) -> Self:
        """The index manager of these folders; with `build`, a missing or damaged index is built first.

        Args:
            seeds: the folder of articles.
            data: the folder of the index.
            rules: the folder of rules that override the built-in ones, if any.
            build: whether to build an index that is missing, damaged, or from another reader or other rules.
            progress: called with the number of files done and the total.
            snapshots: where the index is kept; None for the data folder.

        Raises:
            FolderUnusable: the seeds cannot be read, or the data folder cannot be written or is in the seeds folder.
            RulesInvalid: a rules file or `sources.toml` is invalid, and there is no index. An existing index is served
                unchanged until the file is valid again.
        """
        _check_data_folder(seeds, data)
        store = snapshots or LocalSnapshots(data)
        manager = cls(seeds, data, IndexState.empty(), snapshots=store)
        found, damage = manager._load_newest()
        manager.state = found or manager.state
        manager.rules_folder, manager.damage = rules, damage
        try:
            is_current = damage is None and manager._is_current(reader_fingerprint(manager.reading_config))
        except RulesInvalid as error:
            if build and manager.state.manifest is None:
                raise
            log.warning("The existing index is used, and nothing new is indexed until this is fixed. %s", error)
            return manager
        if build and not is_current:
            manager._build(progress)
        return manager

    def subscribe(self, publish: Callable[[IndexState], None]) -> None:
        """Call `publish` with each next state."""
        self._publish = publish

    def _switch_to(self, state: IndexState) -> None:
        """Replace the state and publish it; callers hold `_switching`, so that states are published in order."""
        self.state = state
        if self._publish is not None:
            self._publish(state)

    @property
    def reading_config(self) -> ReadingConfig:
        """The rules and sources of the last, or else the next, reindexing; RulesInvalid while those are invalid."""
        if self._reading_config is None:
            self._reading_config = self._read_config()
        return self._reading_config

    @reading_config.setter
    def reading_config(self, config: ReadingConfig) -> None:
        self._reading_config = config

    def _build(self, progress: Progress | None) -> None:
        """Build the index; wait for another process that is building it, unless there is an index to serve."""
        until = time.monotonic() + WAIT_FOR_OTHER_BUILD
        while True:
            try:
                self.reindex(progress=progress, lock_timeout=SHORT_TIMEOUT)
            except IndexBusy as error:
                if self.state.manifest is not None:
                    log.warning("%s", error)
                elif time.monotonic() > until:
                    raise
                else:
                    if progress:
                        progress(0, 1)
                    continue
            return

    def is_stale(self) -> bool:
        """Whether the seeds folder differs from the index, or that is not known while `.verbatimignore` is invalid.

        Files with a new size or time are hashed. FolderUnusable.
        """
        try:
            found, states = self.scan(), self.state.file_states.by_id
        except RulesInvalid as error:
            log.warning("%s", error)
            return True
        told = {one for one in found.unreadable if one in states and states[one].refused}
        if {file.id for file in found.files} != states.keys() - told:
            return True
        return any(has_changed(file, states[file.id]) for file in found.files)

    def scan(self, only: frozenset[str] | None = None) -> Scan:
        """The files of the folder, given what is indexed; FolderUnusable, RulesInvalid."""
        states = self.state.file_states
        return folder.scan(self.seeds, only, indexed_files(states.by_id if only is None else states.get_many(only)))

    def refresh(self) -> bool:
        """Switch to the current snapshot if another process wrote it, while questions go on; returns whether it did.

        SnapshotDamaged, once for each snapshot, where it cannot be used; the old one stays in use.
        """
        with self._switching:
            name = self.snapshots.current_name()
            manifest = self.state.manifest
            if name is None or name == self._refused or (manifest is not None and name == manifest.id):
                return False
            try:
                found = self.snapshots.load(name)
            except SnapshotDamaged:
                self._refused = name
                raise
            if found is None:
                return False
            self._switch_to(IndexState.from_snapshot(found))
            known = self._reading_config
            if known is not None and not self._is_current(reader_fingerprint(known)):
                log.warning("%s", OTHER_CONFIG_MESSAGE)
            return True

    def reindex(  # noqa: PLR0913  # all options of a reindexing
        self,
        *,
        only: frozenset[str] | None = None,
        dry_run: bool = False,
        progress: Progress | None = None,
        lock_timeout: float = LOCK_TIMEOUT,
        automatic: bool = False,
        anew: bool = False,
    ) -> Report:
        """Bring the index in sync with the seeds; one writer at a time.

        Rules and `sources.toml` are reloaded where all articles are looked at. If the index is from another reader or
        other rules, all articles are read whatever `only` says: an index never mixes articles of two readers.

        Args:
            only: the ids to look at; None for all.
            dry_run: report what would change, and write nothing.
            progress: called with the number of files done and the total.
            lock_timeout: seconds to wait for another writer.
            automatic: whether nobody asked for it. Then an index of more than a few articles is not emptied: the volume
                of an empty folder may not be mounted.
            anew: whether to read all articles again, and write all of them.

        Raises:
            IndexBusy: another process is still writing the index.
            FolderUnusable: a folder cannot be read or written, or has become empty. The old index stays in use.
            RulesInvalid: a rules file, `sources.toml` or `.verbatimignore` is invalid. The old rules stay in force.
        """
        config = self.reading_config if only is not None else self._read_config()
        reader = reader_fingerprint(config)
        try:
            if dry_run:
                return self._make_plan(config, only, progress, anew=anew).report.model_copy(update={"dry_run": True})
            with self.snapshots.lock(lock_timeout):
                whole = self._sync_with_disk(checked=only is None)
                planned = self._make_plan(config, only, progress, anew=anew)
                if automatic:
                    self._check_not_emptied(planned)
                if planned.is_new or anew or not (whole and self._is_current(reader)):
                    self._commit(planned, reader, progress)
                elif self.state.manifest is not None:
                    self.snapshots.delete_old(self.state.manifest.id)
                self.reading_config = config
                if only is None:
                    found = self.scan()
                    if self.snapshots.is_local:
                        extracted_texts.write(self.data, self._extracted_articles(found.files))
                        extracted_texts.delete_temporary_files(self.data)
                    for name in ("", *found.tree.folders):
                        delete_stale_temporary_files(self.seeds / name)
                return planned.report
        finally:
            SANDBOXED_READER.stop()

    def _check_not_emptied(self, planned: Plan) -> None:
        """Raise FolderUnusable where an index of more than a few articles would become empty."""
        articles = self.state.collection.articles
        if articles > MAX_ARTICLES_TO_LOSE and not planned.report.articles:
            problem = (
                f"The folder {str(self.seeds)!r} no longer contains any articles; the {articles} indexed ones stay."
            )
            raise FolderUnusable(
                problem, "Mount or restore the folder. Run `verbatim reindex` if it is meant to be empty."
            )

    def _read_config(self) -> ReadingConfig:
        """The rules and sources as their files state them now; RulesInvalid."""
        known = self._reading_config
        rules = known.rules if known and self.rules_folder is None else active_rules(self.rules_folder)
        return ReadingConfig(rules, read_sources(self.seeds))

    def _sync_with_disk(self, *, checked: bool) -> bool:
        """Load another process' last snapshot, or else the newest undamaged one; False if the current is damaged."""
        manifest = self.state.manifest
        try:
            if manifest is not None and self.snapshots.current_name() == manifest.id:
                if checked:
                    self.snapshots.verify_files(manifest)
                return True
        except SnapshotDamaged as error:
            self._warn_once(error)
        found, damage = self._load_newest()
        if found is not None or damage is not None:
            with self._switching:
                self._switch_to(found or IndexState.empty())
        return damage is None and found is not None

    def _load_newest(self) -> tuple[IndexState | None, SnapshotDamaged | None]:
        """The newest undamaged snapshot, and the damage of the current one; None where there is none."""
        found, damage = self.snapshots.load_newest_intact()
        if damage is not None:
            self._warn_once(damage)
        return None if found is None else IndexState.from_snapshot(found), damage

    def _warn_once(self, damage: SnapshotDamaged) -> None:
        """Log a damage unless it was logged last: opening an index and rebuilding it both meet it."""
        if str(damage) != self._warned_of:
            self._warned_of = str(damage)
            log.warning("%s", damage)

    def _make_plan(
        self, config: ReadingConfig, only: frozenset[str] | None, progress: Progress | None, *, anew: bool
    ) -> Plan:
        collection, file_states, manifest = IndexState.empty() if anew else self.state
        is_of_this_reader = (
            manifest is not None
            and manifest.reader == reader_fingerprint(config)
            and (self.snapshots.is_local or is_of_these_analyzers(manifest))
        )
        if manifest is not None and not is_of_this_reader:
            log.warning("%s", READ_AGAIN_MESSAGE)
        base = IndexedBase(collection, file_states, is_of_this_reader, self.snapshots.apply)
        return plan_update(self.seeds, config, base, only if is_of_this_reader else None, progress)

    def _is_current(self, reader: str) -> bool:
        """Whether the served index was written by this program's reader and analyzer."""
        manifest = self.state.manifest
        return manifest is not None and manifest.reader == reader and is_of_these_analyzers(manifest)

    def _commit(self, planned: Plan, reader: str, progress: Progress | None) -> None:
        """Write the plan durably and serve it."""
        report = planned.report
        change = Change(added=len(report.added), changed=len(report.changed), removed=len(report.removed))
        is_local = self.snapshots.is_local
        before = self._articles_of(planned.replaced | set(report.removed)) if is_local else []
        written = self.snapshots.write(planned.after, planned.file_states, Written(reader, change), progress)
        with self._switching:
            self._switch_to(IndexState.from_snapshot(written))
        if not is_local:
            return
        now = self._articles_of(planned.replaced)
        extracted_texts.write(self.data, now)
        texts = {article.text_sha256 for article in now}
        extracted_texts.delete(self.data, [article for article in before if article.text_sha256 not in texts])

    def _articles_of(self, ids: Iterable[str]) -> list[Article]:
        """The served articles of these ids."""
        collection = self.state.collection
        return [collection.article(each) for each in ids if collection.contains(each)]

    def _extracted_articles(self, files: Iterable[SeedFile]) -> list[Article]:
        """The served articles whose text was extracted from PDF, HTML or another format."""
        return self._articles_of(file.id for file in files if format_by_name(file.path.name) is not Format.TEXT)

    def history(self) -> tuple[SnapshotInfo, ...]:
        """The kept snapshots, newest first."""
        return self.snapshots.history()

    def rollback(self, name: str | None = None) -> Manifest:
        """Serve a kept snapshot again: the named one, or the one before the current. Returns its manifest.

        The seeds stay unchanged, so the next reindexing brings their content back. SnapshotUnknown where none has this
        name or none is older, SnapshotDamaged where it is damaged; the current one stays. IndexBusy, FolderUnusable as
        in `reindex`.
        """
        with self.snapshots.lock():
            found = self.snapshots.roll_back(name)
            with self._switching:
                self._switch_to(IndexState.from_snapshot(found))
            if self.snapshots.is_local:
                extracted_texts.write(self.data, (entry.article for entry in self.state.collection.entries))
            return found.manifest


def _check_data_folder(seeds: Path, data: Path) -> None:
    """Raise FolderUnusable where the data folder would be read with the articles: its bin holds removed ones."""
    real, root = data.resolve(), seeds.resolve()
    if real.is_relative_to(root) and not any(part.startswith(".") for part in real.relative_to(root).parts):
        problem = f"The data folder {str(data)!r} is in the folder of articles {str(seeds)!r}."
        raise FolderUnusable(problem, "Set another one with --data or VERBATIM_DATA.")
