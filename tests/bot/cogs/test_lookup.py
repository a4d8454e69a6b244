"""Members look things up: passages, the list of articles, what is recorded about one, and help."""

from __future__ import annotations

import pytest

from tests.bot.conftest import Scene, lasting_bot
from tests.bot.conversation.test_question_handler import TITLE, URL
from tests.bot.reading import quoted, read
from tests.discord_server import Choice, buttons

CHINA, DEEPSEEK = "000_88608c0d96434d55", "003_10f24738130fbaea"
OTHER = "US orders global warning over alleged AI theft by DeepSeek and Chinese firms"


@lasting_bot
async def test_search_shows_the_passages_that_rank_best(scene: Scene) -> None:
    used = await scene.server.slash(scene.alice, scene.general, "search", terms="DeepSeek cable", limit=2)
    await used.answered()
    asked, warning, *found = read(used.messages[0])
    assert asked == "You searched for: \u2068DeepSeek cable\u2069"
    assert warning == "These passages match your words best. They may not answer a question."
    assert len(quoted(used.messages[0])) == 2
    assert [said.split("\n")[-1] for said in found if not said.startswith("> ")] == ["source URL not recorded"]


@lasting_bot
async def test_ten_passages_fit(scene: Scene) -> None:
    used = await scene.server.slash(scene.alice, scene.general, "search", terms="US China AI", limit=10)
    await used.answered()
    await scene.server.settle()
    quotations = [said for message in used.messages for said in read(message) if said.startswith("> ")]
    assert len(quotations) == 10


@lasting_bot
async def test_search_in_one_article(scene: Scene) -> None:
    used = await scene.server.slash(scene.alice, scene.general, "search", terms="White House", article=CHINA)
    await used.answered()
    assert len(quoted(used.messages[0])) > 1
    assert [said for said in read(used.messages[0])[2:] if not said.startswith("> ")] == [f"{TITLE}\n{URL}"]


@lasting_bot
async def test_a_search_for_words_that_stand_nowhere_says_so(scene: Scene) -> None:
    used = await scene.server.slash(scene.alice, scene.general, "search", terms="zebras")
    await used.answered()
    assert read(used.messages[0])[1:] == ["I found no passages for these words."]


@lasting_bot
async def test_a_search_reads_a_typo_as_the_articles_word_and_says_so(scene: Scene) -> None:
    used = await scene.server.slash(scene.alice, scene.general, "search", terms='huwaei "chip technology"')
    await used.answered()
    asked, told, _, best, *_ = (text.translate({0x2068: None, 0x2069: None}) for text in read(used.messages[0]))
    assert asked == 'You searched for: huwaei "chip technology"'
    assert told == "I searched for Huawei instead of huwaei."
    assert "adapted for Huawei chip technology" in best


@lasting_bot
async def test_articles_lists_what_there_is(scene: Scene) -> None:
    used = await scene.server.slash(scene.alice, scene.general, "articles")
    await used.answered()
    assert read(used.messages[0]) == [
        "Articles: 2",
        f"{TITLE}\n{URL}",
        f"**{OTHER}**\nAuthor: \u2068Carbonmedia\u2069\nsource URL not recorded",
    ]


@pytest.mark.usefixtures("bot")
async def test_articles_in_folders_are_listed_and_found_by_their_folders(scene: Scene) -> None:
    for name in ("rules.txt", "entry/adults.txt", "entry/children/rules.txt"):
        path = scene.seeds / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Rules\n\nThe rules of {name} were made by Ann Karlsson in the harbour of Lomma.\n")
    reindexed = await scene.server.slash(scene.keeper, scene.general, "admin reindex")
    await reindexed.answered()
    await scene.server.until(lambda: " sentences." in read(reindexed.messages[0])[0], within=300)
    used = await scene.server.slash(scene.alice, scene.general, "articles")
    await used.answered()
    lines = [said.split("\n") for said in read(used.messages[0])]
    assert [said[0] for said in lines[3:]] == [
        "**Folder**: \u2068docs\u2069",
        "**Folder**: \u2068docs/entry\u2069",
        "**Folder**: \u2068docs/entry/children\u2069",
    ]
    assert [said[1] for said in lines[3:]] == ["**Rules**"] * 3
    offered = await scene.server.autocomplete(scene.alice, scene.general, "article", "name", "rules chil")
    assert offered == [Choice("Rules (docs/entry/children)", "docs-entry-children-rules")]
    asked = await scene.server.slash(scene.keeper, scene.general, "admin remove", article="docs-entry-adults")
    pressed = await scene.server.click(scene.keeper, await asked.shown(), "Remove")
    await scene.server.until(lambda: any("I removed this" in read(message)[0] for message in pressed.messages))
    assert not (scene.seeds / "docs" / "entry" / "adults.txt").exists()


@pytest.mark.usefixtures("bot")
async def test_a_heading_finds_its_article_and_the_answer_opens_its_section(scene: Scene) -> None:
    (scene.seeds / "help").mkdir()
    (scene.seeds / "help" / "lamps.md").write_text(
        "# Lamps\n\n## Wicks\n\n### How do I trim the wick of a lamp?\n\nTo trim the wick, use sharp scissors.\n"
    )
    (scene.seeds / "sources.toml").write_text(
        '[site."help/"]\nurl = "https://help.example.com/{path}/"\nanchors = "docusaurus"\n'
    )
    reindexed = await scene.server.slash(scene.keeper, scene.general, "admin reindex")
    await reindexed.answered()
    await scene.server.until(lambda: " sentences." in read(reindexed.messages[0])[0], within=300)
    label = "Lamps (help) › Wicks › How do I trim the wick of a lamp?"
    for command, option in (("article", "name"), ("ask", "article"), ("search", "article")):
        offered = await scene.server.autocomplete(scene.alice, scene.general, command, option, "wick tri")
        assert offered == [Choice(label, "help-lamps")]
    used = await scene.server.slash(scene.alice, scene.general, "search", terms="trim a wick", article="help-lamps")
    await used.answered()
    assert ("Open the section", "https://help.example.com/lamps/#how-do-i-trim-the-wick-of-a-lamp") in buttons(
        used.messages[0]
    )


@lasting_bot
async def test_article_offers_titles_and_shows_the_facts_with_their_origins(scene: Scene) -> None:
    offered = await scene.server.autocomplete(scene.alice, scene.general, "article", "name", "us or")
    assert offered == [Choice(OTHER, DEEPSEEK)]
    used = await scene.server.slash(scene.alice, scene.general, "article", name=DEEPSEEK)
    await used.answered()
    [said] = read(used.messages[0])
    assert said.split("\n") == [
        "**Title**, from its text:",
        OTHER,
        "**Publisher**: not recorded",
        "**Author**, from its text:",
        "Carbonmedia",
        "**Published**: not recorded",
        "**Language**, from its text:",
        "English",
        "source URL not recorded",
        "**Sentences I can quote**: 21",
        "**ID**: \u2068003\\_10f24738130fbaea\u2069",
    ]


@lasting_bot
async def test_article_opens_the_article(scene: Scene) -> None:
    used = await scene.server.slash(scene.alice, scene.general, "article", name=CHINA)
    await used.answered()
    assert buttons(used.messages[0]) == [("Open the article", URL)]


@lasting_bot
async def test_a_title_that_is_typed_out_is_understood_and_nonsense_is_not(scene: Scene) -> None:
    used = await scene.server.slash(scene.alice, scene.general, "article", name=OTHER.upper())
    await used.answered()
    assert OTHER in read(used.messages[0])[0]
    used = await scene.server.slash(scene.alice, scene.general, "article", name="nonsense")
    await used.answered()
    assert used.ephemeral
    assert read(used.messages[0])[0].startswith("I don't have this article.")


@lasting_bot
async def test_autocompletion_offers_every_article_at_first_and_none_for_nonsense(scene: Scene) -> None:
    for command, option in (("article", "name"), ("ask", "article"), ("search", "article")):
        for typed, expected in (("", {CHINA, DEEPSEEK}), ("  WHITE ", {CHINA}), ("zzz", set()), ("\ud800<@1>", set())):
            offered = await scene.server.autocomplete(scene.alice, scene.general, command, option, typed)
            assert {choice.value for choice in offered} == expected


@lasting_bot
async def test_help_is_for_the_member_alone(scene: Scene) -> None:
    used = await scene.server.slash(scene.alice, scene.general, "help")
    await used.answered()
    assert used.ephemeral
    assert "passages quoted word for word" in read(used.messages[0])[0]


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("articles", "valley"), [(60, 5), pytest.param(4_000, 397, marks=pytest.mark.slow)])
@pytest.mark.usefixtures("bot")
async def test_among_many_articles_the_first_autocompletion_finds_all_of_them(
    scene: Scene, articles: int, valley: int
) -> None:
    for number in range(articles):
        (scene.seeds / f"dam-{number:05}.txt").write_text(f"The dam of valley {number}\n\nIt is dam {number}.\n")
    reindexed = await scene.server.slash(scene.keeper, scene.general, "admin reindex")
    await reindexed.answered()
    await scene.server.until(lambda: " sentences." in read(reindexed.messages[0])[0], within=300)
    offered = await scene.server.autocomplete(scene.alice, scene.general, "ask", "article", f"VALLEY {valley}")
    assert offered[0].value == f"dam-{valley:05}"
    assert len(offered) == 11
    assert len(await scene.server.autocomplete(scene.alice, scene.general, "article", "name", "")) == 25
    used = await scene.server.slash(scene.alice, scene.general, "article", name=f"the dam of valley {valley}")
    await used.answered()
    assert f"The dam of valley {valley}" in read(used.messages[0])[0]


@pytest.mark.usefixtures("bot")
async def test_an_autocompletion_in_which_something_breaks_offers_nothing_and_harms_nothing(scene: Scene) -> None:
    kept = scene.data / "snapshots"
    kept.rename(scene.data / "away")
    kept.write_text("no folder")
    assert await scene.server.autocomplete(scene.keeper, scene.general, "admin rollback", "id", "") == []
    kept.unlink()
    (scene.data / "away").rename(kept)
    assert len(await scene.server.autocomplete(scene.keeper, scene.general, "admin rollback", "id", "")) == 1
