"""Sync the commands with Discord where they have changed since they were synced last."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Set as AbstractSet
from http import HTTPStatus
from typing import Any

import discord
from discord import app_commands

from bot.state import State, StateUnavailable

log = logging.getLogger(__name__)
EVERYWHERE = 0
"""The scope of the commands that all servers have; other scopes are ids of admin servers."""
NO_MEMBER = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
"""Discord's answers about a server that the bot is not in: no commands need to be cleared there."""
Tree = app_commands.CommandTree[Any]


async def sync_commands(tree: Tree, state: State, admin_servers: AbstractSet[int]) -> None:
    """Sync the commands everywhere and in the admin servers; clear them in servers that no longer are admin servers.

    A sync that fails is logged, and tried again at the next start; the commands that Discord already has keep working.
    """
    stored = await _stored_fingerprints(state)
    for scope in (EVERYWHERE, *sorted((admin_servers | stored.keys()) - {EVERYWHERE})):
        await _sync(tree, state, scope, stored.get(scope))


async def sync_admin_server(tree: Tree, state: State, server: int) -> None:
    """Sync the commands in an admin server that the bot has just joined."""
    await _sync(tree, state, server, None)


async def _sync(tree: Tree, state: State, scope: int, stored: str | None) -> None:
    guild = None if scope == EVERYWHERE else discord.Object(scope)
    where = "everywhere" if guild is None else f"in the server {scope}"
    payload = await _payload(tree, guild)
    now = _fingerprint(tree.client.application_id, payload)
    if now == stored and await _is_listed(tree, guild, payload):
        return
    try:
        await tree.sync(guild=guild)
    except discord.HTTPException as error:
        if payload or error.status not in NO_MEMBER:
            log.warning("The commands could not be synced %s: %s. Is the bot a member there?", where, error)
            return
    else:
        log.info("The commands were synced %s.", where)
    await _store_fingerprint(state, scope, now if payload else None)


async def _payload(tree: Tree, guild: discord.Object | None) -> list[dict[str, Any]]:
    """What `tree.sync` would send, with the translations."""
    commands = tree.get_commands(guild=guild)
    if tree.translator is None:
        return [command.to_dict(tree) for command in commands]
    return [await command.get_translated_payload(tree, tree.translator) for command in commands]


def _fingerprint(application: int | None, payload: list[dict[str, Any]]) -> str:
    """A hash of the commands of this application; another application has none of them yet."""
    return hashlib.sha256(json.dumps([application, payload], sort_keys=True).encode()).hexdigest()


async def _is_listed(tree: Tree, guild: discord.Object | None, payload: list[dict[str, Any]]) -> bool:
    """Whether Discord lists these commands: they are gone if the bot was removed from a server and added again."""
    try:
        listed = await tree.fetch_commands(guild=guild)
    except discord.HTTPException:
        return True
    return {(one.type.value, one.name) for one in listed} == {(one["type"], one["name"]) for one in payload}


async def _stored_fingerprints(state: State) -> dict[int, str]:
    try:
        return await state.command_fingerprints()
    except StateUnavailable as error:
        log.warning("The commands are synced, because it is not known whether they have changed: %s", error)
        return {}


async def _store_fingerprint(state: State, scope: int, fingerprint: str | None) -> None:
    try:
        await state.set_command_fingerprint(scope, fingerprint)
    except StateUnavailable as error:
        log.warning("The commands will be synced again at the next start: %s", error)
