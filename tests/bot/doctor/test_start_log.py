"""At the start the log says how the bot is set up, and what does not work as it is."""

from __future__ import annotations

from pathlib import Path

from bot.monitoring.healthcheck import HEARTBEAT
from bot.state import State
from tests.bot.scene import Scene, stopped
from tests.discord_server import DiscordServer


async def log_of(scene: Scene, **variables: str) -> list[str]:
    """The log's lines until the bot is ready and stops."""
    process = await scene.start(**variables)
    await scene.server.ready()
    data = Path(variables.get("VERBATIM_DATA", scene.data))
    await scene.server.until((data / HEARTBEAT).exists, what="the bot to be ready")
    said = await stopped(process)
    assert scene.server.token not in said
    assert "Traceback" not in said
    return said.splitlines()


def warnings(log: list[str]) -> str:
    return "\n".join(line for line in log if "[warning" in line)


async def test_the_log_says_how_the_bot_is_set_up(scene: Scene) -> None:
    log = await log_of(scene, VERBATIM_SEED="elsewhere", VERBATIM_XQZ="")
    told = "\n".join(log)
    link = f"https://discord.com/oauth2/authorize?client_id={scene.server.bot.id}&scope=bot+applications.commands&perm"
    assert f"This link adds the bot to a server, with exactly the permissions that it needs: {link}" in told
    assert (
        f"In the servers of VERBATIM_ADMIN_GUILDS ({scene.guild.id}), these may use /admin: the application's owner "
        f"owner; the holders of the roles of VERBATIM_ADMIN_ROLES ({scene.keepers.id})." in told
    )
    assert "The Message Content Intent is off: the bot reads mentions, replies to its messages, direct m" in told
    assert "Serving 2 articles." in told
    assert [line.split("] ", 1)[1].split(" [")[0].strip() for line in log if "[warning" in line] == [
        "VERBATIM_SEED is no setting, and has no effect. Is VERBATIM_SEEDS meant?",
        "VERBATIM_XQZ is no setting, and has no effect.",
    ]


async def test_the_log_warns_of_what_does_not_work(scene: Scene) -> None:
    state = await State.open(scene.data)
    await state.update_server_settings(int(scene.guild.id), unasked=frozenset({8}))
    await state.update_server_settings(7, unasked=frozenset({9}))  # a server that the bot has left
    await state.close()
    told = warnings(await log_of(scene, VERBATIM_ADMIN_GUILDS=f"5,{scene.guild.id}", VERBATIM_ADMIN_ROLES="6"))
    assert f"/channels of the servers {scene.guild.id} names channels to answer in without a mention: the bot" in told
    assert "The bot is not a member of the server 5 of VERBATIM_ADMIN_GUILDS, so nobody may use /admin there." in told
    assert "The role 6 of VERBATIM_ADMIN_ROLES is in none of the servers" in told
    for path in scene.seeds.iterdir():
        path.unlink()
    told = warnings(await log_of(scene, VERBATIM_ADMIN_GUILDS="", VERBATIM_DATA=str(scene.data / "other")))
    assert "The index holds no article, so nothing can be quoted. Copy articles into" in told
    assert "Nobody may use /admin, because VERBATIM_ADMIN_GUILDS names no server." in told


async def test_the_log_says_that_the_intent_is_on_and_who_is_in_the_team(scene: Scene) -> None:
    server: DiscordServer = scene.server
    server.message_content, server.team = True, [scene.alice]
    told = "\n".join(await log_of(scene, VERBATIM_ADMIN_USERS="12,5"))
    assert "The Message Content Intent is on: the bot can also answer without a mention, where" in told
    assert "the members of the application's team team; the users of VERBATIM_ADMIN_USERS (5, 12);" in told
