"""A cluster: the connection to OpenSearch, the names of its indices, and the store of its articles."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from index.cluster.articles import ArticleCache
from index.cluster.client import Client, parse_address
from index.cluster.documents import index_body
from index.cluster.generation import KINDS_OF_DOCUMENTS, Generation
from index.cluster.stores import ArticleStore, FolderStore
from index.errors import ClusterUnusable

PREFIX = "verbatim"
SHARDS, REPLICAS = 3, 1


class ClusterSettings(NamedTuple):
    """Where a cluster is."""

    urls: str
    """Of OpenSearch, separated by commas, with a user and a password where it wants them."""
    certificate: Path | None = None
    """The file of the authority that signed its certificates."""
    prefix: str = PREFIX
    """Of the names of its indices."""
    store: str = ""
    """Where its articles are kept: a folder, or the URL of a PostgreSQL database."""

    def __repr__(self) -> str:
        return f"ClusterSettings(prefix={self.prefix!r})"


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
    store = FolderStore(Path(settings.store))
    return Cluster(client, settings.prefix, store, ArticleCache(store))


def create_indices(cluster: Cluster, shards: int = SHARDS, replicas: int = REPLICAS) -> list[str]:
    """Create the indices that are missing, and return their names."""
    missing = []
    for kind in KINDS_OF_DOCUMENTS:
        name = cluster.name_of(kind)
        if not cluster.client.exists(name):
            cluster.client.request("PUT", f"/{name}", index_body(shards, replicas))
            missing.append(name)
    return missing
