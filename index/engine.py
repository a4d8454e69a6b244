"""The face of the package: open a collection, ask it, search it, keep it current."""

from __future__ import annotations

import datetime
import logging
import threading
from pathlib import Path
from typing import NamedTuple, Self

from index import analysis, folder, snapshot
from index.analysis import terms
from index.answering import QUESTION_AT_MOST, TOP, answer_from
from index.article import Answer, Entry, Quote
from index.cleaning import Rule, built_in_rules
from index.collection import Collection, quote, quote_in_context
from index.errors import ArticleRejected, ArticleUnknown, ProofFailed, SnapshotDamaged
from index.folder import SeedFile
from index.proof import prove_answer, prove_entry, prove_quote
from index.reading import read_entry
from index.reading.sidecar import ENDING as SIDECAR
from index.reindexing import Plan, Progress, Report, plan, reader_fingerprint, signatures_of
from index.snapshot import Manifest, Snapshot, Sources

log = logging.getLogger(__name__)


class Served(NamedTuple):
    """What an engine answers from at a moment: swapped as a whole, so that no question sees half of a change."""

    collection: Collection
    sources: Sources
    manifest: Manifest | None


class Engine:
    """Articles in a folder, and an index over them in another.

    Questions read `self.served` once and need no lock; a reindexing builds the next one aside and swaps the reference.
    """

    def __init__(
        self, seeds: Path, data: Path, served: Served, rules: tuple[Rule, ...], *, require_source_url: bool = False
    ) -> None:
        """Serve an index that is loaded already; `open` loads or builds it."""
        self.seeds = seeds
        self.data = data
        self.served = served
        self.rules = rules
        self.require_source_url = require_source_url
        self._writing = threading.Lock()

    @classmethod
    def open(
        cls,
        seeds: Path,
        data: Path,
        *,
        require_source_url: bool = False,
        build: bool = True,
        progress: Progress | None = None,
    ) -> Self:
        """The engine over these folders; an index that is missing or damaged is built on the way, where `build`.

        Raises:
            FolderUnusable: the seeds cannot be read, or the data folder cannot be written.
        """
        rules = built_in_rules()
        try:
            found = snapshot.load(data)
        except SnapshotDamaged as error:
            log.warning("%s", error)
            found = None
        reader = reader_fingerprint(rules)
        empty = Served(Collection(()), Sources(files={}, seen={}, reader=reader), None)
        served = empty if found is None else _served(found)
        engine = cls(seeds, data, served, rules, require_source_url=require_source_url)
        if build and not engine._is_current(reader):
            engine.reindex(progress=progress)
        return engine

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
        collection = self.served.collection
        within = collection.chunks_of(article, with_url=self.require_source_url)
        answer = answer_from(collection, question, within, explain=explain)
        prove_answer(answer, collection.by_id)
        return answer

    def search(self, query: str, limit: int = TOP, article: str | None = None) -> tuple[Quote, ...]:
        """The at most `limit` best passages for these words, best first, proved; ArticleUnknown as in `ask`."""
        collection = self.served.collection
        within = collection.chunks_of(article, with_url=self.require_source_url)
        found = tuple(quote(passage) for passage in collection.search(terms(query[:QUESTION_AT_MOST]), limit, within))
        for quoted in found:
            prove_quote(quoted, collection.entry(quoted.article.id), quoted.text)
        return found

    def context(self, quoted: Quote) -> Quote:
        """The quotation with the sentence before and the one after; ArticleUnknown where the article is gone."""
        entry = self.served.collection.entry(quoted.article.id)
        around = quote_in_context(quoted, entry)
        prove_quote(around, entry, around.text)
        return around

    def entries(self) -> tuple[Entry, ...]:
        """What the index holds of each article, by id."""
        return self.served.collection.entries

    def entry(self, article: str) -> Entry:
        """What the index holds of one article; ArticleUnknown where there is none of this id."""
        return self.served.collection.entry(article)

    def prove(self, quoted: Quote, shown: str) -> None:
        """Prove that the words about to be shown are the article's; raises ProofFailed, or ArticleUnknown."""
        prove_quote(quoted, self.entry(quoted.article.id), shown)

    # ---- keeping it current ------------------------------------------------------------------------------------------

    def is_stale(self) -> bool:
        """Whether the seeds folder has changed since it was indexed, by sizes and times; FolderUnusable."""
        return signatures_of(folder.scan(self.seeds)[0]) != self.served.sources.seen

    def reindex(self, *, dry_run: bool = False, progress: Progress | None = None) -> Report:
        """Compare the seeds with the index, and make the index what the seeds call for; one at a time.

        Raises:
            FolderUnusable: a folder cannot be read or written. The index that served goes on serving.
        """
        with self._writing:
            served = self.served
            reader = reader_fingerprint(self.rules)
            known = served.collection.by_id if served.sources.reader == reader else {}
            planned = plan(self.seeds, self.rules, known, served.sources.files, progress)
            if not dry_run:
                self._switch(planned, reader)
            return planned.report.model_copy(update={"dry_run": dry_run})

    def _is_current(self, reader: str) -> bool:
        """Whether what is served was written by this program's reader and analyzer."""
        manifest = self.served.manifest
        return manifest is not None and (manifest.sources.reader, manifest.analyzer) == (reader, analysis.fingerprint())

    def _switch(self, planned: Plan, reader: str) -> None:
        sources = Sources(files=planned.files, seen=planned.seen, reader=reader)
        if self._is_current(reader) and sources == self.served.sources:
            return
        collection = Collection(planned.entries)
        manifest = snapshot.write(self.data, collection, sources)
        self.served = Served(collection, sources, manifest)

    def add(self, files: list[Path]) -> Report:
        """Copy files of articles, and sidecars among them, into the seeds folder, and index them.

        Raises:
            ArticleRejected: one of them is no article; nothing was copied then.
            FolderUnusable: the seeds or the data folder cannot be written.
        """
        sidecars = {path.name: self._read(path) for path in files if path.name.endswith(SIDECAR)}
        articles = [path for path in files if not path.name.endswith(SIDECAR)]
        contents = {path: self._read(path) for path in articles}
        for path, data in contents.items():
            folder.check_name(path.name)
            read_entry(path.name, data, sidecars.get(path.stem + SIDECAR), self.rules)
        for name in sidecars:
            if not any(path.stem + SIDECAR == name for path in articles):
                what = f"{name} is the sidecar of an article that is not added with it."
                raise ArticleRejected(what, "Name the article's file too.")
        folder.place(self.seeds, [(path.name, data) for path, data in contents.items()] + list(sidecars.items()))
        return self.reindex()

    @staticmethod
    def _read(path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            what = f"{path} cannot be read ({error.strerror})."
            raise ArticleRejected(what, "Name a file that is there and readable.") from error

    def remove(self, article: str) -> tuple[Report, list[Path]]:
        """Move an article's files to the data folder's bin, and index what is left; returns where they are kept.

        Raises:
            ArticleUnknown: there is no article of this id.
            FolderUnusable: a folder cannot be written.
        """
        file = self._seed_file(article)
        now = f"{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%S%f}"
        kept = folder.throw_away(file, self.data / "bin" / now)
        return self.reindex(), kept

    def _seed_file(self, article: str) -> SeedFile:
        for file in folder.scan(self.seeds)[0]:
            if file.id == article:
                return file
        self.entry(article)
        what = f"The file of the article {article!r} is gone from the seeds folder already."
        raise ArticleUnknown(what, "`verbatim reindex` takes it out of the index.")

    def verify(self) -> list[str]:
        """Prove every sentence of the index against its article's file; one line for each that fails."""
        failures = []
        for entry in self.entries():
            path = self.seeds / entry.article.file
            try:
                prove_entry(entry, path.read_bytes())
            except ProofFailed as error:
                failures.append(str(error))
            except OSError as error:
                failures.append(f"The article {entry.article.id} could not be proved: {path} ({error.strerror}).")
        return failures


def _served(found: Snapshot) -> Served:
    return Served(found.collection, found.manifest.sources, found.manifest)
