"""The articles of a cluster's collection as they are needed: read from the store, checked, and kept for a while."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from threading import Lock

from cachetools import LRUCache

from index.cluster.stores import REINDEX, ArticleStore
from index.collection.segment import Segment
from index.errors import SnapshotDamaged
from index.storage.mapped_arrays import arrays_from_bytes

CACHE_BYTES = 96_000_000
"""Rough size of the cache of articles."""
FACTOR, OVERHEAD = 3, 20_000
"""What an article takes in memory, as a multiple of its bytes, and besides them."""


class LoadedArticle:
    """An article in memory: a segment of its own."""

    def __init__(self, content: bytes) -> None:
        """Raises ValueError or KeyError where the content is no segment."""
        self.segment = Segment(arrays_from_bytes(content))
        self.size = FACTOR * len(content) + OVERHEAD

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each term of its sentences."""
        return {term: row for row, term in enumerate(self.segment.postings.vocabulary)}

    @cached_property
    def heading_rows(self) -> dict[str, int]:
        """The row of each term of its headings."""
        return {term: row for row, term in enumerate(self.segment.headings.vocabulary)}


class ArticleCache:
    """Articles by the hash of their content, so that all generations share them."""

    def __init__(self, store: ArticleStore, size: int = CACHE_BYTES) -> None:
        self.store = store
        self._kept: LRUCache[str, LoadedArticle] = LRUCache(size, lambda article: article.size)
        self._lock = Lock()

    def get(self, names: Sequence[str]) -> list[LoadedArticle]:
        """The articles of these names; SnapshotDamaged where one is missing or altered, ClusterUnavailable."""
        with self._lock:
            found = {name: article for name in names if (article := self._kept.get(name)) is not None}
        missing = [name for name in dict.fromkeys(names) if name not in found]
        if missing:
            loaded = {name: _load(name, content) for name, content in self.store.get(missing).items()}
            found |= loaded
            with self._lock:
                for name, article in loaded.items():
                    if article.size <= self._kept.maxsize:
                        self._kept[name] = article
        return [found[name] for name in names]


def _load(name: str, content: bytes) -> LoadedArticle:
    try:
        return LoadedArticle(content)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        problem = f"An article in the store cannot be read: {name[:12]}."
        raise SnapshotDamaged(problem, REINDEX) from error
