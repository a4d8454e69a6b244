"""Endpoints about channels and their messages."""

import re

from .components import numbered, texts
from .errors import ApiError, Problem, Unknown, invalid, missing_access, missing_permissions, unknown
from .limits import broken_promises, check_message
from .models import COMPONENTS_V2, EPHEMERAL, GROUP, LOADING, Channel, Json, Role, ServerMessage, User
from .permissions import Permission, may
from .rest import Answer, Call, Route
from .state import GUILDS, Event, Violation, World, now
from .wire import channel_json

REPLY = 19
MAX_THREAD_NAME, MAX_NONCE, MAX_TAGS = 100, 25, 5
SUPPRESS_EMBEDS = 1 << 2


def get_channel(world: World, call: Call) -> Answer:
    return channel_json(channel_of(world, call))


def open_dm(world: World, call: Call) -> Answer:
    """The direct message channel with a user."""
    user = world.users.get(str(call.body["recipient_id"]))
    if user is None:
        raise ApiError(400, 50033, "Invalid Recipient(s)")
    return channel_json(world.dm(user))


def type_in(world: World, call: Call) -> Answer:
    world.typing.append(channel_of(world, call, Permission.SEND_MESSAGES))
    return None


def get_messages(world: World, call: Call) -> Answer:
    """The newest messages of a channel, newest first."""
    channel = channel_of(world, call, Permission.READ_MESSAGE_HISTORY)
    before, after = int(call.query.get("before", 1 << 64)), int(call.query.get("after", 0))
    standing = [m for m in world.messages.values() if m.channel is channel and not m.ephemeral]
    found = sorted((m for m in standing if after < int(m.id) < before), key=lambda m: int(m.id), reverse=True)
    return [world.show(message) for message in found[: int(call.query.get("limit", 50))]]


def get_message(world: World, call: Call) -> Answer:
    return world.show(_message(world, call, channel_of(world, call, Permission.READ_MESSAGE_HISTORY)))


def create_message(world: World, call: Call) -> Answer:
    """Create a message of the bot, perhaps as a reply."""
    channel = channel_of(world, call, Permission.SEND_MESSAGES)
    nonce = str(call.body.get("nonce") or "")
    if len(nonce) > MAX_NONCE:
        raise invalid(Problem("nonce", "Must be 25 or fewer in length."))
    if call.body.get("enforce_nonce") and (sent := world.sent.get((channel.id, nonce))):
        return world.show(sent)
    if call.files and not may(world.bot, channel, Permission.ATTACH_FILES):
        raise missing_permissions()
    check_message(call.body)
    note_promises(world, call, call.body, creates=True)
    message = drafted(world, channel, call, call.body)
    message.flags &= COMPONENTS_V2 | SUPPRESS_EMBEDS
    if wanted := call.body.get("message_reference"):
        if not may(world.bot, channel, Permission.READ_MESSAGE_HISTORY):
            raise ApiError(403, 160002, "Cannot reply without permission to read message history")
        message.reference = world.messages.get(str(wanted["message_id"]))
        message.kind = REPLY if message.reference else 0
        if message.reference is None and wanted.get("fail_if_not_exists", True):
            raise invalid(Problem("message_reference", "Unknown message"))
    if nonce:
        world.sent[channel.id, nonce] = message
    return world.show(world.publish(message))


def edit_message(world: World, call: Call) -> Answer:
    """Edit a message of the bot."""
    message = _message(world, call, channel_of(world, call))
    if message.author is not world.bot:
        raise ApiError(403, 50005, "Cannot edit a message authored by another user")
    check_message(call.body, message.flags, partial=True)
    note_promises(world, call, call.body, creates=False)
    edit(world, message, call)
    return world.show(message)


def delete_message(world: World, call: Call) -> Answer:
    """Delete a message: the bot's own, or any with the permission to manage messages."""
    channel = channel_of(world, call)
    message = _message(world, call, channel)
    if message.author is not world.bot and not may(world.bot, channel, Permission.MANAGE_MESSAGES):
        raise missing_permissions()
    world.remove(message)
    return None


def open_thread(world: World, call: Call) -> Answer:
    """Create a public thread from a message."""
    channel = channel_of(world, call, Permission.CREATE_PUBLIC_THREADS)
    message = _message(world, call, channel)
    if not 1 <= len(call.body["name"]) <= MAX_THREAD_NAME:
        raise invalid(Problem("name", "Must be between 1 and 100 in length."))
    if message.id in world.channels:
        raise ApiError(400, 160004, "A thread has already been created for this message")
    return channel_json(world.add_thread(channel, call.body["name"], message, world.bot))


def add_reaction(world: World, call: Call) -> Answer:
    """React to a message; who reacts first needs a permission of its own."""
    channel = channel_of(world, call, Permission.READ_MESSAGE_HISTORY)
    message, emoji = _message(world, call, channel), call.params["emoji"]
    if all(emoji != held for _, held in message.reactions) and not may(world.bot, channel, Permission.ADD_REACTIONS):
        raise missing_permissions()
    if not emoji.isascii():  # the name of a custom emoji, or rubbish
        message.reactions.append((world.bot, emoji))
        return None
    raise ApiError(400, 10014, "Unknown Emoji")


def edit_thread(world: World, call: Call) -> Answer:
    """Set the tags of a forum post."""
    thread = channel_of(world, call, Permission.MANAGE_THREADS)
    forum = thread.parent
    wanted = call.body.get("applied_tags")
    if forum is None or set(call.body) != {"applied_tags"}:
        raise invalid(Problem("applied_tags", "The stand-in only sets the tags of a post."))
    offered = {tag.id: tag for tag in forum.tags}
    if len(wanted) > MAX_TAGS or not set(wanted) <= set(offered):
        raise invalid(Problem("applied_tags", "Must be 5 or fewer tags of the forum."))
    thread.tags = [offered[each] for each in wanted]
    world.announce(Event("THREAD_UPDATE", channel_json(thread), GUILDS))
    return channel_json(thread)


def drafted(world: World, channel: Channel, call: Call, body: Json) -> ServerMessage:
    """A message of the bot that is not sent yet."""
    message = ServerMessage(
        world.snowflake(),
        channel,
        world.bot,
        now(),
        (body.get("content") or "").strip(),
        flags=body.get("flags") or 0,
        components=body.get("components") or [],
        embeds=body.get("embeds") or [],
        attachments=call.files,
    )
    message.mentions = mentioned(world, "\n".join(texts(message)), body.get("allowed_mentions"))
    return message


def mentioned(world: World, content: str, allowed: Json | None = None) -> list[User]:
    """The users whom a content mentions, filtered by `allowed_mentions` (None: all)."""
    found = [world.users[each] for each in re.findall(r"<@!?(\d+)>", content) if each in world.users]
    if allowed is None or "users" in allowed.get("parse", []):
        return list(dict.fromkeys(found))
    return [user for user in dict.fromkeys(found) if user.id in map(str, allowed.get("users") or [])]


def mentioned_roles(author: User, channel: Channel, content: str) -> list[Role]:
    """The roles that a person's message mentions, who may mention all roles."""
    roles = channel.guild.roles if channel.guild and may(author, channel, Permission.MENTION_EVERYONE) else {}
    return [roles[each] for each in re.findall(r"<@&(\d+)>", content) if each in roles]


def edit(world: World, message: ServerMessage, call: Call, *, fills: bool = False) -> None:
    """Edit a message by a form; with `fills` it only replaces "thinking", which does not show as an edit."""
    body = call.body if "type" not in call.body else call.body["data"]
    message.content = (body.get("content", message.content) or "").strip()
    message.embeds = body.get("embeds", message.embeds) or []
    if "components" in body:
        message.components = numbered(body["components"] or [])
    if "attachments" in body:
        kept = {str(each["id"]) for each in body["attachments"]}
        message.attachments = [each for each in message.attachments if each.id in kept] + call.files
    message.flags = message.flags & ~LOADING | (body.get("flags") or 0) & (COMPONENTS_V2 | SUPPRESS_EMBEDS)
    message.mentions = mentioned(world, "\n".join(texts(message)), body.get("allowed_mentions"))
    message.edited_at = message.edited_at if fills else now()
    world.tell("MESSAGE_UPDATE", message)


def note_promises(world: World, call: Call, body: Json, *, creates: bool) -> None:
    """Record where a message breaks the bot's own rules."""
    world.violations += [Violation(0, str(call), problem) for problem in broken_promises(body, creates=creates)]


def channel_of(world: World, call: Call, *needed: Permission) -> Channel:
    """The channel of a request, if the bot sees it and has the permissions there."""
    channel = world.channels.get(call.params["channel"])
    if channel is None:
        raise unknown(Unknown.CHANNEL)
    if channel.kind == GROUP or not may(world.bot, channel, Permission.VIEW_CHANNEL):
        raise missing_access()
    if not may(world.bot, channel, *needed):
        raise missing_permissions()
    return channel


def _message(world: World, call: Call, channel: Channel) -> ServerMessage:
    message = world.messages.get(call.params["message"])
    if message is None or message.channel is not channel or message.flags & EPHEMERAL:
        raise unknown(Unknown.MESSAGE)
    return message


ROUTES = [
    Route("POST", "/users/@me/channels", open_dm),
    Route("GET", "/channels/{channel}", get_channel),
    Route("PATCH", "/channels/{channel}", edit_thread),
    Route("PUT", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me", add_reaction),
    Route("POST", "/channels/{channel}/typing", type_in),
    Route("GET", "/channels/{channel}/messages", get_messages),
    Route("POST", "/channels/{channel}/messages", create_message),
    Route("GET", "/channels/{channel}/messages/{message}", get_message),
    Route("POST", "/channels/{channel}/messages/{message}/threads", open_thread),
    Route("PATCH", "/channels/{channel}/messages/{message}", edit_message),
    Route("DELETE", "/channels/{channel}/messages/{message}", delete_message),
]
