"""Commands are synced where they have changed since they were synced last, and nowhere else."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from bot.monitoring.healthcheck import HEARTBEAT
from bot.state.store import FILE
from tests.discord_server import texts

from .scene import Process, Scene, stopped


def synced(scene: Scene) -> list[str]:
    """The scopes that were synced since the last call: "everywhere", or the name of a server."""
    names = {guild.id: guild.name for guild in scene.server.guilds.values()}
    paths = [call.path.split("/") for call in scene.server.requests if call.method == "PUT"]
    scene.server.requests.clear()
    return [names.get(path[-2], path[-2]) if "guilds" in path else "everywhere" for path in paths]


def commands(scene: Scene, scope: str | None) -> list[str]:
    return sorted(command["name"] for command in scene.server.commands.get(scope, []))


async def test_commands_are_synced_once_and_again_where_they_have_changed(scene: Scene) -> None:
    async with scene.running():
        pass
    assert synced(scene) == ["everywhere", "Readers"]
    async with scene.running():
        pass
    assert synced(scene) == []
    with closing(sqlite3.connect(scene.data / FILE)) as base, base:  # as an older version has left it
        base.execute("UPDATE synced_commands SET fingerprint = 'other' WHERE scope <> 0")
    async with scene.running():
        pass
    assert synced(scene) == ["Readers"]
    del scene.server.commands[scene.guild.id]  # the bot was removed from the server and added again
    async with scene.running():
        pass
    assert synced(scene) == ["Readers"]
    assert commands(scene, scene.guild.id) == ["admin"]


async def test_a_server_that_is_no_admin_server_any_more_loses_the_admin_commands(scene: Scene) -> None:
    other = scene.server.add_guild("Others")
    both = f"{scene.guild.id},{other.id}"
    async with scene.running(VERBATIM_ADMIN_GUILDS=both):
        pass
    assert (commands(scene, scene.guild.id), commands(scene, other.id)) == (["admin"], ["admin"])
    synced(scene)
    scene.server.fail("PUT", f"/applications/*/guilds/{other.id}/commands", 400)
    async with scene.running():
        pass
    assert (synced(scene), commands(scene, other.id)) == (["Others"], ["admin"])
    async with scene.running():
        pass
    assert (synced(scene), commands(scene, other.id)) == (["Others"], [])
    with closing(sqlite3.connect(scene.data / FILE)) as base, base:  # a server that the bot is not in any more
        base.execute("INSERT INTO synced_commands VALUES (5, 'admin')")
    for requests in (["5"], []):
        await stopped(await ready(scene, scene.guild.id))
        assert synced(scene) == requests


async def test_a_sync_that_fails_is_tried_again_and_one_that_is_too_early_is_made_up_for(scene: Scene) -> None:
    other = scene.server.add_guild("Others", bot=False)
    both = f"{scene.guild.id},{other.id}"
    scene.server.fail("PUT", "/applications/*/commands", 403)
    process = await scene.start(VERBATIM_ADMIN_GUILDS=both)
    await scene.server.until((scene.data / HEARTBEAT).exists, what="the bot to be ready")
    assert synced(scene) == ["everywhere", "Readers", other.id]
    scene.server.invite(other)
    await scene.server.until(lambda: commands(scene, other.id), what="the commands in the server")
    used = await scene.server.slash(scene.server.owner, scene.server.add_channel(other, "admins"), "admin status")
    await used.answered()
    assert texts(used.messages[0])
    said = await stopped(process)
    assert said.count("The commands could not be synced") == 2
    synced(scene)
    await stopped(await ready(scene, both))
    assert synced(scene) == ["everywhere"]


async def ready(scene: Scene, admin_guilds: str) -> Process:
    process = await scene.start(VERBATIM_ADMIN_GUILDS=admin_guilds)
    await scene.server.ready()
    return process
