"""Articles are found by their titles while a member types."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import pytest

from bot.article_names import ArticleNames
from index.cleaning import built_in_rules
from index.collection.collection import Collection
from index.corpus.file_states import FileStates
from index.engine import Engine
from index.indexing.index_manager import IndexManager, IndexState
from index.models import Article, IndexedArticle, MetadataField, Origin
from index.reading import read_article
from index.reading.config import ReadingConfig


def entry(name: str, title: str | None, file: str = "a.txt") -> IndexedArticle:
    fact = MetadataField(value=title, origin=Origin.TEXT) if title else None
    digest = hashlib.sha256(b"x").hexdigest()
    return IndexedArticle(article=Article(id=name, file=file, encoding="utf-8", sha256=digest, text="x", title=fact))


def names(*entries: IndexedArticle) -> ArticleNames:
    state = IndexState(Collection(entries), FileStates(), None)
    return ArticleNames(Engine(IndexManager(Path(), Path(), state, ReadingConfig(()))))


NAMES = names(
    entry("a", "A dam for the Valley of Lomma"),
    entry("b", "The valley votes"),
    entry("c", None),
    entry("d", "\u202eNeirolav @everyone \u200b" + "x" * 200),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["a", "b", "c", "d"]),
        ("VALLEY", ["a", "b"]),
        ("the v", ["b", "a"]),
        ("lom dam", ["a"]),
        ("omm", ["a"]),
        ("c", ["c"]),
        ("\x00", ["a", "b", "c", "d"]),
        ("(", []),
    ],
)
def test_titles_are_found_by_a_piece_of_them_or_by_beginnings_of_their_words(typed: str, found: list[str]) -> None:
    assert [name.id for name in NAMES.search(typed)] == found


def test_a_choice_fits_discord_and_holds_nothing_unseen() -> None:
    [name] = NAMES.search("neiro")
    assert len(name.label) == 100
    assert name.label.startswith("Neirolav @everyone xxx")
    assert name.label.endswith("…")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("faq", ["faq", "guide-faq", "user-guide-faq"]),
        ("guide faq", ["guide-faq", "user-guide-faq"]),
        ("FAQ user", ["user-guide-faq"]),
        ("gui", ["guide-faq", "user-guide-faq"]),
        ("uide", []),
        ("user guide", ["user-guide-faq"]),
        ("_guide", []),
    ],
)
def test_titles_are_found_by_words_of_their_folders_too(typed: str, found: list[str]) -> None:
    files = {"faq": "faq.md", "guide-faq": "Guide/faq.md", "user-guide-faq": "docs/user_guide/faq.md"}
    known = names(*(entry(name, "FAQ", file) for name, file in files.items()))
    assert [name.id for name in known.search(typed)] == found
    assert [name.label for name in known.search("faq")] == ["FAQ", "FAQ (Guide)", "FAQ (docs/user_guide)"]
    assert known.resolve("faq") == "faq"


def test_a_choice_in_a_deep_folder_fits_discord() -> None:
    [name] = names(entry("a", "A dam", "valley/" * 100 + "a.txt")).search("valley")
    assert (len(name.label), name.label[:14]) == (100, "A dam (valley/")


def guide(file: str, *headings: str, title: str = "Help centre") -> IndexedArticle:
    sections = "".join(f"{heading}\n\nIt says how in section {place}.\n\n" for place, heading in enumerate(headings))
    article = file.removesuffix(".md").replace("/", "-")
    return read_article(file, f"# {title}\n\n{sections}".encode(), None, built_in_rules(), article_id=article)


@cache
def helps() -> tuple[IndexedArticle, ...]:
    return (
        guide("help.md", "## Accounts", "### How do I reset my password?", "## Passwords of friends"),
        guide("faq/voice.md", "## Why is my voice password wrong?", title="Password of a channel"),
        guide("bots.md", "## Tokens", title="Bots"),
    )


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        pytest.param(
            "password",
            {
                "faq-voice": "Password of a channel (faq)",
                "help": "Help centre › Accounts › How do I reset my password?",
            },
            id="titles first, each article once",
        ),
        pytest.param("toke", {"bots": "Bots › Tokens"}, id="the beginning of a word"),
        pytest.param("help friend", {"help": "Help centre › Passwords of friends"}, id="a title and a heading"),
        pytest.param(
            "faq wrong",
            {"faq-voice": "Password of a channel (faq) › Why is my voice password wrong?"},
            id="a folder and a heading",
        ),
        pytest.param("bots password", {}, id="a title and a heading of another article"),
    ],
)
def test_articles_are_found_by_their_headings_too(typed: str, offered: dict[str, str]) -> None:
    found = names(*helps()).search(typed)
    assert list({name.id: name.label for name in found}.items()) == list(offered.items())
    assert len(found) == len(offered)


@pytest.mark.parametrize(
    ("title", "headings", "label"),
    [
        ("Lamps", ("## Care", "### The wick"), "Lamps (house) › Care › The wick"),
        ("L" * 75, ("## Care", "### The wick"), f"{'L' * 75} (house) › … › The wick"),
        ("L" * 80, ("## Care", "### The wick"), f"{'L' * 80} › … › The wick"),
        ("L" * 90, ("## Care", "### The wick"), f"{'L' * 39}… › … › The wick"),
        ("L" * 90, ("## The wick",), f"{'L' * 39}… › The wick"),
        ("Lamps", ("## " + "C" * 90, "### The wick"), "Lamps (house) › … › The wick"),
        ("Lamps", (f"## The wick {'w' * 200}",), f"Lamps › The wick {'w' * 82}…"),
        ("Lamps", ("## The \u202e\u200b<@1> wick",), "Lamps (house) › The <@1> wick"),
    ],
)
def test_a_choice_with_headings_fits_discord(title: str, headings: tuple[str, ...], label: str) -> None:
    [name] = names(guide("house/lamps.md", *headings, title=title)).search("wick")
    assert name.label == label
    assert len(name.label) <= 100


def test_after_a_change_the_new_headings_are_found(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "lamps.md").write_text("# Lamps\n\n## The wick\n\nCut it once a week.\n")
    engine = Engine.open(seeds, tmp_path / "data")
    known = ArticleNames(engine)
    assert [name.label for name in known.search("wick")] == ["Lamps › The wick"]
    (seeds / "lamps.md").write_text("# Lamps\n\n## The globe\n\nWash it once a week.\n")
    engine.reindex()
    assert known.search("wick") == []
    assert [name.label for name in known.search("globe")] == ["Lamps › The globe"]


def test_no_more_than_25_are_offered() -> None:
    assert len(names(*(entry(str(number), "Dam") for number in range(100))).search("dam")) == 25
    titled = [entry(str(number), "Wick") for number in range(10)]
    headed = [guide(f"lamp{number}.md", "## The wick", title="Lamp") for number in range(20)]
    assert len(names(*titled, *headed).search("wick")) == 25


def test_an_id_or_a_whole_title_names_an_article_and_a_title_of_two_does_not() -> None:
    assert NAMES.resolve("a") == "a"
    assert NAMES.resolve(" the VALLEY votes") == "b"
    assert NAMES.resolve("valley") == "valley"
    assert names(entry("a", "Dam"), entry("b", "Dam")).resolve("Dam") == "Dam"
