"""Payloads of interactions as the gateway sends them, and of submitted modals."""

import secrets
from collections.abc import Mapping
from typing import NamedTuple

from .components import SELECTS, Component, walk
from .interaction import Interaction
from .models import Channel, Json, ServerMessage, User
from .permissions import permissions_of
from .state import Event, World
from .wire import channel_json, member_json, message_json, user_json


class Act(NamedTuple):
    """The type and data of an interaction, and the message of its component."""

    kind: int
    data: Json
    source: ServerMessage | None = None


def use(world: World, user: User, channel: Channel, act: Act) -> Interaction:
    """Send the bot an interaction."""
    payload = {
        "id": world.snowflake(),
        "token": secrets.token_urlsafe(60),
        "application_id": world.bot.id,
        "type": act.kind,
        "version": 1,
        "data": act.data,
        "channel_id": channel.id,
        "channel": {**channel_json(channel), "permissions": str(permissions_of(user, channel))},
        "app_permissions": str(permissions_of(world.bot, channel)),
        "locale": user.locale,
        "entitlements": [],
        "attachment_size_limit": 10 << 20,
        **_whereabouts(world, user, channel),
    }
    if act.source is not None:
        payload["message"] = message_json(act.source, reader=world.bot, sees_all=True)
    used = world.interactions[payload["id"]] = Interaction(world.changes, payload, world.clock.now(), act.source)
    world.announce(Event("INTERACTION_CREATE", payload))
    return used


def _whereabouts(world: World, user: User, channel: Channel) -> Json:
    """User and context: a member in a guild (0), a user in direct messages with the bot (1), or elsewhere (2)."""
    guild = channel.guild
    own = {"1": user.id} if user.id in world.installed else {}
    if guild is None:
        context = 1 if channel.recipient else 2
        owners = {"0": "0"} if context == 1 else {}
        return {"user": user_json(user), "context": context, "authorizing_integration_owners": owners | own}
    member = {**member_json(guild.members[user.id]), "permissions": str(permissions_of(user, channel))}
    return {
        "guild_id": guild.id,
        "guild": {"id": guild.id, "locale": guild.locale, "features": []},
        "guild_locale": guild.locale,
        "context": 0,
        "authorizing_integration_owners": ({"0": guild.id} if guild.id in world.guilds else {}) | own,
        "member": member,
    }


def submitted(form: Json, values: Mapping[str, str]) -> Json:
    """The data of a modal submitted with these values, by custom_id or by label."""
    ids = {}
    for _, part in walk(form["components"]):
        if part["type"] == Component.LABEL:
            ids[part["label"]] = part["component"]["custom_id"]
        elif part["type"] == Component.TEXT_INPUT and part.get("label"):
            ids[part["label"]] = part["custom_id"]
    entered = {ids.get(name, name): value for name, value in values.items()}
    return {"custom_id": form["custom_id"], "components": [_filled(part, entered) for part in form["components"]]}


def _filled(part: Json, entered: Mapping[str, str]) -> Json:
    shown: Json = {"type": part["type"], "id": part.get("id", 0)}
    if "components" in part:
        return {**shown, "components": [_filled(child, entered) for child in part["components"]]}
    if "component" in part:
        return {**shown, "component": _filled(part["component"], entered)}
    if "custom_id" not in part:
        return shown
    value = entered.get(part["custom_id"], part.get("value") or "")
    shown["custom_id"] = part["custom_id"]
    return {**shown, "values": [value] if value else []} if part["type"] in SELECTS else {**shown, "value": value}
