"""Write the next generation of a cluster's collection. Until it is published, the one before is served unchanged.

Documents of a generation that was never published are found by nobody; the next writer removes them.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import NamedTuple, TypeVar

from index.cluster.address import Json
from index.cluster.connection import Cluster, check_store, create_indices
from index.cluster.deadline import WRITER_SECONDS, one_deadline
from index.cluster.documents import (
    FOREVER,
    FROM,
    NUMBER,
    UNTIL,
    alive_in,
    heading_documents,
    sentence_documents,
)
from index.cluster.generation import (
    HEADINGS,
    KINDS_OF_DOCUMENTS,
    MAX_NUMBER,
    SENTENCES,
    ArticleRow,
    CountChanges,
    Generation,
)
from index.cluster.stores import REINDEX, hash_of
from index.collection.segment import Segment, split_segment
from index.errors import ClusterUnavailable, ClusterUnusable
from index.storage.mapped_arrays import arrays_to_bytes

KEPT = 5
"""Generations that can be rolled back to."""
ARTICLES_AT_ONCE, DOCUMENTS_AT_ONCE, REQUESTS_AT_ONCE, DELETED_AT_ONCE = 200, 2000, 3, 20_000
REFRESHES = 3
log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]
Item = TypeVar("Item")


class Changes(NamedTuple):
    """What a generation changes."""

    deleted: AbstractSet[str]
    """The ids of the articles that are removed or replaced."""
    added: Sequence[Segment]
    """The articles that are added, and those that replace others."""
    file_states: bytes
    manifest: bytes


def publish(cluster: Cluster, base: Generation, changes: Changes, progress: Progress | None = None) -> Generation:
    """Write what `changes` make of `base`, publish and return it. The store's lock must be held.

    `progress` is called with the number of articles written and of all that are to be written. ClusterUnusable where
    the indices belong to another store, or have lost documents.
    """
    with one_deadline(WRITER_SECONDS):
        check_store(cluster)
        latest = cluster.latest()
        create_indices(cluster)
        _remove_unpublished(cluster, latest)
        if base.articles:
            _check_complete(cluster, latest)
        return _Writer(cluster, base, latest).write(changes, progress)


class _Writer:
    """One generation on its way."""

    def __init__(self, cluster: Cluster, base: Generation, latest: Generation) -> None:
        self._cluster = cluster
        self._base = base
        self._latest = latest
        self._number = latest.number + 1
        self._next_chunk, self._next_section = latest.next_chunk, latest.next_section
        self._alive = {row.version: row for row in latest.rows()}

    def write(self, changes: Changes, progress: Progress | None) -> Generation:
        kept = [row for row in self._base.rows() if row.id not in changes.deleted]
        gone = [row for row in self._base.rows() if row.id in changes.deleted]
        again = [row for row in kept if row.version not in self._alive]  # removed since, and the removal rolled back
        staying = [self._alive[row.version] for row in kept if row.version in self._alive]
        counts = CountChanges()
        for part in _batches(gone, ARTICLES_AT_ONCE):
            for article in self._cluster.articles.get([row.blob for row in part]):
                counts.add(article.segment, -1)
        written: list[ArticleRow] = []
        total = sum(segment.article_count for segment in changes.added) + len(again)
        with ThreadPoolExecutor(REQUESTS_AT_ONCE, "cluster-writer") as threads:
            for batch in _batches(self._segments(changes.added, again), ARTICLES_AT_ONCE):
                rows = self._write_articles(batch, threads)
                for (segment, is_new), _ in zip(batch, rows, strict=True):
                    if is_new:
                        counts.add(segment, 1)
                written += rows
                if progress:
                    progress(len(written), total)
            self._close({row.first_chunk: row for row in self._alive.values()}, staying, threads)
        generation = Generation.of(
            self._number,
            [*staying, *written],
            counts.applied_to(SENTENCES, self._base.sentences),
            counts.applied_to(HEADINGS, self._base.headings),
            next_chunk=self._next_chunk,
            next_section=self._next_section,
            manifest=changes.manifest,
            file_states=changes.file_states,
        )
        self._make_visible(generation)
        self._cluster.store.publish(self._number, generation.to_bytes())
        return generation

    def _make_visible(self, generation: Generation) -> None:
        """Have searches find what was written; ClusterUnavailable where they do not find all of it.

        A shard that changes its node during a refresh is left out of it without an error.
        """
        for _ in range(REFRESHES):
            self._cluster.client.request("POST", f"/{self._cluster.indices}/_refresh")
            lacking = [
                f"{self._cluster.name_of(kind)} has {found} documents in place of {counts.documents}"
                for kind, counts in ((SENTENCES, generation.sentences), (HEADINGS, generation.headings))
                if (found := _count(self._cluster, kind, self._number)) != counts.documents
            ]
            if not lacking:
                return
        problem = f"The new generation is not published: {' and '.join(lacking)}."
        raise ClusterUnavailable(problem, REINDEX)

    def _segments(self, added: Iterable[Segment], again: Sequence[ArticleRow]) -> Iterator[tuple[Segment, bool]]:
        """The segment of each article that is written, and whether it is new."""
        for segment in added:
            yield from ((one, True) for one in split_segment(segment))
        for part in _batches(again, ARTICLES_AT_ONCE):
            for article in self._cluster.articles.get([row.blob for row in part]):
                yield article.segment, False

    def _write_articles(self, batch: Sequence[tuple[Segment, bool]], threads: ThreadPoolExecutor) -> list[ArticleRow]:
        contents = [arrays_to_bytes(segment.arrays) for segment, _ in batch]
        names = list(map(hash_of, contents))
        self._cluster.store.put(dict(zip(names, contents, strict=True)))
        rows = [self._row_of(segment, name) for (segment, _), name in zip(batch, names, strict=True)]
        lines = (line for row, (segment, _) in zip(rows, batch, strict=True) for line in self._lines(row, segment))
        self._send(lines, threads)
        return rows

    def _row_of(self, segment: Segment, blob: str) -> ArticleRow:
        """The article of a segment, with numbers of its own."""
        row = ArticleRow.of(segment, blob, self._next_chunk, self._next_section)
        # An article without sentences takes a number, too: its place in the order of the numbers is its own.
        self._next_chunk += max(row.chunks, 1)
        self._next_section += row.sections
        if max(self._next_chunk, self._next_section) > MAX_NUMBER:
            problem = "The cluster has numbered two billion sentences."
            raise ClusterUnusable(problem, "Write the collection anew under another VERBATIM_OPENSEARCH_INDEX.")
        return row

    def _lines(self, row: ArticleRow, segment: Segment) -> Iterator[str]:
        for kind, documents in (
            (SENTENCES, sentence_documents(segment, row, self._number)),
            (HEADINGS, heading_documents(segment, row, self._number)),
        ):
            for document in documents:
                yield f"{_action('index', self._cluster.name_of(kind), document[NUMBER], row)}\n{json.dumps(document)}"

    def _close(self, alive: dict[int, ArticleRow], staying: Sequence[ArticleRow], threads: ThreadPoolExecutor) -> None:
        """Say of all that this generation does not have any more that it ends here."""
        for row in staying:
            del alive[row.first_chunk]
        ends = json.dumps({"doc": {UNTIL: self._number}})
        lines = (
            f"{_action('update', self._cluster.name_of(kind), number, row)}\n{ends}"
            for row in alive.values()
            for kind, first, count in (
                (SENTENCES, row.first_chunk, row.chunks),
                (HEADINGS, row.first_section, row.sections),
            )
            for number in range(first, first + count)
        )
        self._send(lines, threads)

    def _send(self, lines: Iterable[str], threads: ThreadPoolExecutor) -> None:
        """Send these actions, several requests at once; returns when all are done."""
        for batches in _batches(_batches(lines, DOCUMENTS_AT_ONCE), REQUESTS_AT_ONCE):
            self._cluster.store.check_lock()
            list(threads.map(self._cluster.client.bulk, batches))


def _action(action: str, index: str, number: int, row: ArticleRow) -> str:
    return json.dumps({action: {"_index": index, "_id": str(number), "routing": row.id}})


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch


def _remove_unpublished(cluster: Cluster, latest: Generation) -> None:
    """Undo what a writer that was killed has left: documents from later on, and ends that were never published."""
    client, number = cluster.client, latest.number
    client.request("POST", f"/{cluster.indices}/_refresh")
    _delete_documents(cluster, {"range": {FROM: {"gt": number}}})
    ended = {"bool": {"filter": [{"range": {UNTIL: {"gt": number, "lt": FOREVER}}}]}}
    for kind in KINDS_OF_DOCUMENTS:
        index = cluster.name_of(kind)
        while True:
            body = {"query": ended, "size": DOCUMENTS_AT_ONCE, "_source": False}
            hits = client.request("POST", f"/{index}/_search", body)["hits"]["hits"]
            if not hits:
                break
            client.bulk(_reopening(hits))
            client.request("POST", f"/{index}/_refresh")


def _check_complete(cluster: Cluster, latest: Generation) -> None:
    """Raise ClusterUnusable where the indices lack documents of the latest generation: more would hide the loss."""
    for kind, counts in ((SENTENCES, latest.sentences), (HEADINGS, latest.headings)):
        found = _count(cluster, kind, latest.number)
        if found != counts.documents:
            problem = f"The index {cluster.name_of(kind)} has {found} of {counts.documents} documents."
            raise ClusterUnusable(problem, "Run `verbatim cluster reindex --all`, which writes all articles anew.")


def _count(cluster: Cluster, kind: str, generation: int) -> int:
    """How many documents of a kind a generation has; waits for all shards."""
    body = {"query": {"bool": {"filter": alive_in(generation)}}, "size": 0, "track_total_hits": True}
    path = f"/{cluster.name_of(kind)}/_search?allow_partial_search_results=false"
    answer = cluster.client.request("POST", path, body)
    return int(answer["hits"]["total"]["value"])


def _delete_documents(cluster: Cluster, query: Json) -> None:
    """Delete all documents that match, so many at once that no request takes long."""
    path = f"/{cluster.indices}/_delete_by_query?conflicts=proceed&refresh=true&max_docs={DELETED_AT_ONCE}"
    while cluster.client.request("POST", path, {"query": query})["deleted"]:
        pass


def _reopening(hits: Iterable[Json]) -> Iterator[str]:
    forever = json.dumps({"doc": {UNTIL: FOREVER}})
    for hit in hits:
        action = {"_index": hit["_index"], "_id": hit["_id"], "routing": hit["_routing"]}
        yield f"{json.dumps({'update': action})}\n{forever}"


def delete_old(cluster: Cluster) -> None:
    """Delete all generations but the last five and the one that is served, and what none of the kept ones has."""
    numbers, current = cluster.store.generations(), cluster.store.current()
    kept = {*numbers[-KEPT:], *([] if current is None else [current])}
    gone = [number for number in numbers if number not in kept]
    if not gone:
        return
    for number in gone:  # first: nobody rolls back to a generation whose documents are being deleted
        cluster.store.forget(number)
    _delete_documents(cluster, {"range": {UNTIL: {"lte": min(kept)}}})
    used: set[str] = set()
    for number in kept:
        generation = Generation.read(number, cluster.store.read(number))
        used.update(map(generation.blob_at, range(generation.articles)))
    cluster.store.delete([name for name in cluster.store.names() if name not in used])
    log.info("Deleted %d old generations of the cluster.", len(gone))
