"""The face of the package: open a collection, ask it, search it, keep it current, add to it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from index.answering.pipeline import TOP
from index.answering.proof import prove_entry, prove_kept
from index.answering.searcher import Searcher
from index.collection.collection import Collection, Entries
from index.corpus import folder
from index.errors import ArticleRejected, ProofFailed
from index.indexing import article_changes
from index.indexing.index_manager import IndexManager, IndexState
from index.indexing.parallel_reader import Progress
from index.indexing.reindex import Report
from index.indexing.snapshots import Kept, Manifest
from index.models import Answer, Article, Entry, Quote, Span
from index.reading import extracted_again
from index.reading.sandbox import READERS
from index.storage import extracted_texts
from index.storage.lock import PATIENCE
from index.storage.safe_read import ordinary_bytes

if TYPE_CHECKING:
    from index.fetching import Fetched


class _Current(NamedTuple):
    """What is served at a moment: swapped as a whole, so that no question sees half of a change."""

    state: IndexState
    searcher: Searcher
    generation: int


class Engine:
    """Articles in a folder, and an index over them in another; what changes the one changes the other.

    It holds a searcher of the current index, and the manager that makes the next one. A question reads `_current` once
    and needs no lock.
    """

    def __init__(self, manager: IndexManager, *, require_source_url: bool = False) -> None:
        """Serve the index of this manager; `open` makes the manager too.

        Args:
            manager: writes the index.
            require_source_url: whether only articles answer whose source URL is recorded.
        """
        self.manager = manager
        self.require_source_url = require_source_url
        self._current = _Current(manager.state, self._searcher_of(manager.state), 0)
        manager.subscribe(self._swap)

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
        manager = IndexManager.open(seeds, data, rules=rules, build=build, progress=progress)
        return cls(manager, require_source_url=require_source_url)

    def _searcher_of(self, state: IndexState) -> Searcher:
        return Searcher(state.collection, require_source_url=self.require_source_url)

    def _swap(self, state: IndexState) -> None:
        """Serve this state from now on; a question that is under way ends with the one before."""
        self._current = _Current(state, self._searcher_of(state), self._current.generation + 1)

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
        """The articles that are served, which never change: another collection takes its place."""
        return self._current.state.collection

    @property
    def manifest(self) -> Manifest | None:
        """What the snapshot that is served says of itself; None where there is no index yet."""
        return self._current.state.manifest

    @property
    def generation(self) -> int:
        """How often the index has been replaced since it was opened."""
        return self._current.generation

    @property
    def articles(self) -> int:
        """How many articles there are."""
        return self.collection.articles

    @property
    def sentences(self) -> int:
        """How many of their sentences are indexed."""
        return self.collection.sentences

    def has(self, article: str) -> bool:
        """Whether there is an article of this id."""
        return self.collection.has(article)

    def labels(self) -> Iterator[tuple[str, str]]:
        """The ids of all articles, and what each is called; no entry is read for it."""
        return self.collection.labels()

    def entries(self) -> Entries:
        """What the index holds of each article, in the order of their ids; each is read when it is asked for."""
        return self.collection.entries

    def entry(self, article: str) -> Entry:
        """What the index holds of one article; ArticleUnknown where there is none of this id."""
        return self.collection.entry(article)

    def kept_text(self, article: Article) -> Path | None:
        """Where the text that was taken out of an article's file is kept; None where the file is the text."""
        return extracted_texts.path_of(self.data, article) if article.extraction else None

    # ---- questions ---------------------------------------------------------------------------------------------------

    def ask(self, question: str, article: str | None = None, *, explain: bool = False) -> Answer:
        """The answer to a question, from all articles or from one, proved; as `Searcher.ask`."""
        return self._current.searcher.ask(question, article, explain=explain)

    def knows(self, question: str, article: str | None = None) -> bool:
        """Whether the answer was given lately, so that it is there at once."""
        return self._current.searcher.knows(question, article)

    def forget_questions(self, *, old_ones_only: bool = False) -> None:
        """Forget the answers given lately; as `Searcher.forget_questions`."""
        self._current.searcher.forget_questions(old_ones_only=old_ones_only)

    def prepare(self) -> None:
        """Answer a question that nobody asked, so that the first one need not wait for what is loaded only then."""
        self._current.searcher.prepare()

    def search(self, query: str, limit: int = TOP, article: str | None = None) -> tuple[Quote, ...]:
        """The at most `limit` best passages for these words, best first, proved; as `Searcher.search`."""
        return self._current.searcher.search(query, limit, article)

    def context(self, quoted: Quote) -> Quote:
        """The quotation with the sentence before and the one after; as `Searcher.context`."""
        return self._current.searcher.context(quoted)

    def around(self, quoted: Quote, reach: int = 2) -> tuple[Quote | None, Quote | None]:
        """The at most `reach` sentences before the quotation and after it; as `Searcher.around`."""
        return self._current.searcher.around(quoted, reach)

    def quote_again(
        self,
        article: str,
        sha256: str,
        spans: Sequence[Span],
        matched: Sequence[str] = (),
        also: Sequence[tuple[str, str, Sequence[Span]]] = (),
    ) -> Quote:
        """What was quoted before, by its place, proved anew; as `Searcher.quote_again`."""
        return self._current.searcher.quote_again(article, sha256, spans, matched, also)

    def prove(self, quoted: Quote, shown: str) -> None:
        """Prove that the words about to be shown are the article's; raises ProofFailed, or ArticleUnknown."""
        self._current.searcher.prove(quoted, shown)

    # ---- the index ---------------------------------------------------------------------------------------------------

    def is_stale(self) -> bool:
        """Whether the seeds folder holds something else than what is indexed; as `IndexManager.is_stale`."""
        return self.manager.is_stale()

    def refresh(self) -> bool:
        """Switch to what another process has written; as `IndexManager.refresh`."""
        return self.manager.refresh()

    def reindex(
        self,
        *,
        only: frozenset[str] | None = None,
        dry_run: bool = False,
        progress: Progress | None = None,
        patience: float = PATIENCE,
        unasked: bool = False,
    ) -> Report:
        """Make the index what the seeds call for; as `IndexManager.reindex`."""
        return self.manager.reindex(only=only, dry_run=dry_run, progress=progress, patience=patience, unasked=unasked)

    def history(self) -> tuple[Kept, ...]:
        """The snapshots that are kept, the newest first."""
        return self.manager.history()

    def rollback(self, name: str | None = None) -> Manifest:
        """Serve a kept snapshot again; as `IndexManager.rollback`."""
        return self.manager.rollback(name)

    # ---- articles ----------------------------------------------------------------------------------------------------

    def add(self, files: Sequence[Path]) -> Report:
        """Copy files into the seeds folder, and index them; as `article_changes.add`."""
        return article_changes.add(self.manager, files)

    def add_contents(self, files: Mapping[str, bytes]) -> Report:
        """As `add`, for files that are in memory: their bytes by the names that strangers gave them."""
        return article_changes.add_contents(self.manager, files)

    def add_fetched(self, fetched: Fetched, editor: str) -> Report:
        """Add a page that was fetched, with a sidecar that states the URL that is cited for it.

        Args:
            fetched: the page.
            editor: who asked for it; the sidecar says so.

        Raises:
            ArticleRejected, FolderUnusable, IndexedLater: as in `add`.
        """
        from index.fetching.article_files import files_of  # noqa: PLC0415  # brings aiohttp and lxml, which nothing else here needs

        taken = article_changes.ids_taken(self.manager)
        return self.add_contents(files_of(fetched, editor, datetime.datetime.now(datetime.UTC), taken))

    def record(self, article: str, changes: Mapping[str, str | None], editor: str) -> Report:
        """Change what is recorded about an article, in its sidecar, and index it; as `article_changes.record`."""
        return article_changes.record(self.manager, article, changes, editor)

    def remove(self, article: str) -> tuple[Report, list[Path]]:
        """Move an article's files to the bin, and index what is left; as `article_changes.remove`."""
        return article_changes.remove(self.manager, article)

    def verify(self) -> list[str]:
        """Prove every sentence of the index against its article's file; one line for each that fails."""
        failures = []
        for entry in self.entries():
            path = self.seeds / entry.article.file
            try:
                self._prove_file(entry, ordinary_bytes(path, folder.BYTES_READ))
            except (ProofFailed, ArticleRejected) as error:
                failures.append(str(error))
            except OSError as error:
                failures.append(f"The article {entry.article.id} could not be proved: {path} ({error.strerror}).")
        READERS.rest()
        return failures

    def _prove_file(self, entry: Entry, data: bytes) -> None:
        """Prove an entry against its file, and the text that was taken out of it against a new taking."""
        article = entry.article
        if article.extraction is None:
            prove_entry(entry, data)
            return
        prove_kept(article, extracted_texts.kept(self.data, article))
        prove_entry(entry, data, extracted_again(article, data))
