"""A cluster: the connection to OpenSearch, the names of its indices, and the store of its articles."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from index.cluster.address import ClusterSettings, parse_address
from index.cluster.articles import ArticleCache
from index.cluster.client import WRITE_PATIENCE, Client
from index.cluster.documents import STORE, index_body
from index.cluster.generation import KINDS_OF_DOCUMENTS, Generation
from index.cluster.stores import ArticleStore, FolderStore
from index.errors import ClusterUnusable

SHARDS, REPLICAS = 3, 1
POSTGRESQL = "postgresql"
"""How the URL of a store in a database begins."""


class Cluster(NamedTuple):
    """A cluster and its store."""

    client: Client
    prefix: str
    """Of the names of its indices."""
    store: ArticleStore
    articles: ArticleCache

    def name_of(self, kind: str) -> str:
        """The name of the index of one kind of documents."""
        return f"{self.prefix}-{kind}"

    @property
    def indices(self) -> str:
        """The names of all indices, as a request takes them."""
        return ",".join(map(self.name_of, KINDS_OF_DOCUMENTS))

    def close(self) -> None:
        """Close all connections."""
        self.client.close()
        self.store.close()

    def latest(self) -> Generation:
        """The generation that was published last; it may not be the one that is served."""
        numbers = self.store.generations()
        return Generation.read(numbers[-1], self.store.read(numbers[-1])) if numbers else Generation.empty()


def connect(settings: ClusterSettings) -> Cluster:
    """The cluster of these settings; nothing is asked of it yet. ClusterUnusable where a setting is invalid."""
    client = Client(parse_address(settings.urls, settings.certificate))
    if not settings.store:
        problem = "VERBATIM_OPENSEARCH is set, but no store for the articles."
        raise ClusterUnusable(problem, "Set VERBATIM_STORE to a folder that all processes share, or VERBATIM_DATABASE.")
    store = _store(settings.store)
    return Cluster(client, settings.prefix, store, ArticleCache(store))


def _store(named: str) -> ArticleStore:
    if not named.startswith(POSTGRESQL):
        return FolderStore(Path(named))
    from index.cluster.database_store import DatabaseStore  # noqa: PLC0415  # only where it is in a database

    return DatabaseStore(named)


def check_store(cluster: Cluster, patience: float = WRITE_PATIENCE) -> None:
    """Raise ClusterUnusable where the indices belong to another store: a folder that is not mounted looks empty."""
    found = cluster.client.request("GET", f"/{cluster.indices}?ignore_unavailable=true", patience=patience)
    stores = {index["mappings"].get("_meta", {}).get(STORE) for index in found.values()}
    if stores and stores != {cluster.store.id()}:  # without indices, an empty store needs no id yet
        problem = f"The indices {cluster.indices} belong to another store than VERBATIM_STORE."
        raise ClusterUnusable(
            problem, "Mount its folder, or name the right one; for a new store set another VERBATIM_OPENSEARCH_INDEX."
        )


def has_indices(cluster: Cluster) -> bool:
    """Whether any of the indices is there."""
    return any(cluster.client.exists(cluster.name_of(kind)) for kind in KINDS_OF_DOCUMENTS)


def create_indices(cluster: Cluster, shards: int = SHARDS, replicas: int = REPLICAS) -> list[str]:
    """Create the indices that are missing, and return their names."""
    missing = []
    for kind in KINDS_OF_DOCUMENTS:
        name = cluster.name_of(kind)
        if not cluster.client.exists(name):
            cluster.client.request("PUT", f"/{name}", index_body(shards, replicas, cluster.store.id()))
            missing.append(name)
    return missing
