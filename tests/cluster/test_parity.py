"""An engine over a cluster says exactly what one over a data folder says: each quotation, figure and suggestion."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from pydantic import SecretStr

from index.engine import Engine
from index.evaluation.questions import read_questions
from tests.cluster.engines import (
    CHAINS,
    GENERAL,
    MADE,
    Asked,
    Pair,
    open_remote,
    questions,
    settings_of,
    write_articles,
)
from tests.cluster.opensearch import OpenSearchCluster

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(400)]
TESTS = Path(__file__).parents[1]
SEEDS = TESTS.parent / "seeds"
LANGUAGES = TESTS / "eval" / "languages"
OWN_WORDS = map(json.loads, (TESTS / "eval" / "own_words.jsonl").read_text("utf-8").splitlines())
SAMPLE = Asked(
    (
        *[asked.question for asked in read_questions(TESTS / "eval" / "seeds.questions.jsonl")][::3],
        *[asked["question"] for asked in OWN_WORDS][::2],
        *GENERAL,
    ),
    (("Who is Michael Kratsios?", "what did he say?", "and when?"), ("Was Huawei mentioned?", "why?", "more")),
    every=6,
)
CODES = sorted(path.name for path in LANGUAGES.iterdir() if path.is_dir())


def asked_in(code: str) -> list[str]:
    return [asked.question for asked in read_questions(LANGUAGES / code / "questions.jsonl")]


@pytest.fixture(params=["folder", "PostgreSQL"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where the articles are kept."""
    if request.param == "folder":
        return tmp_path / "store"
    database: SecretStr = request.getfixturevalue("empty_database")
    return database.get_secret_value()


@pytest.mark.parametrize("require_source_url", [False, True])
def test_the_sample_articles_are_quoted_alike(
    opensearch: OpenSearchCluster, index_prefix: str, tmp_path: Path, require_source_url: bool
) -> None:
    seeds = Path(shutil.copytree(SEEDS, tmp_path / "seeds"))
    (seeds / "dam.txt").write_text("A dam for the valley\n\nThe dam at Oberstein was finished by Ann Karlsson.\n")
    settings = settings_of(opensearch, index_prefix, tmp_path / "store")
    pair = Pair.open(seeds, tmp_path, settings, require_source_url=require_source_url)
    assert pair.differences(SAMPLE) == []
    assert bool(pair.remote.ask("Who finished the dam at Oberstein?").quotes) is not require_source_url


@pytest.mark.parametrize("code", CODES)
def test_articles_in_other_languages_are_quoted_alike(
    opensearch: OpenSearchCluster, index_prefix: str, tmp_path: Path, code: str
) -> None:
    pair = Pair.open(LANGUAGES / code, tmp_path, settings_of(opensearch, index_prefix, tmp_path / "store"))
    assert pair.differences(Asked(asked_in(code)[::2], every=3)) == []


def test_articles_in_eight_languages_together_are_quoted_alike(
    opensearch: OpenSearchCluster, index_prefix: str, tmp_path: Path
) -> None:
    seeds = tmp_path / "seeds"
    for folder in (SEEDS, *map(LANGUAGES.joinpath, CODES)):
        shutil.copytree(folder, seeds, ignore=shutil.ignore_patterns("*.jsonl"), dirs_exist_ok=True)
    pair = Pair.open(seeds, tmp_path, settings_of(opensearch, index_prefix, tmp_path / "store"))
    assert len(pair.remote.collection.languages) == 8
    asked = [question for code in CODES for question in asked_in(code)[::6]]
    assert pair.differences(Asked([*asked, *SAMPLE.questions[:6]], every=8)) == []


def test_some_thousands_of_made_sentences_are_quoted_alike(
    opensearch: OpenSearchCluster, index_prefix: str, tmp_path: Path
) -> None:
    write_articles(tmp_path / "seeds", range(52))
    pair = Pair.open(tmp_path / "seeds", tmp_path, settings_of(opensearch, index_prefix, tmp_path / "store"))
    assert pair.remote.sentences > 3000
    assert pair.differences(Asked((*questions(40), *GENERAL), CHAINS)) == []
    [copied] = pair.remote.ask(GENERAL[0]).quotes
    assert len(copied.all_sources) + copied.further_sources == 52


def test_changed_and_rolled_back_articles_are_quoted_alike(
    opensearch: OpenSearchCluster, index_prefix: str, tmp_path: Path, store: Path | str
) -> None:
    seeds, settings = tmp_path / "seeds", settings_of(opensearch, index_prefix, store)
    write_articles(seeds, range(12))
    pair = Pair.open(seeds, tmp_path, settings)
    assert pair.differences(MADE) == []

    write_articles(seeds, range(12, 16))
    pair.reindex()
    assert pair.differences(MADE) == [], "added"
    write_articles(seeds, range(3), edition=1)
    pair.reindex()
    assert pair.differences(MADE) == [], "changed"
    for number in (4, 13):
        (seeds / f"building-{number:03}.md").unlink()
    pair.reindex()
    assert pair.differences(MADE) == [], "removed"

    for engine in (*pair, *pair):  # twice
        engine.rollback()
    assert pair.differences(MADE) == [], "rolled back"
    write_articles(seeds, (5, 20), edition=2)
    pair.reindex()
    assert pair.differences(MADE) == [], "reindexed after the rollback"

    reopened = Pair(Engine.open(seeds, tmp_path / "local"), open_remote(seeds, tmp_path, settings, build=False))
    assert reopened.differences(MADE) == [], "opened anew"


def test_a_collection_that_becomes_empty_and_full_again_is_quoted_alike(
    opensearch: OpenSearchCluster, index_prefix: str, tmp_path: Path
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    pair = Pair.open(seeds, tmp_path, settings_of(opensearch, index_prefix, tmp_path / "store"))
    few = Asked(MADE.questions[:8], CHAINS[:1])
    assert pair.differences(few) == []
    write_articles(seeds, range(3))
    pair.reindex()
    assert pair.differences(few) == []
    for file in seeds.iterdir():
        file.unlink()
    pair.reindex()
    assert pair.differences(few) == []
    write_articles(seeds, range(2, 4))
    pair.reindex()
    assert pair.differences(few) == []


def test_a_process_that_follows_quotes_what_the_writer_published(
    opensearch: OpenSearchCluster, index_prefix: str, tmp_path: Path, store: Path | str
) -> None:
    seeds, settings = tmp_path / "seeds", settings_of(opensearch, index_prefix, store)
    write_articles(seeds, range(4))
    pair = Pair.open(seeds, tmp_path, settings)
    reader = open_remote(seeds, tmp_path / "reader", settings, build=False)
    few = Asked(MADE.questions[:10])
    assert Pair(pair.local, reader).differences(few) == []
    write_articles(seeds, range(3, 6), edition=1)
    pair.remote.reindex()
    assert Pair(pair.local, reader).differences(few) == [], "the generation before is served unchanged"
    assert reader.refresh()
    pair.local.reindex()
    assert Pair(pair.local, reader).differences(few) == []
    assert not reader.refresh()
