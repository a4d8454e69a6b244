"""Servers that the tests of this folder share."""

import uuid
from collections.abc import Iterator

import pytest

from .engines import close_all
from .opensearch import OpenSearchCluster
from .postgres import database, empty_database, postgres, postgres_server
from .secured_opensearch import SecuredCluster

__all__ = [
    "database",
    "empty_database",
    "index_prefix",
    "opensearch",
    "postgres",
    "postgres_server",
    "secured_opensearch",
    "shared_opensearch",
    "three_nodes",
]


@pytest.fixture(autouse=True)
def connections() -> Iterator[None]:
    """Connections of engines are closed at the end of each test."""
    yield
    close_all()


@pytest.fixture(scope="session")
def shared_opensearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenSearchCluster]:
    """What `opensearch` is, while it runs."""
    with OpenSearchCluster(tmp_path_factory.mktemp("opensearch")) as cluster:
        yield cluster


@pytest.fixture
def opensearch(shared_opensearch: OpenSearchCluster) -> OpenSearchCluster:
    """One node that all tests share; each test names its indices with `index_prefix`.

    Where the machine has ended it, for want of memory for instance, the test that met that fails, and no other one.
    """
    shared_opensearch.heal()
    return shared_opensearch


# Servers that few modules need are stopped at their end, since each process of the tests has its own.
@pytest.fixture(scope="module")
def _three_nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenSearchCluster]:
    with OpenSearchCluster(tmp_path_factory.mktemp("three-nodes"), nodes=3) as cluster:
        yield cluster


@pytest.fixture
def three_nodes(_three_nodes: OpenSearchCluster) -> Iterator[OpenSearchCluster]:
    """Three nodes to do harm to; afterwards they are brought back, without an index."""
    yield _three_nodes
    _three_nodes.heal()
    _three_nodes.request("DELETE", "/verbatim-*")


@pytest.fixture
def index_prefix(opensearch: OpenSearchCluster) -> Iterator[str]:
    """A prefix of index names of this test alone; what has it is deleted afterwards."""
    prefix = f"verbatim-{uuid.uuid4().hex[:12]}-"
    yield prefix
    opensearch.request("DELETE", f"/{prefix}*")


@pytest.fixture(scope="module")
def secured_opensearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredCluster]:
    """One node with TLS, users and roles, as `deploy/opensearch` sets it up."""
    with SecuredCluster(tmp_path_factory.mktemp("secured")) as cluster:
        yield cluster
