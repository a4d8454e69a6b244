"""The face of the package: open a collection, ask it, search it, keep it current."""

from __future__ import annotations

import datetime
import logging
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from index import analysis, extracts, folder, snapshot
from index.analysis import terms
from index.answering import QUESTION_AT_MOST, TOP, answer_from
from index.article import Answer, Article, Entry, Quote, Source, Span
from index.cleaning import rules_in_force
from index.collection import Collection, Entries, around, quote_in_context
from index.duplicates import check_new
from index.errors import (
    ArticleChanged,
    ArticleRejected,
    ArticleUnknown,
    FolderUnusable,
    IndexBusy,
    IndexedLater,
    ProofFailed,
    RulesInvalid,
    SnapshotDamaged,
    VerbatimError,
)
from index.folder import Scan, SeedFile
from index.intake import Progress
from index.lately import Lately
from index.ledger import Ledger
from index.lock import PATIENCE, writing
from index.opening import ordinary_bytes, shown_name
from index.proof import prove_answer, prove_entry, prove_kept, prove_quote
from index.reading import extracted_again, read_entry
from index.reading.apart import READERS
from index.reading.conventions import Conventions
from index.reading.formats import Format, format_by_name
from index.reading.publishers import read_publishers
from index.reading.sidecar import ENDING as SIDECAR
from index.reading.sidecar import rewritten
from index.reindexing import Base, Plan, Report, plan, reader_fingerprint, signatures_of
from index.slugs import file_name
from index.snapshot import Change, Kept, Manifest, Snapshot
from index.sources import search
from index.writing import clear_left_aside

if TYPE_CHECKING:
    from index.fetching import Fetched

OTHERS_BUILD, SHORT_PATIENCE = 600.0, 1.0
"""Seconds for which a first build by another process is waited for, and between two looks."""
FEW = 3
"""Articles that an index may lose all of without anybody asking for it."""
PREPARING = "Who said where and when the first tests of it were done?"
OTHER_READER = (
    "The index was written by another process, with other rules or by another version; it is served as it is. "
    "A reindexing here would read all articles anew: start every process with the same VERBATIM_RULES."
)
log = logging.getLogger(__name__)


class Served(NamedTuple):
    """What an engine answers from at a moment: swapped as a whole, so that no question sees half of a change."""

    collection: Collection
    ledger: Ledger
    manifest: Manifest | None


class Engine:
    """Articles in a folder, and an index over them in another.

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
        found, damage = snapshot.load_whole(data)
        if damage is not None:
            log.warning("%s", damage)
        served = Served(Collection(), Ledger(), None) if found is None else _served(found)
        engine = cls(seeds, data, served, require_source_url=require_source_url)
        engine.rules_folder = rules
        try:
            is_current = damage is None and engine._is_current(reader_fingerprint(engine.conventions))
        except RulesInvalid as error:
            if build and served.manifest is None:
                raise
            log.warning("What is indexed is served as it is, and nothing is indexed until this is mended. %s", error)
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

    # ---- questions ---------------------------------------------------------------------------------------------------

    def ask(self, question: str, article: str | None = None, *, explain: bool = False) -> Answer:
        """The answer to a question, from all articles or from one; every quotation in it is proved.

        Args:
            question: as it was asked.
            article: id of the only article to look in.
            explain: whether the reasons say what each signal gave.

        Raises:
            ArticleUnknown: there is no article of this id.
        """
        lately = self._lately_served()
        collection = lately.collection
        if not explain and (known := lately.find(question, article)):
            return known
        within = collection.chunks_of(article, with_url=self.require_source_url)
        answer = answer_from(collection, question, within, explain=explain)
        prove_answer(answer, collection.by_id)
        if not explain:
            lately.keep(article, answer)
        return answer

    def knows(self, question: str, article: str | None = None) -> bool:
        """Whether the answer was given lately, so that it is there at once."""
        return self._lately_served().holds(question, article)

    def _lately_served(self) -> Lately:
        collection = self.served.collection
        lately = self._lately
        if lately.collection is not collection:
            self._lately = lately = Lately(collection)
        return lately

    def forget_questions(self) -> None:
        """Forget the answers given lately, which hold what was asked."""
        self._lately = Lately(self.served.collection)

    def prepare(self) -> None:
        """Answer a question that nobody asked, so that the first one need not wait for what is loaded only then."""
        answer_from(self.served.collection, PREPARING)

    def search(self, query: str, limit: int = TOP, article: str | None = None) -> tuple[Quote, ...]:
        """The at most `limit` best passages for these words, best first, proved; ArticleUnknown as in `ask`."""
        collection = self.served.collection
        within = collection.chunks_of(article, with_url=self.require_source_url)
        found = search(collection, terms(query[:QUESTION_AT_MOST]), limit, within)
        for quoted in found:
            prove_quote(quoted, collection.entry(quoted.article.id), quoted.text, collection.by_id)
        return found

    def context(self, quoted: Quote) -> Quote:
        """The quotation with the sentence before and the one after; ArticleUnknown where the article is gone."""
        collection = self.served.collection
        entry, entries = collection.entry(quoted.article.id), collection.by_id
        still = tuple(source for source in quoted.also if source.article.id in entries)
        around = quote_in_context(quoted.model_copy(update={"also": still}), entries)
        prove_quote(around, entry, around.text, entries)
        return around

    def around(self, quoted: Quote, reach: int = 2) -> tuple[Quote | None, Quote | None]:
        """The at most `reach` sentences before the quotation and after it, proved; ArticleUnknown as in `context`."""
        entry = self.served.collection.entry(quoted.article.id)
        found = around(quoted, entry, reach)
        for each in found:
            if each is not None:
                prove_quote(each, entry, each.text)
        return found

    def quote_again(
        self,
        article: str,
        sha256: str,
        spans: Sequence[Span],
        matched: Sequence[str] = (),
        also: Sequence[tuple[str, str, Sequence[Span]]] = (),
    ) -> Quote:
        """What was quoted before, by its place, proved anew.

        Args:
            article: its id.
            sha256: of its text, when it was quoted.
            spans: of the quotation.
            matched: the words that were asked for.
            also: likewise id, hash and spans of the other articles that said the same; those that are gone or have
                changed by now are left out.

        Raises:
            ArticleUnknown: the article is gone.
            ArticleChanged: its file is another one by now.
            ProofFailed: the place is none that can be quoted.
        """
        collection = self.served.collection
        entry, entries = collection.entry(article), collection.by_id
        if entry.article.text_sha256 != sha256:
            what = f"The article {article!r} has changed since it was quoted."
            raise ArticleChanged(what, "Ask once more.")
        others = ((entries[other].article, there, hashed) for other, hashed, there in also if other in entries)
        quoted = Quote(
            article=entry.article,
            spans=tuple(spans),
            score=0,
            matched=tuple(matched),
            also=tuple(Source(article=a, spans=tuple(s)) for a, s, hashed in others if a.text_sha256 == hashed),
        )
        prove_quote(quoted, entry, quoted.text, entries)
        return quoted

    def entries(self) -> Entries:
        """What the index holds of each article, in the order of their ids; each is read when it is asked for."""
        return self.served.collection.entries

    def entry(self, article: str) -> Entry:
        """What the index holds of one article; ArticleUnknown where there is none of this id."""
        return self.served.collection.entry(article)

    def prove(self, quoted: Quote, shown: str) -> None:
        """Prove that the words about to be shown are the article's; raises ProofFailed, or ArticleUnknown."""
        collection = self.served.collection
        prove_quote(quoted, collection.entry(quoted.article.id), shown, collection.by_id)

    # ---- keeping it current ------------------------------------------------------------------------------------------

    def is_stale(self) -> bool:
        """Whether the seeds folder has changed since it was indexed, by sizes and times; FolderUnusable."""
        found, states = self._scanned(), self.served.ledger.states
        told = {one for one in found.kept if one in states and states[one].refused}
        return signatures_of(found.files) != {one: states[one].signatures for one in states.keys() - told}

    def _scanned(self, only: frozenset[str] | None = None) -> Scan:
        """What there is in the folder, beside what is indexed; FolderUnusable."""
        return folder.scan(self.seeds, only, self.served.collection.file_of)

    def refresh(self) -> bool:
        """Switch to the current snapshot where another process has made it; whether it did. Questions go on meanwhile.

        Raises:
            SnapshotDamaged: it cannot be used, told once for each; what is served goes on being served.
        """
        with self._switching:
            name = snapshot.current(self.data)
            manifest = self.served.manifest
            if name is None or name == self._refused or (manifest is not None and name == manifest.id):
                return False
            try:
                found = snapshot.load(self.data, name)
            except SnapshotDamaged:
                self._refused = name
                raise
            if found is None:
                return False
            self.served = _served(found)
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
                    snapshot.tidy(self.data, self.served.manifest.id)
                self.conventions = conventions
                if only is None:
                    extracts.keep(self.data, self._extracted())
                    extracts.tidy(self.data)
                    clear_left_aside(self.seeds)
                return planned.report
        finally:
            READERS.rest()

    def _check_not_emptied(self, planned: Plan) -> None:
        """FolderUnusable where an index of more than a few articles would hold none."""
        articles = self.served.collection.articles
        if articles > FEW and not planned.report.articles:
            what = f"The folder {str(self.seeds)!r} holds no article any more, and {articles} are indexed: they stay."
            raise FolderUnusable(what, "Mount or restore it. Run `verbatim reindex` if it is meant to be empty.")

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
            if manifest is not None and snapshot.current(self.data) == manifest.id:
                if checked:
                    snapshot.check(self.data, manifest)
                return True
        except SnapshotDamaged as error:
            log.warning("%s", error)
        found, damage = snapshot.load_whole(self.data)
        if damage is not None:
            log.warning("%s", damage)
        if found is not None or damage is not None:
            self.served = Served(Collection(), Ledger(), None) if found is None else _served(found)
        return damage is None and found is not None

    def _planned(self, conventions: Conventions, only: frozenset[str] | None, progress: Progress | None) -> Plan:
        collection, ledger, manifest = self.served
        is_of_this_reader = manifest is not None and manifest.reader == reader_fingerprint(conventions)
        base = Base(collection, ledger, is_of_this_reader)
        return plan(self.seeds, conventions, base, only if is_of_this_reader else None, progress)

    def _is_current(self, reader: str) -> bool:
        """Whether what is served was written by this program's reader and analyzer."""
        manifest = self.served.manifest
        return manifest is not None and (manifest.reader, manifest.analyzer) == (reader, analysis.fingerprint())

    def _commit(self, planned: Plan, reader: str) -> None:
        """Write what was planned, durably, and serve it."""
        report = planned.report
        change = Change(added=len(report.added), changed=len(report.changed), removed=len(report.removed))
        before = self._of(planned.replaced | set(report.removed))
        written = snapshot.write(self.data, planned.leaves, planned.ledger, reader, change)
        with self._switching:
            self.served = _served(written)
        now = self._of(planned.replaced)
        extracts.keep(self.data, now)
        texts = {article.text_sha256 for article in now}
        extracts.forget(self.data, [article for article in before if article.text_sha256 not in texts])

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
        return snapshot.history(self.data)

    def rollback(self, name: str | None = None) -> Manifest:
        """Serve a kept snapshot again: the one of this name, or the one before the current. Returns what it is.

        The seeds stay as they are, so the next reindexing takes in what they hold.

        Raises:
            SnapshotUnknown: there is none of this name, or none before the current one.
            SnapshotDamaged: it is not whole; the current one stays.
            IndexBusy, FolderUnusable: as in `reindex`.
        """
        with writing(self.data):
            found = snapshot.roll_back(self.data, name)
            with self._switching:
                self.served = _served(found)
            extracts.keep(self.data, (entry.article for entry in self.entries()))
            return found.manifest

    def add(self, files: list[Path]) -> Report:
        """Copy files of articles, and sidecars among them, into the seeds folder, and index them.

        Raises:
            ArticleRejected: one of them is no article, or says to the letter what another one does; nothing was
                copied then.
            FolderUnusable: the seeds folder cannot be written; nothing was copied then.
            IndexedLater: all were copied, and the index could not follow.
        """
        if len({path.name for path in files}) < len(files):
            what = "Two of the files have the same name."
            raise ArticleRejected(what, "Give each a name of its own.")
        return self.add_contents({path.name: self._read(path) for path in files})

    def add_contents(self, files: Mapping[str, bytes]) -> Report:
        """As `add`, for files that are in memory: their bytes by the names that strangers gave them.

        Raises:
            ArticleRejected, FolderUnusable, IndexedLater: as in `add`.
        """
        named = {file_name(name): data for name, data in files.items()}
        if len(named) < len(files):
            what = "Two of the files would have the same name among the articles."
            raise ArticleRejected(what, "Give each a name of its own.")
        files = named
        articles = {name: data for name, data in files.items() if not name.endswith(SIDECAR)}
        entries = []
        try:
            for name, data in articles.items():
                folder.check_name(name)
                entries.append(read_entry(name, data, files.get(Path(name).stem + SIDECAR), *self.conventions))
        except ArticleRejected:
            READERS.rest()  # what goes on below does it at its end
            raise
        for name in files.keys() - articles.keys():
            if not any(Path(article).stem + SIDECAR == name for article in articles):
                what = f"{shown_name(name)} is the sidecar of an article that is not added with it."
                raise ArticleRejected(what, "Name the article's file too.")
        check_new((entry.article for entry in entries), self.served.ledger)
        folder.place(self.seeds, list(files.items()))
        report = self._indexed(Path(name).stem for name in articles)
        for refusal in report.refused:
            if refusal.file in articles:  # another process has added the same in between
                self._take_back(files, articles)
                raise ArticleRejected(refusal.reason, "Nothing was added.")
        return report

    def _take_back(self, files: Iterable[str], articles: Iterable[str]) -> None:
        """Take files out of the seeds folder that have just been put there."""
        for name in files:
            (self.seeds / name).unlink(missing_ok=True)
        self._indexed(Path(name).stem for name in articles)

    def _indexed(self, articles: Iterable[str]) -> Report:
        """Index what was changed in the folder at these ids; IndexedLater where that cannot be now."""
        try:
            return self.reindex(only=frozenset(articles))
        except VerbatimError as error:
            raise IndexedLater(error) from error

    def add_fetched(self, fetched: Fetched, editor: str) -> Report:
        """Add a page that was fetched, with a sidecar that states the URL that is cited for it.

        Args:
            fetched: the page.
            editor: who asked for it; the sidecar says so.

        Raises:
            ArticleRejected, FolderUnusable, IndexedLater: as in `add`.
        """
        from index.fetched import files_of  # noqa: PLC0415  # brings aiohttp and lxml, which nothing else here needs

        collection = self.served.collection
        there = {file.id for file in self._scanned().files}
        taken = there | set(collection.ids)
        return self.add_contents(files_of(fetched, editor, datetime.datetime.now(datetime.UTC), taken))

    def record(self, article: str, changes: Mapping[str, str | None], editor: str) -> Report:
        """Change what is recorded about an article, in its sidecar, and index it.

        Args:
            article: its id.
            changes: the new value of each fact by its name in `Article`; None takes what was stated back.
            editor: who changes it; the sidecar says so.

        Raises:
            ArticleUnknown: there is no article of this id.
            ArticleRejected: a value cannot be recorded, or its file cannot be an article any more; nothing was changed.
            FolderUnusable: the seeds folder cannot be written; nothing was changed.
            IndexedLater: it was recorded, and the index could not follow.
        """
        file = self._seed_file(article)
        data, sidecar = folder.read(file)
        made = rewritten(sidecar, changes, editor, datetime.datetime.now(datetime.UTC))
        read_entry(file.path.name, data, made, *self.conventions)
        folder.write_sidecar(file, made)
        return self._indexed([article])

    @staticmethod
    def _read(path: Path) -> bytes:
        try:
            with path.open("rb") as opened:
                return opened.read(folder.BYTES_READ)
        except OSError as error:
            what = f"{path} cannot be read ({error.strerror})."
            raise ArticleRejected(what, "Name a file that is there and readable.") from error

    def remove(self, article: str) -> tuple[Report, list[Path]]:
        """Move an article's files to the data folder's bin, and index what is left; returns where they are kept.

        Raises:
            ArticleUnknown: there is no article of this id.
            ArticleRejected: its file cannot be an article any more, as it is.
            FolderUnusable: a folder cannot be written; nothing was moved.
            IndexedLater: the files were moved, and the index could not follow.
        """
        file = self._seed_file(article)
        now = f"{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%S%f}"
        kept = folder.throw_away(file, self.data / "bin" / now)
        return self._indexed([article]), kept

    def _seed_file(self, article: str) -> SeedFile:
        """The file of an article, as it can be changed; ArticleUnknown or ArticleRejected where it cannot."""
        found = self._scanned(frozenset([article]))
        for file in found.files:
            if file.id == article:
                return file
        if article in found.kept:
            raise found.kept[article]
        self.entry(article)
        what = f"The file of the article {article!r} is gone from the seeds folder already."
        raise ArticleUnknown(what, "`verbatim reindex` takes it out of the index.")

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
        prove_kept(article, extracts.kept(self.data, article))
        prove_entry(entry, data, extracted_again(article, data))

    def kept_text(self, article: Article) -> Path | None:
        """Where the text that was taken out of an article's file is kept; None where the file is the text."""
        return extracts.path_of(self.data, article) if article.extraction else None


def _served(found: Snapshot) -> Served:
    return Served(found.collection(), found.ledger, found.manifest)
