"""Servers that the tests of this folder share."""

import uuid
from collections.abc import Iterator

import pytest

from .opensearch import OpenSearchCluster
from .postgres import database, empty_database, postgres, postgres_server

__all__ = ["database", "empty_database", "index_prefix", "opensearch", "postgres", "postgres_server"]


@pytest.fixture(scope="session")
def opensearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenSearchCluster]:
    """One node that all tests share; each test names its indices with `index_prefix`."""
    with OpenSearchCluster(tmp_path_factory.mktemp("opensearch")) as cluster:
        yield cluster


@pytest.fixture
def index_prefix(opensearch: OpenSearchCluster) -> Iterator[str]:
    """A prefix of index names of this test alone; what has it is deleted afterwards."""
    prefix = f"verbatim-{uuid.uuid4().hex[:12]}-"
    yield prefix
    opensearch.request("DELETE", f"/{prefix}*")
