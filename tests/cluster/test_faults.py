"""Nodes die, hang or are full, articles are damaged, writers are killed: what is served is whole, or that is said."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from pydantic import SecretStr

from index.cluster.address import ClusterSettings
from index.cluster.connection import connect
from index.cluster.inspection import find_faults
from index.cluster.stores import ARTICLES
from index.engine import Engine
from index.errors import ClusterUnavailable, IndexBusy, SnapshotDamaged
from index.models import Answer
from tests.cluster.engines import Pair, open_remote, questions, settings_of, variables_of, write_articles
from tests.cluster.opensearch import OpenSearchCluster
from tests.cluster.postgres import Postgres

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(400)]
DEADLINE = 150.0
SOON = 30.0
"""Seconds in which a question is answered or refused, also on a busy machine; without deadlines it hangs longer."""
SILENT = "The search cluster does not answer."
QUESTIONS = questions(10)
KILLS = int(os.environ.get("VERBATIM_KILLS", "4"))
"""How often a writer is killed at a random moment."""
Answers = dict[str, Answer]


class Served(NamedTuple):
    """A collection in a cluster, and the same in a data folder."""

    nodes: OpenSearchCluster
    settings: ClusterSettings
    seeds: Path
    folder: Path
    pair: Pair

    @property
    def remote(self) -> Engine:
        return self.pair.remote

    def reader(self, name: str = "reader") -> Engine:
        """Another process' engine: nothing is cached."""
        return open_remote(self.seeds, self.folder / name, self.settings, build=False)

    def faults(self) -> list[str]:
        """What is missing or altered of what is served."""
        with contextlib.closing(connect(self.settings)) as cluster:
            return find_faults(cluster)

    def expected(self) -> Answers:
        """What the collection in the data folder answers."""
        return {question: self.pair.local.ask(question) for question in QUESTIONS}

    def check_is_whole(self) -> None:
        """The cluster serves what the data folder does, and nothing is missing or altered."""
        assert answers_of(self.reader("whole")) == self.expected()
        assert self.faults() == []


def answers_of(engine: Engine) -> Answers:
    """The answers to all questions; one that a busy machine refuses for its time is asked again."""
    found: Answers = {}

    def is_answered(question: str) -> bool:
        with contextlib.suppress(ClusterUnavailable):
            found[question] = engine.ask(question)
        return question in found

    for question in QUESTIONS:
        until(partial(is_answered, question))
    return found


def serve(nodes: OpenSearchCluster, prefix: str, store: Path | str, folder: Path) -> Served:
    """Publish six articles."""
    seeds, settings = folder / "seeds", settings_of(nodes, prefix, store)
    write_articles(seeds, range(6))
    return Served(nodes, settings, seeds, folder, Pair.open(seeds, folder, settings))


@pytest.fixture
def served(three_nodes: OpenSearchCluster, tmp_path: Path) -> Served:
    """A collection on three nodes, with each shard on two."""
    made = serve(three_nodes, "verbatim-faults", tmp_path / "store", tmp_path)
    three_nodes.wait_for_health("green", DEADLINE)
    return made


@pytest.fixture
def small(opensearch: OpenSearchCluster, index_prefix: str, tmp_path: Path) -> Served:
    """A collection on one node."""
    return serve(opensearch, index_prefix, tmp_path / "store", tmp_path)


@pytest.fixture
def stored(opensearch: OpenSearchCluster, index_prefix: str, tmp_path: Path, empty_database: SecretStr) -> Served:
    """A collection on one node, with its articles in PostgreSQL."""
    return serve(opensearch, index_prefix, empty_database.get_secret_value(), tmp_path)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Outcome(NamedTuple):
    """What came of one question."""

    question: str
    answer: Answer | ClusterUnavailable
    seconds: float


def outcome(engine: Engine, question: str) -> Outcome:
    engine.clear_cache()
    began = time.monotonic()
    try:
        answer: Answer | ClusterUnavailable = engine.ask(question)
    except ClusterUnavailable as error:
        answer = error
    return Outcome(question, answer, time.monotonic() - began)


def check(outcomes: list[Outcome], right: Answers, seconds: float = SOON) -> list[str]:
    """Every answer is right, and came soon; returns what was said of the others."""
    wrong = [
        each.question for each in outcomes if isinstance(each.answer, Answer) and each.answer != right[each.question]
    ]
    assert wrong == []
    assert max(each.seconds for each in outcomes) < seconds
    return [str(each.answer) for each in outcomes if isinstance(each.answer, ClusterUnavailable)]


# ---- nodes -----------------------------------------------------------------------------------------------------------


def test_a_node_that_hangs_delays_answers_by_seconds_at_most(served: Served) -> None:
    right, reader = served.expected(), served.reader()
    assert answers_of(reader) == right
    served.nodes.pause(1)
    outcomes = [outcome(reader, question) for question in QUESTIONS]
    refused = check(outcomes, right)
    assert all(SILENT in said for said in refused)
    assert len(refused) < len(QUESTIONS) / 2, "other copies answer"
    served.nodes.resume(1)
    until(lambda: isinstance(outcome(reader, QUESTIONS[0]).answer, Answer))
    served.nodes.wait_for_health("green", DEADLINE)
    served.check_is_whole()


def test_a_node_that_is_killed_while_asked_costs_few_answers(served: Served) -> None:
    right, reader = served.expected(), served.reader()
    outcomes = [outcome(reader, question) for question in QUESTIONS]
    killer = threading.Thread(target=served.nodes.kill, args=(1,))
    killer.start()
    outcomes += [outcome(reader, question) for question in 3 * QUESTIONS]
    killer.join()
    outcomes += [outcome(reader, question) for question in QUESTIONS]
    refused = check(outcomes, right)
    assert all(SILENT in said for said in refused)
    assert len(refused) < len(QUESTIONS), "other copies answer"
    served.nodes.heal()
    served.nodes.wait_for_health("green", DEADLINE)
    served.check_is_whole()


@pytest.mark.parametrize("when", ["while articles are read", "before the generation is published"])
def test_a_node_that_is_killed_while_a_generation_is_written_loses_nothing(served: Served, when: str) -> None:
    moment = moments_of_a_reindexing(served) if when.startswith("before") else 1
    served.remote.reindex()
    old = served.expected()
    new_edition(served, 2)
    killed = []

    def kill() -> None:
        served.nodes.kill(2)
        killed.append(2)

    with contextlib.suppress(ClusterUnavailable):
        served.remote.reindex(progress=at(moment, kill))
    assert killed
    found = answers_of(served.reader())
    served.pair.local.reindex()
    assert found in (old, served.expected())
    served.nodes.heal()
    served.nodes.wait_for_health("green", DEADLINE)
    served.remote.reindex()
    served.check_is_whole()


def test_two_dead_nodes_of_three_are_told_of_or_the_snapshot_in_the_data_folder_answers(served: Served) -> None:
    right, reader = served.expected(), served.reader()
    shutil.copytree(served.folder / "local", served.folder / "copy" / "remote")
    with_snapshot = served.reader("copy")
    assert answers_of(reader) == right
    for number in (0, 2):
        served.nodes.kill(number)
    refused = check([outcome(reader, question) for question in QUESTIONS[:4]], right)
    assert refused, "the node that is left has not all shards, or no cluster manager"
    assert all(SILENT in said for said in refused)
    assert check([outcome(with_snapshot, question) for question in QUESTIONS], right) == []
    assert with_snapshot.unanswered
    served.nodes.heal()
    until(lambda: isinstance(outcome(reader, QUESTIONS[0]).answer, Answer))
    assert answers_of(served.reader("afterwards")) == right


def test_a_full_disk_is_told_of_and_the_generation_before_is_served(small: Served) -> None:
    right = small.expected()
    small.nodes.fill_disk(f"{small.settings.prefix}-*")
    new_edition(small, 1)
    began = time.monotonic()
    with pytest.raises(ClusterUnavailable, match=r"OpenSearch refuses .*cluster_block_exception.*disks"):
        small.remote.reindex()
    assert time.monotonic() - began < 60
    assert answers_of(small.reader()) == right
    small.nodes.empty_disk(f"{small.settings.prefix}-*")
    small.pair.reindex()
    small.check_is_whole()
    assert small.expected() != right


# ---- articles in the store -------------------------------------------------------------------------------------------


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def of_another(content: bytes) -> bytes:
    """Well stored, but not what the name says."""
    return zlib.compress(zlib.decompress(content).replace(b"crowns", b"francs"))


@pytest.mark.parametrize("harm", [None, cut, of_another], ids=["missing", "cut", "of another"])
def test_a_damaged_article_in_the_folder_is_refused_named_and_mended(
    small: Served, harm: Callable[[bytes], bytes] | None
) -> None:
    for path in (small.folder / "store" / ARTICLES).glob("??/*"):
        if harm is None:
            path.unlink()
        else:
            path.write_bytes(harm(path.read_bytes()))
    check_damage_is_told_of_and_mended(small)


@pytest.mark.parametrize("harm", [None, cut, of_another], ids=["missing", "cut", "of another"])
def test_a_damaged_article_in_the_database_is_refused_named_and_mended(
    stored: Served, postgres: Postgres, harm: Callable[[bytes], bytes] | None
) -> None:
    url = SecretStr(stored.settings.store)
    for name, content in postgres.query(url, "SELECT name, content FROM cluster_articles"):
        if harm is None:
            postgres.query(url, "DELETE FROM cluster_articles WHERE name = %s", name)
        else:
            harmed = harm(bytes(content))
            postgres.query(url, "UPDATE cluster_articles SET content = %s WHERE name = %s", harmed, name)
    check_damage_is_told_of_and_mended(stored)


def check_damage_is_told_of_and_mended(served: Served) -> None:
    reader = served.reader()
    for question in QUESTIONS[:5]:
        with pytest.raises(SnapshotDamaged, match="verbatim cluster reindex --all"):
            reader.ask(question)
    faults = served.faults()
    assert len(faults) == 6
    for number in range(6):
        assert any(f"building-{number:03}" in fault for fault in faults)
    served.remote.reindex(anew=True)
    served.check_is_whole()


# ---- writers ---------------------------------------------------------------------------------------------------------


def new_edition(served: Served, edition: int) -> None:
    """Change three articles, add one, and remove another: a generation is due."""
    write_articles(served.seeds, (*range(3), 20 + edition), edition)
    (served.seeds / f"building-{3 + edition:03}.md").unlink()


def at(moment: int, fault: Callable[[], None]) -> Callable[[int, int], None]:
    """A progress callback that has a fault happen at its call of this number."""
    calls = 0

    def progress(_done: int, _total: int) -> None:
        nonlocal calls
        calls += 1
        if calls == moment:
            fault()

    return progress


def moments_of_a_reindexing(served: Served) -> int:
    """How often progress is told of while an edition is read and written; the last time all documents are sent."""
    calls = []
    new_edition(served, 1)
    served.remote.reindex(progress=lambda done, total: calls.append((done, total)))
    served.pair.local.reindex()
    return len(calls)


def test_two_writers_at_once_one_of_them_is_told_that_the_other_writes(small: Served) -> None:
    other = small.reader("other")
    new_edition(small, 1)

    def write_too() -> None:
        with pytest.raises(IndexBusy):
            other.reindex(lock_timeout=0.2)

    report = small.remote.reindex(progress=at(1, write_too))
    assert small.pair.local.reindex() == report
    small.check_is_whole()
    assert other.reindex().added == ()
    assert answers_of(other) == small.expected()


def test_two_writers_in_the_database_one_of_them_is_told_that_the_other_writes(stored: Served) -> None:
    test_two_writers_at_once_one_of_them_is_told_that_the_other_writes(stored)


def test_a_writer_that_is_killed_leaves_the_old_generation_or_the_new_one(small: Served) -> None:
    old = small.expected()
    seconds = 0.0
    for edition in range(1, KILLS + 2):
        write_articles(small.seeds, range(edition % 4, 6), edition)
        began = time.monotonic()
        with subprocess.Popen(writing(small), env=os.environ | variables_of(small.settings)) as writer:  # noqa: S603  # no input but our own
            if seconds:  # the first one shows how long it takes
                with contextlib.suppress(subprocess.TimeoutExpired):
                    writer.wait(random.uniform(0.2 * seconds, seconds))  # noqa: S311  # no secret
                writer.kill()
            else:
                assert writer.wait() == 0
        seconds = seconds or time.monotonic() - began
        found = answers_of(small.reader(f"after {edition}"))
        small.pair.local.reindex()
        new = small.expected()
        assert found in (old, new)
        small.remote.reindex()
        small.check_is_whole()
        old = new


def writing(served: Served) -> list[str]:
    """The command that brings the cluster up to date, in a process of its own."""
    folders = ["--seeds", str(served.seeds), "--data", str(served.folder / "remote")]
    return [sys.executable, "-m", "index", "cluster", "reindex", "--json", *folders]


@pytest.mark.parametrize("fault", [Postgres.stop, Postgres.kill])
@pytest.mark.parametrize("when", ["while articles are read", "before the generation is published"])
def test_postgresql_is_restarted_while_a_generation_is_written(
    stored: Served, postgres: Postgres, fault: Callable[[Postgres], None], when: str
) -> None:
    old = stored.expected()
    moment = moments_of_a_reindexing(stored) if when.startswith("before") else 1
    if moment > 1:
        old = stored.expected()
    new_edition(stored, 2)

    def restart() -> None:
        fault(postgres)
        postgres.start()

    with pytest.raises(ClusterUnavailable, match="PostgreSQL does not answer"):
        stored.remote.reindex(progress=at(moment, restart))
    assert answers_of(stored.reader()) == old
    stored.pair.reindex()
    stored.check_is_whole()
    assert stored.expected() != old


def test_postgresql_goes_away_between_questions_and_comes_back(stored: Served, postgres: Postgres) -> None:
    right, reader = stored.expected(), stored.reader()
    postgres.kill()
    outcomes = [outcome(reader, question) for question in QUESTIONS[:4]]
    refused = check(outcomes, right)
    assert len(refused) == 4
    assert all("PostgreSQL does not answer" in said for said in refused)
    postgres.start()
    assert answers_of(reader) == right


def test_postgresql_that_hangs_is_waited_for_by_no_question_for_long(stored: Served, postgres: Postgres) -> None:
    right, reader = stored.expected(), stored.reader()
    with postgres.frozen():
        refused = check([outcome(reader, question) for question in QUESTIONS[:3]], right)
        assert len(refused) == 3
        assert all("PostgreSQL does not answer" in said for said in refused)
    until(lambda: isinstance(outcome(reader, QUESTIONS[0]).answer, Answer))
    assert answers_of(reader) == right


def test_articles_that_were_read_are_quoted_while_postgresql_is_away(stored: Served, postgres: Postgres) -> None:
    right, reader = stored.expected(), stored.reader()
    assert answers_of(reader) == right
    postgres.stop()
    assert check([outcome(reader, question) for question in QUESTIONS], right) == []
