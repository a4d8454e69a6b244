"""What a cluster has, and whether it is what its generation says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from index.cluster.address import Json
from index.cluster.connection import Cluster
from index.cluster.deadline import SECONDS, WRITER_SECONDS, one_deadline
from index.cluster.documents import (
    FROM,
    NUMBER,
    TERMS,
    UNTIL,
    Document,
    alive_in,
    heading_documents,
    sentence_documents,
)
from index.cluster.generation import HEADINGS, SENTENCES, ArticleRow, Generation
from index.errors import SnapshotDamaged
from index.models import FrozenModel

ARTICLES_AT_ONCE = 100
MAX_FAULTS = 100
MAX_DOCUMENTS = 10_000
"""Documents of one answer of OpenSearch."""
Progress = Callable[[int, int], None]


class IndexStatus(FrozenModel):
    """An index of the cluster."""

    name: str
    documents: int
    """Those of all kept generations."""
    bytes: int
    """With all copies."""


class ClusterStatus(FrozenModel):
    """A cluster's health, and what it serves."""

    health: str
    """green, yellow where copies are missing, red where a part of the index is."""
    nodes: int
    generation: int | None
    articles: int
    sentences: int
    indices: tuple[IndexStatus, ...]


def status_of(cluster: Cluster) -> ClusterStatus:
    """The cluster's health, and what it serves."""
    health = cluster.client.request("GET", "/_cluster/health", patience=SECONDS)
    current = cluster.store.current()
    generation = Generation.empty() if current is None else Generation.read(current, cluster.store.read(current))
    sizes = cluster.client.request("GET", f"/{cluster.indices}/_stats/docs,store")["indices"]
    return ClusterStatus(
        health=health["status"],
        nodes=health["number_of_nodes"],
        generation=current,
        articles=generation.articles,
        sentences=generation.sentences.documents,
        indices=tuple(_index_status(name, sizes[name]) for name in sorted(sizes)),
    )


def _index_status(name: str, sizes: Json) -> IndexStatus:
    documents, stored = sizes["primaries"]["docs"]["count"], sizes["total"]["store"]["size_in_bytes"]
    return IndexStatus(name=name, documents=documents, bytes=stored)


def find_faults(cluster: Cluster, progress: Progress | None = None) -> list[str]:
    """What of the generation that is served is missing or altered, a line each; at most `MAX_FAULTS`.

    Every stored article is compared with its hash, and the documents of its sentences and headings with the article.
    `progress` is called with the number of articles that were looked at, and of all.
    """
    with one_deadline(WRITER_SECONDS):
        return _find_faults(cluster, progress)[:MAX_FAULTS]


def _find_faults(cluster: Cluster, progress: Progress | None) -> list[str]:
    current = cluster.store.current()
    if current is None:
        return []
    generation = Generation.read(current, cluster.store.read(current))
    cluster.client.request("POST", f"/{cluster.indices}/_refresh")
    faults: list[str] = []
    for done, row in enumerate(generation.rows()):
        faults += _faults_of(cluster, generation, row)
        if progress:
            progress(done + 1, generation.articles)
        if len(faults) >= MAX_FAULTS:
            break
    for kind, counts in ((SENTENCES, generation.sentences), (HEADINGS, generation.headings)):
        now = {"bool": {"filter": alive_in(generation.number)}}
        found = cluster.client.count(cluster.name_of(kind), now)
        if found != counts.documents:
            faults.append(f"{cluster.name_of(kind)} serves {found} documents in place of {counts.documents}.")
    return faults


def _faults_of(cluster: Cluster, generation: Generation, row: ArticleRow) -> Iterator[str]:
    try:
        [article] = cluster.articles.get([row.blob])
    except SnapshotDamaged as error:
        yield f"The article {row.id}: {error.what}"
        return
    segment = article.segment
    for kind, first, count, expected in (
        (SENTENCES, row.first_chunk, row.chunks, sentence_documents(segment, row, 0)),
        (HEADINGS, row.first_section, row.sections, heading_documents(segment, row, 0)),
    ):
        held = {one[NUMBER]: one for one in _documents(cluster, kind, generation.number, (first, first + count))}
        wrong = [one[NUMBER] for one in expected if not _is_same(held.get(one[NUMBER]), one)]
        if wrong:
            yield f"The article {row.id}: {len(wrong)} of {count} documents in {cluster.name_of(kind)} are wrong."


def _documents(cluster: Cluster, kind: str, generation: int, inside: tuple[int, int]) -> Iterator[Document]:
    """The documents of a generation whose numbers are in [start, end)."""
    for start in range(*inside, MAX_DOCUMENTS):
        numbers = {"range": {NUMBER: {"gte": start, "lt": min(inside[1], start + MAX_DOCUMENTS)}}}
        query = {"bool": {"filter": [*alive_in(generation), numbers]}}
        body = {"query": query, "size": MAX_DOCUMENTS, "_source": True}
        answer = cluster.client.request("POST", f"/{cluster.name_of(kind)}/_search", body)
        yield from (hit["_source"] for hit in answer["hits"]["hits"])


def _is_same(held: Document | None, expected: Document) -> bool:
    """Whether a document is what its article says, whichever generation wrote it."""
    if held is None:
        return False
    fields = expected.keys() - {FROM, UNTIL, TERMS}
    return all(held.get(name) == expected[name] for name in fields) and Counter(held[TERMS].split()) == Counter(
        expected[TERMS].split()
    )
