"""Keeping an index what the folder of articles calls for: one writer at a time, and questions go on meanwhile."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, Self

from index.analysis import analyzer
from index.answering.cache import Lately
from index.answering.searcher import Serving
from index.cleaning import rules_in_force
from index.collection.collection import Collection
from index.corpus import folder
from index.corpus.file_states import Ledger
from index.corpus.folder import Scan
from index.errors import FolderUnusable, IndexBusy, RulesInvalid, SnapshotDamaged
from index.indexing import snapshots
from index.indexing.parallel_reader import Progress, has_changed
from index.indexing.reindex import Base, Plan, Report, plan
from index.indexing.snapshots import Change, Kept, Manifest, Snapshot
from index.models import Article
from index.reading.config import Conventions
from index.reading.fingerprint import reader_fingerprint
from index.reading.formats import Format, format_by_name
from index.reading.publishers import read_publishers
from index.reading.sandbox import READERS
from index.storage import extracted_texts
from index.storage.atomic_write import clear_left_aside
from index.storage.lock import PATIENCE, writing

OTHERS_BUILD, SHORT_PATIENCE = 600.0, 1.0
"""Seconds for which a first build by another process is waited for, and between two looks."""
FEW = 3
"""Articles that an index may lose all of without anybody asking for it."""
OTHER_READER = (
    "Another process wrote this index with other rules or another version of the program; it is used as it is. "
    "Reindexing here would read all articles again: start every process with the same VERBATIM_RULES."
)
READ_AGAIN = "The index was written by another version of the program or with other rules; reading all articles again."
log = logging.getLogger(__name__)


class Served(NamedTuple):
    """What an engine answers from at a moment: swapped as a whole, so that no question sees half of a change."""

    collection: Collection
    ledger: Ledger
    manifest: Manifest | None

    @classmethod
    def of(cls, found: Snapshot) -> Self:
        """What a snapshot holds."""
        return cls(found.collection(), found.ledger, found.manifest)


class Keeping(Serving):
    """An index over a folder of articles.

    Questions read `self.served` once and need no lock; a reindexing builds the next one aside and swaps the reference.
    """

    def __init__(
        self,
        seeds: Path,
        data: Path,
        served: Served,
        conventions: Conventions | None = None,
        *,
        require_source_url: bool = False,
    ) -> None:
        """Serve an index that is loaded already; `open` loads or builds it."""
        self.seeds = seeds
        self.data = data
        self.served = served
        self._conventions = conventions
        """None where they could not be used yet."""
        self.rules_folder: Path | None = None
        self.require_source_url = require_source_url
        self._switching = threading.Lock()
        self._lately = Lately(served.collection)
        self._refused: str | None = None
        """The snapshot that could not be read when it became the current one."""

    @classmethod
    def open(  # noqa: PLR0913  # all that an engine can be told at its start
        cls,
        seeds: Path,
        data: Path,
        *,
        require_source_url: bool = False,
        rules: Path | None = None,
        build: bool = True,
        progress: Progress | None = None,
    ) -> Self:
        """The engine over these folders; an index that is missing or damaged is built on the way, where `build`.

        Args:
            seeds: the articles.
            data: the index.
            require_source_url: whether only articles answer whose source URL is recorded.
            rules: the folder of rules that are read over the built-in ones, if there is any.
            build: whether an index is built that is missing, damaged, or of another reader or other rules.
            progress: told how many files are done.

        Raises:
            FolderUnusable: the seeds cannot be read, or the data folder cannot be written.
            RulesInvalid: a rules file or `sources.toml` cannot be used, and there is no index. One that is there is
                served as it is until the file can be used.
        """
        found, damage = snapshots.load_whole(data)
        if damage is not None:
            log.warning("%s", damage)
        served = Served(Collection(), Ledger(), None) if found is None else Served.of(found)
        engine = cls(seeds, data, served, require_source_url=require_source_url)
        engine.rules_folder = rules
        try:
            is_current = damage is None and engine._is_current(reader_fingerprint(engine.conventions))
        except RulesInvalid as error:
            if build and served.manifest is None:
                raise
            log.warning("The existing index is used, and nothing new is indexed until this is fixed. %s", error)
            return engine
        if build and not is_current:
            engine._built(progress)
        return engine

    @property
    def conventions(self) -> Conventions:
        """What its articles were read by, or are at the next reindexing; RulesInvalid where that cannot be used yet."""
        if self._conventions is None:
            self._conventions = self._conventions_now()
        return self._conventions

    @conventions.setter
    def conventions(self, conventions: Conventions) -> None:
        self._conventions = conventions

    def _built(self, progress: Progress | None) -> None:
        """Build the index; where another process is at it, wait for that, unless there is something to serve."""
        until = time.monotonic() + OTHERS_BUILD
        while True:
            try:
                self.reindex(progress=progress, patience=SHORT_PATIENCE)
            except IndexBusy as error:
                if self.served.manifest is not None:
                    log.warning("%s", error)
                elif time.monotonic() > until:
                    raise
                else:
                    if progress:
                        progress(0, 1)
                    continue
            return

    def is_stale(self) -> bool:
        """Whether the seeds folder holds something else than what is indexed; FolderUnusable.

        Files whose size or time has changed are hashed, so that one that was only touched does not count.
        """
        found, states = self._scanned(), self.served.ledger.states
        told = {one for one in found.kept if one in states and states[one].refused}
        if {file.id for file in found.files} != states.keys() - told:
            return True
        return any(has_changed(file, states[file.id]) for file in found.files)

    def _scanned(self, only: frozenset[str] | None = None) -> Scan:
        """What there is in the folder, beside what is indexed; FolderUnusable."""
        return folder.scan(self.seeds, only, self.served.collection.file_of)

    def refresh(self) -> bool:
        """Switch to the current snapshot where another process has made it; whether it did. Questions go on meanwhile.

        Raises:
            SnapshotDamaged: it cannot be used, told once for each; what is served goes on being served.
        """
        with self._switching:
            name = snapshots.current(self.data)
            manifest = self.served.manifest
            if name is None or name == self._refused or (manifest is not None and name == manifest.id):
                return False
            try:
                found = snapshots.load(self.data, name)
            except SnapshotDamaged:
                self._refused = name
                raise
            if found is None:
                return False
            self.served = Served.of(found)
            known = self._conventions
            if known is not None and not self._is_current(reader_fingerprint(known)):
                log.warning("%s", OTHER_READER)
            return True

    def reindex(
        self,
        *,
        only: frozenset[str] | None = None,
        dry_run: bool = False,
        progress: Progress | None = None,
        patience: float = PATIENCE,
        unasked: bool = False,
    ) -> Report:
        """Compare the seeds with the index, and make the index what the seeds call for; one writer at a time.

        The rules and `sources.toml` are read anew where all articles are looked at. Where the index was written by
        another reader, or with other rules, all articles are read whatever `only` says: no index holds articles of two
        readers.

        Args:
            only: ids of the only articles to look at; all, where it is None.
            dry_run: only say what would change.
            progress: told how many files are done.
            patience: seconds for which another writer is waited for.
            unasked: whether nobody asked for it. An index of more than a few articles is not emptied then: a folder
                without any may be one whose volume is not mounted.

        Raises:
            IndexBusy: another process writes the index still.
            FolderUnusable: a folder cannot be read or written, or has become empty. The index that served goes on
                serving.
            RulesInvalid: a rules file cannot be used. The rules from before stay in force, too.
        """
        conventions = self.conventions if only is not None else self._conventions_now()
        reader = reader_fingerprint(conventions)
        try:
            if dry_run:
                return self._planned(conventions, only, progress).report.model_copy(update={"dry_run": True})
            with writing(self.data, patience):
                whole = self._caught_up(checked=only is None)
                planned = self._planned(conventions, only, progress)
                if unasked:
                    self._check_not_emptied(planned)
                if planned.is_new or not (whole and self._is_current(reader)):
                    self._commit(planned, reader)
                elif self.served.manifest is not None:
                    snapshots.tidy(self.data, self.served.manifest.id)
                self.conventions = conventions
                if only is None:
                    extracted_texts.keep(self.data, self._extracted())
                    extracted_texts.tidy(self.data)
                    clear_left_aside(self.seeds)
                return planned.report
        finally:
            READERS.rest()

    def _check_not_emptied(self, planned: Plan) -> None:
        """FolderUnusable where an index of more than a few articles would hold none."""
        articles = self.served.collection.articles
        if articles > FEW and not planned.report.articles:
            what = f"The folder {str(self.seeds)!r} no longer contains any articles; the {articles} indexed ones stay."
            raise FolderUnusable(
                what, "Mount or restore the folder. Run `verbatim reindex` if it is meant to be empty."
            )

    def _conventions_now(self) -> Conventions:
        """The rules and the publishers as they are stated now; RulesInvalid where they cannot be used."""
        known = self._conventions
        rules = known.rules if known and self.rules_folder is None else rules_in_force(self.rules_folder)
        return Conventions(rules, read_publishers(self.seeds))

    def _caught_up(self, *, checked: bool) -> bool:
        """Serve what another process wrote last, or the newest that is whole; whether the current snapshot is.

        Args:
            checked: whether the files of what is served already are read once more; at a million sentences that takes
                as long as taking an article in.
        """
        manifest = self.served.manifest
        try:
            if manifest is not None and snapshots.current(self.data) == manifest.id:
                if checked:
                    snapshots.check(self.data, manifest)
                return True
        except SnapshotDamaged as error:
            log.warning("%s", error)
        found, damage = snapshots.load_whole(self.data)
        if damage is not None:
            log.warning("%s", damage)
        if found is not None or damage is not None:
            self.served = Served(Collection(), Ledger(), None) if found is None else Served.of(found)
        return damage is None and found is not None

    def _planned(self, conventions: Conventions, only: frozenset[str] | None, progress: Progress | None) -> Plan:
        collection, ledger, manifest = self.served
        is_of_this_reader = manifest is not None and manifest.reader == reader_fingerprint(conventions)
        if manifest is not None and not is_of_this_reader:
            log.warning("%s", READ_AGAIN)
        base = Base(collection, ledger, is_of_this_reader)
        return plan(self.seeds, conventions, base, only if is_of_this_reader else None, progress)

    def _is_current(self, reader: str) -> bool:
        """Whether what is served was written by this program's reader and analyzer."""
        manifest = self.served.manifest
        return manifest is not None and (manifest.reader, manifest.analyzer) == (reader, analyzer.fingerprint())

    def _commit(self, planned: Plan, reader: str) -> None:
        """Write what was planned, durably, and serve it."""
        report = planned.report
        change = Change(added=len(report.added), changed=len(report.changed), removed=len(report.removed))
        before = self._of(planned.replaced | set(report.removed))
        written = snapshots.write(self.data, planned.leaves, planned.ledger, reader, change)
        with self._switching:
            self.served = Served.of(written)
        now = self._of(planned.replaced)
        extracted_texts.keep(self.data, now)
        texts = {article.text_sha256 for article in now}
        extracted_texts.forget(self.data, [article for article in before if article.text_sha256 not in texts])

    def _of(self, ids: Iterable[str]) -> list[Article]:
        """The articles of these ids that are served."""
        collection = self.served.collection
        return [collection.article(each) for each in ids if collection.has(each)]

    def _extracted(self) -> list[Article]:
        """The articles that are served whose text was taken out of their files."""
        files = self._scanned().files
        return self._of(file.id for file in files if format_by_name(file.path.name) is not Format.TEXT)

    def history(self) -> tuple[Kept, ...]:
        """The snapshots that are kept, the newest first."""
        return snapshots.history(self.data)

    def rollback(self, name: str | None = None) -> Manifest:
        """Serve a kept snapshot again: the one of this name, or the one before the current. Returns what it is.

        The seeds stay as they are, so the next reindexing takes in what they hold.

        Raises:
            SnapshotUnknown: there is none of this name, or none before the current one.
            SnapshotDamaged: it is not whole; the current one stays.
            IndexBusy, FolderUnusable: as in `reindex`.
        """
        with writing(self.data):
            found = snapshots.roll_back(self.data, name)
            with self._switching:
                self.served = Served.of(found)
            extracted_texts.keep(self.data, (entry.article for entry in self.entries()))
            return found.manifest
