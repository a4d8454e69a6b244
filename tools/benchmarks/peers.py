"""The compared engines: each is built from the same terms and returns the top ten."""

from __future__ import annotations

import contextlib
import importlib.metadata
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from rank_bm25 import BM25Plus

from index.bm25 import kernels
from index.bm25.kernels import numpy_kernel
from index.bm25.scorer import Bm25
from tools.benchmarks.sentences import Corpus

BEST = 10
K1, B, DELTA = 1.2, 0.5, 1
HEAP = 256_000_000
"""Memory budget of tantivy's writer in bytes."""


class Peer(Protocol):
    """A search engine over a corpus."""

    name: str

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Index the sentences, on disk where the engine works there."""

    def ask(self, query: Sequence[str]) -> object:
        """The top ten for these terms."""

    def save(self, folder: Path) -> None:
        """Write the index durably, where `build` did not."""

    def load(self, folder: Path) -> None:
        """Open what was saved."""

    def add(self, sentences: Corpus, folder: Path) -> None:
        """Index more sentences, durable and searchable on return; NotImplementedError where it cannot."""


class Verbatim:
    """Our index, with the kernel of numpy or of numba."""

    def __init__(self, kernel: str) -> None:
        """Use this kernel."""
        self.name = f"Verbatim, {kernel}"
        self._best = numpy_kernel.best if kernel == kernels.NUMPY else kernels.load_numba_kernel()

    def _use(self, index: Bm25) -> None:
        index.best = self._best
        self.index = index

    def build(self, corpus: Corpus, folder: Path) -> None:  # noqa: ARG002  # in memory
        """Build in memory."""
        self._use(Bm25(corpus))

    def ask(self, query: Sequence[str]) -> object:
        """Call `Bm25.top`."""
        return self.index.search(query, BEST)

    def save(self, folder: Path) -> None:
        """Write one file."""
        self.index.save(folder / "index")

    def load(self, folder: Path) -> None:
        """Map the file and verify its checksum."""
        self._use(Bm25.open(folder / "index"))

    def add(self, sentences: Corpus, folder: Path) -> None:
        """Write the new sentences to a separate file, as a snapshot does with segments."""
        Bm25(sentences).save(folder / "more")
        self.index.extend(sentences)
        self._use(self.index)


class RankBm25:
    """rank-bm25 itself: in memory, without additions."""

    name = "rank-bm25"

    def build(self, corpus: Corpus, folder: Path) -> None:  # noqa: ARG002  # in memory
        """Build in memory."""
        self.index = BM25Plus(corpus, k1=K1, b=B, delta=DELTA)

    def ask(self, query: Sequence[str]) -> object:
        """Sort its scores as its own `get_top_n` does."""
        return np.argsort(self.index.get_scores(query))[::-1][:BEST]

    def save(self, folder: Path) -> None:
        """Not supported."""
        raise NotImplementedError

    load = save

    def add(self, sentences: Corpus, folder: Path) -> None:
        """Not supported."""
        raise NotImplementedError


class Bm25s:
    """bm25s with its numba backend."""

    name = "bm25s"

    def __init__(self) -> None:
        """Import it."""
        import bm25s  # noqa: PLC0415  # may not be installed

        self._module = bm25s

    def build(self, corpus: Corpus, folder: Path) -> None:  # noqa: ARG002  # in memory
        """Build in memory, and compile the scorer."""
        self.index = self._module.BM25(method="bm25+", k1=K1, b=B, delta=DELTA, backend="numba")
        self.index.index(corpus, show_progress=False)
        self.index.activate_numba_scorer()

    def ask(self, query: Sequence[str]) -> object:
        """Call `retrieve` with one query."""
        return self.index.retrieve([list(query)], k=BEST, show_progress=False, n_threads=1)

    def save(self, folder: Path) -> None:
        """Write its own files."""
        self.index.save(str(folder / "bm25s"))

    def load(self, folder: Path) -> None:
        """Map its files."""
        self.index = self._module.BM25.load(str(folder / "bm25s"), mmap=True)
        self.index.activate_numba_scorer()

    def add(self, sentences: Corpus, folder: Path) -> None:
        """Not supported."""
        raise NotImplementedError


class Tantivy:
    """tantivy through its Python package, with one indexing thread."""

    name = "tantivy"

    def __init__(self) -> None:
        """Import it."""
        import tantivy  # noqa: PLC0415  # may not be installed

        self._module: Any = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("body", stored=False, tokenizer_name="whitespace", index_option="freq")
        builder.add_integer_field("id", stored=True, fast=True)
        self._schema = builder.build()

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Build on disk and commit."""
        where = folder / "tantivy"
        shutil.rmtree(where, ignore_errors=True)
        where.mkdir()
        self._index = self._module.Index(self._schema, path=str(where))
        self._number = 0
        self._put(corpus)

    def _put(self, corpus: Corpus) -> None:
        writer = self._index.writer(HEAP, num_threads=1)
        for sentence in corpus:
            writer.add_document(self._module.Document(body=" ".join(sentence), id=self._number))
            self._number += 1
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def ask(self, query: Sequence[str]) -> object:
        """Search for any of the terms."""
        module = self._module
        parts = [(module.Occur.Should, module.Query.term_query(self._schema, "body", term, "freq")) for term in query]
        return self._searcher.search(module.Query.boolean_query(parts), BEST)

    def save(self, folder: Path) -> None:
        """Do nothing: it is on disk."""

    def load(self, folder: Path) -> None:
        """Open the index on disk."""
        self._index = self._module.Index.open(str(folder / "tantivy"))
        self._searcher = self._index.searcher()
        self._number = self._searcher.num_docs

    def add(self, sentences: Corpus, folder: Path) -> None:  # noqa: ARG002  # stays where it was built
        """Add a commit."""
        self._put(sentences)


class Sqlite:
    """SQLite's FTS5, in a file."""

    name = "SQLite FTS5"

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Build on disk, in one transaction, and merge its b-trees."""
        (folder / "fts").unlink(missing_ok=True)
        self.load(folder)
        self._base.execute("CREATE VIRTUAL TABLE s USING fts5(body, content='', detail=column)")
        self.add(corpus, folder)
        self._base.execute("INSERT INTO s(s) VALUES('optimize')")
        self._base.commit()

    def ask(self, query: Sequence[str]) -> object:
        """The top ten by its own bm25()."""
        words = " OR ".join(f'"{word}"' for word in query)
        return self._base.execute(
            "SELECT rowid, bm25(s) FROM s WHERE s MATCH ? ORDER BY rank LIMIT ?", (words, BEST)
        ).fetchall()

    def save(self, folder: Path) -> None:
        """Do nothing: it is on disk."""

    def load(self, folder: Path) -> None:
        """Open the file."""
        self._base = sqlite3.connect(folder / "fts")
        self._base.execute("PRAGMA synchronous=FULL")

    def add(self, sentences: Corpus, folder: Path) -> None:  # noqa: ARG002  # stays where it was built
        """Add a transaction."""
        self._base.executemany("INSERT INTO s(body) VALUES (?)", ((" ".join(words),) for words in sentences))
        self._base.commit()


def peer(name: str) -> Peer:
    """The engine of this name; ImportError where its package is not installed."""
    if name.startswith("Verbatim"):
        return Verbatim(name.split(", ")[1])
    known: dict[str, type[Peer]] = {one.name: one for one in (RankBm25, Bm25s, Tantivy, Sqlite)}
    return known[name]()


NAMES = ("Verbatim, numba", "Verbatim, numpy", "rank-bm25", "bm25s", "tantivy", "SQLite FTS5")


def versions() -> dict[str, str]:
    """The versions of the compared packages."""
    found = {"sqlite": sqlite3.sqlite_version}
    for package in ("numpy", "numba", "rank-bm25", "bm25s", "tantivy"):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[package] = importlib.metadata.version(package)
    return found


FILES = {"bm25s": "bm25s", "tantivy": "tantivy", "SQLite FTS5": "fts"}


def size_of(folder: Path, name: str) -> int:
    """The size of an engine's files in bytes."""
    place = folder / FILES.get(name, "index")
    return sum(path.stat().st_size for path in (place, *place.rglob("*")) if path.is_file())
