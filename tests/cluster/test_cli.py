"""`verbatim cluster` over real servers, as a person runs it."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest

from tests.cluster.engines import settings_of, variables_of, write_articles
from tests.cluster.opensearch import OpenSearchCluster
from tests.cluster.secured_opensearch import ENCODED, PASSWORD, USER, SecuredCluster
from tests.index import command
from tests.index.command import Ended

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(400)]
COMMANDS = ("init", "status", "reindex", "verify")


class Run(Protocol):
    def __call__(self, *arguments: str) -> Ended: ...


@pytest.fixture
def variables(opensearch: OpenSearchCluster, index_prefix: str, tmp_path: Path) -> dict[str, str]:
    write_articles(tmp_path / "seeds", range(3))
    settings = settings_of(opensearch, index_prefix, tmp_path / "store")
    return {
        "VERBATIM_SEEDS": str(tmp_path / "seeds"),
        "VERBATIM_DATA": str(tmp_path / "data"),
        **variables_of(settings),
    }


@pytest.fixture
def run(variables: dict[str, str]) -> Run:
    return partial(command.run, variables=variables)


def refused(done: Ended) -> str:
    """The one line that says why."""
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


def test_the_indices_are_created_once(run: Run, variables: dict[str, str]) -> None:
    prefix = variables["VERBATIM_OPENSEARCH_INDEX"]
    created = f"Created the index {prefix}-sentences.\nCreated the index {prefix}-headings.\n"
    assert run("cluster", "init", "--shards", "2", "--replicas", "0") == (0, created, "")
    assert run("cluster", "init") == (0, "The indices are there already.\n", "")


def test_status_says_what_is_served_and_its_exit_code_whether_all_copies_are_there(run: Run) -> None:
    run("cluster", "init", "--replicas", "0")
    empty = run("cluster", "status")
    assert empty.returncode == 0
    assert "Health: green, with 1 nodes\nNothing is published yet. Run `verbatim cluster reindex`." in empty.stdout
    run("cluster", "reindex")
    served = run("cluster", "status")
    assert served.returncode == 0
    assert "Serves generation 1: 3 articles," in served.stdout
    found = json.loads(run("cluster", "status", "--json").stdout)
    assert (found["health"], found["nodes"], found["generation"], found["articles"]) == ("green", 1, 1, 3)
    [headings, sentences] = found["indices"]
    assert sentences["documents"] == found["sentences"] > 150
    assert headings["documents"] > 3
    assert sentences["bytes"] > 0


def test_status_ends_with_1_where_copies_are_missing(run: Run) -> None:
    run("cluster", "init", "--replicas", "1")
    done = run("cluster", "status")
    assert done.returncode == 1
    assert "Health: yellow" in done.stdout


def test_reindex_reports_what_changed_and_the_cluster_answers(run: Run, variables: dict[str, str]) -> None:
    first = run("cluster", "reindex", "--json")
    assert first.returncode == 0
    assert len(json.loads(first.stdout)["added"]) == 3
    asked = run("ask", "Who publishes the figures of all buildings?")
    assert asked.returncode == 0
    assert "The county council publishes the figures" in asked.stdout
    (Path(variables["VERBATIM_SEEDS"]) / "building-001.md").unlink()
    assert "removed: building-001" in run("cluster", "reindex").stdout
    assert "The index has 2 articles" in run("cluster", "reindex", "--all").stdout


def test_verify_names_what_is_wrong(run: Run, variables: dict[str, str], opensearch: OpenSearchCluster) -> None:
    run("cluster", "reindex")
    assert run("cluster", "verify")[:2] == (0, "All stored articles and all documents are what the generation says.\n")
    assert json.loads(run("cluster", "verify", "--json").stdout) == {"failures": []}
    index = f"{variables['VERBATIM_OPENSEARCH_INDEX']}-sentences"
    lost = {"query": {"bool": {"filter": [{"term": {"article": "building-001"}}, {"term": {"terms": "timber"}}]}}}
    deleted = opensearch.request("POST", f"/{index}/_delete_by_query?refresh=true", lost)["deleted"]
    assert deleted
    done = run("cluster", "verify")
    assert done.returncode == 1
    assert f"The article building-001: {deleted} of " in done.stdout
    assert f"{index} serves " in done.stdout
    assert len(json.loads(run("cluster", "verify", "--json").stdout)["failures"]) == 2
    assert run("cluster", "reindex", "--all").returncode == 0
    assert run("cluster", "verify").returncode == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_without_the_setting_every_command_says_what_to_set(
    name: str, variables: dict[str, str], tmp_path: Path
) -> None:
    said = refused(command.run("cluster", name, variables=variables | {"VERBATIM_OPENSEARCH": ""}))
    assert "VERBATIM_OPENSEARCH" in said
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("name", COMMANDS)
def test_without_a_store_every_command_says_what_to_set(name: str, variables: dict[str, str]) -> None:
    assert "VERBATIM_STORE" in refused(command.run("cluster", name, variables=variables | {"VERBATIM_STORE": ""}))


@pytest.mark.parametrize("urls", ["localhost:9200", "ftp://localhost", "http://", "http://localhost:port"])
def test_what_is_no_list_of_urls_is_refused(urls: str, variables: dict[str, str]) -> None:
    said = refused(command.run("cluster", "status", variables=variables | {"VERBATIM_OPENSEARCH": urls}))
    assert "VERBATIM_OPENSEARCH is no list of URLs." in said


def test_a_password_in_a_wrong_list_of_urls_is_not_shown(variables: dict[str, str]) -> None:
    urls = "https://verbatim:hunter2@localhost:port"
    assert "hunter2" not in refused(command.run("cluster", "init", variables=variables | {"VERBATIM_OPENSEARCH": urls}))


def test_the_user_of_a_secured_cluster_may_do_all_of_it(
    secured_opensearch: SecuredCluster, variables: dict[str, str]
) -> None:
    [url] = secured_opensearch.urls
    secured = variables | {
        "VERBATIM_OPENSEARCH": url.replace("://", f"://{USER}:{ENCODED}@"),
        "VERBATIM_OPENSEARCH_CA": str(secured_opensearch.authority),
        "VERBATIM_OPENSEARCH_INDEX": "verbatim-secured",
    }
    run = partial(command.run, variables=secured)
    try:
        assert run("cluster", "init", "--replicas", "0").returncode == 0
        for arguments in (("reindex",), ("verify",), ("status",), ("reindex", "--all"), ("verify",)):
            done = run("cluster", *arguments)
            assert done.returncode == 0, done.stderr
        wrong = partial(command.run, variables=secured | {"VERBATIM_OPENSEARCH": secured["VERBATIM_OPENSEARCH"] + "x"})
        assert "no list of URLs" in refused(wrong("cluster", "status"))
        for name in COMMANDS:
            other = secured | {"VERBATIM_OPENSEARCH": url.replace("://", f"://{USER}:hunter2@")}
            said = refused(command.run("cluster", name, variables=other))
            assert "OpenSearch does not accept the user of VERBATIM_OPENSEARCH" in said
            assert "hunter2" not in said
            assert PASSWORD not in said
        unknown = {name: value for name, value in secured.items() if name != "VERBATIM_OPENSEARCH_CA"}
        said = refused(command.run("cluster", "status", variables=unknown))
        assert "The certificate of OpenSearch is not trusted. Set VERBATIM_OPENSEARCH_CA" in said
    finally:
        secured_opensearch.request("DELETE", "/verbatim-secured-*")
