"""Public facade: open a collection, ask it, search it, keep it current, add to it."""

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
    """A folder of articles, and an index over it in another folder; changing an article also updates the index."""

    def add(self, files: list[Path]) -> Report:
        """Copy article files, and sidecars among them, into the seeds folder, and index them.

        Raises:
            ArticleRejected: a file is not an article, or has exactly the text of another one; nothing is copied.
            FolderUnusable: the seeds folder cannot be written; nothing is copied.
            IndexedLater: all files are copied, but the index could not be updated.
        """
        if len({path.name for path in files}) < len(files):
            what = "Two of the files have the same name."
            raise ArticleRejected(what, "Give each a name of its own.")
        return self.add_contents({path.name: self._read(path) for path in files})

    def add_contents(self, files: Mapping[str, bytes]) -> Report:
        """Like `add`, for files in memory: their bytes by untrusted file names."""
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
            READERS.rest()  # on success, the reindexing below does this
            raise
        for name in files.keys() - articles.keys():
            if not any(Path(article).stem + SIDECAR == name for article in articles):
                what = f"{shown_name(name)} is the sidecar of an article that is not added with it."
                raise ArticleRejected(what, "Name the article's file too.")
        check_new((entry.article for entry in entries), self.served.ledger)
        folder.place(self.seeds, list(files.items()))
        report = self._indexed(Path(name).stem for name in articles)
        for refusal in report.refused:
            if refusal.file in articles:  # another process added the same article meanwhile
                self._take_back(files, articles)
                raise ArticleRejected(refusal.reason, "Nothing was added.")
        return report

    def _take_back(self, files: Iterable[str], articles: Iterable[str]) -> None:
        """Delete files that were just copied into the seeds folder, and update the index."""
        for name in files:
            (self.seeds / name).unlink(missing_ok=True)
        self._indexed(Path(name).stem for name in articles)

    def _indexed(self, articles: Iterable[str]) -> Report:
        """Index the changed files of these article ids; IndexedLater where that is not possible now."""
        try:
            return self.reindex(only=frozenset(articles))
        except VerbatimError as error:
            raise IndexedLater(error) from error

    def add_fetched(self, fetched: Fetched, editor: str) -> Report:
        """Like `add`, for a fetched page: its sidecar states the URL to cite, and the `editor` who requested it."""
        from index.fetching.article_files import files_of  # noqa: PLC0415  # imports aiohttp and lxml, which nothing else here needs

        collection = self.served.collection
        there = {file.id for file in self._scanned().files}
        taken = there | set(collection.ids)
        return self.add_contents(files_of(fetched, editor, datetime.datetime.now(datetime.UTC), taken))

    def record(self, article: str, changes: Mapping[str, str | None], editor: str) -> Report:
        """Change the metadata in an article's sidecar, and index it.

        Args:
            article: its id.
            changes: new values by field name of `Article`; None removes what the sidecar states.
            editor: who makes the change; the sidecar states it.

        Raises:
            ArticleUnknown: no article has this id.
            ArticleRejected: a value is invalid, or the file is no longer accepted as an article; nothing is changed.
            FolderUnusable: the seeds folder cannot be written; nothing is changed.
            IndexedLater: the sidecar is changed, but the index could not be updated.
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
        """Move an article's files to the data folder's bin, and update the index; returns the new paths of the files.

        Raises:
            ArticleUnknown: no article has this id.
            ArticleRejected: its file is no longer accepted as an article.
            FolderUnusable: a folder cannot be written; nothing is moved.
            IndexedLater: the files are moved, but the index could not be updated.
        """
        file = self._seed_file(article)
        now = f"{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%S%f}"
        kept = folder.throw_away(file, self.data / "bin" / now)
        return self._indexed([article]), kept

    def _seed_file(self, article: str) -> SeedFile:
        """The file of an article; ArticleUnknown where there is none, ArticleRejected where it is not accepted."""
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
        """Prove every indexed sentence against its article's file; returns one line per failure."""
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
        """Prove an article against its file, and its stored extracted text against a new extraction."""
        article = entry.article
        if article.extraction is None:
            prove_entry(entry, data)
            return
        prove_kept(article, extracted_texts.kept(self.data, article))
        prove_entry(entry, data, extracted_again(article, data))

    def kept_text(self, article: Article) -> Path | None:
        """Path of an article's stored extracted text; None where the file itself is the text."""
        return extracted_texts.path_of(self.data, article) if article.extraction else None
