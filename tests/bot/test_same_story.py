"""The same story in several articles, on the wire: one quotation, each source with its own button."""

from __future__ import annotations

from typing import Any

import pytest

from bot.i18n.messages import Message
from bot.layout.quotations import MAX_SOURCES
from tests.discord_server import Interaction, ServerMessage, buttons

from .accounting import Known, account, walked
from .conftest import Scene
from .reading import read

SAID = "The engineer Ann Karlsson will build a dam in the valley of Lomma."
QUESTION = "Who will build a dam in Lomma?"
ALSO = "The same words are also in:"
AT_QUOTE = "#:~:text=The%20engineer%20Ann%20Karlsson%20will,in%20the%20valley%20of%20Lomma."

pytestmark = pytest.mark.usefixtures("bot")


def write(scene: Scene, name: str, *, before: str = "", after: str = "") -> None:
    """An article that says it, with a title, a publisher and a URL of its own."""
    text = f"Dam {name}\n\n{before}{SAID} Thus ends {name}.{after}\n"
    (scene.seeds / f"{name}.txt").write_text(text)
    facts = {"url": f"https://{name}.example/dam", "publisher": f"The {name}", "datePublished": "2026-04-25"}
    (scene.seeds / f"{name}.meta.toml").write_text("".join(f'{key} = "{value}"\n' for key, value in facts.items()))


async def reindexed(scene: Scene) -> str:
    used = await scene.server.slash(scene.keeper, scene.general, "admin reindex")
    await used.answered()
    await scene.server.until(lambda: " sentences." in read(used.messages[0])[0], what="the report")
    return read(used.messages[0])[0]


async def answered(scene: Scene) -> ServerMessage:
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {QUESTION}")
    return await scene.server.reply_to(question)


async def pressed(scene: Scene, message: ServerMessage, label: str) -> Interaction:
    used = await scene.server.click(scene.alice, message, label)
    await used.answered()
    return used


def source(name: str) -> list[str]:
    return [
        f"**Dam {name}**",
        f"Publisher: \u2068The {name}\u2069",
        "Published: \u20682026-04-25\u2069",
        f"https://{name}.example/dam",
    ]


def links(components: list[dict[str, Any]]) -> list[str]:
    return [part["url"] for part in walked(components) if part.get("url")]


def went_in(*names: str, quotations: int = 1) -> Known:
    urls = {f"https://{name}.example/dam" for name in names}
    facts = {"2026-04-25", *(word for name in names for word in (f"Dam {name}", f"The {name}", name))}
    return Known(quotations=[SAID] * quotations, facts=facts | urls, urls=urls)


async def test_one_quotation_names_both_sources_each_with_its_button(scene: Scene) -> None:
    write(scene, "ann")
    write(scene, "bo", before="Something else comes first. ")
    await reindexed(scene)
    found = await answered(scene)
    [frame] = [part for part in found.components if part["type"] == 17]
    assert [part["type"] for part in frame["components"]] == [10, 1, 10, 1]
    first, second = (text.split("\n") for text in read(found))
    assert first == [f"> {SAID}", *source("ann")]
    assert second == [ALSO, *source("bo")]
    assert links(frame["components"]) == [f"https://{name}.example/dam{AT_QUOTE}" for name in ("ann", "bo")]
    account([found.components], went_in("ann", "bo"))


async def test_a_search_and_what_may_answer_show_the_sentence_once(scene: Scene) -> None:
    for name in ("ann", "bo", "cy"):
        write(scene, name)
    await reindexed(scene)
    used = await scene.server.slash(scene.alice, scene.general, "search", terms="Karlsson", limit=10)
    await used.answered()
    said = "\n".join(read(used.messages[0]))
    assert said.count(SAID) == 1
    assert said.count(ALSO) == 2
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} Does Karlsson work?")
    caveat, *parts = read(await scene.server.reply_to(question))
    assert caveat == Message.MAY_ANSWER
    assert "\n".join(parts).count(SAID) == 1
    assert "\n".join(parts).count(ALSO) == 2


async def test_of_many_sources_some_are_listed_and_the_others_counted(scene: Scene) -> None:
    names = [f"paper{number:02}" for number in range(20)]
    for name in names:
        write(scene, name)
    await reindexed(scene)
    found = await answered(scene)
    parts = read(found)
    titles = [part.split("\n")[1] for part in parts[:MAX_SOURCES]]
    assert titles == [f"**Dam {name}**" for name in names[:MAX_SOURCES]]
    assert f"More articles with the same words: {20 - MAX_SOURCES}" in parts
    assert len(links(found.components)) == MAX_SOURCES
    account([found.components], went_in(*names))


async def test_the_buttons_name_the_sources_after_a_restart_too(scene: Scene) -> None:
    write(scene, "ann", before="It has begun. ")
    write(scene, "bo")
    await reindexed(scene)
    found = await answered(scene)
    await scene.restart()
    used = await pressed(scene, found, "Context")
    _, first, second = read(used.messages[0])
    lines = first.split("\n")
    assert lines[lines.index("The quotation:") + 1] == f"> {SAID}"
    assert lines[-4:] == source("ann")
    assert second.split("\n") == [ALSO, *source("bo")]
    assert [url for url in links(used.messages[0].components) if "bo.example" in url] == [
        f"https://bo.example/dam{AT_QUOTE}"
    ]


async def test_a_source_that_is_gone_by_then_is_not_named_any_more(scene: Scene) -> None:
    for name in ("ann", "bo", "cy"):
        write(scene, name)
    await reindexed(scene)
    found = await answered(scene)
    (scene.seeds / "bo.txt").write_text("Dam bo\n\nNothing is built.\n")
    (scene.seeds / "cy.txt").unlink()
    (scene.seeds / "cy.meta.toml").unlink()
    await reindexed(scene)
    used = await pressed(scene, found, "Context")
    assert ALSO not in "\n".join(read(used.messages[0]))
    assert f"> {SAID}" in read(used.messages[0])[1]


async def test_in_german_the_sentence_between_is_german_and_the_quotation_is_not(scene: Scene) -> None:
    write(scene, "ann")
    write(scene, "bo")
    await reindexed(scene)
    berta = scene.server.add_user("berta", locale="de")
    scene.server.join(scene.guild, berta)
    used = await scene.server.slash(berta, scene.general, "ask", question=QUESTION)
    await used.answered()
    said = "\n".join(read(used.messages[0]))
    assert f"> {SAID}" in said
    assert "Dieselben Worte stehen auch in:" in said


async def test_an_exact_duplicate_is_not_added_and_a_near_one_is_told_of(scene: Scene) -> None:
    story = [f"On day {day} the council of Lomma met and spoke of dam {day} at length." for day in range(9)]
    (scene.seeds / "story.txt").write_text("A story\n\n" + "\n\n".join(story))
    (scene.seeds / "twin.txt").write_text("A story\n\n" + "\n\n".join(story))
    (scene.seeds / "near.txt").write_text("Another headline\n\n" + "\n\n".join(story[1:]))
    report = (await reindexed(scene)).split("\n")
    refused = report.index("**Refused**: 1")
    assert report[refused + 1] == "**twin.txt**"
    assert report[refused + 2] == "Its text is identical to that of the article 'story'. Keep only one of the two."
    assert report[refused + 3] == "**Very similar to another article**: 1"
    assert report[refused + 4].startswith("\u2068Another headline\u2069 is very similar to \u2068A story\u2069: about ")
    assert report[refused + 4].endswith(" percent of their five-word sequences are the same.")
    for name, data in (("again.txt", story), ("close.txt", story[2:])):
        text = ("A story\n\n" + "\n\n".join(data)).encode()
        file = scene.server.attach(name, text, "text/plain")
        used = await scene.server.slash(scene.keeper, scene.general, "admin add", file=file, force=False)
        await used.answered()
        said = "\n".join(read(used.messages[0]))
        if name == "again.txt":
            assert "The text of again.txt is identical to that of the article 'story'." in said
        else:
            assert "\u2068A story\u2069 is very similar to \u2068Another headline\u2069: about " in said
    assert not (scene.seeds / "again.txt").exists()
    assert [label for label, _ in buttons(used.messages[0])] == []
