"""Articles whose words would act, if Discord let them: what arrives is read as it was written, and fits."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from index.models import collapse_whitespace
from tests.discord_server import Interaction, ServerMessage, buttons
from tests.properties import one_in

from .accounting import Known, Payloads, account, quotations_in
from .conftest import Scene

LONG = ", and whose ".join(f"stone number {number} of the wall was laid by masons from Halden" for number in range(48))
CLAUSE = "which the masons of Halden had built of grey stone from the quarries beyond the river"
TEXTS = {
    "Cahora": "@everyone and @here and <@1> and <@!2> and <@&3> and <#4> and <id:browse>",
    "Akosombo": f"whose{LONG}",
    "Bakun": f"**bold** and _slanted_ and ~~struck~~ and ||hidden|| and `code` and \\*stars\\*, {CLAUSE},",
    "Daniel": "</command:0> and </ask:123456789012345678> and </admin add:1>",
    "Enguri": "<t:0> and <t:0:R> and <t:1700000000:F>",
    "Fortuna": "```py said``` and ``two`` and ```",
    "Oroville": "**[masked](https://evil.example/_a_)** and ||<@1>|| and `</command:0>` and <t:0:R> and " * 36,
    "Gariep": "[the source](https://evil.example/) and <https://evil.example/a_b> and https://evil.example/?q=*x*",
    "Hirakud": "<:smile:1> and <a:dance:2> and :smile: and ¯\\_(ツ)_/¯ and 👩‍👩‍👧",
    "Inga": "大津ダムは五月に完成した、水坝在五月开放、댐이 오월에 열렸다",
    "Jawa": "סכר אשדוד נפתח במאי and قال المجلس إن السد افتتح في مايو",
    "Kariba": "\u202eneerg\u202c and \u2067right\u2069 and \u200bnothing\u200d",
    "Masjed": "大津ダムは五月に完成した、" * 250,
    "Nagarjuna": "סכר אשדוד נפתח במאי וקאל المجلس إن السد افتتح في مايو " * 60,
    "Liyuan": "> quoted and # headed and - listed and 1. numbered and -# small",
}
"""By the name of a dam, what its article says of it beside the news."""
TURNING = re.compile(r"[\u200b\u202c\u202e\u2067\u2069]")


def sentences(dam: str) -> list[str]:
    """An article on a dam: what is said in each sentence stands in none of another's."""
    return [
        f"The {dam} dam {TEXTS[dam]} opened in May, the council said on Monday.",
        f"Ann Karlsson said that the {dam} dam {TEXTS[dam]} had cost 40 million crowns.",
        f"{TEXTS[dam]} was what the engineers of the {dam} dam wrote on its wall.",
        f"It also holds the water of the {dam} river, {TEXTS[dam]}.",
        f"The mayor will visit the {dam} dam in June, {TEXTS[dam]} or not.",
    ]


def facts(dam: str) -> dict[str, str]:
    """What its sidecar states, by schema.org's names; signs that turn a line's direction are refused there."""
    said = TURNING.sub("", TEXTS[dam])
    return {
        "headline": f"The dam {said}"[:280],
        "publisher": f"The {dam} Times {said}"[:120],
        "author": said[:120],
        "datePublished": "2026-05-04",
        "url": f"https://news.example/{dam.lower()}",
    }


@pytest.fixture
def scene(scene: Scene, dam: str) -> Scene:
    name = dam.lower()
    (scene.seeds / f"{name}.txt").write_text("\n\n".join([f"A dam at {dam}", *sentences(dam)]) + "\n", "utf-8")
    lines = (f"{field} = '''{value}'''\n" for field, value in facts(dam).items())
    (scene.seeds / f"{name}.meta.toml").write_text("".join(lines), "utf-8")
    return scene


pytestmark = pytest.mark.usefixtures("bot")


def checked(messages: list[ServerMessage], words: str = "") -> list[str]:
    """The quotations of some messages, each of them what the article says, and nothing else but facts around."""
    payloads: Payloads = [message.components for message in messages]
    quoted = quotations_in(payloads)
    shown = {collapse_whitespace(value) for dam in TEXTS for value in facts(dam).values()} | {
        dam.lower() for dam in TEXTS
    }
    account(payloads, Known(quoted, shown, {facts(dam)["url"] for dam in TEXTS}, {words}))
    articles = [collapse_whitespace(" ".join(sentences(dam))) for dam in TEXTS]
    for quotation in quoted:
        assert all(any(part in article for article in articles) for part in quotation.split(" […] "))
    return quoted


async def everything_pressed(scene: Scene, message: ServerMessage) -> Iterator[Interaction]:
    """What each button under an answer shows, to whoever presses it."""
    shown = []
    for label, _ in buttons(message):
        if label in {"Context", "More", "Nearest"}:
            used = await scene.server.click(scene.alice, message, label)
            await used.answered()
            await scene.server.settle()
            shown.append(used)
    return iter(shown)


@pytest.mark.parametrize("dam", one_in(6, TEXTS))
async def test_words_that_would_act_are_read_as_they_were_written(scene: Scene, dam: str) -> None:
    server = scene.server
    asked = await server.post(scene.alice, scene.general, f"{server.mention} When did the {dam} dam open?")
    await server.reply_to(asked)
    await server.settle()
    answers = server.replies(asked)
    assert sentences_of(dam, checked(answers))
    for used in await everything_pressed(scene, answers[-1]):
        checked(used.messages)

    found = await server.slash(scene.alice, scene.general, "search", terms=f"{dam} dam", limit=10)
    await found.answered()
    await server.settle()
    assert checked(found.messages, f"{dam} dam")
    words = f"What did Ann Karlsson say of the {dam} dam?"
    told = await server.slash(scene.alice, scene.general, "ask", question=words, article=dam.lower())
    await told.answered()
    await server.settle()
    checked(told.messages, words)
    recorded = await server.slash(scene.alice, scene.general, "article", name=dam.lower())
    await recorded.answered()
    await server.settle()
    checked(recorded.messages)


def sentences_of(dam: str, quoted: list[str]) -> list[str]:
    """Those of the quotations that hold whole sentences of the article."""
    return [quotation for quotation in quoted if any(collapse_whitespace(one) in quotation for one in sentences(dam))]
