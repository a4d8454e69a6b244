"""Public facade: open a collection, ask it, search it, keep it current, add to it."""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self, TypeVar

from index.answering.encoder import Encoder
from index.answering.pipeline import MAX_PASSAGES
from index.answering.proof import prove_entry, prove_extracted_text
from index.answering.records import RecordAnswer
from index.answering.searcher import CorrectedQuery, Searcher
from index.collection.collection import ArticleLabel, Collection, IndexedArticles
from index.corpus import folder
from index.corpus.removal import RemovedArticle, removed_articles
from index.errors import ArticleRejected, ArticleUnknown, ClusterUnavailable, ClusterUnusable, ProofFailed
from index.indexing import article_changes
from index.indexing.index_manager import IndexManager, IndexState
from index.indexing.merge_policy import apply_changes
from index.indexing.parallel_reader import Progress
from index.indexing.reindex import Report
from index.indexing.snapshot_store import LocalSnapshots, SnapshotStore
from index.indexing.snapshots import Manifest, SnapshotInfo
from index.models import Answer, Article, IndexedArticle, Preceding, Quote, Span
from index.reading import extract_again
from index.reading.sandbox import SANDBOXED_READER
from index.storage import extracted_texts
from index.storage.lock import LOCK_TIMEOUT
from index.storage.safe_read import read_regular_file

if TYPE_CHECKING:
    from index.cluster.address import ClusterSettings
    from index.fetching import FetchedPage

log = logging.getLogger(__name__)
COPY_SECONDS = 10.0
"""For so long the snapshot in the data folder answers, once the cluster has not."""
Result = TypeVar("Result")


class _Current(NamedTuple):
    """What is served now: replaced as a whole, so that no question sees half of a change."""

    state: IndexState
    searcher: Searcher
    generation: int


class Engine:
    """A folder of articles, and an index over it in another folder; changing an article also updates the index.

    It holds the searcher of the current index state and the manager that makes the next one. Questions read `_current`
    once and need no lock.
    """

    def __init__(
        self, manager: IndexManager, *, require_source_url: bool = False, encoder: Encoder | None = None
    ) -> None:
        """Serve the index of this manager; with `require_source_url`, only articles with a recorded source URL.

        With an `encoder`, its cosines count for the decision.
        """
        self.manager = manager
        self.encoder = encoder
        self.require_source_url = require_source_url
        self._current = _Current(manager.state, self._searcher_of(manager.state.collection), 0)
        self._local: Collection | None = None
        self._copy: Searcher | None = None
        """Over the last snapshot in the data folder, for when the cluster does not answer."""
        self._ask_cluster_at = 0.0
        """From when on the cluster is asked again, on the monotonic clock."""
        self.unanswered = 0
        """How often the cluster did not answer a question."""
        manager.subscribe(self._swap)

    @classmethod
    def open(  # noqa: PLR0913  # all start options of an engine
        cls,
        seeds: Path,
        data: Path,
        *,
        require_source_url: bool = False,
        rules: Path | None = None,
        encoder: Path | None = None,
        cluster: ClusterSettings | None = None,
        build: bool = True,
        progress: Progress | None = None,
    ) -> Self:
        """The engine over these folders; with `build`, a missing or damaged index is built first.

        Args:
            seeds: the folder of articles.
            data: the folder of the index.
            require_source_url: whether to answer only from articles with a source URL.
            rules: the folder of rules that override the built-in ones, if any.
            encoder: the folder of an encoder for the extra `semantic`, if any.
            cluster: the search cluster that holds the index; None for the data folder.
            build: whether to build an index that is missing, damaged, or from another reader or other rules.
            progress: called with the number of files done and the total.

        Raises:
            FolderUnusable: the seeds cannot be read, or the data folder cannot be written.
            RulesInvalid: a rules file or `sources.toml` is invalid, and there is no index. An existing index is served
                unchanged until the file is valid again.
            EncoderUnusable: the encoder cannot be loaded, or the extra is not installed.
            ClusterUnusable: the settings of the cluster are invalid, or the extra is not installed.
            ClusterUnavailable: the store of its articles does not answer.
        """
        opened = None if encoder is None else Encoder.open(encoder)
        store = None if cluster is None else _cluster_snapshots(cluster)
        manager = IndexManager.open(seeds, data, rules=rules, build=build, progress=progress, snapshots=store)
        engine = cls(manager, require_source_url=require_source_url, encoder=opened)
        if store is not None:
            engine._use_copy(data)
        return engine

    def _searcher_of(self, collection: Collection) -> Searcher:
        return Searcher(collection, require_source_url=self.require_source_url, encoder=self.encoder)

    def _use_copy(self, data: Path) -> None:
        """Answer from the last snapshot in the data folder while the cluster does not answer, if there is one."""
        found, _ = LocalSnapshots(data).load_newest_intact()
        if found is not None:
            self._local = found.collection()
            self._leave_out_removed()

    def _leave_out_removed(self) -> None:
        """Take from the local copy the articles that were removed since, as far as that is known."""
        if self._local is not None:
            gone = {one for one in self._local.ids if self.articles and not self.contains(one)}
            kept = Collection.from_views(apply_changes(self._local.views, gone, ()))
            self._copy = self._searcher_of(kept)

    @property
    def is_remote(self) -> bool:
        """Whether the index is in a cluster: then each call may wait for the network."""
        return not self.manager.snapshots.is_local

    def _answering(self, ask: Callable[[Searcher], Result]) -> Result:
        """What the current searcher says; that of the local copy, where the cluster does not answer."""
        if self._copy is not None and time.monotonic() < self._ask_cluster_at:
            return ask(self._copy)
        try:
            with self.manager.snapshots.one_deadline():
                return ask(self._current.searcher)
        except (ClusterUnavailable, ClusterUnusable) as error:
            self.unanswered += 1
            if self._copy is None:
                raise
            log.warning("%s The snapshot in the data folder answers.", error.what)
            self._ask_cluster_at = time.monotonic() + COPY_SECONDS
            return ask(self._copy)

    def _swap(self, state: IndexState) -> None:
        """Serve this state; running questions finish with the old one."""
        self._current = _Current(state, self._searcher_of(state.collection), self._current.generation + 1)
        self._leave_out_removed()

    # ---- what is served ----------------------------------------------------------------------------------------------

    @property
    def seeds(self) -> Path:
        """The folder of articles."""
        return self.manager.seeds

    @property
    def data(self) -> Path:
        """The folder of the index."""
        return self.manager.data

    @property
    def collection(self) -> Collection:
        """The served articles; a collection never changes, another one replaces it."""
        return self._current.state.collection

    @property
    def manifest(self) -> Manifest | None:
        """The manifest of the served snapshot; None where there is no index yet."""
        return self._current.state.manifest

    @property
    def generation(self) -> int:
        """How often the index state was replaced since the engine was opened."""
        return self._current.generation

    @property
    def articles(self) -> int:
        """The number of articles."""
        return self.collection.articles

    @property
    def sentences(self) -> int:
        """The number of indexed sentences."""
        return self.collection.sentences

    def contains(self, article: str) -> bool:
        """Whether an article has this id."""
        return self.collection.contains(article)

    def labels(self) -> Iterator[ArticleLabel]:
        """What each article is called, without reading it."""
        return self.collection.labels()

    def entries(self) -> IndexedArticles:
        """All indexed articles, each read on access; those at the top of the folder come first."""
        return self.collection.entries

    def entry(self, article: str) -> IndexedArticle:
        """An indexed article; ArticleUnknown where no article has this id."""
        return self.collection.entry(article)

    def extracted_text_path(self, article: Article) -> Path | None:
        """Path of an article's stored extracted text; None where the file itself is the text, and in a cluster."""
        return extracted_texts.path_of(self.data, article) if article.extraction and not self.is_remote else None

    # ---- questions ---------------------------------------------------------------------------------------------------

    def ask(
        self, question: str, article: str | None = None, *, follows: Preceding | None = None, explain: bool = False
    ) -> Answer:
        """Answer a question from all articles, or from one; see `Searcher.ask`."""
        return self._answering(lambda searcher: searcher.ask(question, article, follows=follows, explain=explain))

    def answer_from_record(self, question: str, article: str | None = None) -> RecordAnswer | None:
        """What the record says to a question about the collection or an article's metadata, if it is one.

        See `Searcher.answer_from_record`.
        """
        return self._answering(lambda searcher: searcher.answer_from_record(question, article))

    def is_cached(self, question: str, article: str | None = None) -> bool:
        """Whether the answer is cached."""
        return self._current.searcher.is_cached(question, article)

    def clear_cache(self, *, expired_only: bool = False) -> None:
        """Clear the caches, which contain what users asked; see `Searcher.clear_cache`."""
        self._current.searcher.clear_cache(expired_only=expired_only)

    def warm_up(self) -> None:
        """Answer a fixed question, so that the first user does not wait for what is loaded lazily."""
        try:
            self._current.searcher.warm_up()
        except ClusterUnavailable as error:
            log.warning("%s", error)

    def search(self, query: str, limit: int = MAX_PASSAGES, article: str | None = None) -> tuple[Quote, ...]:
        """The at most `limit` best passages for these words, best first; see `Searcher.search`."""
        return self._answering(lambda searcher: searcher.search(query, limit, article))

    def correct_spelling(self, query: str) -> CorrectedQuery:
        """The words to search for as questions read them; see `Searcher.correct_spelling`."""
        return self._answering(lambda searcher: searcher.correct_spelling(query))

    def context(self, quoted: Quote) -> Quote:
        """The quotation with the sentence before and the one after; see `Searcher.context`."""
        return self._answering(lambda searcher: searcher.context(quoted))

    def around(self, quoted: Quote, reach: int = 2) -> tuple[Quote | None, Quote | None]:
        """Up to `reach` sentences before the quotation and after it; see `Searcher.around`."""
        return self._answering(lambda searcher: searcher.around(quoted, reach))

    def quote_again(
        self,
        article: str,
        sha256: str,
        spans: Sequence[Span],
        matched: Sequence[str] = (),
        other_sources: Sequence[tuple[str, str, Sequence[Span]]] = (),
    ) -> Quote:
        """Restore an earlier quotation from its spans, and prove it again; see `Searcher.quote_again`."""
        return self._answering(lambda searcher: searcher.quote_again(article, sha256, spans, matched, other_sources))

    def prove(self, quoted: Quote, shown: str) -> None:
        """Prove that the words about to be shown are the article's; raises ProofFailed, or ArticleUnknown."""
        try:
            self._answering(lambda searcher: searcher.prove(quoted, shown))
        except (ArticleUnknown, ProofFailed):
            if self._copy is None:
                raise
            self._copy.prove(quoted, shown)  # it may have been quoted from there

    # ---- the index ---------------------------------------------------------------------------------------------------

    def is_stale(self) -> bool:
        """Whether the seeds folder differs from the index; see `IndexManager.is_stale`."""
        return self.manager.is_stale()

    def refresh(self) -> bool:
        """Switch to the snapshot that another process wrote, if any; see `IndexManager.refresh`."""
        return self.manager.refresh()

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
        """Bring the index in sync with the seeds; see `IndexManager.reindex`."""
        return self.manager.reindex(
            only=only, dry_run=dry_run, progress=progress, lock_timeout=lock_timeout, automatic=automatic, anew=anew
        )

    def history(self) -> tuple[SnapshotInfo, ...]:
        """The kept snapshots, newest first."""
        return self.manager.history()

    def rollback(self, name: str | None = None) -> Manifest:
        """Serve a kept snapshot again; see `IndexManager.rollback`."""
        return self.manager.rollback(name)

    # ---- articles ----------------------------------------------------------------------------------------------------

    def add(self, files: Sequence[Path]) -> Report:
        """Copy files into the seeds folder, and index them; see `article_changes.add`."""
        return article_changes.add(self.manager, files)

    def add_folder(self, source: Path) -> Report:
        """Copy a folder's files into the seeds folder, and index them; see `article_changes.add_folder`."""
        return article_changes.add_folder(self.manager, source)

    def add_contents(self, files: Mapping[str, bytes]) -> Report:
        """Like `add`, for files in memory: their bytes by untrusted file names."""
        return article_changes.add_contents(self.manager, files)

    def add_each(self, files: Mapping[str, bytes]) -> Report:
        """Like `add_contents`, but a file that is refused keeps no other out; see `article_changes.add_each`."""
        return article_changes.add_each(self.manager, files)

    def add_fetched(self, fetched: FetchedPage, editor: str) -> Report:
        """Like `add`, for a fetched page: its sidecar states the URL to cite, and the `editor` who requested it."""
        from index.fetching.article_files import article_files  # noqa: PLC0415  # imports aiohttp and lxml, which nothing else here needs

        taken = article_changes.ids_taken(self.manager)
        return self.add_contents(article_files(fetched, editor, datetime.datetime.now(datetime.UTC), taken))

    def update_metadata(self, article: str, changes: Mapping[str, str | None], editor: str) -> Report:
        """Change the metadata in an article's sidecar, and index it; see `article_changes.update_metadata`."""
        return article_changes.update_metadata(self.manager, article, changes, editor)

    def remove(self, article: str) -> tuple[Report, RemovedArticle]:
        """Move an article's files to the bin, and update the index; see `article_changes.remove`."""
        return article_changes.remove(self.manager, article)

    def removed_articles(self) -> Iterator[RemovedArticle]:
        """What the bin holds, newest first."""
        return removed_articles(self.data)

    def restore(self, which: str) -> tuple[Report, RemovedArticle]:
        """Move a removed article back from the bin, and update the index; see `article_changes.restore`."""
        return article_changes.restore(self.manager, which)

    def verify(self) -> list[str]:
        """Prove every indexed sentence against its article's file; returns one line per failure."""
        failures = []
        for entry in self.entries():
            path = self.seeds / entry.article.file
            try:
                self._prove_file(entry, read_regular_file(path, folder.MAX_BYTES_READ))
            except (ProofFailed, ArticleRejected) as error:
                failures.append(str(error))
            except OSError as error:
                failures.append(f"The article {entry.article.id} could not be proved: {path} ({error.strerror}).")
        SANDBOXED_READER.stop()
        return failures

    def _prove_file(self, entry: IndexedArticle, data: bytes) -> None:
        """Prove an article against its file, and its stored extracted text against a new extraction."""
        article = entry.article
        if article.extraction is None:
            prove_entry(entry, data)
            return
        if not self.is_remote:  # only a local index keeps it as a file, too
            prove_extracted_text(article, extracted_texts.read(self.data, article))
        prove_entry(entry, data, extract_again(article, data))


def _cluster_snapshots(settings: ClusterSettings) -> SnapshotStore:
    from index.cluster.connection import check_store, connect  # noqa: PLC0415  # only where there is a cluster
    from index.cluster.deadline import SECONDS  # noqa: PLC0415  # as above
    from index.indexing.cluster_snapshots import ClusterSnapshots  # noqa: PLC0415  # as above

    cluster = connect(settings)
    try:
        check_store(cluster, patience=SECONDS)
    except ClusterUnavailable as error:
        log.warning("%s", error)
    return ClusterSnapshots(cluster)
