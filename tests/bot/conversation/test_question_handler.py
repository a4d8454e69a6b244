"""Members ask on Discord; the bot runs in its own process, with the real discord.py, against the stand-in."""

from __future__ import annotations

import pytest

from bot.i18n.messages import Message
from tests.bot.conftest import lasting_bot
from tests.bot.reading import quoted, read
from tests.bot.scene import LONG_QUESTION, LONG_SENTENCE, Scene, write_long_article
from tests.discord_server import Permission, buttons, texts

QUESTION = "Who is the White House science and technology chief?"
SENTENCE = (
    "> “The US has evidence that foreign entities, primarily in China, are running industrial-scale distillation "
    "campaigns to steal American AI,” White House science and technology chief Michael Kratsios said in a post on X."
)
TITLE = "**China Stealing US AI Technology — White House Official**"
URL = "https://www.channelstv.com/2026/04/23/china-stealing-us-ai-technology-white-house-official/"
ISOLATES = {0x2068: None, 0x2069: None}
ANSWER = [f"{SENTENCE}\n{TITLE}\n{URL}"]


@lasting_bot
async def test_a_mention_is_answered_with_a_quotation_and_its_url(scene: Scene) -> None:
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {QUESTION}")
    answer = await scene.server.reply_to(question)
    assert read(answer) == ANSWER
    (label, opens), *_ = buttons(answer)
    assert label == "Open at the quotation"
    assert opens.startswith(f"{URL}#:~:text=%E2%80%9CThe%20US%20has%20evidence%20that,")


@lasting_bot
async def test_the_mention_may_stand_anywhere_and_others_are_no_words_of_the_question(scene: Scene) -> None:
    text = f"Who is the White House {scene.server.mention} science and technology chief? {scene.alice.mention}"
    question = await scene.server.post(scene.alice, scene.general, text)
    assert read(await scene.server.reply_to(question)) == ANSWER


@lasting_bot
async def test_a_pinging_reply_to_the_bot_is_a_question(scene: Scene) -> None:
    first = await scene.server.post(
        scene.alice, scene.general, f"{scene.server.mention} What is the capital of France?"
    )
    answer = await scene.server.reply_to(first)
    question = await scene.server.post(scene.alice, scene.general, QUESTION, reply_to=answer)
    assert read(await scene.server.reply_to(question)) == ANSWER


@lasting_bot
async def test_a_direct_message_is_a_question(scene: Scene) -> None:
    question = await scene.server.post(scene.alice, scene.server.dm(scene.alice), QUESTION)
    assert read(await scene.server.reply_to(question)) == ANSWER


@lasting_bot
async def test_a_question_in_a_thread_is_answered_in_the_thread(scene: Scene) -> None:
    thread = scene.server.add_thread(scene.general, "AI")
    question = await scene.server.post(scene.alice, thread, f"{scene.server.mention} {QUESTION}")
    answer = await scene.server.reply_to(question)
    assert answer.channel is thread
    assert read(answer) == ANSWER


@lasting_bot
async def test_when_nothing_comes_near_the_bot_says_that_it_found_nothing(scene: Scene) -> None:
    question = await scene.server.post(
        scene.alice, scene.general, f"{scene.server.mention} What is the capital of France?"
    )
    answer = await scene.server.reply_to(question)
    assert read(answer) == ["I found nothing about this in the articles."]
    assert [label for label, _ in buttons(answer)] == ["Nearest", "👎"]


@lasting_bot
async def test_passages_that_may_answer_are_shown_at_once_under_a_sentence_that_says_so(scene: Scene) -> None:
    answer = await scene.server.reply_to(
        await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} is deepseek banned anywhere?")
    )
    assert read(answer)[0] == "This may answer it:"
    assert 1 <= len(quoted(answer)) <= 3
    assert quoted(answer)[0].startswith("> Many Western and some Asian governments have banned their institutions")
    labels = [label for label, _ in buttons(answer) if not label.startswith("Open")]
    assert labels == ["Context", "More", "👍", "👎"]


@pytest.mark.usefixtures("bot")
async def test_without_articles_the_bot_says_so_and_how_to_add_one(scene: Scene) -> None:
    for article in scene.seeds.iterdir():
        article.unlink()
    used = await scene.server.slash(scene.keeper, scene.general, "admin reindex")
    await scene.server.until(lambda: any("Removed" in text for message in used.messages for text in texts(message)))
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {QUESTION}")
    answer = await scene.server.reply_to(question)
    assert read(answer) == [Message.NO_ARTICLES]
    assert "/admin add" in Message.NO_ARTICLES


@lasting_bot
async def test_a_typo_is_read_as_the_articles_word_and_the_answer_says_so(scene: Scene) -> None:
    text = f"{scene.server.mention} Who is the Whitehouse science and technology cheif?"
    question = await scene.server.post(scene.alice, scene.general, text)
    shown = read(await scene.server.reply_to(question))
    assert [line.translate(ISOLATES) for line in shown[:2]] == [
        "I searched for White House instead of Whitehouse.",
        "I searched for chief instead of cheif.",
    ]
    assert shown[2:] == ANSWER


@lasting_bot
async def test_what_is_no_clear_question_is_told_what_to_ask_instead(scene: Scene) -> None:
    for asked, told in {
        "hello!": "I only quote articles.",
        "DeepSeek": "Several sentences mention this.",
        "Wer ist der Wissenschaftschef des Weißen Hauses?": "I know too few of these words",
    }.items():
        question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {asked}")
        [said] = read(await scene.server.reply_to(question))
        assert said.startswith(told)


@lasting_bot
async def test_a_mention_without_a_question_is_told_how_to_ask(scene: Scene) -> None:
    question = await scene.server.post(scene.alice, scene.general, scene.server.mention)
    [said] = read(await scene.server.reply_to(question))
    assert said.startswith("Mention me and write your question")


@lasting_bot
async def test_a_question_that_names_nothing_is_asked_back(scene: Scene) -> None:
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} tell me")
    [said] = read(await scene.server.reply_to(question))
    assert said.startswith("I don't see what to search for.")


@pytest.mark.usefixtures("bot")
async def test_what_is_not_meant_for_the_bot_is_not_answered(scene: Scene) -> None:
    server = scene.server
    role = server.add_role(scene.guild, "bots")
    server.join(scene.guild, server.bot, roles=[role])
    other = server.add_user("other", bot=True)
    server.join(scene.guild, other)
    await server.post(scene.alice, scene.general, QUESTION)
    await server.post(server.owner, scene.general, f"@everyone <@&{role.id}> {QUESTION}")
    await server.post(other, scene.general, f"{server.mention} {QUESTION}")
    await server.settle()
    assert [message for message in server.messages.values() if message.author is server.bot] == []


@lasting_bot
async def test_a_place_where_the_bot_may_not_write_does_no_harm(scene: Scene) -> None:
    scene.server.overwrite(scene.general, scene.guild.everyone, deny=Permission.SEND_MESSAGES)
    await scene.server.post(scene.server.owner, scene.general, f"{scene.server.mention} {QUESTION}")
    await scene.server.settle()
    question = await scene.server.post(scene.alice, scene.server.dm(scene.alice), QUESTION)
    assert read(await scene.server.reply_to(question)) == ANSWER
    scene.server.violations.clear()  # that the bot tried is what this test is about


@lasting_bot
async def test_when_discord_fails_once_the_member_is_told(scene: Scene) -> None:
    scene.server.fail("POST", "/channels/*/messages", 503)
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {QUESTION}")
    assert read(await scene.server.reply_to(question)) == [Message.BUSY]


@pytest.mark.usefixtures("bot")
async def test_a_question_that_is_gone_before_it_is_answered_gets_no_answer(scene: Scene) -> None:
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {QUESTION}")
    await scene.server.delete(question)
    await scene.server.settle()
    assert not [message for message in scene.server.messages.values() if message.author is scene.server.bot]


@lasting_bot
async def test_ask_answers_everybody_with_the_question_above(scene: Scene) -> None:
    used = await scene.server.slash(scene.alice, scene.general, "ask", question=f"{QUESTION} @everyone")
    await used.answered()
    assert not used.ephemeral
    assert read(used.messages[0]) == [f"{scene.alice.mention} asked: \u2068{QUESTION} \\@everyone\u2069", *ANSWER]


@lasting_bot
async def test_ask_can_be_private_and_of_one_article(scene: Scene) -> None:
    china, deepseek = "000_88608c0d96434d55", "003_10f24738130fbaea"
    used = await scene.server.slash(scene.alice, scene.general, "ask", question=QUESTION, article=china, private=True)
    await used.answered()
    assert used.ephemeral
    assert read(used.messages[0])[1:] == ANSWER
    used = await scene.server.slash(scene.alice, scene.general, "ask", question=QUESTION, article=deepseek)
    await used.answered()
    assert read(used.messages[0])[1] == "This may answer it:"
    assert "China Stealing US AI" not in "".join(read(used.messages[0]))


@lasting_bot
async def test_not_found_in_one_article_says_nothing_of_the_others(scene: Scene) -> None:
    article = "000_88608c0d96434d55"
    used = await scene.server.slash(
        scene.alice, scene.general, "ask", question="Was Huawei mentioned?", article=article
    )
    await used.answered()
    assert read(used.messages[0])[1:] == [Message.NOT_FOUND_IN_ARTICLE]


@lasting_bot
async def test_ask_about_an_article_that_there_is_none_of_is_told_so_in_private(scene: Scene) -> None:
    used = await scene.server.slash(scene.alice, scene.general, "ask", question=QUESTION, article="nonsense")
    await used.answered()
    assert used.ephemeral
    assert read(used.messages[0])[0].startswith("I don't have this article.")


@pytest.mark.usefixtures("bot")
async def test_a_quotation_that_is_too_long_goes_on_over_several_messages(scene: Scene) -> None:
    await write_long_article(scene)
    question = await scene.server.post(scene.alice, scene.general, f"{scene.server.mention} {LONG_QUESTION}")
    await scene.server.until(lambda: len(scene.server.replies(question)) == 3, what="three messages")
    lines = [line for answer in scene.server.replies(question) for said in read(answer) for line in said.split("\n")]
    assert "".join(line[2:] for line in lines if line.startswith("> ")) == LONG_SENTENCE
    assert lines.count("The quotation continues in the next message.") == 2
    assert lines.count("Continued from the previous message.") == 2
