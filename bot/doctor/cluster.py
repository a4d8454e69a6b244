"""Checks of the search cluster, where the index is in one. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator

from bot.doctor import messages
from bot.doctor.finding import Finding, ok, problem, warning
from bot.settings import OptionalSettings
from index.cluster.address import ClusterSettings
from index.cluster.connection import check_store, connect, has_indices
from index.cluster.generation import SENTENCES
from index.cluster.inspection import ClusterStatus, status_of
from index.errors import VerbatimError


def cluster_findings(settings: OptionalSettings) -> Iterator[Finding]:
    """Whether OpenSearch can be reached, and has the index of the store; nothing where the index is a local one."""
    if settings.cluster is None:
        return
    try:
        found = _ask(settings.cluster)
    except VerbatimError as error:
        yield problem(str(error))
        return
    yield from [ok(messages.CLUSTER_EMPTY)] if found is None else condition_findings(found)


def _ask(settings: ClusterSettings) -> ClusterStatus | None:
    """The state of the cluster; None if nothing was written there yet. VerbatimError."""
    cluster = connect(settings)
    try:
        check_store(cluster, patience=0)
        if cluster.store.current() is None and not has_indices(cluster):
            return None
        return status_of(cluster)
    finally:
        cluster.client.close()


def condition_findings(found: ClusterStatus) -> Iterator[Finding]:
    """Whether a cluster has all of the index, and all copies of it."""
    documents = sum(index.documents for index in found.indices if index.name.endswith(f"-{SENTENCES}"))
    if found.health == "red":
        yield problem(messages.CLUSTER_RED)
    elif documents < found.sentences:
        yield problem(messages.CLUSTER_LACKS.format(documents=documents, sentences=found.sentences))
    else:
        yield ok(messages.CLUSTER_SERVES.format(**found.model_dump()))
    if found.health == "yellow":
        yield warning(messages.CLUSTER_YELLOW)
