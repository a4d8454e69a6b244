"""The users, the role and the certificates of `deploy/opensearch` do on a real server what docs/scaling.md says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opensearchpy import AuthenticationException, OpenSearch, SSLError, TransportError
from opensearchpy.helpers import bulk

from index.cluster.address import ClusterSettings
from index.cluster.connection import connect as connect_cluster
from index.cluster.inspection import find_faults, status_of
from index.engine import Engine
from index.errors import ClusterUnusable
from index.models import Verdict

from .secured_opensearch import DEPLOYED, ENCODED, PASSWORD, USER, SecuredCluster
from .test_opensearch import INDEX

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(400)]

INDEX_NAME = "verbatim-rights"
ALL: dict[str, Any] = {"query": {"match_all": {}}}


def connect(cluster: SecuredCluster, password: str = PASSWORD, authority: Path | None = None) -> OpenSearch:
    """The bot's client."""
    ca_certs = str(authority or cluster.authority)
    return OpenSearch(list(cluster.urls), http_auth=(USER, password), ca_certs=ca_certs, timeout=30, max_retries=0)


@pytest.fixture
def bot(secured_opensearch: SecuredCluster) -> Iterator[OpenSearch]:
    """The bot's client, and an index that it has made."""
    with connect(secured_opensearch) as client:
        client.indices.create(index=INDEX_NAME, body=INDEX)
        yield client
    secured_opensearch.request("DELETE", f"/{INDEX_NAME}")


def settings_of(cluster: SecuredCluster, folder: Path, credentials: str, authority: Path | None) -> ClusterSettings:
    """The settings with which a bot logs in."""
    urls = ",".join(url.replace("//", f"//{credentials}@") for url in cluster.urls)
    return ClusterSettings(urls, authority, prefix="verbatim-engine", store=str(folder / "store"))


def open_engine(settings: ClusterSettings, folder: Path) -> Engine:
    """An engine over one article."""
    seeds, store = folder / "seeds", folder / "store"
    seeds.mkdir(exist_ok=True)
    store.mkdir(exist_ok=True)
    text = "Otters\n\nThe sea otter lives in the northern Pacific Ocean. It eats mussels.\n"
    (seeds / "otters.txt").write_text(text, "utf-8")
    return Engine.open(seeds, folder / "data", cluster=settings)


def test_the_bot_indexes_and_answers_with_the_rights_of_its_role(
    secured_opensearch: SecuredCluster, tmp_path: Path
) -> None:
    settings = settings_of(secured_opensearch, tmp_path, f"{USER}:{ENCODED}", secured_opensearch.authority)
    engine = open_engine(settings, tmp_path)
    answer = engine.ask("Where does the sea otter live?")
    assert answer.verdict is Verdict.ANSWERED
    assert "northern Pacific" in answer.quotes[0].text
    new = tmp_path / "herons.txt"
    new.write_text("Herons\n\nThe grey heron nests in tall trees near lakes.\n", "utf-8")
    engine.add([new])
    assert "tall trees" in engine.ask("Where does the grey heron nest?").shown_quotes[0].text
    engine.remove("otters")
    assert engine.ask("Where does the sea otter live?").verdict is not Verdict.ANSWERED
    cluster = connect_cluster(settings)
    assert status_of(cluster).articles == 1
    assert find_faults(cluster) == []


def test_a_wrong_password_and_a_foreign_certificate_are_one_sentence(
    secured_opensearch: SecuredCluster, tmp_path: Path
) -> None:
    authority, right, wrong = secured_opensearch.authority, f"{USER}:{ENCODED}", f"{USER}:nothing-of-the-kind"
    with pytest.raises(ClusterUnusable, match="does not accept the user") as refused:
        open_engine(settings_of(secured_opensearch, tmp_path, wrong, authority), tmp_path)
    assert "nothing-of-the-kind" not in repr(refused.value)
    with pytest.raises(ClusterUnusable, match="certificate of OpenSearch is not trusted"):
        open_engine(settings_of(secured_opensearch, tmp_path, right, None), tmp_path)


def test_the_bot_may_do_what_it_needs_in_its_own_indices(bot: OpenSearch) -> None:
    document = {"terms": "cat", "number": 1}
    assert bot.indices.exists(index=INDEX_NAME)
    actions = [{"_index": INDEX_NAME, "_id": str(number), "_source": document} for number in range(3)]
    changes = [
        {"_op_type": "update", "_index": INDEX_NAME, "_id": "0", "doc": {"number": 2}},
        {"_op_type": "delete", "_index": INDEX_NAME, "_id": "1"},
    ]
    assert bulk(bot, [*actions, *changes]) == (5, [])
    bot.indices.refresh(index=INDEX_NAME)
    head = {"index": INDEX_NAME, "search_type": "dfs_query_then_fetch"}
    (answer,) = bot.msearch(body=[head, {"query": {"match": {"terms": "cat"}}}])["responses"]
    assert answer["hits"]["total"]["value"] == 2
    assert bot.search(index=INDEX_NAME, body=ALL)["hits"]["total"]["value"] == 2
    assert bot.delete_by_query(index=INDEX_NAME, body={"query": {"term": {"number": 2}}})["deleted"] == 1
    assert bot.cluster.health(index=INDEX_NAME)["status"] == "green"
    assert bot.info()["version"]["distribution"] == "opensearch"


def test_the_bot_may_do_nothing_else(secured_opensearch: SecuredCluster, bot: OpenSearch) -> None:
    secured_opensearch.request("PUT", "/payroll/_doc/1?refresh=true", {"name": "Ann"})
    security = "/_plugins/_security/api"
    refused: list[tuple[str, str, object]] = [
        ("POST", "/payroll/_search", ALL),
        ("GET", "/payroll/_doc/1", None),
        ("POST", "/*/_search", ALL),
        ("PUT", "/payroll/_doc/2", {"name": "Bob"}),
        ("PUT", "/another", None),
        ("DELETE", "/payroll", None),
        ("DELETE", f"/{INDEX_NAME}", None),
        ("PUT", f"/{INDEX_NAME}/_settings", {"index": {"number_of_replicas": 0}}),
        ("POST", "/_aliases", {"actions": [{"add": {"index": "payroll", "alias": "verbatim-payroll"}}]}),
        ("POST", "/_reindex", {"source": {"index": "payroll"}, "dest": {"index": INDEX_NAME}}),
        ("PUT", "/_cluster/settings", {"persistent": {"action.auto_create_index": "false"}}),
        ("GET", "/_nodes/stats", None),
        ("GET", f"{security}/internalusers", None),
        ("PUT", f"{security}/roles/{USER}", {"cluster_permissions": ["*"]}),
        ("POST", "/.opendistro_security/_search", ALL),
    ]
    for method, path, body in refused:
        with pytest.raises(TransportError) as error:
            bot.transport.perform_request(method, path, body=body)
        assert error.value.status_code == 403, path
    lines = [json.dumps({"index": {"_index": "payroll"}}), json.dumps({"name": "Eve"})]
    (item,) = bot.bulk(body="\n".join(lines) + "\n")["items"]
    assert item["index"]["status"] == 403
    (answer,) = bot.msearch(body=[{"index": "payroll"}, ALL])["responses"]
    assert answer["status"] == 403
    assert secured_opensearch.request("GET", "/payroll/_count")["count"] == 1


def test_a_wrong_password_is_refused(secured_opensearch: SecuredCluster) -> None:
    with connect(secured_opensearch, "wrong") as client, pytest.raises(AuthenticationException):
        client.info()


def test_a_certificate_of_another_authority_is_refused(secured_opensearch: SecuredCluster, tmp_path: Path) -> None:
    other = SecuredCluster(tmp_path)  # not started: only its authority is wanted
    with connect(secured_opensearch, authority=other.authority) as client, pytest.raises(SSLError):
        client.info()


def test_the_administrator_makes_the_user_by_the_requests_of_the_page(secured_opensearch: SecuredCluster) -> None:
    api = "/_plugins/_security/api"
    role = json.loads((DEPLOYED / "role.json").read_text("utf-8"))
    secured_opensearch.request("PUT", f"{api}/roles/second", role)
    for password in ("4f2c7a1e9b8d3056a7c4e1f2", "b7d90c35e6f14a82d1c3b5a7"):
        user = {"password": password, "opendistro_security_roles": ["second"]}
        secured_opensearch.request("PUT", f"{api}/internalusers/second", user)
        credentials = ("second", password)
        urls = list(secured_opensearch.urls)
        with OpenSearch(urls, http_auth=credentials, ca_certs=str(secured_opensearch.authority), timeout=30) as client:
            assert client.cluster.health()["number_of_nodes"] == 1
