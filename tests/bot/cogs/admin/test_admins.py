"""Admins look after the articles, and nobody else does."""

from __future__ import annotations

import asyncio

import pytest

from tests.bot.conftest import Scene
from tests.bot.reading import read
from tests.discord_server import Channel, Impossible, Interaction, Permission, User

DAM = "A dam for the valley\n\nThe engineer Ann Karlsson will build a dam in the valley of Lomma.\n"
REFUSAL = ["Only the admins of this bot can use this command."]


async def reported(scene: Scene, user: User, *, dry_run: bool = False) -> list[str]:
    used = await scene.server.slash(user, scene.general, "admin reindex", dry_run=dry_run)
    await used.answered()
    return await report_of(scene, used)


async def report_of(scene: Scene, used: Interaction) -> list[str]:
    await scene.server.until(lambda: " sentences." in read(used.messages[0])[0], what="the report")
    return read(used.messages[0])[0].split("\n")


async def asked(scene: Scene, text: str, channel: Channel | None = None) -> list[str]:
    question = await scene.server.post(scene.alice, channel or scene.general, f"{scene.server.mention} {text}")
    return read(await scene.server.reply_to(question))


@pytest.mark.usefixtures("bot")
async def test_an_article_that_was_added_answers_the_next_question(scene: Scene) -> None:
    assert await asked(scene, "Who will build a dam?") == ["I found nothing about this in the articles."]
    (scene.seeds / "dam.txt").write_text(DAM)
    report = await reported(scene, scene.keeper)
    assert report[:3] == ["The index is up to date.", "**Added**: 1", "A dam for the valley"]
    [answer] = await asked(scene, "Who will build a dam?")
    assert answer.startswith("> The engineer Ann Karlsson will build a dam in the valley of Lomma.\n")
    (scene.seeds / "dam.txt").unlink()
    assert (await reported(scene, scene.keeper))[1:3] == ["**Removed**: 1", "A dam for the valley"]
    assert await asked(scene, "Who will build a dam?") == ["I found nothing about this in the articles."]


@pytest.mark.usefixtures("bot")
async def test_a_dry_run_only_tells(scene: Scene) -> None:
    (scene.seeds / "dam.txt").write_text(DAM)
    report = await reported(scene, scene.keeper, dry_run=True)
    assert report[:3] == [
        "This is what `/admin reindex` would do. Nothing was changed.",
        "**Added**: 1",
        "A dam for the valley",
    ]
    assert "The index would have 3 articles and 30 sentences." in report
    assert await asked(scene, "Who will build a dam?") == ["I found nothing about this in the articles."]


@pytest.mark.usefixtures("bot")
async def test_a_refused_file_is_reported_with_its_reason_and_changes_nothing_else(scene: Scene) -> None:
    (scene.seeds / "dam.txt").write_text(DAM)
    (scene.seeds / "@everyone *.txt").write_bytes(b"\x00\x01\x02")
    report = await reported(scene, scene.keeper)
    place = report.index("**Refused**: 1")
    assert report[place + 1] == "**\\@everyone \\*.txt**"
    assert "is not text" in report[place + 2]
    assert (await asked(scene, "Who will build a dam?"))[0].startswith("> The engineer")


@pytest.mark.usefixtures("bot")
async def test_what_of_a_file_could_not_be_read_is_reported(scene: Scene) -> None:
    (scene.seeds / "dam.md").write_text(f"---\ntitle: {{{{ page.title }}}}\n---\n{DAM}")
    report = await reported(scene, scene.keeper)
    place = report.index("**Read in part**: 1")
    assert report[place + 1] == "**dam.md**"
    assert report[place + 2].startswith("Some of its front matter is not valid and was left out\\: title.")
    assert (await asked(scene, "Who will build a dam?"))[0].startswith("> The engineer")


@pytest.mark.usefixtures("bot")
async def test_the_owner_needs_no_listing(scene: Scene) -> None:
    assert (await reported(scene, scene.server.owner))[0] == "The index was already up to date."


@pytest.mark.usefixtures("bot")
async def test_the_team_that_owns_the_application_needs_no_listing(scene: Scene) -> None:
    scene.server.team.append(scene.alice)
    assert (await reported(scene, scene.alice))[0] == "The index was already up to date."


@pytest.mark.usefixtures("bot")
async def test_everybody_else_is_refused_in_private(scene: Scene) -> None:
    server = scene.server
    administrator = server.add_user("administrator")
    server.join(scene.guild, administrator, roles=[server.add_role(scene.guild, "admins", Permission.ADMINISTRATOR)])
    for user in (scene.alice, administrator):
        for command in ("admin reindex", "admin status"):
            used = await server.slash(user, scene.general, command, force=True)
            await used.answered()
            assert used.ephemeral
            assert read(used.messages[0]) == REFUSAL


@pytest.mark.usefixtures("bot")
async def test_in_another_server_the_commands_are_unseen_and_refuse_even_its_administrator(scene: Scene) -> None:
    server = scene.server
    elsewhere = server.add_guild("Elsewhere", owner=scene.alice)
    lobby = server.add_channel(elsewhere, "lobby")
    server.join(elsewhere, scene.alice, roles=[server.add_role(elsewhere, "admins", Permission.ADMINISTRATOR)])
    server.join(elsewhere, scene.keeper, roles=[server.add_role(elsewhere, "Keepers")])
    for user in (scene.alice, scene.keeper):
        with pytest.raises(Impossible):
            await server.slash(user, lobby, "admin reindex")
        used = await server.slash(user, lobby, "admin reindex", force=True)
        await used.answered()
        assert used.ephemeral
        assert read(used.messages[0]) == REFUSAL


@pytest.mark.usefixtures("bot")
async def test_status_tells_an_admin_alone_how_things_are(scene: Scene) -> None:
    used = await scene.server.slash(scene.keeper, scene.general, "admin status")
    await used.answered()
    assert used.ephemeral
    [said] = read(used.messages[0])
    assert said.startswith("The index has 2 articles and 29 sentences.\n**Index**: ")
    assert "have not changed since they were indexed" in said
    (scene.seeds / "dam.txt").write_text(DAM)
    used = await scene.server.slash(scene.keeper, scene.general, "admin status")
    await used.answered()
    assert "Run /admin reindex to update the index" in read(used.messages[0])[0]


@pytest.mark.usefixtures("bot")
async def test_a_failed_reindexing_leaves_the_old_index_and_says_why(scene: Scene) -> None:
    scene.seeds.rename(scene.seeds.with_name("away"))
    used = await scene.server.slash(scene.keeper, scene.general, "admin reindex")
    await used.answered()
    await scene.server.until(lambda: "failed" in read(used.messages[0])[0], what="the report")
    assert "cannot be read" in read(used.messages[0])[0]
    assert (await asked(scene, "Who is the White House science and technology chief?"))[0].startswith("> “The US has")


@pytest.mark.usefixtures("bot")
async def test_a_second_reindexing_waits_for_nobody_and_is_told_so(scene: Scene) -> None:
    for number in range(60):
        (scene.seeds / f"dam{number}.txt").write_text(f"{DAM * 3}It is dam {number}.\n")
    with scene.slow_reading(0.5):
        first = await scene.server.slash(scene.keeper, scene.general, "admin reindex")
        await first.answered()
        second = await scene.server.slash(scene.server.owner, scene.general, "admin reindex")
        await second.answered()
        assert second.ephemeral
        assert read(second.messages[0])[0].startswith("The articles are already being indexed.")
        [answer] = await asked(scene, "Who is the White House science and technology chief?")
        assert "Kratsios" in answer
    await scene.server.until(lambda: "**Added**: 60" in read(first.messages[0])[0], within=60, what="the report")
    assert "and 40 more" in read(first.messages[0])[0]


@pytest.mark.usefixtures("bot")
async def test_a_report_outlives_the_token_of_its_interaction(scene: Scene) -> None:
    for number in range(10):
        (scene.seeds / f"dam{number}.txt").write_text(f"{DAM * 3}It is dam {number}.\n")
    with scene.slow_reading(0.5):
        used = await scene.server.slash(scene.keeper, scene.general, "admin reindex")
        await used.answered()
        scene.server.clock.advance(16 * 60)
    report = await scene.server.until(
        lambda: next((m for m in scene.server.messages.values() if m.author is scene.server.bot and not m.used), None),
        within=60,
        what="an ordinary message",
    )
    await scene.server.until(lambda: "**Added**: 10" in read(report)[0], within=60, what="the report")
    scene.server.violations.clear()  # that the bot tried the old token first is what this test is about


async def test_without_admin_servers_there_are_no_admin_commands(scene: Scene) -> None:
    process = await scene.start(VERBATIM_ADMIN_GUILDS="")
    await scene.server.ready()
    await scene.server.settle()
    names = {command["name"] for scope in scene.server.commands.values() for command in scope}
    assert names == {"ask", "search", "articles", "article", "help", "privacy", "channels"} | {
        "Find in articles",
        "Delete answer",
    }
    process.terminate()
    await asyncio.wait_for(process.communicate(), 60)


async def test_an_admin_server_that_the_bot_is_not_in_does_no_harm(scene: Scene) -> None:
    process = await scene.start(VERBATIM_ADMIN_GUILDS=f"{scene.guild.id},12345")
    await scene.server.ready()
    assert (await reported(scene, scene.keeper))[0] == "The index was already up to date."
    process.terminate()
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert b"12345" in said
    assert process.returncode == 0
