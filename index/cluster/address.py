"""Where a cluster is: its settings, and the addresses in them. Passwords are in no message and no `repr`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from index.errors import ClusterUnusable

PREFIX = "verbatim"
VARIABLES = "VERBATIM_OPENSEARCH", "VERBATIM_OPENSEARCH_CA", "VERBATIM_OPENSEARCH_INDEX", "VERBATIM_STORE"
Json = dict[str, Any]


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

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> ClusterSettings | None:
        """The settings in these variables; None where no cluster is named."""
        urls, certificate, prefix, store = (environment.get(name, "").strip() for name in VARIABLES)
        database = environment.get("VERBATIM_DATABASE", "").strip()
        if not urls:
            return None
        return cls(urls, Path(certificate) if certificate else None, prefix or PREFIX, store or database)

    def __repr__(self) -> str:
        return f"ClusterSettings(prefix={self.prefix!r})"


class Address(NamedTuple):
    """Where the cluster is, and how to log in; the password is in no message."""

    nodes: tuple[Json, ...]
    user: str | None
    password: str | None
    certificate: Path | None
    """The file of the authority that signed the nodes' certificates; None for those that the system knows."""

    def __repr__(self) -> str:
        return f"Address({[node['host'] for node in self.nodes]})"


def parse_address(urls: str, certificate: Path | None = None) -> Address:
    """The address in a list of URLs, separated by commas; ClusterUnusable where it is none."""
    parts = [urlsplit(url.strip()) for url in urls.split(",") if url.strip()]
    try:
        nodes = tuple(
            {"host": part.hostname, "port": part.port or 9200, "use_ssl": part.scheme == "https"} for part in parts
        )
    except ValueError:
        nodes = ()
    if not nodes or any(part.scheme not in {"http", "https"} or not part.hostname for part in parts):
        problem = "VERBATIM_OPENSEARCH is no list of URLs."
        raise ClusterUnusable(problem, "Write https://USER:PASSWORD@HOST:9200, several separated by commas.")
    named = next((part for part in parts if part.username), None)
    user = unquote(named.username) if named and named.username else None
    password = unquote(named.password) if named and named.password else None
    return Address(nodes, user, password, certificate)
