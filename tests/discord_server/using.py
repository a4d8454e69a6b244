"""Payloads of interactions as the gateway sends them, and of submitted modals."""

import secrets
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .components import SELECTS, Component, walk
from .interaction import Interaction
from .models import Attachment, Channel, Json, ServerMessage, User
from .options import Impossible
from .permissions import permissions_of
from .state import Event, World
from .wire import attachment_json, channel_json, member_json, message_json, user_json

Entered = str | bool | Sequence[Attachment]
"""What a person enters in a field of a form: a text or a choice, a tick, or files."""


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


def submitted(user: User, form: Json, values: Mapping[str, Entered]) -> Json:
    """The data of a modal submitted with these values, by custom_id or by label; files are resolved."""
    ids = {}
    for _, part in walk(form["components"]):
        if part["type"] == Component.LABEL:
            ids[part["label"]] = part["component"]["custom_id"]
        elif part["type"] == Component.TEXT_INPUT and part.get("label"):
            ids[part["label"]] = part["custom_id"]
    entered = {ids.get(name, name): value for name, value in values.items()}
    components = [_filled(user, part, entered) for part in form["components"]]
    filled = {"custom_id": form["custom_id"], "components": components}
    files = [file for value in entered.values() if not isinstance(value, str | bool) for file in value]
    if not files:
        return filled
    held = {file.id: {**attachment_json(file), "ephemeral": True} for file in files}
    return {**filled, "resolved": {"attachments": held}}


def _filled(user: User, part: Json, entered: Mapping[str, Entered]) -> Json:
    shown: Json = {"type": part["type"], "id": part.get("id", 0)}
    if "components" in part:
        return {**shown, "components": [_filled(user, child, entered) for child in part["components"]]}
    if "component" in part:
        return {**shown, "component": _filled(user, part["component"], entered)}
    if "custom_id" not in part:
        return shown
    shown["custom_id"] = part["custom_id"]
    return {**shown, **_entered(user, part, entered)}


def _entered(user: User, part: Json, entered: Mapping[str, Entered]) -> Json:
    """What was entered into a field: a value, or several."""
    if part["type"] == Component.CHECKBOX:
        return {"value": bool(entered.get(part["custom_id"], part.get("default") or False))}
    if part["type"] == Component.RADIO_GROUP:
        return {"value": _chosen(user, part, entered)}
    if part["type"] == Component.FILE_UPLOAD:
        return {"values": [file.id for file in _files(user, part, entered)]}
    value = entered.get(part["custom_id"], part.get("value") or "")
    return {"values": [value] if value else []} if part["type"] in SELECTS else {"value": value}


def _chosen(user: User, part: Json, entered: Mapping[str, Entered]) -> Entered | None:
    """The option of a radio group; None where none has to be chosen and none is."""
    options = [option["value"] for option in part["options"]]
    preset = next((option["value"] for option in part["options"] if option.get("default")), None)
    value = entered.get(part["custom_id"], preset)
    if value not in options and (value is not None or part.get("required", True)):
        raise Impossible(user, f"{value!r} is no choice in this form")
    return value


def _files(user: User, part: Json, entered: Mapping[str, Entered]) -> Sequence[Attachment]:
    files = entered.get(part["custom_id"], ())
    low = part.get("min_values")
    low, high = 1 if low is None else low, part.get("max_values") or 1
    if isinstance(files, str | bool) or not low <= len(files) <= high:
        raise Impossible(user, f"{part['custom_id']} takes {low} to {high} files")
    return files
