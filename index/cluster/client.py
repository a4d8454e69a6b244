"""The connection to OpenSearch: several nodes, one deadline for all attempts, clear errors."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from index.cluster.address import Address, Json
from index.cluster.deadline import SECONDS, SHORTEST, waiting
from index.errors import ClusterUnavailable, ClusterUnusable

if TYPE_CHECKING:
    from opensearchpy.exceptions import OpenSearchException

ATTEMPT, ATTEMPTS = 0.4, 3
"""A search is abandoned after so many seconds and sent to another node, so often at most. The last attempt has the time
that is left."""
PAUSE = 0.05
"""Seconds between two attempts that are refused at once."""
WRITE_TIMEOUT, WRITE_PATIENCE = 60.0, 120.0
"""Seconds for a request of a writer, and for all its attempts together."""
REFUSED, MISSING, TOO_MANY_REQUESTS, SERVER_ERROR = 400, 404, 429, 500
BLOCKED = "cluster_block_exception"
LINES = "application/x-ndjson"
HEAD = {"search_type": "dfs_query_then_fetch", "allow_partial_search_results": False}
"""Of a search. The node chooses which copies of the shards it asks, and avoids nodes that are slow to answer."""
INSTALL = "Install the extra `cluster`: `make cluster`."
GONE = "Ask again in a moment. `verbatim cluster status` says which nodes answer."
log = logging.getLogger(__name__)


class Client:
    """OpenSearch's own client behind a few calls. Every method raises `ClusterUnavailable` or `ClusterUnusable`."""

    def __init__(self, address: Address) -> None:
        try:
            import opensearchpy  # noqa: PLC0415  # only with the extra
        except ImportError as error:
            problem = "VERBATIM_OPENSEARCH is set, but the client of OpenSearch is not installed."
            raise ClusterUnusable(problem, INSTALL) from error
        self._errors = opensearchpy.exceptions
        self._short_attempts = min(len(address.nodes), ATTEMPTS) if len(address.nodes) > 1 else 0
        logging.getLogger("opensearch").setLevel(logging.ERROR)  # it logs each failed attempt, also those retried
        self._client = opensearchpy.OpenSearch(
            hosts=list(address.nodes),
            http_auth=(_as_sent(address.user), _as_sent(address.password or "")) if address.user else None,
            ca_certs=str(address.certificate) if address.certificate else None,
            verify_certs=True,
            max_retries=0,
            retry_on_timeout=True,  # and mark the node as dead for a while
            retry_on_status=(502, 503, 504),
            http_compress=False,
            pool_maxsize=16,
            dead_timeout=5,
        )

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    # ---- questions ---------------------------------------------------------------------------------------------------

    def search(self, searches: Sequence[tuple[str, Json]]) -> list[Json]:
        """The answers to these searches, each with the name of its index, in one request."""
        with waiting() as until:
            return self._search(searches, until)

    def _search(self, searches: Sequence[tuple[str, Json]], until: float) -> list[Json]:
        attempt = 0
        body = "".join(f"{json.dumps(HEAD | {'index': index})}\n{json.dumps(of)}\n" for index, of in searches)
        while True:
            found = self._try(body, until, attempt)
            attempt += 1
            answers = found["responses"] if found is not None else []
            if answers and all("error" not in one and not _is_partial(one) for one in answers):
                return answers
            for answer in answers:
                self._raise_refusal(answer)
            if time.monotonic() + PAUSE >= until:
                raise _unavailable()
            time.sleep(PAUSE)

    def count(self, index: str, query: Json) -> int:
        """How many documents match."""
        [answer] = self.search([(index, {"query": query, "size": 0, "track_total_hits": True})])
        return int(answer["hits"]["total"]["value"])

    def _raise_refusal(self, answer: Json) -> None:
        """Raise `ClusterUnusable` where a search is refused for what it is, and not for the state of the cluster."""
        status = answer.get("status", 0)
        if "error" in answer and status not in {0, TOO_MANY_REQUESTS} and status < SERVER_ERROR:
            reason = answer["error"].get("type", "unknown") if isinstance(answer["error"], dict) else "unknown"
            problem = f"OpenSearch refuses the search ({reason})."
            raise ClusterUnusable(problem, "Run `verbatim cluster init` and `verbatim cluster reindex`.")

    def _try(self, body: str, until: float, attempt: int) -> Json | None:
        """One attempt; None where another one may succeed."""
        left = until - time.monotonic()
        timeout = max(SHORTEST, min(left, ATTEMPT if attempt < self._short_attempts else WRITE_TIMEOUT))
        try:
            found: Json = self._client.transport.perform_request(
                "POST", "/_msearch", body=body, timeout=timeout, headers={"content-type": LINES}
            )
        except self._errors.OpenSearchException as error:
            self._raise_unusable(error)
            level = logging.DEBUG if attempt else logging.INFO  # a port that is closed refuses twenty in a second
            log.log(level, "OpenSearch: attempt %d failed (%s)", attempt + 1, type(error).__name__)
            return None
        return found

    def _raise_unusable(self, error: OpenSearchException) -> None:
        """Raise `ClusterUnusable` for what no other attempt can mend."""
        if isinstance(error, self._errors.AuthenticationException | self._errors.AuthorizationException):
            problem = "OpenSearch does not accept the user of VERBATIM_OPENSEARCH, or not for this."
            raise ClusterUnusable(problem, "docs/scaling.md says which rights it needs.") from error
        if isinstance(error, self._errors.NotFoundError):
            problem = "OpenSearch has no indices of this name."
            raise ClusterUnusable(problem, "Run `verbatim cluster init`.") from error
        if isinstance(error, self._errors.SSLError):
            problem = "The certificate of OpenSearch is not trusted."
            raise ClusterUnusable(problem, "Set VERBATIM_OPENSEARCH_CA to the file of its authority.") from error

    # ---- the writer --------------------------------------------------------------------------------------------------

    def request(self, method: str, path: str, body: Json | str | None = None, patience: float = WRITE_PATIENCE) -> Json:
        """Any other request, tried again for so many seconds while the cluster does not answer."""
        until = time.monotonic() + patience
        while True:
            try:
                found = self._client.transport.perform_request(
                    method, path, body=body, timeout=min(WRITE_TIMEOUT, max(patience, SECONDS))
                )
            except self._errors.OpenSearchException as error:
                self._raise_unusable(error)
                status = getattr(error, "status_code", "N/A")
                if isinstance(status, int) and not _is_passing(status, _reason(error)):
                    problem = f"OpenSearch refuses to write ({_reason(error)})."
                    raise ClusterUnavailable(problem, "Check its disks: `verbatim cluster status`.") from error
                if time.monotonic() >= until:
                    raise _unavailable() from error
                time.sleep(1)
            else:
                return found if isinstance(found, dict) else {"found": found}

    def exists(self, index: str) -> bool:
        """Whether there is an index of this name."""
        return bool(self.request("HEAD", f"/{index}")["found"])

    def bulk(self, lines: Iterable[str]) -> None:
        """Write documents: lines of actions and of documents in JSON. All of them, or an error.

        An update of a document that is not there is no error.
        """
        body = "".join(f"{line}\n" for line in lines)
        until = time.monotonic() + WRITE_PATIENCE
        while True:
            answer = self.request("POST", "/_bulk", body)
            failed = [
                one
                for item in answer["items"]
                for action, one in item.items()
                if one["status"] >= REFUSED and not (action == "update" and one["status"] == MISSING)
            ]
            if not failed:
                return
            reasons = [(one["status"], one.get("error", {}).get("type", "unknown")) for one in failed]
            lasting = [reason for status, reason in reasons if not _is_passing(status, reason)]
            if lasting or time.monotonic() >= until:
                problem = f"OpenSearch refuses {len(failed)} documents ({(lasting or [reasons[0][1]])[0]})."
                raise ClusterUnavailable(problem, "Check its disks and its health: `verbatim cluster status`.")
            time.sleep(1)


def _as_sent(written: str) -> str:
    """A name or a password such that the client, which encodes it as Latin-1, sends it in UTF-8."""
    return written.encode("utf-8", "replace").decode("latin-1")


def _is_passing(status: int, reason: str) -> bool:
    """Whether the same may succeed in a moment. The block of a full disk has the status of a server that is busy."""
    return status >= SERVER_ERROR or (status == TOO_MANY_REQUESTS and reason != BLOCKED)


def _is_partial(answer: Json) -> bool:
    """Whether a part of the collection did not answer."""
    return bool(answer.get("timed_out")) or answer.get("_shards", {}).get("failed", 0) > 0


def _reason(error: OpenSearchException) -> str:
    """The kind of a refusal, without what was sent."""
    return str(getattr(error, "error", type(error).__name__))[:80]


def _unavailable() -> ClusterUnavailable:
    problem = "The search cluster does not answer."
    return ClusterUnavailable(problem, GONE)
