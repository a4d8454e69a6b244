"""The server that the tests start has what a search on a cluster rests on, and its faults are those of a real one."""

import copy
import math
import time
from collections.abc import Iterator
from typing import Any

import pytest
from opensearchpy import ConnectionTimeout, OpenSearch, TransportError
from opensearchpy.helpers import bulk

from .opensearch import OpenSearchCluster, OpenSearchFailed

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(400)]

K1, B = 1.5, 0.75
INDEX: dict[str, Any] = {
    "settings": {
        "number_of_shards": 2,
        "number_of_replicas": 0,
        "similarity": {"sentences": {"type": "BM25", "k1": K1, "b": B, "discount_overlaps": False}},
    },
    "mappings": {
        "dynamic": "strict",
        "properties": {
            "terms": {"type": "text", "analyzer": "whitespace", "similarity": "sentences", "index_options": "freqs"},
            "article": {"type": "keyword"},
            "number": {"type": "integer"},
            "generation": {"type": "long"},
        },
    },
}
SENTENCES = ("cat mat sit", "dog mat sleep", "cat cat purr", "bird sing", "dog bark mail man")


@pytest.fixture
def client(opensearch: OpenSearchCluster) -> Iterator[OpenSearch]:
    """A client of the shared node."""
    with OpenSearch(list(opensearch.urls), timeout=30) as client:
        yield client


@pytest.fixture
def index(client: OpenSearch, index_prefix: str) -> str:
    """An index of the sentences."""
    return fill(client, f"{index_prefix}sentences")


def fill(client: OpenSearch, index: str, replicas: int = 0) -> str:
    """Index the sentences, in two shards."""
    body = copy.deepcopy(INDEX)
    body["settings"]["number_of_replicas"] = replicas
    client.indices.create(index=index, body=body)
    documents = [
        {
            "_index": index,
            "_id": number,
            "_source": {"terms": terms, "article": f"a{number % 2}", "number": number, "generation": 1},
        }
        for number, terms in enumerate(SENTENCES)
    ]
    assert bulk(client, documents, refresh=True) == (len(SENTENCES), [])
    return index


def bm25(word: str, sentence: str) -> float:
    """Lucene's idf, and its formula with the factor k1 + 1, which OpenSearch keeps until 3.0."""
    lengths = [len(each.split()) for each in SENTENCES]
    having = sum(word in each.split() for each in SENTENCES)
    idf = math.log(1 + (len(SENTENCES) - having + 0.5) / (having + 0.5))
    frequency = sentence.split().count(word)
    norm = K1 * (1 - B + B * len(sentence.split()) * len(lengths) / sum(lengths))
    return idf * frequency * (K1 + 1) / (frequency + norm)


def test_scores_are_bm25_over_all_shards(client: OpenSearch, index: str) -> None:
    query = {"match": {"terms": "cat mat"}}
    answer = client.search(index=index, body={"query": query}, params={"search_type": "dfs_query_then_fetch"})
    found = {hit["_source"]["number"]: hit["_score"] for hit in answer["hits"]["hits"]}
    expected = {
        number: sum(bm25(word, SENTENCES[number]) for word in ("cat", "mat") if word in SENTENCES[number].split())
        for number in (0, 1, 2)
    }
    assert found == pytest.approx(expected, rel=1e-6)


def test_several_searches_in_one_request(client: OpenSearch, index: str) -> None:
    weighted = {"bool": {"should": [{"term": {"terms": {"value": "dog", "boost": 2}}}, {"term": {"terms": "sing"}}]}}
    constant = {"constant_score": {"filter": {"range": {"number": {"gte": 3}}}, "boost": 7}}
    answers = client.msearch(index=index, body=[{}, {"query": weighted}, {}, {"query": constant}])["responses"]
    assert {hit["_id"] for hit in answers[0]["hits"]["hits"]} == {"1", "3", "4"}
    assert [(hit["_id"], hit["_score"]) for hit in answers[1]["hits"]["hits"]] == [("3", 7.0), ("4", 7.0)]


def test_documents_are_deleted_and_updated_by_query(client: OpenSearch, index: str) -> None:
    of_one = {"query": {"bool": {"filter": [{"term": {"article": "a1"}}, {"range": {"generation": {"lt": 2}}}]}}}
    script = {"source": "ctx._source.generation = params.generation", "params": {"generation": 2}}
    updated = client.update_by_query(index=index, body={**of_one, "script": script}, params={"refresh": "true"})
    assert updated["updated"] == 2
    assert client.count(index=index, body=of_one)["count"] == 0
    of_one["query"]["bool"]["filter"].pop()
    assert client.delete_by_query(index=index, body=of_one, params={"refresh": "true"})["deleted"] == 2
    assert client.count(index=index)["count"] == 3


def test_a_full_disk_refuses_writes_and_answers_searches(
    opensearch: OpenSearchCluster, client: OpenSearch, index: str
) -> None:
    opensearch.fill_disk(index)
    with pytest.raises(TransportError) as refused:
        client.index(index=index, body={"terms": "cow", "number": 9})
    assert "read-only-allow-delete" in str(refused.value.info)
    assert client.count(index=index)["count"] == len(SENTENCES)
    opensearch.empty_disk(index)
    assert client.index(index=index, body={"terms": "cow", "number": 9})["result"] == "created"


def test_a_killed_node_takes_no_sentence_with_it(three_nodes: OpenSearchCluster) -> None:
    with OpenSearch(list(three_nodes.urls), timeout=30) as client:
        index = fill(client, "verbatim-sentences", replicas=2)
        three_nodes.wait_for_health("green")
        three_nodes.kill(0)
        three_nodes.wait_for_health("yellow")
        assert client.count(index=index)["count"] == len(SENTENCES)
        three_nodes.restart(0)
        three_nodes.wait_for_health("green")
        assert client.count(index=index)["count"] == len(SENTENCES)


def test_a_node_that_is_no_majority_answers_searches_and_takes_no_sentence(three_nodes: OpenSearchCluster) -> None:
    with OpenSearch([three_nodes.urls[0]], timeout=30) as client:
        index = fill(client, "verbatim-sentences", replicas=2)
        three_nodes.wait_for_health("green")
        three_nodes.kill(1)
        three_nodes.kill(2)
        wait_until_without_manager(three_nodes)
        assert client.count(index=index)["count"] == len(SENTENCES)
    # The write is refused, or waits for the majority: which of them depends on what the node has noticed.
    with pytest.raises((OpenSearchFailed, TimeoutError)):
        three_nodes.request("POST", f"/{index}/_doc?timeout=1s", {"terms": "cow", "number": 9}, timeout=3)


def wait_until_without_manager(cluster: OpenSearchCluster, seconds: float = 60.0) -> None:
    """Wait until the node that is left has noticed that there is no cluster manager."""
    deadline = time.monotonic() + seconds
    while cluster.request("GET", "/_cluster/health?local=true")["discovered_cluster_manager"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_paused_node_answers_nothing_until_it_goes_on(three_nodes: OpenSearchCluster) -> None:
    three_nodes.pause(1)
    with OpenSearch([three_nodes.urls[1]], timeout=1, max_retries=0) as client:
        with pytest.raises(ConnectionTimeout):
            client.info()
        three_nodes.resume(1)
        assert client.info(request_timeout=30)["name"] == "node-1"
