from pathlib import Path

import pytest

from index.engine import Engine
from index.models import Verdict

DAM = "A dam for the valley\n\nThe dam at Oberstein was finished in 1987 by the Karlsson brothers.\n"
BRIDGE = "A bridge for the valley\n\nThe bridge at Oberstein was finished in 1990. It is made of stone.\n"
NEWS = "# News\n\n## What is new?\n\nThe release adds a faster index and a smaller memory footprint.\n"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name, text, facts in (
        ("dam", DAM, 'author = "Ada Karlsson"\ndatePublished = "2024-05-01"\nurl = "https://example.com/dam"\n'),
        ("bridge", BRIDGE, 'datePublished = "2024-05-01T08:00:00+02:00"\npublisher = "The Valley"\n'),
        ("late", DAM.replace("dam", "mill"), 'headline = "The mill"\ndatePublished = "2025-01-01"\n'),
        ("undated", "The ferry\n\nThe ferry of Oberstein carries forty people.\n", ""),
    ):
        (seeds / f"{name}.txt").write_text(text)
        (seeds / f"{name}.meta.toml").write_text(facts)
    return Engine.open(seeds, tmp_path / "data")


def ids(engine: Engine, question: str, article: str | None = None) -> tuple[str, ...]:
    found = engine.answer_from_record(question, article)
    assert found is not None
    return tuple(one.id for one in found.articles)


@pytest.mark.parametrize(
    ("about", "fitting"),
    [
        ("the dam", ("dam",)),
        ("A dam for the valley", ("dam",)),
        ("the valley", ("bridge", "dam")),
        ("forty people", ("undated",)),
        ("the Karlssons", ("dam", "late")),
        ("the brige", ("bridge",)),
    ],
)
def test_the_article_that_is_meant_is_found_by_its_title_else_by_what_it_mentions(
    engine: Engine, about: str, fitting: tuple[str, ...]
) -> None:
    assert ids(engine, f"who wrote the article about {about}?") == fitting


def test_an_article_that_nothing_fits_is_asked_of_the_articles(engine: Engine) -> None:
    assert engine.answer_from_record("who wrote the article about bananas?") is None
    assert engine.answer_from_record("Who finished the dam?") is None


def test_an_article_that_is_not_named_is_the_one_talked_about_or_the_only_one(engine: Engine) -> None:
    asked = engine.answer_from_record("who wrote this article?")
    assert asked is not None
    assert (asked.articles, asked.count) == ((), 4)
    assert ids(engine, "who wrote this article?", "dam") == ("dam",)
    for name in ("bridge", "late", "undated"):
        engine.remove(name)
    assert ids(engine, "who wrote this article?") == ("dam",)


def test_the_latest_are_those_of_the_latest_recorded_dates_and_none_is_guessed(engine: Engine) -> None:
    found = engine.answer_from_record("what is the latest article?")
    assert found is not None
    assert [one.id for one in found.articles] == ["late", "bridge", "dam"]
    assert (found.count, found.undated) == (4, 1)


def test_a_spelling_is_corrected_and_the_answer_says_so(engine: Engine) -> None:
    found = engine.answer_from_record("who wrote the article about the brige?")
    assert found is not None
    assert [(one.written, one.corrected) for one in found.corrections] == [("brige", "bridge")]


def test_a_heading_of_the_articles_comes_before_the_record(engine: Engine) -> None:
    assert engine.answer_from_record("what is new?") is not None
    (engine.seeds / "news.md").write_text(NEWS)
    engine.reindex()
    assert engine.ask("what is new?").verdict is Verdict.ANSWERED
    assert engine.answer_from_record("what is new?") is None
    assert engine.answer_from_record("which articles do you have?") is not None


def test_without_articles_only_the_collection_is_answered_from_the_record(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    engine = Engine.open(tmp_path / "seeds", tmp_path / "data")
    found = engine.answer_from_record("how many articles do you have?")
    assert found is not None
    assert found.count == 0
    assert engine.answer_from_record("what is the latest article?") is None
    assert engine.answer_from_record("who wrote the article about the dam?") is None


PAPERS = "The papers\n\nThe document was published by the archive in 1998. The order was read aloud in Oberstein.\n"


def test_a_document_that_the_articles_tell_of_is_not_taken_for_one_of_them(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "papers.txt").write_text(PAPERS)
    engine = Engine.open(seeds, tmp_path / "data")
    assert engine.answer_from_record("when was the document published?") is None
    assert engine.ask("when was the document published?").verdict is Verdict.ANSWERED
    assert ids(engine, "when was the article published?") == ids(engine, "who wrote the document?") == ("papers",)
