"""The face of the package: open a collection, ask it, search it, keep it current, add to it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from index.answering.proof import prove_entry, prove_kept
from index.corpus import folder
from index.corpus.folder import SeedFile
from index.corpus.slugs import file_name
from index.errors import ArticleRejected, ArticleUnknown, IndexedLater, ProofFailed, VerbatimError
from index.indexing.exact_duplicates import check_new
from index.indexing.index_manager import Keeping
from index.indexing.reindex import Report
from index.models import Article, Entry
from index.reading import extracted_again, read_entry
from index.reading.sandbox import READERS
from index.reading.sidecar import ENDING as SIDECAR
from index.reading.sidecar import rewritten
from index.storage import extracted_texts
from index.storage.safe_read import ordinary_bytes, shown_name

if TYPE_CHECKING:
    from index.fetching import Fetched


class Engine(Keeping):
    """Articles in a folder, and an index over them in another; what changes the one changes the other."""

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
            raise ArticleRejected(what, "Give each file a different name.")
        return self.add_contents({path.name: self._read(path) for path in files})

    def add_contents(self, files: Mapping[str, bytes]) -> Report:
        """As `add`, for files that are in memory: their bytes by the names that strangers gave them.

        Raises:
            ArticleRejected, FolderUnusable, IndexedLater: as in `add`.
        """
        named = {file_name(name): data for name, data in files.items()}
        if len(named) < len(files):
            what = "Two of the files would get the same name in the folder of articles."
            raise ArticleRejected(what, "Give each file a different name.")
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
                what = f"{shown_name(name)} is the sidecar of an article that is not being added."
                raise ArticleRejected(what, "Add the article's file as well.")
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
        from index.fetching.article_files import files_of  # noqa: PLC0415  # brings aiohttp and lxml, which nothing else here needs

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
            raise ArticleRejected(what, "Choose a file that exists and is readable.") from error

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
        what = f"The file of the article {article!r} is no longer in the folder of articles."
        raise ArticleUnknown(what, "`verbatim reindex` removes it from the index.")

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

    def kept_text(self, article: Article) -> Path | None:
        """Where the text that was taken out of an article's file is kept; None where the file is the text."""
        return extracted_texts.path_of(self.data, article) if article.extraction else None
