"""Addresses are read with what is needed to log in, and never shown with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.cluster.address import ClusterSettings, parse_address
from index.cluster.connection import connect
from index.errors import ClusterUnusable


def test_an_address_is_read() -> None:
    read = parse_address("https://us%40er:p%2Fw%C3%BC@one.example, https://two.example:9201")
    assert [(node["host"], node["port"], node["use_ssl"]) for node in read.nodes] == [
        ("one.example", 9200, True),
        ("two.example", 9201, True),
    ]
    assert (read.user, read.password) == ("us@er", "p/wü")
    assert "p/w" not in f"{read!r} {read}"


@pytest.mark.parametrize("written", ["", " , ", "one.example:9200", "ftp://one.example", "https://", "https://a:b:c"])
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(ClusterUnusable, match="VERBATIM_OPENSEARCH"):
        parse_address(written)


def test_the_settings_are_in_the_environment() -> None:
    assert ClusterSettings.from_environment({}) is None
    assert ClusterSettings.from_environment({"VERBATIM_OPENSEARCH": " "}) is None
    given = {"VERBATIM_OPENSEARCH": "http://secret:secret@a", "VERBATIM_DATABASE": "postgresql+psycopg://secret@b/c"}
    read = ClusterSettings.from_environment(given)
    assert read == ClusterSettings(given["VERBATIM_OPENSEARCH"], None, "verbatim", given["VERBATIM_DATABASE"])
    assert "secret" not in repr(read)
    more = {"VERBATIM_STORE": "/s", "VERBATIM_OPENSEARCH_CA": "/ca", "VERBATIM_OPENSEARCH_INDEX": "other"}
    assert ClusterSettings.from_environment(given | more) == ClusterSettings(
        given["VERBATIM_OPENSEARCH"], Path("/ca"), "other", "/s"
    )


def test_a_cluster_needs_a_store() -> None:
    with pytest.raises(ClusterUnusable, match="VERBATIM_STORE"):
        connect(ClusterSettings("http://127.0.0.1:9"))
    with pytest.raises(ClusterUnusable, match="PostgreSQL"):
        connect(ClusterSettings("http://127.0.0.1:9", store="postgresql+psycopg://a:b@c:port/d"))
